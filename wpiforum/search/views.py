"""The search page, its suggestions and what browsers need to add it. Nothing here is cached or logged."""

import logging
import re
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from django.core.paginator import Paginator
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from wpiforum import languages
from wpiforum.http import BadInput
from wpiforum.provenance.dates import PartialDate
from wpiforum.search import text
from wpiforum.search.documents import CHOICES, KINDS
from wpiforum.search.find import Answer, complete, find
from wpiforum.search.models import Entry, count_asked
from wpiforum.search.names import suggest
from wpiforum.search.passages import passage
from wpiforum.search.query import LONGEST, Query, parse
from wpiforum.seo import PageMeta

logger = logging.getLogger(__name__)
PER_PAGE = 10
_TITLE = re.compile(r"(?P<name>.*?)(?:\s+(?P<number>[\d-]{3,}))?", re.DOTALL)
_VALUE = re.compile(r"[\w-]{1,120}")
_MOST_PAGES = 30
FACETS = {
    "kind": gettext_lazy("Kind"),
    "topic": gettext_lazy("topic"),
    "stage": gettext_lazy("Stage"),
    "audience": gettext_lazy("For whom"),
    "center": gettext_lazy("Center"),
    "language": gettext_lazy("Language"),
}
# Whoever types one of these may need help at once. Compared as words of the index, so every spelling counts.
_EMERGENCY = text.WORDS["emergency"].split()


class Option(NamedTuple):
    value: str
    label: str
    number: int
    is_chosen: bool


class CountedResponse(TemplateResponse):
    """A page that adds to the day's counts once it was sent; a count that fails costs the reader nothing."""

    counts: tuple[str, str, bool, str] | None = None

    def close(self) -> None:
        super().close()
        if self.counts is None:
            return
        query, language, found, before = self.counts
        try:
            count_asked(query, language, found=found, before=before)
        except DatabaseError:
            logger.warning("A search could not be counted.")  # without the question: it is nobody's business


def _chosen(request: HttpRequest) -> dict[str, list[str]]:
    """Return the facets in the address; raise BadInput for a value that nothing could have."""
    known = {
        "kind": set(KINDS),
        "language": set(languages.CODES),
        **{name: {str(value) for value, _label in choices} for name, choices in CHOICES.items()},
    }
    chosen = {}
    for name, label in FACETS.items():
        values = [value for value in request.GET.getlist(name) if value]
        wrong = [value for value in values if not _VALUE.fullmatch(value) or value not in known.get(name, {value})]
        if wrong:
            raise BadInput(
                _("There is no such value for “%(facet)s”. Choose from the list.") % {"facet": label}, parameter=name
            )
        chosen[name] = values
    return chosen


def _page_number(request: HttpRequest) -> int:
    typed = request.GET.get("page", "1") or "1"
    if not typed.isascii() or not typed.isdigit() or not 1 <= int(typed[:9]) <= _MOST_PAGES:
        raise BadInput(_("There is no such page. Begin with the first one."), parameter="page")
    return int(typed)


def _labels(facet: str, values: list[str]) -> dict[str, str]:
    """Return how the values of a facet are called in the reader's language."""
    if facet == "kind":
        return {name: str(kind.label) for name, kind in KINDS.items()}
    if facet == "language":
        return {language.code: language.own_name for language in languages.LANGUAGES}
    if facet in CHOICES:
        return {str(value): str(label) for value, label in CHOICES[facet]}
    rows = Entry.objects.visible().filter(kind=facet, language=languages.current(), slug__in=values).order_by("pk")
    return {row.slug: row.title.split(" – ")[0] for row in rows.only("slug", "title")}


def _facets(answer: Answer, chosen: dict[str, list[str]]) -> list[tuple[str, Any, list[Option]]]:
    shown = []
    for name, label in FACETS.items():
        counts: dict[str, int] = answer.facets.get(name, {})
        values = [*counts, *(value for value in chosen[name] if value not in counts)]
        if not values:
            continue
        labels = _labels(name, values)
        options = [
            Option(value, labels.get(value, value), counts.get(value, 0), value in chosen[name]) for value in values
        ]
        shown.append((name, label, sorted(options, key=lambda option: (-option.number, option.label))))
    return shown


def _before(request: HttpRequest) -> str:
    """Return the question of the result page from which this one was asked, from the address the browser names."""
    try:
        address = urlsplit(request.headers.get("Referer", ""))
        asked = parse_qs(address.query, max_num_fields=20).get("q", [""])[0]
    except ValueError:
        return ""
    is_ours = address.netloc == request.get_host() and address.path in {
        languages.localized_url("search", code) for code in languages.CODES
    }
    return text.normal(asked[:LONGEST]).strip().lower() if is_ours else ""


def _is_urgent(query: Query) -> bool:
    said = {token for word in query.words for phrase in word for token in phrase}
    urgent = {tuple(text.indexed(word).split()) for word in _EMERGENCY}
    return any(set(words) <= said for words in urgent)


def _numbers(entries: Any) -> list[dict[str, str]]:
    """Return name and number of the emergency contacts, apart, so that a phone can dial."""
    titles = entries.filter(kind="contact", is_emergency=True).values_list("title", flat=True)
    return [_TITLE.fullmatch(title).groupdict("") for title in titles]  # type: ignore[union-attr]  # matches any title


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show what answers the question in `q`, within the facets of the address."""
    typed = request.GET.get("q", "")
    query, language = parse(typed), languages.current()
    chosen, number = _chosen(request), _page_number(request)
    answer = find(query, language, chosen)
    pages = Paginator(answer.hits, PER_PAGE)
    page = pages.get_page(number)
    shown = list(page.object_list)
    complete(shown, language, chosen)
    entries = Entry.objects.visible().filter(language=language).order_by("pk")
    is_filtered = any(chosen.values())
    response = CountedResponse(
        request,
        "search/search.html",
        {
            "q": query.text,
            "query": query,
            "answer": answer,
            "count": len(answer.hits),
            "results": [
                {
                    "hit": hit,
                    "kind": KINDS[hit.shown.kind].label if hit.shown.kind in KINDS else "",
                    "passage": passage(hit.matched if hit.matched.body else hit.shown, query),
                    "as_of": PartialDate(hit.shown.as_of_on, hit.shown.as_of_precision) if hit.shown.as_of_on else None,
                }
                for hit in shown
            ],
            "facets": _facets(answer, chosen),
            "is_filtered": is_filtered,
            "page_obj": page,
            "paginator": pages,
            "is_paginated": page.has_other_pages(),
            "urgent": _numbers(entries) if _is_urgent(query) else [],
            "topics": list(entries.filter(kind="topic")) if not shown else [],
            "longest": LONGEST,
            "page": PageMeta(_("Search"), is_indexed=False),
        },
    )
    response.headers["Cache-Control"] = "no-store"
    if number == 1 and not is_filtered and query.words:
        found = bool(answer.hits) and not answer.is_loose
        response.counts = (query.text.lower(), language, found, _before(request))
    return response


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """Return names that begin with what was typed, as the list of a combobox."""
    names = suggest(request.GET.get("q", ""), languages.current())
    return JsonResponse({"names": names}, headers={"Cache-Control": "no-store"})


@require_safe
def description(request: HttpRequest) -> HttpResponse:
    """Describe the search to browsers (OpenSearch 1.1), in the language of the address."""
    context = {
        "search": languages.absolute(reverse("search"), request),
        "label": _("Search the site"),
    }
    response = TemplateResponse(
        request, "search/description.xml", context, content_type="application/opensearchdescription+xml; charset=utf-8"
    )
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response
