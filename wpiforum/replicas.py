"""Reading from a standby of the database (`REPLICA_URL`), without ever showing somebody less than they just wrote.

Only a request that cannot belong to somebody who writes reads there: a GET of a page for readers, without any cookie.
Staff have a session and always read the primary; a request that has written reads the primary from then on.
"""

import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from wpiforum.http import NEVER_KEPT

PRIMARY, REPLICA = "default", "replica"
_reads_replica: ContextVar[bool] = ContextVar("reads_replica", default=False)
# A standby that failed is left alone for this long; the primary answers meanwhile.
_REST_SECONDS = 10.0
_rests_until = float("-inf")


def reading_alias() -> str:
    """Return the database that readers' pages are read from."""
    return REPLICA if settings.REPLICA_URL and time.monotonic() >= _rests_until else PRIMARY


def failed() -> None:
    """Remember that the database readers' pages come from does not answer."""
    global _rests_until  # one small fact per process
    if reading_alias() == REPLICA:
        _rests_until = time.monotonic() + _REST_SECONDS


class ReplicaRouter:
    """Django's database router: the standby for what `ReplicaMiddleware` allows, the primary for all else."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        return reading_alias() if _reads_replica.get() else PRIMARY

    def db_for_write(self, model: Any, **hints: Any) -> str:
        _reads_replica.set(False)  # until the end of the request
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
        before = _reads_replica.set(is_reader)
        try:
            return self.get_response(request)
        finally:
            _reads_replica.reset(before)
