"""The shared content version: in the database, and in Redis where there is one; what this process knows of it."""

import logging
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, close_old_connections
from django.utils import timezone

from wpiforum import replicas
from wpiforum.notices.models import forget
from wpiforum.pagecache import shared
from wpiforum.pagecache.models import ONLY, ContentVersion
from wpiforum.pagecache.moments import next_change
from wpiforum.patience import wait_for_connections

logger = logging.getLogger(__name__)
# How long a process trusts what it knows; with the page's own limits a change shows within 60 s (README.md, "Cache").
CHECK_SECONDS = 1.0
# A process that slept longer looks before it answers; a look that takes longer counts as no answer.
PATIENCE_SECONDS = 4.0


class Known(NamedTuple):
    """What a process knows: the version (None: nothing may be kept), whether the database answers, the next moment
    at which pages change by the clock, and which database the version is of."""

    name: str | None
    is_down: bool
    changes_at: datetime | None
    alias: str = replicas.PRIMARY


def renew() -> None:
    """Name a new content version: everything kept under the old one is out of date."""
    name = uuid.uuid4().hex
    try:
        # The row is there since the migration; only a test that empties tables takes it away.
        if not ContentVersion.objects.filter(pk=ONLY).update(name=name):
            ContentVersion.objects.bulk_create([ContentVersion(pk=ONLY, name=name)], ignore_conflicts=True)
    except DatabaseError as error:
        if _is_missing_table(error):
            return  # a migration of content that runs before ours: nothing is kept yet
        raise
    shared.write(name)
    watcher.doubt()


def _in_database() -> tuple[str, str]:
    """Return the version and the database that pages are read from: a standby knows it once it has the content."""
    alias = replicas.reading_alias()
    try:
        return _row(alias), alias
    except (OperationalError, InterfaceError):
        if not replicas.failed(alias):
            raise
        logger.warning("The standby does not answer: pages are read from the primary.")
        return _row(replicas.PRIMARY), replicas.PRIMARY


def _row(alias: str = replicas.PRIMARY) -> str:
    return ContentVersion.objects.using(alias).filter(pk=ONLY).values_list("name", flat=True).first() or ""


def _is_missing_table(error: DatabaseError) -> bool:
    """Tell a database that is not migrated yet from one that is down; SQLite calls both operational."""
    return not isinstance(error, OperationalError | InterfaceError) or "no such table" in str(error)


class Watcher:
    """Looks at the shared version once a second while there are requests; requests themselves do not wait for it."""

    def __init__(self) -> None:
        self._known = Known(None, False, None)
        self._looked = self._began = float("-inf")
        self._looking = threading.Lock()
        self._thread: ThreadPoolExecutor | None = None

    def known(self) -> Known:
        """Return what is known, at most `CHECK_SECONDS` old and the time a look takes."""
        age = time.monotonic() - self._looked
        if age >= CHECK_SECONDS:
            if self._looking.acquire(blocking=False):
                self._began = time.monotonic()
                if age >= PATIENCE_SECONDS or CHECK_SECONDS == 0:
                    self._look()
                else:
                    self._look_aside()
            elif age >= PATIENCE_SECONDS and not self._is_looked_at():
                return self._known._replace(is_down=True)  # a look hangs
        return self._known

    def _is_looked_at(self) -> bool:
        """Wait for the look of another thread, as long as a look may take; tell whether it has ended."""
        has_ended = self._looking.acquire(timeout=max(0, self._began + PATIENCE_SECONDS - time.monotonic()))
        if has_ended:
            self._looking.release()
        return has_ended

    def doubt(self) -> None:
        """Look again before the next answer."""
        self._looked = float("-inf")

    def found_down(self) -> None:
        """Remember that the database failed a request; the next look that succeeds ends it."""
        self._learn(self._known._replace(is_down=True))

    def _learn(self, known: Known) -> None:
        if known.is_down != self._known.is_down:
            wait_for_connections(is_down=known.is_down)
        self._known = known

    def _look_aside(self) -> None:
        if self._thread is None:
            self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="content-version")
        self._thread.submit(self._look_and_close)

    def _look_and_close(self) -> None:
        try:
            self._look()
        finally:
            close_old_connections()

    def _look(self) -> None:
        """Read the version and, with a new one, the next moment; ends the look that the caller began."""
        began = time.monotonic()
        try:
            self._learn(self._read())
        except DatabaseError as error:
            self._fail(error)
        except InterfaceError as error:
            self._fail(error)
        finally:
            self._looked = time.monotonic() if time.monotonic() - began < PATIENCE_SECONDS else began
            self._looking.release()

    def _fail(self, error: DatabaseError | InterfaceError) -> None:
        if isinstance(error, DatabaseError) and _is_missing_table(error):
            self._learn(Known(None, False, None))
            return
        if not self._known.is_down:
            logger.error("The database does not answer: pages are served from memory.", exc_info=error)
        self._learn(self._known._replace(is_down=True))

    def _read(self) -> Known:
        before = self._known
        # After a failure only the database itself can say that it is back.
        in_redis = None if before.is_down or settings.REPLICA_URL else shared.read(_row)
        row, alias = (in_redis, replicas.PRIMARY) if in_redis else _in_database()
        name = f"{alias}:{row}"
        if before.is_down:
            logger.warning("The database answers again.")
        now = timezone.now()
        if name == before.name and before.changes_at is not None and now < before.changes_at:
            return before._replace(is_down=False)
        if name != before.name:
            forget()  # what this process remembers of the notices is of the old version
        return Known(name, False, next_change(now, alias), alias)


watcher = Watcher()
