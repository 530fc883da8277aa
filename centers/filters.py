"""Facets of the register: the address says what is shown."""

from datetime import date
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet, prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from centers.choices import Status
from centers.models import Center
from centers.models.center import CenterQuerySet
from wpiforum.provenance.wording import fiscal_year_text
from wpiforum.remembering import remembered


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
        for facet, choices in remembered(("register-facets", day), lambda: _offered(day)).items():
            self.filters[facet].extra["choices"] = choices

    def filter_status(self, queryset: CenterQuerySet, name: str, values: list[str]) -> QuerySet:
        if not values:
            return queryset
        matching = queryset.none()
        for value in values:
            matching = matching | queryset.with_status_on(value, self.day)
        return matching


def _offered(day: date) -> dict[str, list[tuple[Any, str]]]:
    """Return the values of each facet: one query for what the public centers use, one for the names of their hosts."""
    rows = list(Center.objects.published().select_related("cohort", "host", "field").order_by())
    hosts = {row.host_id: row.host for row in rows}
    prefetch_related_objects(list(hosts.values()), "names")
    found: dict[str, set[tuple[Any, str]]] = {
        "cohort": {(row.cohort.fiscal_year, fiscal_year_text(row.cohort.fiscal_year)) for row in rows},
        "host": {(host.slug, str(host.name_on(day) or host)) for host in hosts.values()},
        "field": {(row.field.slug, str(row.field)) for row in rows},
        "prefecture": {(row.prefecture, row.get_prefecture_display()) for row in rows},
    }
    return {facet: sorted(choices) for facet, choices in found.items()}
