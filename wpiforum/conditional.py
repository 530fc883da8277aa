"""`Last-Modified` of machine addresses, so that programs ask again and pay nothing while nothing changed."""

from collections.abc import Callable
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import http_date

from wpiforum.publishing.moments import changed_at
from wpiforum.remembering import SECONDS, remembered

# An update of the site changes answers too, and starts the processes anew.
STARTED = timezone.now()
PREFIXES = ("/api/", "/data/", "/feeds/", "/sitemap")


class LastModifiedMiddleware:
    """Says when the content last changed; the conditional middleware outside answers 304 by it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD"} or not request.path_info.startswith(PREFIXES):
            return self.get_response(request)
        # Before the answer is made: what changes while it is made must not count as told.
        now, moment = timezone.now(), max(remembered(("changed-at",), changed_at), STARTED)
        response = self.get_response(request)
        is_kept = "no-store" not in response.headers.get("Cache-Control", "")
        # The header knows whole seconds: one that is not over yet could still bring another change. And what a process
        # remembers may be from before a change that is younger than a piece may be.
        if response.status_code == 200 and is_kept and now - moment >= timedelta(seconds=1 + SECONDS):
            response.headers.setdefault("Last-Modified", http_date(moment.timestamp()))
        return response
