"""Facets of the register: the address says what is shown."""

from datetime import date
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from centers.choices import Prefecture, Status
from centers.models import Center, Cohort, Field, HostInstitution
from centers.models.center import CenterQuerySet
from wpiforum.provenance.wording import fiscal_year_text
from wpiforum.publishing.models import published_q


def _facet(label: Any, **kwargs: Any) -> django_filters.MultipleChoiceFilter:
    """A facet: several values of one facet mean "or"."""
    return django_filters.MultipleChoiceFilter(label=label, widget=forms.CheckboxSelectMultiple, **kwargs)


class CenterFilter(django_filters.FilterSet):
    """Cohort, status, host, prefecture and field; status and host names are those of `day`."""

    cohort = _facet(_("Cohort"), field_name="cohort__fiscal_year")
    status = _facet(_("Status"), choices=Status.choices, method="filter_status")
    host = _facet(_("Host institution"), field_name="host__slug")
    prefecture = _facet(_("Prefecture"))
    field = _facet(_("Field"), field_name="field__slug")

    class Meta:
        model = Center
        fields: list[str] = []

    def __init__(self, *args: Any, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.day = day
        public = published_q("centers__")
        self.filters["cohort"].extra["choices"] = [
            (str(year), fiscal_year_text(year))
            for year in Cohort.objects.filter(public)
            .order_by("fiscal_year")
            .values_list("fiscal_year", flat=True)
            .distinct()
        ]
        hosts = HostInstitution.objects.filter(public).distinct().prefetch_related("names")
        self.filters["host"].extra["choices"] = [(host.slug, str(host.name_on(day) or host)) for host in hosts]
        self.filters["field"].extra["choices"] = [
            (row.slug, str(row)) for row in Field.objects.filter(public).distinct()
        ]
        used = set(Center.objects.published().order_by().values_list("prefecture", flat=True).distinct())
        self.filters["prefecture"].extra["choices"] = [choice for choice in Prefecture.choices if choice[0] in used]

    def filter_status(self, queryset: CenterQuerySet, name: str, values: list[str]) -> QuerySet:
        if not values:
            return queryset
        matching = queryset.none()
        for value in values:
            matching = matching | queryset.with_status_on(value, self.day)
        return matching
