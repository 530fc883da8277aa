"""Reading from a standby of the database (`REPLICA_URL`), without ever showing somebody less than they just wrote.

Only a request that cannot belong to somebody who writes reads there: a GET of a page for readers, without any cookie.
Staff have a session and always read the primary; a request that has written reads the primary from then on.
"""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from wpiforum.http import NEVER_KEPT
from wpiforum.rest import Rest

PRIMARY, REPLICA = "default", "replica"
# Decided once for each request, so that a page is of one database only.
_alias: ContextVar[str] = ContextVar("alias", default=PRIMARY)
# While a standby that failed is left alone, the primary answers.
rest = Rest(seconds=10)


def reading_alias() -> str:
    """Return the database that readers' pages are read from."""
    return REPLICA if settings.REPLICA_URL and rest.is_over() else PRIMARY


def alias_of(request: HttpRequest) -> str:
    """Return the database that the page of a request was read from."""
    return getattr(request, "read_from", PRIMARY)


def failed(alias: str) -> bool:
    """Remember that a database does not answer; tells whether the other one answers in its place."""
    if alias == REPLICA:
        rest.begin()
    return alias == REPLICA


class ReplicaRouter:
    """Django's database router: the standby for what `ReplicaMiddleware` allows, the primary for all else."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        return _alias.get()

    def db_for_write(self, model: Any, **hints: Any) -> str:
        _alias.set(PRIMARY)  # until the end of the request
        return PRIMARY

    def allow_relation(self, first: Any, second: Any, **hints: Any) -> bool:
        return True  # both are the same rows

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == PRIMARY


class ReplicaMiddleware:
    """Let readers' requests, and no others, read the standby."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_reader = (
            request.method in {"GET", "HEAD"}
            and not request.META.get("HTTP_COOKIE")
            and not (NEVER_KEPT - {"plan", "status", "search"}).intersection(request.path_info.split("/")[1:3])
        )
        response = self._read_from(reading_alias() if is_reader else PRIMARY, request)
        if getattr(response, "is_outage", False) and failed(alias_of(request)):
            response = self._read_from(PRIMARY, request)  # safe to ask twice: a reader's GET
        return response

    def _read_from(self, alias: str, request: Any) -> HttpResponse:
        request.read_from = alias
        before = _alias.set(alias)
        try:
            return self.get_response(request)
        finally:
            _alias.reset(before)
