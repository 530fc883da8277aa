"""Pages in the memory of one process, bounded by bytes; the least recently read go first."""

import gzip
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import Any, NamedTuple

import brotli
from django.http.response import ResponseHeaders

# What a copy needs besides its bodies: headers, keys, dictionaries.
_OVERHEAD = 4096
# One page must not push out all others.
_LARGEST_SHARE = 4
_WAIT_SECONDS = 10


class Key(NamedTuple):
    """What an answer depends on: no other header and no undeclared parameter reaches the page."""

    scheme: str
    host: str
    path: str
    query: str


class Variant(NamedTuple):
    """One page in one encoding, with the headers it is sent with and those of "you have it already"."""

    body: bytes
    etag: str
    headers: dict[str, tuple[str, str]]  # as Django holds them, ready to be taken over
    headers_304: dict[str, str]


# What RFC 9110 (15.4.5) wants in a 304; the rest the reader has.
_IN_304 = {"cache-control", "content-location", "date", "etag", "expires", "vary", "content-security-policy"}


@dataclass(slots=True)
class Copy:
    """A page as made once: for one content version, from a moment until one."""

    body: bytes
    headers: dict[str, str]
    version: str
    made_at: datetime
    good_until: datetime
    match: Any = None  # the view it came from, for whoever counts requests
    variants: dict[str, Variant] = field(default_factory=dict)
    stale: "Copy | None" = None  # the same with the sentence of an outage (outage.py)

    def is_good(self, version: str | None, now: datetime) -> bool:
        """Tell whether the page still says what the database would; a clock set back makes it doubtful, too."""
        return self.version == version and self.made_at <= now < self.good_until

    def variant(self, encoding: str) -> Variant:
        """Return the page in an encoding ("" for none), packed at the first wish and kept."""
        found = self.variants.get(encoding)
        if found is None:
            found = self.variants[encoding] = self._pack(encoding)
        return found

    def _pack(self, encoding: str) -> Variant:
        digest = blake2b(self.body, digest_size=12).hexdigest()
        body, headers = self.body, dict(self.headers)
        if encoding:
            body = brotli.compress(body, quality=5) if encoding == "br" else gzip.compress(body, 6, mtime=0)
            headers["Content-Encoding"] = encoding
        headers["Content-Length"] = str(len(body))
        headers["ETag"] = f'"{digest}-{encoding}"' if encoding else f'"{digest}"'
        brief = {name: value for name, value in headers.items() if name.lower() in _IN_304}
        return Variant(body, headers["ETag"], ResponseHeaders(headers)._store, brief)

    def size(self) -> int:
        own = len(self.body) + sum(len(row.body) for name, row in self.variants.items() if name) + _OVERHEAD
        return own + (self.stale.size() if self.stale else 0)


class Shelf:
    """Copies up to a number of bytes."""

    def __init__(self, limit: int) -> None:
        self.limit, self.used = limit, 0
        self._copies: OrderedDict[Key, tuple[Copy, int]] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._copies)

    def get(self, key: Key) -> Copy | None:
        with self._lock:
            found = self._copies.get(key)
            if found is None:
                return None
            self._copies.move_to_end(key)
            return found[0]

    def put(self, key: Key, copy: Copy) -> None:
        """Keep a copy, or count anew one that has grown by another encoding."""
        size = copy.size()
        with self._lock:
            self._take(key)
            if size > self.limit // _LARGEST_SHARE:
                return
            self._copies[key] = (copy, size)
            self.used += size
            while self.used > self.limit:
                self._take(next(iter(self._copies)))

    def drop(self, key: Key) -> None:
        with self._lock:
            self._take(key)

    def _take(self, key: Key) -> None:
        found = self._copies.pop(key, None)
        self.used -= found[1] if found else 0


class Store:
    """All copies of a process. Addresses with parameters have a quarter of their own, so that somebody who asks for
    every date pushes out no plain page."""

    def __init__(self, limit: int) -> None:
        self._plain, self._asked = Shelf(limit - limit // 4), Shelf(limit // 4)
        self._making: dict[Key, threading.Lock] = {}
        self._guard = threading.Lock()

    def shelf(self, key: Key) -> Shelf:
        return self._asked if key.query else self._plain

    @contextmanager
    def alone(self, key: Key) -> Iterator[None]:
        """Let one thread make a page while the others wait for it."""
        with self._guard:
            lock = self._making.setdefault(key, threading.Lock())
        is_mine = lock.acquire(timeout=_WAIT_SECONDS)
        try:
            yield
        finally:
            if is_mine:
                lock.release()
            with self._guard:
                self._making.pop(key, None)
