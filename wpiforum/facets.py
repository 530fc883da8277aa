"""Facets of a list: the address says what is shown, several values of one facet mean "or", two facets "and"."""

from typing import Any, NamedTuple

import django_filters
from django import forms

# A facet offers so many values, those of most rows; a reader's own choice works and is shown beyond that.
MOST_VALUES = 50


class Option(NamedTuple):
    value: str
    label: str
    is_chosen: bool


class Facet(NamedTuple):
    """One question of the filter, as the page prints it: a field of a form would take a template for each value."""

    name: str
    label: str
    options: list[Option]

    @property
    def is_used(self) -> bool:
        return any(option.is_chosen for option in self.options)


def facet(label: Any, **kwargs: Any) -> django_filters.MultipleChoiceFilter:
    """Return a filter of several values; its choices may be set later."""
    return django_filters.MultipleChoiceFilter(label=label, widget=forms.CheckboxSelectMultiple, **kwargs)


def facets_of(form: forms.Form) -> list[Facet]:
    """Return the facets of a form whose fields all offer several values."""
    found = []
    for field in form:
        chosen = {str(value) for value in field.value() or ()}
        choices: Any = field.field.choices  # type: ignore[attr-defined]  # every facet is a choice
        options = [Option(str(value), str(label), str(value) in chosen) for value, label in choices]
        found.append(Facet(field.html_name, str(field.label), options))
    return found


class FacetSet(django_filters.FilterSet):
    """A set of facets, with what a page prints of them."""

    @property
    def facets(self) -> list[Facet]:
        return facets_of(self.form)

    def chosen(self, name: str) -> list[str]:
        """Return what the reader chose in a facet; no value of a database has a NUL in it."""
        return [value for value in self.data.getlist(name) if "\x00" not in value] if self.data else []
