"""The page cache as in production, and a database that stops answering."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from tests.wpiforum.kept_pages.helpers import Committed, fail
from wpiforum.pagecache import version
from wpiforum.pagecache.last import LastPages
from wpiforum.settings import MIDDLEWARE


@pytest.fixture(autouse=True)
def _switched_on(settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep whole pages as in production (pieces: test_pieces.py), and look at the version before every answer."""
    left_out = ("whitenoise.", "wpiforum.pagecache.pieces.")
    settings.MIDDLEWARE = [name for name in MIDDLEWARE if not name.startswith(left_out)]
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(LastPages, "_later", lambda self, job: job())  # what a thread does, at once
    monkeypatch.setattr(version, "CHECK_SECONDS", 0)
    monkeypatch.setattr(version, "watcher", version.Watcher())


@pytest.fixture
def reader() -> Client:
    return Client(headers={"host": "testserver"})


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Any) -> Committed:
    """Return what runs an act with what follows its commit."""

    def run(act: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        connection.run_on_commit.clear()  # as if what the test prepared were committed
        with django_capture_on_commit_callbacks(execute=True):
            return act(*args, **kwargs)

    return run


@pytest.fixture
def down() -> Callable[[], Any]:
    """Return a block in which the database does not answer; a look at the version has to be before it."""
    return lambda: connection.execute_wrapper(fail)
