"""What crawlers ask for: the sitemap, robots.txt and security.txt."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import StringIO
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.http import require_safe

from centers.detail import languages_of as languages_of_name
from centers.models import Center, Person
from onboarding.models import FactPeriod, Guide, Step, TimingRule, Topic
from onboarding.models.texts import columns, references
from onboarding.pages import languages_of as languages_of_guide
from wpiforum import languages
from wpiforum.http import JAPAN, japan_midnight, today
from wpiforum.publishing.moments import Moments, family

LIMIT = 50_000  # addresses in one file (sitemaps.org)
# Pages without a row of their own; those with rows follow.
FIXED = (
    "home", "centers:program", "centers:practices", "centers:list", "centers:compare", "centers:board",
    "centers:directors", "centers:satellites", "onboarding:guides", "onboarding:plan", "onboarding:status",
    "onboarding:points", "onboarding:glossary", "onboarding:contacts", "onboarding:emergency", "sources", "news",
    "about", "privacy", "terms", "accessibility", "contact", "data",
)  # fmt: skip
# RFC 9116 wants less than a year; the day is computed, so that the file never expires on a site that lives.
SECURITY_DAYS = 180


class Entry(NamedTuple):
    """One page in the languages in which it really exists; where these are several, they are alternates."""

    name: str
    args: tuple[str, ...]
    languages: tuple[str, ...]
    changed: datetime | None


def entries() -> Iterator[Entry]:
    """Yield every public page that search engines may list."""
    for name in FIXED:
        yield Entry(name, (), languages.CODES, None)
    moments = Moments()
    yield from _centers(moments)
    yield from _guides(moments)


def _centers(moments: Moments) -> Iterator[Entry]:
    owned = family(Center)
    for center in Center.objects.published().for_register().order_by("slug"):
        codes = languages_of_name(center.name_on(today()))
        yield Entry("centers:detail", (center.slug,), codes, moments.latest(owned[center.pk]))
    owned = family(Person)
    people = Person.objects.published().directors().order_by("slug")
    for person in people:
        yield Entry("centers:director", (person.slug,), languages_of_name(person), moments.latest(owned[person.pk]))


def _guides(moments: Moments) -> Iterator[Entry]:
    for topic in Topic.objects.published().order_by("slug"):
        yield Entry("onboarding:topic", (topic.slug,), languages_of_name(topic), moments.latest([topic.pk]))
    owned, rules = family(Guide), dict(TimingRule.objects.order_by().values_list("pk", "step__guide_id"))
    for rule, guide in rules.items():
        owned[guide].add(rule)
    for guide, periods in _values().items():
        owned[guide] |= periods
    steps: dict[Any, list[Step]] = {}
    for step in Step.objects.published().order_by("order", "slug"):
        steps.setdefault(step.guide_id, []).append(step)
    for row in Guide.objects.published().select_related("topic").order_by("slug"):
        changed = moments.latest(owned[row.pk])
        whole = languages_of_guide(row, steps.get(row.pk, []))
        # Whole in no language: each half is a page of its own, and nobody's alternate.
        halves = [(code,) for code in languages.CODES if getattr(row, f"title_{code}")]
        for codes in [whole] if whole else halves:
            yield Entry("onboarding:guide", (row.topic.slug, row.slug), codes, changed)


def _values() -> dict[Any, set[Any]]:
    """Return, by guide, the dated values of the facts that its steps state."""
    periods: dict[str, set[Any]] = defaultdict(set)
    for key, period in FactPeriod.objects.order_by().values_list("fact__key", "pk"):
        periods[key].add(period)
    texts = columns(Step.referring_fields)
    stating = Q.create([(f"{text}__contains", "fact:") for text in texts], connector=Q.OR)
    found: dict[Any, set[Any]] = defaultdict(set)
    for guide, *words in Step.objects.published().filter(stating).order_by().values_list("guide_id", *texts):
        for key in references(words, "fact"):
            found[guide] |= periods[key]
    return found


@require_safe
def sitemap(request: HttpRequest, number: int | None = None) -> HttpResponse:
    """List every page with its alternates, or the files that do where they are too many for one."""
    found = [(entry, code) for entry in entries() for code in entry.languages]
    if number is None and len(found) > LIMIT:
        return _xml("sitemapindex", lambda xml: _index(xml, -(-len(found) // LIMIT), request))
    part = found[((number or 1) - 1) * LIMIT :][:LIMIT]
    if number is not None and (number < 1 or not part):
        raise Http404
    return _xml("urlset", lambda xml: _pages(xml, part, request))


def _index(xml: Any, parts: int, request: HttpRequest) -> None:
    for part in range(1, parts + 1):
        xml.startElement("sitemap", {})
        xml.addQuickElement("loc", languages.absolute(f"/sitemap-{part}.xml", request))
        xml.endElement("sitemap")


def _pages(xml: Any, part: list[tuple[Entry, str]], request: HttpRequest) -> None:
    for entry, code in part:
        addresses = {
            other: languages.absolute(languages.localized_url(entry.name, other, *entry.args), request)
            for other in entry.languages
        }
        xml.startElement("url", {})
        xml.addQuickElement("loc", addresses[code])
        if entry.changed:
            xml.addQuickElement("lastmod", entry.changed.astimezone(JAPAN).isoformat(timespec="seconds"))
        if len(addresses) > 1:
            for other, address in addresses.items():
                xml.addQuickElement("xhtml:link", "", {"rel": "alternate", "hreflang": other, "href": address})
        xml.endElement("url")


def _xml(root: str, write: Any) -> HttpResponse:
    buffer = StringIO()
    xml: Any = SimplerXMLGenerator(buffer, "utf-8")
    xml.startDocument()
    names = {"xmlns": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    if root == "urlset":
        names["xmlns:xhtml"] = "http://www.w3.org/1999/xhtml"
    xml.startElement(root, names)
    write(xml)
    xml.endElement(root)
    xml.endDocument()
    return HttpResponse(buffer.getvalue(), content_type="application/xml; charset=utf-8")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Let crawlers read everything but the staff's pages, and name the sitemap."""
    closed = [f"Disallow: /{code}/{part}/" for code in languages.CODES for part in ("admin", "preview")]
    lines = ["User-agent: *", *closed, "", f"Sitemap: {languages.absolute('/sitemap.xml', request)}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Say where to report a vulnerability (RFC 9116); not there while nobody is named, since a contact is required."""
    if not settings.SECURITY_CONTACTS:
        raise Http404
    expires = (japan_midnight(today()) + timedelta(days=SECURITY_DAYS)).isoformat()
    lines = [
        *(f"Contact: {contact}" for contact in settings.SECURITY_CONTACTS),
        f"Expires: {expires}",
        f"Preferred-Languages: {', '.join(languages.CODES)}",
        f"Canonical: {languages.absolute('/.well-known/security.txt', request)}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
