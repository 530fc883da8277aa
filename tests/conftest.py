"""The harness: closed sockets, reversed unordered query sets, and public GETs that cannot write."""

import ipaddress
import socket
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache, caches
from django.db import connection, transaction
from django.db.models.query import QuerySet
from django.test import Client
from django.utils import timezone

from wpiforum.http import japan_midnight
from wpiforum.messages import compile_catalogues
from wpiforum.notices.models import CACHE_KEY
from wpiforum.provenance.loading import load_all

# Public pages that may write: what they count, and only once the response was sent.
SEARCH_PAGES = {"/ja/search/", "/en/search/"}


def pytest_sessionstart() -> None:
    """Compile the catalogues: a fresh clone has only their sources."""
    compile_catalogues()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database-only", action="store_true", help="Leave out tests that no database can change.")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With --database-only (the second run, on another database) run no test twice that cannot tell the difference.

    That the content loads there and its pages open is told by the tests of the fixtures that are not marked "content".
    """
    if not config.getoption("database_only"):
        return
    uses = {"db", "transactional_db"}
    kept: list[pytest.Item] = []
    left_out: list[pytest.Item] = []
    for item in items:
        uses_database = item.get_closest_marker("django_db") or uses & set(getattr(item, "fixturenames", ()))
        (kept if uses_database and not item.get_closest_marker("content") else left_out).append(item)
    config.hook.pytest_deselected(items=left_out)
    items[:] = kept


@pytest.fixture(autouse=True)
def _only_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse connections to other hosts: no test may depend on the network."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6}:
            host = "127.0.0.1" if address[0] == "localhost" else address[0]
            if not ipaddress.ip_address(host).is_loopback:
                raise AssertionError(f"A test tried to connect to {address[0]}.")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def _reverse_unordered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Return unordered query sets backwards, so that a test which relies on luck fails."""
    fetch_all = QuerySet._fetch_all

    def fetch_backwards(self: Any) -> None:
        is_new = self._result_cache is None
        fetch_all(self)
        if is_new and not self.ordered and isinstance(self._result_cache, list):
            self._result_cache.reverse()

    monkeypatch.setattr(QuerySet, "_fetch_all", fetch_backwards)


@pytest.fixture(autouse=True)
def _reading_does_not_write(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail a public GET that writes to the database."""
    get = Client.get

    def refuse_writes(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        verb = sql.lstrip().split(" ", 1)[0].upper()
        assert verb not in {"INSERT", "UPDATE", "DELETE"}, f"A GET wrote to the database: {sql[:200]}"
        return execute(sql, params, many, context)

    def guarded(self: Client, path: str, *args: Any, **kwargs: Any) -> Any:
        # The one public exception: a search adds to a count of the day after its response.
        if path.split("?")[0] in SEARCH_PAGES:
            return get(self, path, *args, **kwargs)
        if "/admin/" in path or "/preview/" in path:  # a preview writes and undoes it
            return get(self, path, *args, **kwargs)
        with connection.execute_wrapper(refuse_writes):
            return get(self, path, *args, **kwargs)

    monkeypatch.setattr(Client, "get", guarded)


@pytest.fixture(autouse=True)
def _no_notices_remembered() -> None:
    """Start with an empty cache but for the notices: none, already asked for, so that pages count their own queries.

    A test about notices makes the process forget them first (`wpiforum.notices.models.forget`).
    """
    for one in ("default", "limits-here"):  # tests have no Redis
        caches[one].clear()
    cache.set(CACHE_KEY, [])


@pytest.fixture(scope="module")
def loaded_fixtures(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Load all fixtures once for a module and take them away afterwards."""
    with django_db_blocker.unblock():
        atomic = transaction.atomic()
        atomic.__enter__()
        load_all(settings.CONTENT_FIXTURES)
        yield
        transaction.set_rollback(True)
        atomic.__exit__(None, None, None)


@pytest.fixture
def japan_noon(monkeypatch: pytest.MonkeyPatch) -> Callable[[date], None]:
    """Set the clock: call with a date, and it is noon of that day in Japan."""

    def set_clock(day: date) -> None:
        moment = japan_midnight(day) + timedelta(hours=12)
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return set_clock
