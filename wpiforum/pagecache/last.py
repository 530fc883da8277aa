"""The last good copy of each plain page on this host's disk, for outages: it outlives the process that made it.

A process that never made a page, or has just started, so has something to show while the database is away. Read only
then. Addresses with parameters are left out: there is no end of them.
"""

import gzip
import json
import logging
import os
import threading
from datetime import datetime, timedelta
from hashlib import blake2b
from pathlib import Path

from django.utils import timezone

from wpiforum.pagecache.store import Copy, Key
from wpiforum.rest import Rest

logger = logging.getLogger(__name__)
# An older page helps nobody, and may have been withdrawn since.
LONGEST = timedelta(days=1)


class LastPages:
    """One file for each address: a line of JSON, then the body in gzip. What the disk refuses is logged and left."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._rest = Rest(seconds=60)
        self._forget_old()

    def put(self, key: Key, copy: Copy) -> None:
        """Keep a copy in place of the one before."""
        if key.query or not self._rest.is_over():
            return
        head = {
            "headers": copy.headers,
            "version": copy.version,
            "made_at": copy.made_at.isoformat(),
            "good_until": copy.good_until.isoformat(),
        }
        file = self._file(key)
        unfinished = file.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            unfinished.write_bytes(json.dumps(head).encode() + b"\n" + gzip.compress(copy.body, 1))
            unfinished.replace(file)
        except OSError as error:
            self._rest.begin()
            logger.warning("A page cannot be kept on the disk for an outage: %s", error)
            unfinished.unlink(missing_ok=True)

    def get(self, key: Key) -> Copy | None:
        """Return the copy of an address, unless there is none, it is too old or cannot be read."""
        if key.query:
            return None
        try:
            line, body = self._file(key).read_bytes().split(b"\n", 1)
            head = json.loads(line)
            made_at, good_until = (datetime.fromisoformat(head[name]) for name in ("made_at", "good_until"))
            copy = Copy(gzip.decompress(body), head["headers"], head["version"], made_at, good_until)
        except (OSError, EOFError, ValueError, KeyError):
            return None
        return copy if timezone.now() - made_at < LONGEST else None

    def drop(self, key: Key) -> None:
        """Forget an address: the page is no longer there for everybody."""
        if not key.query:
            self._file(key).unlink(missing_ok=True)

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
