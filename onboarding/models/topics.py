"""Pillars and topics: the fixed frame of the guides."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wpiforum.provenance.models import Identified, NaturalManager
from wpiforum.publishing.models import Publishable, PublishableQuerySet


class Pillar(Identified):
    """One of the two pillars of WPI Forum: receiving researchers, and the environment they find."""

    natural_key_field = "slug"

    slug = models.SlugField(_("slug"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    name_ja: str | None
    name_en: str | None

    objects = NaturalManager()

    class Meta:
        verbose_name = _("pillar")
        verbose_name_plural = _("pillars")
        ordering = ("order",)

    def __str__(self) -> str:
        return self.name or self.slug

    def natural_key(self) -> tuple[str]:
        return (self.slug,)


class Topic(Identified, Publishable):
    """One of the eight topics."""

    natural_key_field = "slug"

    slug = models.SlugField(_("slug"), max_length=40, unique=True)
    pillar = models.ForeignKey(Pillar, on_delete=models.PROTECT, related_name="topics", verbose_name=_("pillar"))
    name = models.CharField(_("name"), max_length=120)
    summary = models.TextField(_("summary"), blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    name_ja: str | None
    name_en: str | None
    summary_ja: str | None
    summary_en: str | None

    objects = NaturalManager.from_queryset(PublishableQuerySet)()

    class Meta(Publishable.Meta):
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ("pillar__order", "order")

    def __str__(self) -> str:
        return self.name or self.slug

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    def get_absolute_url(self) -> str:
        return reverse("onboarding:topic", args=[self.slug])
