"""Glossary terms with readings, plain wording, other names and common wrong names."""

import re
from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import CharField, F, Q
from django.db.models.functions import Lower
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _

from onboarding.models.texts import Referring
from onboarding.models.topics import Topic
from wpiforum.provenance.models import Identified, NaturalManager, Sourced
from wpiforum.publishing.models import Publishable, PublishableQuerySet


class TermQuerySet(PublishableQuerySet):
    def by_name(self, language: str) -> Self:
        """Order as a reader of that language looks a word up: by kana, or by the English word."""
        return self.order_by(F("kana") if language == "ja" else Lower("english", output_field=CharField()), "slug")


class Term(Identified, Publishable, Sourced):
    """A word of the offices: Japanese, reading, English, one sentence of meaning, plain Japanese."""

    natural_key_field = "slug"
    page_name = "onboarding:glossary"

    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    japanese = models.CharField(_("Japanese"), max_length=80)
    kana = models.CharField(_("reading (kana)"), max_length=120)
    english = models.CharField(_("English"), max_length=120)
    meaning = models.CharField(_("meaning"), max_length=400)
    plain_japanese = models.CharField(_("plain Japanese"), max_length=300)
    aliases = models.JSONField(
        _("other names"), default=list, blank=True, help_text=_("Other right names and spellings.")
    )
    wrong_names = models.JSONField(
        _("common wrong names"), default=list, blank=True, help_text=_("Found by the search, never used in texts.")
    )
    topic = models.ForeignKey(
        Topic, null=True, blank=True, on_delete=models.SET_NULL, related_name="terms", verbose_name=_("topic")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    meaning_ja: str | None
    meaning_en: str | None

    objects = NaturalManager.from_queryset(TermQuerySet)()

    class Meta(Publishable.Meta):
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        ordering = ("kana",)

    def __str__(self) -> str:
        return f"{self.japanese} – {self.english}"

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    def uses(self) -> list[Any]:
        """Return the rows in whose rich texts the word stands: pages link it there to the glossary."""
        found: list[Any] = []
        for model in apps.get_models():
            if issubclass(model, Referring) and model.rich_fields:
                wanted = Q()
                for name in model.rich_fields:
                    wanted |= Q(**{f"{name}_ja__contains": self.japanese})
                    wanted |= Q(**{f"{name}_en__icontains": self.english})
                rows = model._default_manager.filter(wanted).order_by("pk")
                rows = rows.select_related(model.owner_field) if model.owner_field else rows
                found += [row for row in rows if self._stands_in(row)]
        return found

    def _stands_in(self, row: Any) -> bool:
        # Not \b: "resident" is no word of its own in "non-resident" (onboarding/rendering.py).
        english = re.compile(rf"(?<![\w-]){re.escape(self.english)}(?![\w-])", re.IGNORECASE)
        return any(
            self.japanese in strip_tags(getattr(row, f"{name}_ja") or "")
            or english.search(strip_tags(getattr(row, f"{name}_en") or ""))
            for name in row.rich_fields
        )
