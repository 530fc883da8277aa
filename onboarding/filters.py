"""Facets of the guides: for whom, at which stage, who acts."""

from django.utils.translation import gettext_lazy as _

from onboarding.choices import Actor, Audience, Stage
from onboarding.models import Guide
from onboarding.models.guides import GuideQuerySet
from wpiforum.facets import FacetSet, facet


class GuideFilter(FacetSet):
    """For whom, at which stage, and who acts."""

    audience = facet(_("For whom"), choices=Audience.choices, method="filter_audience")
    stage = facet(_("Stage"), choices=Stage.choices, method="filter_stage")
    actor = facet(_("Who acts"), choices=Actor.choices, method="filter_actor")

    class Meta:
        model = Guide
        fields: list[str] = []

    def filter_audience(self, queryset: GuideQuerySet, name: str, values: list[str]) -> GuideQuerySet:
        return queryset.for_audience(*values)

    def filter_stage(self, queryset: GuideQuerySet, name: str, values: list[str]) -> GuideQuerySet:
        return queryset.for_stage(*values)

    def filter_actor(self, queryset: GuideQuerySet, name: str, values: list[str]) -> GuideQuerySet:
        return queryset.with_step_by(*values)
