"""Every address of the site for people, read from its URLs, with a row behind each that names one."""

from collections.abc import Callable, Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
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


# Answers only while somebody works on the design.
NOT_PUBLIC = {"components"}
# Answers that are no pages.
FILES = {"centers:board-csv", "search-suggestions", "search-description"}
NAMES = [name for name, _pattern in _below_the_prefix() if name not in NOT_PUBLIC]
_NEEDS_A_ROW = {name for name, pattern in _below_the_prefix() if pattern.pattern.converters}


def address(name: str, language: str) -> str:
    """Return the address of a named page in a language, after making the row it shows."""
    return languages.localized_url(name, language, **(ROWS[name]() if name in _NEEDS_A_ROW else {}))
