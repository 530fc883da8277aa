"""People and the directorships that tie them to centers."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import CharField, Exists, F, OuterRef, Prefetch
from django.db.models.functions import Coalesce, NullIf
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centers.models.center import Center
from wpiforum.loading import page_mode
from wpiforum.provenance.constraints import NoOverlap
from wpiforum.provenance.models import Dated, DatedQuerySet, Identified, NaturalManager
from wpiforum.publishing.models import Publishable, PublishableQuerySet, published_q

# How a reader of Japanese looks a name up: by its reading, where there is one.
_JAPANESE_ORDER = Coalesce(NullIf(F("kana"), models.Value("")), F("name_ja"), output_field=CharField())


class PersonQuerySet(PublishableQuerySet):
    def directors(self) -> Self:
        """Keep the people who lead or have led a center that the public sees."""
        # Not a join: its DISTINCT would read and sort everybody for each page.
        return self.filter(Exists(Directorship.objects.filter(published_q("center__"), person=OuterRef("pk"))))

    def by_name(self, language: str) -> Self:
        """Order as a reader of that language looks a name up: by kana reading, or by family name."""
        return self.order_by(_JAPANESE_ORDER if language == "ja" else "sort_en", "slug")

    def for_directory(self, *, sources: bool = False) -> Self:
        """Load each person's directorships with the published centers; with `sources` also what they rest on."""
        mode = page_mode()
        rows = Directorship.objects.filter(published_q("center__")).select_related("center").order_by("start_on")
        rows = (rows.select_related("source") if sources else rows).fetch_mode(mode)
        return self.prefetch_related(Prefetch("directorships", rows)).fetch_mode(mode)


class Person(Identified, Publishable):
    """A person in the register. Names are written as the person writes them (Hirosi Ooguri)."""

    natural_key_field = "slug"

    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    name = models.CharField(pgettext_lazy("person", "name"), max_length=120)
    kana = models.CharField(
        _("reading (kana)"),
        max_length=120,
        blank=True,
        help_text=_("Orders the Japanese list. Shown only if it is confirmed."),
    )
    sort_en = models.CharField(_("name for the English order"), max_length=120, help_text=_("Family name first."))
    unverified = models.JSONField(
        _("unconfirmed fields"),
        default=list,
        blank=True,
        help_text=_("Names of fields that no source we could read confirms. Pages mark them as unconfirmed."),
    )

    name_ja: str | None
    name_en: str | None

    objects = NaturalManager.from_queryset(PersonQuerySet)()

    class Meta(Publishable.Meta):
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ("sort_en",)
        # In the order of each language's list (`by_name`).
        indexes = [
            *Publishable.Meta.indexes,
            models.Index(name="centers_person_english", fields=["sort_en", "slug"]),
            models.Index(_JAPANESE_ORDER, "slug", name="centers_person_japanese"),
        ]

    def __str__(self) -> str:
        return self.name or self.name_ja or self.name_en or self.slug

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    def get_absolute_url(self) -> str:
        return reverse("centers:director", args=[self.slug])

    @property
    def confirmed_kana(self) -> str:
        """The reading, if a source confirms it."""
        return "" if "kana" in self.unverified else self.kana


class DirectorshipQuerySet(DatedQuerySet):
    def published_people(self, at: datetime | None = None) -> Self:
        """Keep directorships of people the public sees."""
        return self.filter(published_q("person__", at=at))


class Directorship(Identified, Dated):
    """A person at the head of a center, with the title the center uses (所長, 機構長, 拠点長)."""

    label_relations = ("center", "person")

    center = models.ForeignKey(Center, on_delete=models.CASCADE, related_name="directorships", verbose_name=_("center"))
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="directorships", verbose_name=_("person"))
    title = models.CharField(pgettext_lazy("job", "title"), max_length=80, blank=True)

    title_ja: str | None
    title_en: str | None

    objects: ClassVar[Any] = DirectorshipQuerySet.as_manager()

    class Meta(Dated.Meta):
        verbose_name = _("directorship")
        verbose_name_plural = _("directorships")
        ordering = ("start_on",)
        indexes = [models.Index(name="centers_directorship_start", fields=["start_on"])]
        constraints = [
            *Dated.Meta.constraints,
            NoOverlap(
                name="centers_directorship_no_overlap",
                scope=("center",),
                violation_error_message=_(
                    "Another director of this center is listed for part of this time. End that term first."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.center_id and self.center} {self.person_id and self.person}".strip()
