"""Staff page of the institutions that centers work with."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from centers.models import PartnerInstitution
from wpiforum.provenance.admin_base import PortalAdmin, UnconfirmedFilter, pair
from wpiforum.search.admin_base import IndexedAdmin


@admin.register(PartnerInstitution)
class PartnerInstitutionAdmin(IndexedAdmin, PortalAdmin):
    list_display = ("__str__", "city_now", "country", "center_acronyms")
    list_filter = ("country", "satellites__kind", "satellites__center", UnconfirmedFilter)
    list_prefetch_related = ("satellites__center",)
    search_fields = ("slug", *pair("name"), *pair("city"), "country")
    fieldsets = (
        (None, {"fields": [pair("name"), "slug"]}),
        (_("Place"), {"fields": [pair("city"), ("country", "latitude", "longitude")]}),
        (_("Evidence"), {"fields": ["unverified"]}),
    )

    @admin.display(description=_("city"))
    def city_now(self, obj: PartnerInstitution) -> str:
        return obj.city or obj.city_ja or obj.city_en or ""

    @admin.display(description=_("centers"))
    def center_acronyms(self, obj: PartnerInstitution) -> str:
        return ", ".join(dict.fromkeys(row.center.acronym for row in obj.satellites.all()))
