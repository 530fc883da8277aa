"""The last good copy on the disk: what a process shows in an outage that never made the page itself."""

import gzip
import os
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import centers
from tests.factories.publishing import make_person
from tests.helpers import LANGUAGES
from tests.wpiforum.kept_pages.helpers import Committed, how
from wpiforum.pagecache.last import LastPages
from wpiforum.publishing import workflow

pytestmark = pytest.mark.django_db
# The head is whole, the body is not.
_HEAD = b'{"headers": {}, "version": "", "made_at": "2026-01-01T00:00+00:00", "good_until": "2026-01-01T00:00+00:00"}'
DAMAGED = _HEAD + b"\n" + gzip.compress(b"")[:10] + b"\xff" * 20
OUTAGE = ("現在、データベースに接続できません", "We cannot reach our database at the moment")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "last-pages"


@pytest.fixture(scope="module")
def later() -> Callable[..., None]:
    """Return how writing is put off, before the tests of this folder replace it."""
    return LastPages._later


def new_process() -> Client:
    """Return a reader of a process that holds no page in its memory."""
    return Client(headers={"host": "testserver"})


@pytest.mark.parametrize("language", LANGUAGES)
def test_new_process_shows_the_last_copy_of_another_with_a_notice(
    reader: Client, down: Callable[[], Any], language: str
) -> None:
    path = f"/{language}/emergency/"
    before = reader.get(path)
    with down():
        response = new_process().get(path)
    text = response.content.decode()
    assert (response.status_code, how(response)) == (200, "wpiforum; hit; detail=stale-if-error")
    assert [word in text for word in OUTAGE] == [language == "ja", language == "en"]
    assert (response["Cache-Control"], response["Content-Type"]) == ("no-store", before["Content-Type"])


def test_page_that_fails_before_the_outage_is_known_shows_the_last_copy(
    reader: Client, down: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    reader.get("/en/centers/")
    other = new_process()
    other.get("/en/about/")
    monkeypatch.setattr("wpiforum.pagecache.version.CHECK_SECONDS", 60)
    with down():
        assert how(other.get("/en/centers/")) == "wpiforum; hit; detail=stale-if-error"


def test_other_address_gets_no_copy(reader: Client, down: Callable[[], Any]) -> None:
    for path in ("/en/centers/", "/en/centers/?view=cards"):
        reader.get(path)
    with down():
        found = [
            new_process().get(path, headers={"host": host}).status_code
            for path, host in (
                ("/ja/centers/", "testserver"),
                ("/en/centers/?view=cards", "testserver"),
                ("/en/centers/?view=map", "testserver"),
                ("/en/centers/", "testserver:8000"),
            )
        ]
    assert found == [503] * 4


def test_copy_of_the_day_before_is_not_shown(
    reader: Client, down: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    reader.get("/en/emergency/")
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(days=1))
    with down():
        assert new_process().get("/en/emergency/").status_code == 503


def test_withdrawn_page_is_forgotten_with_the_next_request(
    reader: Client, down: Callable[[], Any], committed: Committed
) -> None:
    center = centers.make_center(slug="gone")
    reader.get("/en/centers/gone/")
    words = {"reason_ja": "統合のため", "reason_en": "It was merged."}
    committed(workflow.unpublish, center, by=make_person("publisher"), **words)
    assert reader.get("/en/centers/gone/").status_code == 410
    with down():
        assert new_process().get("/en/centers/gone/").status_code == 503


@pytest.mark.parametrize("content", [b"", b"{}\n", b"half a li", b'{"headers": {}}\nno gzip', DAMAGED])
def test_file_that_cannot_be_read_counts_as_none(
    reader: Client, down: Callable[[], Any], folder: Path, content: bytes
) -> None:
    reader.get("/en/emergency/")
    (file,) = folder.iterdir()
    file.write_bytes(content)
    with down():
        assert new_process().get("/en/emergency/").status_code == 503


def test_full_disk_is_logged_and_the_page_is_answered(
    reader: Client, folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    pages = [reader.get(f"/en/{path}").status_code for path in ("emergency/", "centers/")]
    said = [row.getMessage() for row in caplog.records if row.name == "wpiforum.pagecache.last"]
    assert (pages, len(said), list(folder.iterdir())) == ([200, 200], 1, [])
    assert "No space left on device" in said[0]


def test_disk_that_refuses_to_forget_stops_no_answer(
    reader: Client, committed: Committed, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object, **_named: object) -> None:
        raise OSError(30, "Read-only file system")

    center = centers.make_center(slug="gone")
    reader.get("/en/centers/gone/")
    words = {"reason_ja": "統合のため", "reason_en": "It was merged."}
    committed(workflow.unpublish, center, by=make_person("publisher"), **words)
    monkeypatch.setattr(Path, "unlink", refuse)
    assert reader.get("/en/centers/gone/").status_code == 410


def test_no_reader_waits_for_a_disk_that_hangs(
    reader: Client, folder: Path, monkeypatch: pytest.MonkeyPatch, later: Callable[..., None]
) -> None:
    may_go_on, write = threading.Event(), LastPages._write

    def hang(self: LastPages, *arguments: Any) -> None:
        may_go_on.wait(30)
        write(self, *arguments)

    monkeypatch.setattr(LastPages, "_later", later)
    monkeypatch.setattr(LastPages, "_write", hang)
    pages = [reader.get(f"/en/{path}").status_code for path in ("emergency/", "centers/")]
    assert (pages, folder.exists()) == ([200, 200], False)
    may_go_on.set()
    deadline = time.monotonic() + 10
    while not folder.exists() or len([file for file in folder.iterdir() if not file.suffix]) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_start_forgets_files_of_the_day_before(folder: Path) -> None:
    folder.mkdir()
    for name, age in (("old", 90_000), ("new", 80_000)):
        (folder / name).touch()
        os.utime(folder / name, (time.time() - age,) * 2)
    LastPages(folder)
    assert [file.name for file in folder.iterdir()] == ["new"]
