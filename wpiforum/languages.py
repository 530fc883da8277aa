"""The only module that names languages: which there are, what they are called, and addresses in each."""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header


class Language(NamedTuple):
    """One language of the site: its code, its own name, its locale for Open Graph."""

    code: str
    own_name: str
    og_locale: str


LANGUAGES: tuple[Language, ...] = (Language("ja", "日本語", "ja_JP"), Language("en", "English", "en_US"))
CODES: tuple[str, ...] = tuple(language.code for language in LANGUAGES)
DEFAULT = "ja"
# Pages for people are below a language; so are their copies for other sites' frames, below /embed.
_PREFIX = re.compile(r"^(/embed)?/(" + "|".join(CODES) + r")(?=/|$)")


def current() -> str:
    """Return the active language's code, reduced to one the site has."""
    code = (translation.get_language() or DEFAULT).split("-")[0]
    return code if code in CODES else DEFAULT


def other(code: str | None = None) -> str:
    """Return the language that is not `code` (by default: not the active one)."""
    code = code or current()
    return next(candidate for candidate in CODES if candidate != code)


def from_path(path: str) -> str | None:
    """Return the language a path's prefix names, or None for machine addresses."""
    match = _PREFIX.match(path)
    return match[2] if match else None


def preferred(accept_language: str) -> str:
    """Return the site's language that an Accept-Language header prefers, else Japanese (RFC 9110 section 12.5.4)."""
    for code, quality in parse_accept_lang_header(accept_language):
        base = code.split("-")[0]
        if quality and base in CODES:
            return base
    return DEFAULT


def swap_prefix(path: str, code: str) -> str:
    """Return the same path in another language: one slug serves both, so only the prefix differs."""
    return _PREFIX.sub(rf"\1/{code}", path, count=1)


def localized_url(name: str, code: str, *args: Any, **kwargs: Any) -> str:
    """Return the address of a named page in the given language."""
    with translation.override(code):
        return reverse(name, args=args, kwargs=kwargs)


def in_each[T](make: Callable[[], T]) -> dict[str, T]:
    """Call `make` once with each language active and return its results by language code."""
    results = {}
    for code in CODES:
        with translation.override(code):
            results[code] = make()
    return results


def absolute(path: str, request: Any = None) -> str:
    """Return a full address: from SITE_ORIGIN, else from the request."""
    if settings.SITE_ORIGIN:
        return f"{settings.SITE_ORIGIN}{path}"
    return request.build_absolute_uri(path) if request is not None else path
