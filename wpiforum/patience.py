"""How long a request waits for a PostgreSQL that is there but does not answer: a stalled disk, a frozen machine.

No timeout of the server helps against that, and a thread that waits shows nobody the pages in memory. Commands wait as
long as it takes: the application alone sets a limit (wsgi.py).
"""

from typing import Any, ClassVar

import psycopg
from django.db import connections
from psycopg.pq import TransactionStatus
from psycopg_pool import ConnectionPool

# The longest that one statement of a page may take; whole pages take milliseconds.
STATEMENT_SECONDS = 10.0
# An idle connection answers an empty statement at once, or it is given up.
CHECK_SECONDS = 2.0
# How long a request waits for a connection while it is known that the database does not answer.
DOWN_SECONDS = 0.25


class Connection(psycopg.Connection):
    """Waits for an answer at most `limit` seconds (None: as long as it takes), then raises OperationalError."""

    limit: ClassVar[float | None] = None
    _own_limit: float | None = None

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        try:
            return super().wait(gen, interval=interval, timeout=timeout or self._own_limit or self.limit)
        except psycopg.OperationalError:
            if self.info.transaction_status == TransactionStatus.ACTIVE:
                self.close()  # given up in the middle of an answer: of no use to anybody
            raise

    def check(self) -> None:
        """Raise OperationalError unless the server answers soon; the pool asks before it gives a connection."""
        self._own_limit = CHECK_SECONDS
        try:
            ConnectionPool.check_connection(self)
        finally:
            self._own_limit = None


def wait_for_connections(*, is_down: bool) -> None:
    """Let requests wait for a connection as long as the settings say or, while the database is down, hardly at all."""
    for connection in connections.all():
        pool = getattr(connection, "pool", None)
        if pool is not None:
            usual = connection.settings_dict["OPTIONS"]["pool"]["timeout"]
            pool.timeout = min(usual, DOWN_SECONDS) if is_down else usual
