"""Facets of the guides: for whom, at which stage, who acts."""

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from onboarding.choices import Actor, Audience, Stage
from onboarding.models import Guide
from onboarding.models.guides import GuideQuerySet


def _facet(label: Any, choices: Any, method: str) -> django_filters.MultipleChoiceFilter:
    return django_filters.MultipleChoiceFilter(
        label=label, choices=choices, method=method, widget=forms.CheckboxSelectMultiple
    )


class GuideFilter(django_filters.FilterSet):
    """A repeated facet means "or", two facets mean "and"."""

    audience = _facet(_("For whom"), Audience.choices, "filter_audience")
    stage = _facet(_("Stage"), Stage.choices, "filter_stage")
    actor = _facet(_("Who acts"), Actor.choices, "filter_actor")

    class Meta:
        model = Guide
        fields: list[str] = []

    def filter_audience(self, queryset: GuideQuerySet, name: str, values: list[str]) -> GuideQuerySet:
        return queryset.for_audience(*values)

    def filter_stage(self, queryset: GuideQuerySet, name: str, values: list[str]) -> GuideQuerySet:
        return queryset.for_stage(*values)

    def filter_actor(self, queryset: GuideQuerySet, name: str, values: list[str]) -> GuideQuerySet:
        return queryset.with_step_by(*values)
