"""Facets of the register: the address says what is shown."""

from datetime import date
from typing import Any

from django.db.models import Count, QuerySet, prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from centers.choices import Prefecture, Status
from centers.models import Center, Field, HostInstitution
from centers.models.center import CenterQuerySet
from wpiforum.facets import MOST_VALUES, FacetSet, facet
from wpiforum.provenance.wording import fiscal_year_text
from wpiforum.publishing.models import published_q
from wpiforum.remembering import remembered


class CenterFilter(FacetSet):
    """Cohort, status, host, prefecture and field; status and host names are those of `day`."""

    cohort = facet(_("Cohort"), field_name="cohort__fiscal_year")
    status = facet(_("Status"), choices=Status.choices, method="filter_status")
    host = facet(_("Host institution"), field_name="host__slug")
    prefecture = facet(_("Prefecture"))
    field = facet(_("Field"), field_name="field__slug")

    class Meta:
        model = Center
        fields: list[str] = []

    def __init__(self, *args: Any, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.day = day
        hosts = tuple(sorted(self.chosen("host")))
        for name, choices in remembered(("register-facets", day, hosts), self._offers).items():
            self.filters[name].extra["choices"] = choices

    def _offers(self) -> dict[str, list[tuple[Any, str]]]:
        """Return the values of each facet with their names."""
        rows = Center.objects.published().order_by()
        years = rows.values_list("cohort__fiscal_year", flat=True).distinct()
        fields = Field.objects.filter(pk__in=rows.values("field"))
        used = rows.values_list("prefecture", flat=True).distinct()
        return {
            "cohort": sorted((year, fiscal_year_text(year)) for year in years),
            "host": sorted((host.slug, str(host.name_on(self.day) or host)) for host in self._hosts(rows)),
            "field": sorted((row.slug, str(row)) for row in fields),
            "prefecture": sorted((value, str(Prefecture(value).label)) for value in used),
        }

    def _hosts(self, rows: CenterQuerySet) -> list[HostInstitution]:
        """Return the hosts of most of the centers, and those that were chosen, with their names."""
        hosts = HostInstitution.objects.filter(pk__in=rows.values("host"))
        number = Count("centers", filter=published_q("centers__"))
        found: list[Any] = list(hosts.annotate(number=number).order_by("-number", "slug")[:MOST_VALUES])
        if rest := set(self.chosen("host")) - {host.slug for host in found}:
            found += hosts.filter(slug__in=rest)
        prefetch_related_objects(found, "names")
        return found

    def filter_status(self, queryset: CenterQuerySet, name: str, values: list[str]) -> QuerySet:
        if not values:
            return queryset
        matching = queryset.none()
        for value in values:
            matching = matching | queryset.with_status_on(value, self.day)
        return matching
