"""What all machine addresses of the open data share: readable from other sites, limited politely, cached briefly."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from wpiforum import limits
from wpiforum.http import SHARED_SECONDS
from wpiforum.opendata.problems import CONTENT_TYPE, problem

PREFIXES = ("/api/", "/data/", "/feeds/", "/oembed")
# Requests a minute from one address: a crawler of everything takes two minutes, and an office behind one address
# does not notice.
WINDOW, LIMIT = 60, 600
_CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": ", ".join(
        (
            "Accept-Ranges",
            "Content-Range",
            "ETag",
            "Last-Modified",
            "Link",
            "RateLimit",
            "RateLimit-Policy",
            "Retry-After",
        )
    ),
}
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, If-None-Match, If-Modified-Since, If-Range, Range",
    "Access-Control-Max-Age": "86400",
}


class OpenDataMiddleware:
    """Answers for every address below `PREFIXES`; all others pass untouched."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PREFIXES):
            return self.get_response(request)
        if request.method == "OPTIONS":
            return HttpResponse(status=204, headers={"Allow": "GET, HEAD, OPTIONS", **_CORS, **_PREFLIGHT})
        counted = limits.count(f"open-data:{limits.sender(request)}", WINDOW)
        response = self._answer(request) if counted.used <= LIMIT else self._too_many(request, counted)
        left = max(LIMIT - counted.used, 0)
        # As in the IETF draft on rate limit header fields (draft-ietf-httpapi-ratelimit-headers).
        response.headers["RateLimit-Policy"] = f'"default";q={LIMIT};w={WINDOW}'
        response.headers["RateLimit"] = f'"default";r={left};t={counted.ends_in}'
        for name, value in _CORS.items():
            response.headers[name] = value
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            refused = problem(request, 405, _("The open data are read with GET."))
            refused.headers["Allow"] = "GET, HEAD, OPTIONS"
            return refused
        asked, request.method = request.method, "GET"  # the server sends no body for HEAD
        response = self.get_response(request)
        request.method = asked
        is_api = request.path_info.startswith("/api/")
        if is_api and response.status_code >= 400 and response.headers.get("Content-Type") != CONTENT_TYPE:
            return problem(request, response.status_code, _("See /api/v1/docs for the addresses there are."))
        if response.status_code == 200:
            keep = f"public, max-age=0, s-maxage={SHARED_SECONDS}, must-revalidate"
            response.headers.setdefault("Cache-Control", keep)
        return response

    def _too_many(self, request: HttpRequest, counted: limits.Count) -> HttpResponse:
        sentence = _("More than %(limit)d requests a minute. Please go on in %(seconds)d seconds.")
        response = problem(request, 429, sentence % {"limit": LIMIT, "seconds": counted.ends_in})
        response.headers["Retry-After"] = str(counted.ends_in)
        return response
