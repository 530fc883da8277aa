"""The last good copy of each plain page on this host's disk, for outages: it outlives the process that made it.

A process that never made a page, or has just started, so has something to show while the database is away. Read only
then. Addresses with parameters are left out: there is no end of them.
"""

import gzip
import json
import logging
import os
import threading
import zlib
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from hashlib import blake2b
from pathlib import Path
from queue import Full, Queue

from django.utils import timezone

from wpiforum.pagecache.store import Copy, Key
from wpiforum.rest import Rest

logger = logging.getLogger(__name__)
# An older page helps nobody, and may have been withdrawn since.
LONGEST = timedelta(days=1)
# So many pages wait for a slow disk; further ones are kept when they are made the next time.
_WAITING = 100


class LastPages:
    """One file for each address: a line of JSON, then the body in gzip.

    A thread of its own writes: no reader waits for a disk. What the disk refuses is logged and left.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._rest = Rest(seconds=60)
        self._jobs: Queue[Callable[[], None]] = Queue(_WAITING)
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._forget_old()

    def put(self, key: Key, copy: Copy) -> None:
        """Keep a copy in place of the one before."""
        if not key.query and self._rest.is_over():
            self._later(partial(self._write, key, copy))

    def drop(self, key: Key) -> None:
        """Forget an address: the page is no longer there for everybody."""
        if not key.query:
            self._later(partial(self._remove, self._file(key)))

    def get(self, key: Key) -> Copy | None:
        """Return the copy of an address, unless there is none, it is too old or cannot be read."""
        if key.query:
            return None
        try:
            line, body = self._file(key).read_bytes().split(b"\n", 1)
            head = json.loads(line)
            made_at, good_until = (datetime.fromisoformat(head[name]) for name in ("made_at", "good_until"))
            copy = Copy(gzip.decompress(body), head["headers"], head["version"], made_at, good_until)
        except (OSError, EOFError, ValueError, KeyError, zlib.error):
            return None
        return copy if timezone.now() - made_at < LONGEST else None

    def _later(self, job: Callable[[], None]) -> None:
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="last-pages", daemon=True)
                self._thread.start()
        with suppress(Full):
            self._jobs.put_nowait(job)

    def _work(self) -> None:
        while True:
            job = self._jobs.get()
            try:
                job()
            except Exception:  # the next page is kept all the same
                logger.exception("A page cannot be kept for an outage.")

    def _write(self, key: Key, copy: Copy) -> None:
        head = {
            "headers": copy.headers,
            "version": copy.version,
            "made_at": copy.made_at.isoformat(),
            "good_until": copy.good_until.isoformat(),
        }
        file = self._file(key)
        unfinished = file.with_suffix(f".{os.getpid()}")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            unfinished.write_bytes(json.dumps(head).encode() + b"\n" + gzip.compress(copy.body, 1))
            unfinished.replace(file)
        except OSError as error:
            self._rest.begin()
            logger.warning("A page cannot be kept on the disk for an outage: %s", error)
            self._remove(unfinished)

    @staticmethod
    def _remove(file: Path) -> None:
        with suppress(OSError):
            file.unlink(missing_ok=True)

    def _file(self, key: Key) -> Path:
        return self.folder / blake2b("\n".join(key).encode(), digest_size=16).hexdigest()

    def _forget_old(self) -> None:
        oldest = (timezone.now() - LONGEST).timestamp()
        try:
            for file in self.folder.iterdir():
                if file.stat().st_mtime < oldest:
                    file.unlink(missing_ok=True)
        except OSError:
            return  # no folder yet, or another process tidies it
