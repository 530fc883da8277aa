"""Practices (取組): what the program or one center does that others can learn from."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from centers.choices import Theme
from wpiforum.provenance.models import Identified, NaturalManager, Sourced
from wpiforum.publishing.models import Publishable, PublishableQuerySet


class Practice(Identified, Publishable, Sourced):
    """One practice, of the program as a whole or, with `center`, of one center."""

    natural_key_field = "slug"
    page_name = "centers:practices"

    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    theme = models.CharField(_("theme"), max_length=20, choices=Theme)
    center = models.ForeignKey(
        "centers.Center",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="practices",
        verbose_name=_("center"),
        help_text=_("Empty: a practice of the program as a whole."),
    )
    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(_("text"))
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    title_ja: str | None
    title_en: str | None
    body_ja: str | None
    body_en: str | None

    objects = NaturalManager.from_queryset(PublishableQuerySet)()

    class Meta(Publishable.Meta):
        verbose_name = _("practice")
        verbose_name_plural = _("practices")
        ordering = ("theme", "order", "slug")

    def __str__(self) -> str:
        return self.title or self.title_ja or self.title_en or self.slug

    def belongs_to(self) -> set[Any]:
        return {self.pk, self.center_id} - {None}

    def natural_key(self) -> tuple[str]:
        return (self.slug,)
