"""Opens the scope in which pieces of pages are remembered (wpiforum/remembering.py): for unknown readers only."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from wpiforum import replicas
from wpiforum.pagecache import version
from wpiforum.pagecache.asking import is_from_anybody
from wpiforum.remembering import Scope, within

_STAFF = frozenset({"admin", "preview"})


class PiecesMiddleware:
    """Reads the content version before anything is made, so that all pieces of an answer are of one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.REMEMBERS_PIECES:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with within(self._scope(request)):
            return self.get_response(request)

    @staticmethod
    def _scope(request: HttpRequest) -> Scope | None:
        if not is_from_anybody(request) or _STAFF.intersection(request.path_info.split("/")[1:3]):
            return None
        known = version.watcher.known()
        if known.name is None or known.is_down or (known.changes_at and known.changes_at <= timezone.now()):
            return None
        if replicas.alias_of(request) != known.alias:
            return None  # the version says nothing about the other database
        return Scope(known.name, known.changes_at, f"{request.scheme}://{request.META['HTTP_HOST']}")
