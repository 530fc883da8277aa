"""Staff pages of the program and its cohorts."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from centers.admin.inlines import ProgramItemInline, RequirementInline
from centers.models import Cohort, ProgramPage
from wpiforum.provenance.admin_base import EVIDENCE, PortalAdmin, UnconfirmedFilter, pair
from wpiforum.publishing.admin import LIVE, LiveFilter, PublishableAdmin


@admin.register(Cohort)
class CohortAdmin(PortalAdmin):
    list_display = ("__str__", "selected", "applications", "annual_amount", "center_acronyms")
    list_filter = ("annual_amount_qualifier", UnconfirmedFilter)
    list_prefetch_related = ("centers",)
    search_fields = ("fiscal_year", "centers__acronym")
    date_hierarchy = "as_of_on"
    autocomplete_fields = ("source",)
    fieldsets = (
        (None, {"fields": ["fiscal_year", ("selected", "applications")]}),
        (_("Support"), {"fields": [("annual_amount", "annual_amount_qualifier")]}),
        EVIDENCE,
    )
    inlines = (RequirementInline,)

    @admin.display(description=_("centers"))
    def center_acronyms(self, obj: Cohort) -> str:
        return ", ".join(center.acronym for center in obj.centers.all())


@admin.register(ProgramPage)
class ProgramPageAdmin(PublishableAdmin):
    list_display = ("__str__", "slug", "is_live")
    list_filter = (LiveFilter,)
    search_fields = ("slug", *pair("title"), *pair("summary"), *pair("items__title"))
    date_hierarchy = "live_from"
    fieldsets = ((None, {"fields": ["slug", pair("title"), pair("summary")]}), LIVE)
    inlines = (ProgramItemInline,)
