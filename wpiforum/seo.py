"""What a page says of itself: title, description, canonical address and its versions in other languages."""

from typing import Any, NamedTuple

from django.http import HttpRequest

from wpiforum import languages


class Crumb(NamedTuple):
    label: str
    url: str


class PageMeta(NamedTuple):
    """`languages` lists those in which the page is a real page, not a fallback; only they become `hreflang`."""

    title: str
    description: str = ""
    crumbs: tuple[Crumb, ...] = ()
    languages: tuple[str, ...] = languages.CODES
    is_indexed: bool = True


def head(meta: PageMeta, request: HttpRequest) -> dict[str, Any]:
    """Return the addresses for the page's head. A fallback page points to its original as canonical."""
    path = request.path
    own = languages.current()
    original = own if own in meta.languages or not meta.languages else meta.languages[0]
    # A date or a facet is a view of the same page; a page number is a page of its own.
    number = request.GET.get("page", "")
    query = f"?page={number}" if number.isdigit() and number != "1" else ""
    alternates = []
    if meta.is_indexed and len(meta.languages) > 1:
        alternates = [
            (code, languages.absolute(languages.swap_prefix(path, code) + query, request)) for code in meta.languages
        ]
    return {
        "meta": meta,
        "canonical": languages.absolute(languages.swap_prefix(path, original) + query, request),
        "alternates": alternates,
        "og_locale": next(row.og_locale for row in languages.LANGUAGES if row.code == own),
    }
