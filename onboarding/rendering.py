"""Turns the stored text of a step into what a reader sees on one day, in one language."""

import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from centers.models import Center
from onboarding.models import FactPeriod, Slot
from onboarding.models.facts import period_on
from onboarding.values import unknown_text, value_text
from wpiforum.markup import clean, replace_text, trusted

REFERENCE = re.compile(r"\{\{\s*(fact|slot):([a-z0-9-]+)\s*\}\}")


class TermName(NamedTuple):
    """A glossary term as it is looked for in running text."""

    slug: str
    japanese: str
    english: str


def references(texts: Iterable[str | None], kind: str) -> set[str]:
    """Return the keys of all facts, or of all slots, that the texts refer to."""
    return {key for text in texts if text for found, key in REFERENCE.findall(text) if found == kind}


@lru_cache(maxsize=8)
def _pattern(names: tuple[str, ...], *, whole_words: bool) -> re.Pattern[str]:
    """Return a pattern that prefers the longest name; English names only match whole words."""
    joined = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"\b(?:{joined})\b" if whole_words else f"(?:{joined})", re.IGNORECASE if whole_words else 0)


class Renderer:
    """Renders texts of one page in one language; each term is linked once per page."""

    def __init__(
        self,
        code: str,
        day: date,
        *,
        periods: dict[str, list[FactPeriod]],
        slots: dict[str, Slot],
        terms: list[TermName],
        center: Center | None = None,
    ) -> None:
        self.code = code
        self.day = day
        self.periods = periods
        self.slots = slots
        self.center = center
        self._all_terms = terms
        names = {(term.japanese if code == "ja" else term.english): term.slug for term in terms}
        self._terms = names if code == "ja" else {name.lower(): slug for name, slug in names.items()}
        self._term_pattern = _pattern(tuple(names), whole_words=code != "ja") if names else None
        self._linked: set[str] = set()

    def in_language(self, code: str) -> "Renderer":
        """Return a renderer of the same page for another language."""
        return Renderer(
            code,
            self.day,
            periods=self.periods,
            slots=self.slots,
            terms=self._all_terms,
            center=self.center,
        )

    def html(self, text: str | None) -> SafeString:
        """Return rich text: cleaned, references replaced, terms linked to the glossary once per page."""
        cleaned = REFERENCE.sub(self._reference, clean(text or ""))
        return trusted(replace_text(cleaned, self._link_terms))

    def line(self, text: str | None) -> SafeString:
        """Return a plain line: escaped, references replaced."""
        return trusted(REFERENCE.sub(self._reference, conditional_escape(text or "")))

    def _reference(self, match: re.Match[str]) -> str:
        kind, key = match.groups()
        return self._fact(key) if kind == "fact" else self._slot(key)

    def _fact(self, key: str) -> str:
        rows = self.periods.get(key, [])
        period = period_on(rows, self.day)
        text = value_text(period, period.fact.unit) if period else unknown_text()
        return format_html('<a class="fact" href="#fact-{}">{}</a>', key, text)

    def _slot(self, key: str) -> str:
        slot = self.slots.get(key)
        if slot is None:
            return format_html("<strong>{}</strong>", key)
        label = getattr(slot, f"label_{self.code}") or slot.label_ja
        value = getattr(slot, f"value_{self.code}", None) or getattr(slot, "value_ja", None)
        if value:
            return format_html('<span class="slot">{}</span>', value)
        if self.center is None:
            sentence = _("%(label)s (differs by center: ask your host office)")
        else:
            sentence = _("%(label)s (your center has not filled this in yet)")
        return format_html('<span class="slot slot--empty">{}</span>', sentence % {"label": label})

    def _link_terms(self, text: str) -> str:
        if self._term_pattern is None or not text.strip():
            return text
        glossary = reverse("onboarding:glossary")

        def link(match: re.Match[str]) -> str:
            slug = self._terms[match[0] if self.code == "ja" else match[0].lower()]
            if slug in self._linked:
                return match[0]
            self._linked.add(slug)
            return f'<a class="term" href="{glossary}#{slug}">{match[0]}</a>'

        return self._term_pattern.sub(link, text)
