"""Pieces of public pages remembered by a process for some seconds: see README.md, "Cache".

`pagecache/pieces.py` opens a scope for readers of whom nothing is known; elsewhere (staff, previews, commands) every
piece is made anew. A piece must depend on its key alone, and nobody may change what was remembered.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.http import HttpRequest

from wpiforum import languages
from wpiforum.http import today

# A page may be kept for pagecache.middleware.LONGEST_SECONDS, and before the server for http.SHARED_SECONDS more;
# together they stay below the promised 60 s even where nobody told of a change (`Last-Modified`: conditional.py).
SECONDS = 3.0
# From this age the first who asks makes a piece anew and the others go on with it: else all would at the same moment.
RENEWED_AFTER = 2.0


class Scope(NamedTuple):
    """What all pieces of a request belong to: content version, the next change by the clock, the site's address."""

    version: str
    changes_at: datetime | None
    origin: str


_scope: ContextVar[Scope | None] = ContextVar("remembering_scope", default=None)


@dataclass(slots=True)
class _Kept:
    """A piece with the moments, on the monotonic clock, from which it is renewed by one and no longer used by any."""

    piece: Any
    renew_at: float
    ends_at: float


class Pieces:
    """The pieces of one content version, up to a number and an age; the oldest go first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._state: tuple[str, datetime | None] | None = None
        self._lock = threading.Lock()

    def begin(self, scope: Scope) -> None:
        """Forget the pieces of another content version."""
        with self._lock:
            if self._state != scope[:2]:
                self._kept.clear()
                self._state = scope[:2]

    def get(self, scope: Scope, key: Hashable) -> tuple[Any] | None:
        """Return a piece in a tuple, None if there is none, it is too old, or it is the caller's turn to renew it."""
        with self._lock:
            found, now = self._kept.get(key) if self._state == scope[:2] else None, time.monotonic()
            if found is None or now >= found.ends_at:
                return None
            if now >= found.renew_at:
                found.renew_at = found.ends_at
                return None
            return (found.piece,)

    def put(self, scope: Scope, key: Hashable, piece: Any, made_at: float, limit: int) -> None:
        """Keep a piece, unless the content has changed since its request began."""
        with self._lock:
            if self._state == scope[:2]:
                self._kept[key] = _Kept(piece, made_at + RENEWED_AFTER, made_at + SECONDS)
                self._kept.move_to_end(key)
                while self._kept and (len(self._kept) > limit or self._is_oldest_over()):
                    self._kept.popitem(last=False)

    def _is_oldest_over(self) -> bool:
        return next(iter(self._kept.values())).ends_at <= time.monotonic()


pieces = Pieces()
LIMIT = 1000


def remembered[T](key: tuple[Hashable, ...], make: Callable[[], T]) -> T:
    """Return what `make` returned for this key, content version, language and day in Japan; else make it."""
    scope = _scope.get()
    if scope is None:
        return make()
    whole = (scope.origin, languages.current(), today(), *key)
    found = pieces.get(scope, whole)
    if found is not None:
        return found[0]
    began = time.monotonic()
    made = make()
    pieces.put(scope, whole, made, began, LIMIT)
    return made


@contextmanager
def within(scope: Scope | None) -> Iterator[None]:
    """Remember pieces under a scope; under None make every piece anew."""
    if scope is not None:
        pieces.begin(scope)
    token = _scope.set(scope)
    try:
        yield
    finally:
        _scope.reset(token)


class RememberedPageMixin:
    """For a view whose page its address alone decides: remembers what the view shows, which it gives as `shown`.

    Its template remembers the content too: `{% piece "name" request.get_full_path %}`.
    """

    request: HttpRequest

    def shown(self) -> dict[str, Any]:
        """Return the page's context, read from the database; called only while it is not remembered."""
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        return context | remembered(("shown", self.request.get_full_path()), self.shown)


class RememberedDetailMixin(RememberedPageMixin):
    """For a `DetailView` whose page its address alone decides: remembers the row as well."""

    def get_object(self, queryset: Any = None) -> Any:
        base: Any = super()
        return remembered(("object", self.request.get_full_path()), lambda: base.get_object(queryset))
