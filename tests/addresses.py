"""Every address of the site, for people and for programs, read from its URLs, with a row behind each that names one."""

from collections.abc import Callable, Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.resolvers import LocalePrefixPattern

from tests.factories import centers, onboarding
from wpiforum import languages
from wpiforum.publishing import preview


def _guide() -> dict[str, str]:
    guide = onboarding.make_guide(steps=1)
    return {"topic": guide.topic.slug, "slug": guide.slug}


def _step() -> dict[str, str]:
    step = onboarding.make_step()
    return {"topic": step.guide.topic.slug, "guide": step.guide.slug, "step": step.slug}


# Makes the row that an address names; a new kind of address has to be added here.
ROWS: dict[str, Callable[[], dict[str, str]]] = {
    "centers:detail": lambda: {"slug": centers.make_center().slug},
    "centers:director": lambda: {"slug": centers.make_directorship().person.slug},
    "preview": lambda: {"token": preview.token(centers.make_center())},
    "onboarding:topic": lambda: {"topic": onboarding.make_topic().slug},
    "onboarding:guide": _guide,
    "onboarding:sheet": _step,
    "onboarding:report": _step,
    "sitemap-part": lambda: {"number": "1"},
    "feed": lambda: {"code": "en"},
    "feed-topic": lambda: {"code": "en", "topic": onboarding.make_topic().slug},
    "feed-center": lambda: {"code": "en", "center": centers.make_center().slug},
    "list-csv": lambda: {"name": "centers"},
    "embed-guide": lambda: {"code": "en", **_guide()},
    "embed-step": lambda: {"code": "en", **_step()},
}


def _walk(patterns: Any, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}", pattern
        elif not str(pattern.pattern).startswith("admin/"):  # of staff
            yield from _walk(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else namespace)


def _below_the_prefix() -> Iterator[tuple[str, URLPattern]]:
    for resolver in get_resolver().url_patterns:
        if isinstance(resolver, URLResolver) and isinstance(resolver.pattern, LocalePrefixPattern):
            yield from _walk(resolver.url_patterns)


def _beside_the_prefix() -> Iterator[tuple[str, URLPattern]]:
    for found in get_resolver().url_patterns:
        if isinstance(found, URLPattern):
            yield str(found.name), found


# Answers only while somebody works on the design.
NOT_PUBLIC = {"components"}
# Answers that are no pages.
FILES = {"centers:board-csv", "search-suggestions", "search-description"}
NAMES = [name for name, _pattern in _below_the_prefix() if name not in NOT_PUBLIC]
# For programs, without a language; the interface for data names its own addresses in its document.
MACHINE = [name for name, _pattern in _beside_the_prefix()]
_PATTERNS = [*_below_the_prefix(), *_beside_the_prefix()]
_NEEDS_A_ROW = {name for name, pattern in _PATTERNS if pattern.pattern.converters}


def parts(name: str) -> dict[str, str]:
    """Make the row that a named address shows and return the parts of the address that name it."""
    return ROWS[name]() if name in _NEEDS_A_ROW else {}


def address(name: str, language: str) -> str:
    """Return the address of a named page in a language, after making the row it shows."""
    return languages.localized_url(name, language, **parts(name))


def machine_address(name: str) -> str:
    """Return a named address without a language, after making the row it shows."""
    return reverse(name, kwargs=parts(name))
