"""Staff pages of indicators and their observations."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from centers.models import Indicator, Observation
from wpiforum.provenance.admin_base import EVIDENCE, PortalAdmin, UnconfirmedFilter, pair


@admin.register(Indicator)
class IndicatorAdmin(PortalAdmin):
    list_display = ("__str__", "key", "unit", "order")
    list_filter = ("unit",)
    search_fields = ("key", *pair("name"))
    fieldsets = ((None, {"fields": [pair("name"), pair("definition"), ("key", "unit", "order")]}),)


@admin.register(Observation)
class ObservationAdmin(PortalAdmin):
    list_display = ("center", "indicator", "fiscal_year", "figure", "as_of_on", "source")
    list_display_links = ("center", "figure")
    list_filter = ("indicator", "fiscal_year", "qualifier", "center", UnconfirmedFilter)
    list_select_related = ("source",)
    search_fields = (
        "center__acronym",
        "center__slug",
        *pair("indicator__name"),
        "indicator__key",
        "fiscal_year",
    )
    date_hierarchy = "as_of_on"
    autocomplete_fields = ("center", "indicator", "source")
    fieldsets = (
        (None, {"fields": [("center", "indicator", "fiscal_year"), ("value", "qualifier"), pair("note")]}),
        EVIDENCE,
    )

    @admin.display(description=_("value"), ordering="value")
    def figure(self, obj: Observation) -> str:
        """The figure with its unit and, if it is not exact, its exactness."""
        figure = f"{obj.value.normalize():,f} {obj.indicator.get_unit_display()}"
        return figure if obj.qualifier == "exact" else f"{figure} ({obj.get_qualifier_display()})"
