"""Waiting for a PostgreSQL that does not answer. That it hangs whole: tests/faults/test_database.py."""

import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection

from wpiforum import patience
from wpiforum.env import database
from wpiforum.patience import Connection, wait_for_connections

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="SQLite does not hang; DATABASE_URL=postgres://… runs these"
    ),
]


@pytest.fixture
def asking() -> Iterator[Connection]:
    given = connection.get_connection_params()
    # Not the database of the tests: the server goes on with a statement that was given up, and nobody could drop it.
    parameters: Any = {name: value for name, value in given.items() if name != "pool"} | {"dbname": "postgres"}
    with Connection.connect(**parameters, autocommit=True) as made:
        yield made


def test_statement_beyond_the_limit_is_given_up_and_the_connection_closed(
    asking: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Connection, "limit", 0.2)
    began = time.monotonic()
    with pytest.raises(psycopg.OperationalError):
        asking.execute("SELECT pg_sleep(5)")
    assert (time.monotonic() - began < 4, asking.closed) == (True, True)


def test_statement_within_the_limit_is_answered(asking: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Connection, "limit", 5.0)
    assert asking.execute("SELECT 1 FROM pg_sleep(0.3)").fetchone() is not None


def test_refusal_of_the_server_leaves_the_connection_open(asking: Connection) -> None:
    asking.execute("SET statement_timeout = 100")
    with pytest.raises(psycopg.OperationalError):
        asking.execute("SELECT pg_sleep(5)")
    assert (asking.closed, asking.info.transaction_status) == (False, psycopg.pq.TransactionStatus.IDLE)


def test_command_waits_as_long_as_it_takes() -> None:
    assert Connection.limit is None


def test_check_has_a_limit_of_its_own_and_leaves_none(asking: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "CHECK_SECONDS", 0.2)
    asking.check()
    assert asking.execute("SELECT 1 FROM pg_sleep(0.5)").fetchone() is not None


def test_requests_hardly_wait_for_a_connection_while_the_database_is_down(monkeypatch: pytest.MonkeyPatch) -> None:
    class Wrapper:
        settings_dict = {"OPTIONS": database("DATABASE_URL", default_path=None, pool=1)["OPTIONS"]}  # type: ignore[arg-type]
        pool = type("Pool", (), {"timeout": 3})()

    monkeypatch.setattr(patience.connections, "all", lambda: [Wrapper()])
    seen = []
    for is_down in (True, False):
        wait_for_connections(is_down=is_down)
        seen.append(Wrapper.pool.timeout)
    assert seen == [0.25, 3]
