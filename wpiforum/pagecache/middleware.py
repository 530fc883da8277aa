"""The first middleware: answers public pages from memory, before sessions, languages and templates are touched."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import ResolverMatch
from django.utils import timezone

from wpiforum import languages, replicas
from wpiforum.http import SHARED_SECONDS, is_public_page
from wpiforum.operation.middleware import add_rules
from wpiforum.pagecache import outage, version
from wpiforum.pagecache.asking import as_unknown_reader, encoding_for, kept_match, key_of
from wpiforum.pagecache.last import LastPages
from wpiforum.pagecache.store import Copy, Key, Store

logger = logging.getLogger(__name__)
# A copy is made anew after this even if nobody told of a change: a process may die between its commit and its word.
# With what shared caches add (http.SHARED_SECONDS) and what a process trusts, a change shows within 60 s.
LONGEST_SECONDS = 20
# How long a cache before the server may show its copy while the server does not answer.
STALE_SECONDS = 86_400
_KEPT_TYPES = ("text/html", "text/csv")
# Each answer has its own.
_NOT_KEPT = {"content-length", "date", "etag", "x-request-id", "traceparent", "server-timing"}


class KeptResponse(HttpResponse):
    """A page from memory. Its headers were checked when it was kept: one by one they cost as much as all the rest."""

    def __init__(self, body: bytes, headers: dict[str, tuple[str, str]]) -> None:
        super().__init__(body, content_type="text/html")
        self.headers._store = headers.copy()

    def items(self) -> Iterable[tuple[str, str]]:
        return self.headers._store.values()


class KeptPagesMiddleware:
    """Keeps what a view with declared `parameters` answers to anybody; see README.md, "Cache"."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.PAGE_CACHE_BYTES:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.store = Store(settings.PAGE_CACHE_BYTES)
        self.last = LastPages(Path(settings.VAR_DIR) / "last-pages")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = key_of(request)
        if key is None:
            return self.get_response(request)
        known, copy = version.watcher.known(), self.store.shelf(key).get(key)
        if copy is not None:
            if known.is_down:
                return self._answer_stale(request, key, copy)
            if copy.is_good(known.name, timezone.now()):
                return self._answer(request, key, copy)
        match = kept_match(request)
        if match is None:
            return self.get_response(request)
        if known.is_down:
            copy = self._last(key, match)
            return self._answer_stale(request, key, copy) if copy else outage.unavailable(request)
        with self.store.alone(key):
            return self._make(request, key, match)

    def _make(self, request: HttpRequest, key: Key, match: ResolverMatch) -> HttpResponse:
        """Make the page, or take what another thread made meanwhile."""
        # Read before the page is made: a change during the making then puts the copy out of date.
        known, now = version.watcher.known(), timezone.now()
        copy = self.store.shelf(key).get(key)
        if copy is not None and copy.is_good(known.name, now):
            return self._answer(request, key, copy)
        with as_unknown_reader(request):
            response = self.get_response(request)
            may_keep = _may_keep(request, response)
        if response.status_code == 503 and getattr(response, "is_outage", False):
            copy = copy or self._last(key, match)
            return self._answer_stale(request, key, copy) if copy else response
        if response.status_code < 500:
            self.store.shelf(key).drop(key)
            if not may_keep:
                self.last.drop(key)
        # A version says nothing about a page of the other database, which may be behind.
        if not may_keep or known.name is None or replicas.alias_of(request) != known.alias:
            return response
        add_rules(request, response)
        made = Copy(response.content, _headers(response, match), known.name, now, _good_until(known, now), match)
        self.last.put(key, made)
        return self._answer(request, key, made, "wpiforum; fwd=miss; stored")

    def _last(self, key: Key, match: ResolverMatch) -> Copy | None:
        """Return what this or another process of the host made last."""
        copy = self.last.get(key)
        if copy is not None:
            copy.match = match
        return copy

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer every page that needs a database that does not answer with a sentence, not with "error"."""
        if not isinstance(exception, OperationalError | InterfaceError):
            return None
        logger.error("The database failed a request.", exc_info=exception)
        if replicas.alias_of(request) == replicas.PRIMARY:  # else the primary is asked next
            version.watcher.found_down()
        response = outage.unavailable(request)
        response.is_outage = True  # type: ignore[attr-defined]  # read in `_make` and in replicas.py
        return response

    def _answer_stale(self, request: HttpRequest, key: Key, copy: Copy) -> HttpResponse:
        stale = outage.with_sentence(copy, request.path_info)
        response = _sent(request, stale, None)
        self.store.shelf(key).put(key, copy)  # it has grown
        return response

    def _answer(self, request: HttpRequest, key: Key, copy: Copy, status: str | None = None) -> HttpResponse:
        known = len(copy.variants)
        response = _sent(request, copy, status)
        if len(copy.variants) != known:
            self.store.shelf(key).put(key, copy)  # counted with its new size
        return response


def _sent(request: HttpRequest, copy: Copy, status: str | None) -> HttpResponse:
    """Return a copy in the encoding the reader understands, or that the reader has it already."""
    meta, request.resolver_match = request.META, copy.match
    variant = copy.variant(encoding_for(meta.get("HTTP_ACCEPT_ENCODING", "")))
    asked = meta.get("HTTP_IF_NONE_MATCH")
    if asked is not None and _has(asked, variant.etag):
        response = HttpResponse(status=304, headers=variant.headers_304)
        del response.headers["Content-Type"]
    else:
        response = KeptResponse(variant.body if request.method == "GET" else b"", variant.headers)
    if status is not None:
        response.headers["Cache-Status"] = status
    return response


def _has(asked: str, etag: str) -> bool:
    """Tell whether If-None-Match names the tag (RFC 9110, 13.1.2: compared weakly)."""
    return (
        asked == etag or asked.strip() == "*" or etag in (part.strip().removeprefix("W/") for part in asked.split(","))
    )


def _may_keep(request: HttpRequest, response: HttpResponse) -> bool:
    headers = response.headers
    return (
        is_public_page(request, response)
        and not response.streaming
        and headers.get("Content-Type", "").startswith(_KEPT_TYPES)
        and not {"Vary", "Content-Encoding"} & set(headers)
        and not any(word in headers.get("Cache-Control", "") for word in ("no-store", "private", "no-cache"))
        and "'nonce-" not in headers.get("Content-Security-Policy", "")
    )


def _headers(response: HttpResponse, match: ResolverMatch) -> dict[str, str]:
    """Return what a kept page is sent with: its own headers, and what caches before the server may do with it."""
    own = {name: value for name, value in response.items() if name.lower() not in _NOT_KEPT}
    language = response.headers.get("Content-Language", languages.DEFAULT)
    # Names by which a content delivery network forgets: everything, one language, one kind of page, one page.
    name = match.view_name.replace(":", "-")
    row = "-".join([name, *map(str, match.kwargs.values())])
    return own | {
        "Cache-Control": f"public, max-age=0, s-maxage={SHARED_SECONDS}",
        # Only to delivery networks (RFC 9213): nginx would obey it, too, and show old pages of a host whose
        # application died, while others behind the same balancer have the page as it is.
        "CDN-Cache-Control": f"max-age={SHARED_SECONDS}, stale-if-error={STALE_SECONDS}",
        "Surrogate-Key": " ".join(dict.fromkeys(("wpiforum", f"wpiforum-{language}", name, row))),
        "Vary": "Accept-Encoding",
        "Cache-Status": "wpiforum; hit",
    }


def _good_until(known: version.Known, now: datetime) -> datetime:
    longest = now + timedelta(seconds=LONGEST_SECONDS)
    return min(longest, known.changes_at) if known.changes_at else longest
