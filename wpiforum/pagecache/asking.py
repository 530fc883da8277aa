"""Reading a request as the cache does: is it one for a kept page, under which key, in which encoding."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.translation import override

from wpiforum import languages
from wpiforum.pagecache.store import Key

_PREFIXES = tuple(f"/{code}/" for code in languages.CODES)
# Longer ones are sweeps, not readers.
_LONGEST_QUERY = 300
# All of a request's own words that a kept page may depend on; they are the key, or name the sender for limits.
_KEPT_HEADERS = {"HTTP_HOST", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_FOR"}


def key_of(request: HttpRequest) -> Key | None:
    """Return the key of a request that a kept page may answer; None for all others."""
    query = request.META.get("QUERY_STRING", "")
    if not request.path_info.startswith(_PREFIXES) or len(query) > _LONGEST_QUERY or not is_from_anybody(request):
        return None
    return Key(request.scheme or "", request.META["HTTP_HOST"], request.path, query)


def is_from_anybody(request: HttpRequest) -> bool:
    """Tell whether others could have asked the same in the same way.

    Whoever has a session sees what is there now; so do requests with a body or with credentials.
    """
    meta = request.META
    if request.method not in {"GET", "HEAD"} or "HTTP_AUTHORIZATION" in meta:
        return False
    if settings.SESSION_COOKIE_NAME in meta.get("HTTP_COOKIE", ""):
        return False
    if meta.get("CONTENT_LENGTH") not in {None, "", "0"} or "HTTP_TRANSFER_ENCODING" in meta:
        return False
    return _is_ours(meta.get("HTTP_HOST", ""), str(meta.get("SERVER_PORT", "")))


def _is_ours(host: str, port: str) -> bool:
    """Tell whether a host is one of the site's own, spelled plainly: others are judged by Django, and not kept."""
    names = _plain_hosts()
    return host in names or (bool(port) and host.endswith(f":{port}") and host[: -len(port) - 1] in names)


def _plain_hosts() -> frozenset[str]:
    return _hosts(tuple(settings.ALLOWED_HOSTS), settings.SITE_ORIGIN)


@lru_cache(maxsize=8)
def _hosts(allowed: tuple[str, ...], origin: str) -> frozenset[str]:
    own = {urlsplit(origin).netloc} if origin else set()
    return frozenset(own | {name for name in allowed if not name.startswith((".", "*"))})


def kept_match(request: HttpRequest) -> ResolverMatch | None:
    """Return the view of an address that is kept: the view declares its parameters and no other was given."""
    try:
        # Django only knows the addresses of the active language.
        with override(languages.from_path(request.path_info)):
            match = resolve(request.path_info)
    except Resolver404:
        return None
    declared = getattr(getattr(match.func, "view_class", None), "parameters", None)
    if declared is None:
        return None
    query = request.META.get("QUERY_STRING", "")
    names = {name for name, _value in parse_qsl(query, keep_blank_values=True)} if query else set()
    return match if names <= set(declared) else None


@contextmanager
def as_unknown_reader(request: HttpRequest) -> Iterator[None]:
    """Let the page be made for somebody of whom nothing is known: no header outside the key can reach it."""
    hidden = {name: value for name, value in request.META.items() if _is_hidden(name)}
    method, request.method = request.method, "GET"
    _replace(request, {name: value for name, value in request.META.items() if name not in hidden})
    try:
        yield
    finally:
        request.method = method
        _replace(request, {**request.META, **hidden})


def _is_hidden(name: str) -> bool:
    return name.startswith("HTTP_") and name not in _KEPT_HEADERS


def _replace(request: Any, meta: dict[str, Any]) -> None:
    request.META.clear()
    request.META.update(meta)
    request.__dict__.pop("headers", None)  # Django remembers them
    request.__dict__.pop("COOKIES", None)


@lru_cache(maxsize=256)
def encoding_for(accepted: str) -> str:
    """Return the best encoding that a header Accept-Encoding allows (RFC 9110, 12.5.3): br, gzip or none."""
    weights: dict[str, float] = {}
    for part in accepted.lower().split(","):
        name, _sign, parameter = part.partition(";")
        weight = parameter.replace(" ", "").removeprefix("q=")
        try:
            weights[name.strip()] = float(weight) if weight else 1.0
        except ValueError:
            weights[name.strip()] = 0.0
    found = max(("br", "gzip"), key=lambda name: weights.get(name, weights.get("*", 0.0)))
    return found if weights.get(found, weights.get("*", 0.0)) > 0 else ""
