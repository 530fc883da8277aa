"""The last good copy while the database does not answer."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import brotli
import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from tests.helpers import LANGUAGES
from tests.wpiforum.kept_pages.helpers import HIT, how
from wpiforum.pagecache import middleware, version
from wpiforum.pagecache.watch import shown_tables

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("ja", "現在、データベースに接続できません"), ("en", "We cannot reach our database at the moment")],
)
def test_database_down_shows_the_last_copy_with_a_notice(
    reader: Client, down: Callable[[], Any], language: str, sentence: str
) -> None:
    path = f"/{language}/emergency/"
    before = reader.get(path).content.decode()
    for encoding in ("", "br"):
        with down():
            response = reader.get(path, headers={"accept-encoding": encoding})
        body = brotli.decompress(response.content) if encoding else response.content
        assert (response.status_code, response["Warning"]) == (200, '110 - "Response is Stale"')
        assert (response["Cache-Control"], how(response)) == ("no-store", "wpiforum; hit; detail=stale-if-error")
        assert response["CDN-Cache-Control"] == "no-store"
        assert (sentence in body.decode(), sentence in before) == (True, False)


def test_database_that_fails_only_the_page_shows_the_last_copy(
    reader: Client, down: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    reader.get("/en/centers/")
    monkeypatch.setattr(version, "CHECK_SECONDS", 60)
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(seconds=middleware.LONGEST_SECONDS))
    with down():
        assert how(reader.get("/en/centers/")) == "wpiforum; hit; detail=stale-if-error"
        assert how(reader.get("/en/centers/")) == "wpiforum; hit; detail=stale-if-error"


@pytest.mark.parametrize("language", LANGUAGES)
def test_database_down_without_a_copy_says_so(reader: Client, down: Callable[[], Any], language: str) -> None:
    for path in (f"/{language}/emergency/", f"/{language}/centers/?x=1"):
        with down():
            response = reader.get(path)
        text = response.content.decode()
        assert (response.status_code, response["Retry-After"], response["Cache-Control"]) == (503, "30", "no-store")
        assert ("データベースにつながりません" in text, "Our database does not answer" in text) == (True, True)


def look_of_two(watcher: version.Watcher, monkeypatch: pytest.MonkeyPatch, *, hangs: bool) -> list[bool]:
    """Let two threads ask after a sleep while the first one looks: which of them believe the database to be down."""
    may_end, found = threading.Event(), []

    def read() -> version.Known:
        may_end.wait(30)
        return version.Known("a", False, None)

    monkeypatch.setattr(version, "CHECK_SECONDS", 1)
    monkeypatch.setattr(watcher, "_read", read)
    watcher._looked = time.monotonic() - 60
    two = [threading.Thread(target=lambda: found.append(watcher.known().is_down)) for _ in range(2)]
    two[0].start()
    while not watcher._looking.locked():
        time.sleep(0.01)
    two[1].start()
    two[1].join(0.2)
    if hangs:
        two[1].join()
    may_end.set()
    for one in two:
        one.join()
    return found


def test_look_of_another_reader_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    assert look_of_two(version.Watcher(), monkeypatch, hangs=False) == [False, False]


def test_look_that_hangs_counts_as_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(version, "PATIENCE_SECONDS", 0.3)
    assert look_of_two(version.Watcher(), monkeypatch, hangs=True) == [True, False]


def test_database_back_ends_the_notice(reader: Client, down: Callable[[], Any]) -> None:
    reader.get("/en/about/")
    with down():
        assert "stale" in how(reader.get("/en/about/"))
    assert how(reader.get("/en/about/")) == HIT


@pytest.mark.parametrize("table", ["search_asked", "search_entry", "links_link", "links_use", "onboarding_report"])
def test_what_no_page_shows_puts_no_page_out_of_date(table: str) -> None:
    assert table in connection.introspection.table_names()
    assert table not in shown_tables()
