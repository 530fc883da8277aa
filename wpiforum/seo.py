"""What a page says of itself: title, description, canonical address, its versions in other languages, feeds, data."""

from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _

from wpiforum import jsonld, languages


class Crumb(NamedTuple):
    label: str
    url: str


class Feed(NamedTuple):
    """An Atom feed that belongs to a page, for readers' programs to find."""

    title: str
    url: str


class PageMeta(NamedTuple):
    """`languages` lists those in which the page is a real page, not a fallback; only they become `hreflang`.

    `nodes` are what programs read (JSON-LD), `card` the image that other sites show beside a link (`tools/cards.py`),
    `is_embeddable` that other sites may show the page itself.
    """

    title: str
    description: str = ""
    crumbs: tuple[Crumb, ...] = ()
    languages: tuple[str, ...] = languages.CODES
    is_indexed: bool = True
    nodes: tuple[jsonld.Node, ...] = ()
    card: str = "site"
    feeds: tuple[Feed, ...] = ()
    is_embeddable: bool = False


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
    canonical = languages.absolute(languages.swap_prefix(path, original) + query, request)
    return {
        "meta": meta,
        "canonical": canonical,
        "alternates": alternates,
        "card": languages.absolute(static(f"wpiforum/cards/{meta.card}-{own}.png"), request),
        "og_locale": next(row.og_locale for row in languages.LANGUAGES if row.code == own),
        "feeds": [Feed(_("WPI Forum: changes"), reverse("feed", args=[own])), *meta.feeds] if meta.is_indexed else (),
        "oembed": languages.absolute(f"{reverse('oembed')}?{urlencode({'url': canonical})}", request)
        if meta.is_embeddable
        else "",
        "linked_data": jsonld.script(_nodes(meta, request, canonical)),
    }


def _nodes(meta: PageMeta, request: HttpRequest, canonical: str) -> list[jsonld.Node]:
    """Return the page's own nodes after the way to it, which the page shows too (components/_breadcrumb.html)."""
    if not meta.title or getattr(request.resolver_match, "url_name", None) == "home":
        return list(meta.nodes)
    steps = [(_("Home"), reverse("home")), *meta.crumbs]
    way = [(str(label), languages.absolute(url, request)) for label, url in steps]
    return [jsonld.breadcrumb([*way, (str(meta.title), canonical if meta.is_indexed else "")]), *meta.nodes]
