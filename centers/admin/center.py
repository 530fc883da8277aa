"""Staff pages of centers, their hosts and their fields."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from centers.admin.inlines import (
    CenterDirectorshipInline,
    CenterNameInline,
    DonationInline,
    HostNameInline,
    ObservationInline,
    ProfileSectionInline,
    SatelliteInline,
    StandingInline,
)
from centers.choices import Status
from centers.models import Center, Field, HostInstitution
from wpiforum.http import today
from wpiforum.provenance.admin_base import EVIDENCE, PortalAdmin, UnconfirmedFilter, pair
from wpiforum.publishing.admin import LIVE, LiveFilter, PublishableAdmin
from wpiforum.search.admin_base import IndexedAdmin


class StatusFilter(admin.SimpleListFilter):
    """Centers by what they are today."""

    title = _("status today")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Status.choices)

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet:
        return queryset.with_status_on(self.value(), today()) if self.value() in Status.values else queryset


class HostFilter(admin.SimpleListFilter):
    """Centers by host; Django's own filter would read each host's names in a query of its own."""

    title = _("host institution")
    parameter_name = "host"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(host.slug, str(host)) for host in HostInstitution.objects.prefetch_related("names")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(host__slug=self.value()) if self.value() else queryset


@admin.register(Center)
class CenterAdmin(PublishableAdmin):
    list_display = ("acronym", "name_now", "cohort", "host", "directors_now", "statuses_now", "is_live")
    list_filter = (StatusFilter, LiveFilter, "cohort", HostFilter, "prefecture", "field", UnconfirmedFilter)
    list_select_related = ("cohort", "host")
    list_prefetch_related = ("names", "host__names", "standings", "directorships__person")
    search_fields = (
        "slug",
        "acronym",
        *pair("names__name"),
        *pair("city"),
        *pair("directorships__person__name"),
    )
    date_hierarchy = "as_of_on"
    autocomplete_fields = ("cohort", "host", "field", "source")
    fieldsets = (
        (None, {"fields": [("acronym", "slug"), ("cohort", "host", "field")]}),
        (
            _("Place and website"),
            {"fields": ["prefecture", pair("city"), ("latitude", "longitude"), "website"]},
        ),
        EVIDENCE,
        LIVE,
    )
    inlines = (
        CenterNameInline,
        StandingInline,
        CenterDirectorshipInline,
        SatelliteInline,
        ProfileSectionInline,
        ObservationInline,
        DonationInline,
    )

    @admin.display(description=_("name today"))
    def name_now(self, obj: Center) -> str:
        return str(obj.name_on(today()) or "-")

    @admin.display(description=_("director today"))
    def directors_now(self, obj: Center) -> str:
        return " / ".join(str(row.person) for row in obj.directors_on(today())) or "-"

    @admin.display(description=_("status today"))
    def statuses_now(self, obj: Center) -> str:
        return " / ".join(str(status.label) for status in obj.statuses_on(today())) or "-"


@admin.register(HostInstitution)
class HostInstitutionAdmin(IndexedAdmin, PortalAdmin):
    list_display = ("__str__", "slug", "ror_now", "center_acronyms")
    list_filter = ("centers__cohort", "centers__prefecture")
    list_prefetch_related = ("centers",)
    search_fields = ("slug", *pair("names__name"), "names__ror_id")
    fieldsets = ((None, {"fields": ["slug"]}),)
    inlines = (HostNameInline,)

    @admin.display(description=_("ROR ID"))
    def ror_now(self, obj: HostInstitution) -> str:
        name = obj.name_on(today())
        return name.ror_id if name else ""

    @admin.display(description=_("centers"))
    def center_acronyms(self, obj: HostInstitution) -> str:
        return ", ".join(center.acronym for center in obj.centers.all())


@admin.register(Field)
class FieldAdmin(IndexedAdmin, PortalAdmin):
    list_display = ("__str__", "slug", "center_acronyms")
    list_filter = ("centers__cohort",)
    list_prefetch_related = ("centers",)
    search_fields = ("slug", *pair("name"))
    fieldsets = ((None, {"fields": [pair("name"), "slug"]}),)

    @admin.display(description=_("centers"))
    def center_acronyms(self, obj: Field) -> str:
        return ", ".join(center.acronym for center in obj.centers.all())
