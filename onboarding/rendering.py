"""Turns the stored text of a step into what a reader sees on one day, in one language."""

import re
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
from onboarding.models.texts import REFERENCE
from onboarding.values import unknown_text, value_text
from wpiforum.markup import clean, replace_text, trusted

_TAG = re.compile(r"<[^<>]*>")


class TermName(NamedTuple):
    """A glossary term as it is looked for in running text."""

    slug: str
    japanese: str
    english: str


@lru_cache(maxsize=8)
def _pattern(names: tuple[str, ...], *, whole_words: bool) -> re.Pattern[str]:
    """Return a pattern that prefers the longest name; English names only match whole words."""
    joined = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    # Not \b: a name may end with a parenthesis, and "resident" is no word of its own in "non-resident".
    if whole_words:
        return re.compile(rf"(?<![\w-])(?:{joined})(?![\w-])", re.IGNORECASE)
    return re.compile(joined)


class Renderer:
    """Renders texts of one page in one language; each term is linked once per page.

    `links=False` is for paper: values stay marked, but nothing points anywhere.
    """

    def __init__(
        self,
        code: str,
        day: date,
        *,
        periods: dict[str, list[FactPeriod]],
        slots: dict[str, Slot],
        terms: list[TermName],
        center: Center | None = None,
        links: bool = True,
    ) -> None:
        self.code = code
        self.day = day
        self.periods = periods
        self.slots = slots
        self.center = center
        self.links = links
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
            links=self.links,
        )

    def html(self, text: str | None) -> SafeString:
        """Return rich text: cleaned, references replaced, terms linked to the glossary once per page."""
        # A reference inside a tag (a number to dial) becomes bare text before the cleaning, which judges the result.
        filled = _TAG.sub(lambda tag: REFERENCE.sub(self._bare, tag[0]), text or "")
        shown = replace_text(clean(filled), lambda piece: REFERENCE.sub(self._reference, piece))
        # What is left stands in links and headings, where no other link may be.
        shown = REFERENCE.sub(self._bare, shown)
        return trusted(replace_text(shown, self._link_terms))

    def line(self, text: str | None) -> SafeString:
        """Return a plain line: escaped, references replaced."""
        return trusted(REFERENCE.sub(self._reference, conditional_escape(text or "")))

    def _reference(self, match: re.Match[str]) -> str:
        kind, key = match.groups()
        return self._fact(key) if kind == "fact" else self._slot(key)

    def _bare(self, match: re.Match[str]) -> str:
        """Return a reference as escaped text, without markup of its own."""
        kind, key = match.groups()
        return conditional_escape(self._value(key) if kind == "fact" else self._filling(key)[0])

    def _value(self, key: str) -> str:
        period = period_on(self.periods.get(key, []), self.day)
        return value_text(period, period.fact.unit) if period else unknown_text()

    def _fact(self, key: str) -> str:
        if not self.links:
            return format_html('<strong class="fact">{}</strong>', self._value(key))
        return format_html('<a class="fact" href="#fact-{}">{}</a>', key, self._value(key))

    def _filling(self, key: str) -> tuple[str, str]:
        """Return what a slot shows and its class: the center's value, or a sentence that says it is missing."""
        slot = self.slots.get(key)
        if slot is None:
            return key, "slot"
        label = getattr(slot, f"label_{self.code}") or slot.label_ja
        value = getattr(slot, f"value_{self.code}", None) or getattr(slot, "value_ja", None)
        if value:
            return value, "slot"
        if self.center is None:
            sentence = _("%(label)s (differs by center: ask your host office)")
        else:
            sentence = _("%(label)s (your center has not filled this in yet)")
        return sentence % {"label": label}, "slot slot--empty"

    def _slot(self, key: str) -> str:
        text, css = self._filling(key)
        return format_html('<span class="{}">{}</span>', css, text)

    def _link_terms(self, text: str) -> str:
        if self._term_pattern is None or not self.links or not text.strip():
            return text
        glossary = reverse("onboarding:glossary")

        def link(match: re.Match[str]) -> str:
            slug = self._terms[match[0] if self.code == "ja" else match[0].lower()]
            if slug in self._linked:
                return match[0]
            self._linked.add(slug)
            return f'<a class="term" href="{glossary}#{slug}">{match[0]}</a>'

        return self._term_pattern.sub(link, text)
