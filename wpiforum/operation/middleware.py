"""What each answer carries, and what is kept of a request: an id, a line in the log, a count for monitoring."""

import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from wpiforum.operation import logs, metrics

# The site asks a browser for nothing but the page. Passkeys of staff need no permission on their own site.
_PERMISSIONS = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"
logger = logging.getLogger("wpiforum.request")


def add_rules(request: HttpRequest, response: HttpResponse) -> None:
    """Add the headers that tell a browser what a page may do and who may embed it."""
    headers = response.headers
    headers["Permissions-Policy"] = _PERMISSIONS
    if request.path_info.startswith(settings.STATIC_URL):  # answered before Django's own header of frames
        headers.setdefault("X-Frame-Options", "DENY")
    is_open = headers.get("Access-Control-Allow-Origin") == "*"
    headers.setdefault("Cross-Origin-Resource-Policy", "cross-origin" if is_open else "same-origin")


class RequestRecordMiddleware:
    """First of all, so that it sees what every other answers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        name = logs.request_name(request)
        token = logs.request_id.set(name)
        try:
            response = self.get_response(request)
        finally:
            logs.request_id.reset(token)
        seconds = time.perf_counter() - began
        response.headers["X-Request-ID"] = name
        if "Permissions-Policy" not in response.headers:  # a kept page has them
            add_rules(request, response)
        metrics.count(request, response.status_code, seconds)
        if logger.isEnabledFor(logging.INFO):
            fields = {
                "method": metrics.method(request),
                "path": logs.logged_path(request),
                "route": metrics.route(request),
                "status": response.status_code,
                "ms": round(seconds * 1000, 1),
            }
            logger.info("request", extra={"fields": fields, "request_id": name})
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Say that the page cannot be shown now, where the database does not answer; it is no error of the page."""
        if not isinstance(exception, OperationalError | InterfaceError):
            return None
        logging.getLogger(__name__).error("The database does not answer.", exc_info=exception)
        return HttpResponse(
            "ただいまページを表示できません。しばらくしてからもう一度お試しください。\n"
            "The page cannot be shown right now. Please try again in a moment.\n",
            content_type="text/plain; charset=utf-8",
            status=503,
            headers={"Cache-Control": "no-store", "Retry-After": "30"},
        )
