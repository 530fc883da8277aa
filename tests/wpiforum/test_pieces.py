"""Remembered pieces of pages: the same page as without them, for unknown readers only, until something changes."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client, RequestFactory
from django.utils import timezone
from django.utils.translation import override

from centers.models import Center
from tests.addresses import NAMES, address
from tests.factories import centers, onboarding, status
from tests.factories.publishing import make_person
from tests.helpers import LANGUAGES
from wpiforum import remembering
from wpiforum.pagecache import version
from wpiforum.pagecache.pieces import PiecesMiddleware
from wpiforum.publishing import preview, workflow
from wpiforum.publishing.snapshot import take
from wpiforum.publishing.writing import pretended
from wpiforum.remembering import Pieces, Scope, remembered, within
from wpiforum.settings import MIDDLEWARE

pytestmark = pytest.mark.django_db
PIECES = "wpiforum.pagecache.pieces.PiecesMiddleware"
SCOPE = Scope("first", None, "https://portal.example")
# Pages that show each piece for several of its keys.
QUERIES = {
    "home": ("",),
    "centers:list": ("", "?as_of=2012-04-01", "?prefecture=JP-13", "?view=cards", "?view=map", "?page=1"),
    "centers:detail": ("", "?as_of=2012-04-01"),
    "onboarding:guides": ("", "?stage=living", "?actor=host", "?actor=researcher"),
    "onboarding:guide": ("", "?view=both", "?as_of=2019-02-05"),
    "onboarding:emergency": ("",),
    "onboarding:plan": (
        "",
        "?arrived=2026-04-03&purpose=employment",
        "?arrived=2026-05-03&family=1",
        "?arrived=2026-05-03&role=host",
    ),
    "onboarding:status": ("", "?a=first.stop", "?a=first.go-on", "?a=first.go-on&a=second.not-sure"),
    "onboarding:points": ("", "?has=bonus", "?age=35&has=bonus"),
}


@pytest.fixture(autouse=True)
def _switched_on(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Remember pieces as in production, without whole pages, and look at the version before every answer."""
    left_out = ("whitenoise.", "wpiforum.pagecache.middleware.")
    settings.MIDDLEWARE = [name for name in MIDDLEWARE if not name.startswith(left_out)]
    monkeypatch.setattr(version, "CHECK_SECONDS", 0)
    monkeypatch.setattr(version, "watcher", version.Watcher())
    monkeypatch.setattr(remembering, "pieces", Pieces())


@pytest.fixture
def reader() -> Client:
    return Client(headers={"host": "testserver"})


def rename(center: Center, acronym: str) -> None:
    """Change a row without the word of its commit, which a test's transaction does not have."""
    Center.objects.filter(pk=center.pk).update(acronym=acronym)


def text(response: Any) -> str:
    return str(response.content.decode())


# The same page


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_reads_the_same_with_pieces_as_without(reader: Client, settings: Any, language: str) -> None:
    onboarding.make_step()
    centers.make_standing()
    status.make_tree()
    status.make_point_item(key="bonus")
    paths = [address(name, language) + query for name in NAMES for query in QUERIES.get(name, ("",))]
    first = [text(reader.get(path)) for path in paths]
    assert len(remembering.pieces._kept) > len(QUERIES)
    second = [text(reader.get(path)) for path in reversed(paths)][::-1]
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if name != PIECES]
    plain = [text(Client(headers={"host": "testserver"}).get(path)) for path in paths]
    assert [path for path, *pages in zip(paths, first, second, plain, strict=True) if len(set(pages)) > 1] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "path",
    [
        "/embed/{}/guides/living/move/",
        "/embed/{}/guides/living/move/report/",
        "/{}/centers/",
        "/{}/centers/aimr/",
        "/{}/centers/compare/",
        "/{}/centers/requirements/",
        "/{}/directors/",
        "/{}/directors/motoko-kotani/",
        "/{}/satellites/",
        "/{}/program/",
        "/{}/program/practices/",
        "/{}/sources/",
        "/{}/guides/",
        "/{}/guides/living/",
        "/{}/guides/living/move/",
        "/{}/guides/living/move/report/sheet/",
        "/{}/contacts/",
        "/{}/glossary/",
        "/{}/emergency/",
        "/{}/news/",
        "/{}/about/data/",
        "/{}/status/",
        "/{}/status/?a=first.stop",
        "/{}/status/?a=first.go-on",
        "/{}/status/points/?has=bonus",
        "/api/v1/board",
        "/api/v1/centers/aimr",
        "/api/v1/guides/move",
    ],
)
def test_page_asks_for_the_content_version_alone_while_it_is_remembered(
    reader: Client, django_assert_num_queries: Any, path: str, language: str
) -> None:
    guide = onboarding.make_guide(slug="move", topic=onboarding.make_topic(slug="living"))
    onboarding.make_step(slug="report", guide=guide)
    center = centers.make_standing(center=centers.make_center(slug="aimr")).center
    centers.make_directorship(center=center, person=centers.make_person(slug="motoko-kotani"))
    centers.make_practice()
    centers.make_program_item()
    status.make_tree()
    status.make_point_item(key="bonus")
    where = path.format(language)
    first = reader.get(where)
    with django_assert_num_queries(1):
        second = reader.get(where)
    assert (first.status_code, text(second)) == (200, text(first))


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/en/plan/?arrived=2026-04-03&purpose=employment", ("2026-04-03", "employment")),
        ("/en/status/?a=first.go-on&a=second.yes", ("first", "second")),
        ("/en/status/points/?age=47&has=bonus", ("47", "bonus")),
        ("/en/search/?q=pregnant", ("pregnant",)),
    ],
)
def test_no_piece_is_kept_under_what_a_person_told(reader: Client, path: str, told: tuple[str, ...]) -> None:
    onboarding.make_step()
    status.make_tree()
    status.make_point_item(key="bonus")
    assert reader.get(path).status_code == 200
    keys = [key for key in remembering.pieces._kept if any(word in repr(key) for word in told)]
    assert (keys, len(remembering.pieces._kept) > 0) == ([], True)


# Until something changes


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", ["", "centers/", "centers/icems/"])
def test_change_shows_with_the_next_version(
    reader: Client, path: str, language: str, django_capture_on_commit_callbacks: Any
) -> None:
    center = centers.make_standing(center=centers.make_center(slug="icems", acronym="BEFORE")).center
    reader.get(f"/{language}/{path}")
    connection.run_on_commit.clear()  # as if what the test prepared were committed
    with django_capture_on_commit_callbacks(execute=True):
        rename(center, "AFTER")
    shown = text(reader.get(f"/{language}/{path}"))
    assert ("AFTER" in shown, "BEFORE" in shown) == (True, False)


def test_piece_is_made_anew_after_its_time_though_nobody_told(reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    center = centers.make_center(acronym="BEFORE")
    reader.get("/en/")
    rename(center, "AFTER")
    assert "BEFORE" in text(reader.get("/en/"))
    monkeypatch.setattr("wpiforum.remembering.time.monotonic", lambda: float("inf"))
    assert "AFTER" in text(reader.get("/en/"))


def test_one_makes_a_piece_anew_while_the_others_go_on_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    began = time.monotonic()
    with within(SCOPE):
        remembered(("name",), lambda: "first")
        monkeypatch.setattr("wpiforum.remembering.time.monotonic", lambda: began + remembering.RENEWED_AFTER + 0.5)

        def renew() -> str:
            assert remembered(("name",), lambda: "by another") == "first"
            return "second"

        assert remembered(("name",), renew) == "second"
        assert remembered(("name",), lambda: "third") == "second"


def test_next_change_by_the_clock_ends_a_piece() -> None:
    moment = timezone.now()
    with within(SCOPE._replace(changes_at=moment)):
        remembered(("name",), lambda: "before")
    with within(SCOPE._replace(changes_at=moment + timedelta(days=1))):
        assert remembered(("name",), lambda: "after") == "after"


def test_piece_made_while_the_content_changed_is_not_kept() -> None:
    def make_while_it_changes() -> str:
        remembering.pieces.begin(SCOPE._replace(version="second"))
        return "old"

    with within(SCOPE):
        remembered(("name",), make_while_it_changes)
    with within(SCOPE._replace(version="second")):
        assert remembered(("name",), lambda: "new") == "new"


# For whom


def scope_of(path: str = "/en/", **environment: Any) -> Scope | None:
    found: list[Scope | None] = []
    middleware = PiecesMiddleware(lambda request: found.append(remembering._scope.get()))  # type: ignore[arg-type, return-value]
    middleware(RequestFactory(headers={"host": "testserver"}).generic("GET", path, **environment))
    return found[0]


def test_unknown_reader_has_a_scope_of_the_version_and_the_address() -> None:
    known, scope = version.watcher.known(), scope_of()
    assert scope == Scope(str(known.name), known.changes_at, "http://testserver")


@pytest.mark.parametrize(
    ("path", "environment"),
    [
        ("/en/", {"HTTP_COOKIE": "sessionid=x"}),
        ("/en/", {"HTTP_AUTHORIZATION": "Bearer x"}),
        ("/en/", {"HTTP_HOST": "elsewhere.example"}),
        ("/en/", {"REQUEST_METHOD": "POST"}),
        ("/en/admin/login/", {}),
        ("/en/preview/x/", {}),
    ],
)
def test_nobody_else_has_a_scope(path: str, environment: dict[str, str]) -> None:
    assert scope_of(path, **environment) is None


@pytest.mark.parametrize(
    "known",
    [
        {"name": None},
        {"is_down": True},
        {"alias": "replica"},
        {"changes_at": timezone.now()},
    ],
    ids=lambda known: next(iter(known)),
)
def test_without_a_version_to_trust_there_is_no_scope(known: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    found = version.watcher.known()._replace(**known)
    monkeypatch.setattr(version.watcher, "known", lambda: found)
    assert scope_of() is None


def test_staff_neither_read_nor_leave_pieces(client: Client, reader: Client) -> None:
    center = centers.make_center(acronym="BEFORE")
    reader.get("/en/")
    rename(center, "AFTER")
    client.force_login(User.objects.create_superuser("editor", password="secret"))
    assert "AFTER" in text(client.get("/en/", headers={"host": "testserver"}))
    assert "BEFORE" in text(reader.get("/en/"))


def test_preview_of_a_draft_leaves_nothing_in_a_piece(reader: Client) -> None:
    guide = onboarding.make_guide(steps=1)
    data = take(guide)
    data["root"]["title_ja"] = "秘密の下書き"
    workflow.save_draft(guide, data=data, by=make_person("editor"))
    assert "秘密の下書き" in text(reader.get(f"/ja/preview/{preview.token(guide)}/"))
    assert "秘密の下書き" not in text(reader.get("/ja/guides/"))


def test_what_is_pretended_is_neither_kept_nor_answered() -> None:
    with within(SCOPE):
        with pretended():
            remembered(("name",), lambda: "draft")
        assert remembered(("name",), lambda: "public") == "public"
        with pretended():
            assert remembered(("name",), lambda: "draft") == "draft"


# Under which key


def test_piece_depends_on_address_language_and_key() -> None:
    made: list[int] = []

    def number() -> int:
        made.append(0)
        return len(made)

    def ask(key: str, language: str, origin: str) -> int:
        with override(language), within(SCOPE._replace(origin=origin)):
            return remembered((key,), number)

    asked: list[Callable[[], int]] = [
        lambda: ask("a", "en", "https://x"),
        lambda: ask("b", "en", "https://x"),
        lambda: ask("a", "ja", "https://x"),
        lambda: ask("a", "en", "https://y"),
    ]
    assert [one() for one in asked * 2] == [1, 2, 3, 4] * 2


def test_oldest_piece_goes_first() -> None:
    pieces = Pieces()
    pieces.begin(SCOPE)
    for number, key in enumerate("abc"):
        pieces.put(SCOPE, key, number, float("inf"), 2)
    assert [pieces.get(SCOPE, key) for key in "abc"] == [None, (1,), (2,)]


def test_piece_past_its_time_takes_no_memory() -> None:
    pieces = Pieces()
    pieces.begin(SCOPE)
    for key, made_at in (("a", float("-inf")), ("b", float("inf"))):
        pieces.put(SCOPE, key, key, made_at, 2)
    assert list(pieces._kept) == ["b"]


def test_open_data_reads_the_same_with_pieces_as_without(reader: Client, settings: Any) -> None:
    for _number in range(2):
        centers.make_standing()
    paths = [f"/api/v1/centers{query}" for query in ("", "?limit=1", "?limit=1&fields=slug")]
    paths += ["/feeds/ja.atom", "/feeds/en.atom"]
    found = [text(reader.get(path)) for path in paths * 2]
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if name != PIECES]
    plain = [text(Client(headers={"host": "testserver"}).get(path)) for path in paths]
    assert found == plain * 2
    assert len(set(plain)) == len(paths)


def test_open_data_tells_no_moment_that_is_younger_than_a_piece_may_be(
    reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a remembered answer could carry the moment of a change that it does not show, and be kept for good."""
    monkeypatch.setattr("wpiforum.conditional.STARTED", timezone.now() - timedelta(days=9000))
    practice = centers.make_practice()
    found = []
    for seconds in (remembering.SECONDS, remembering.SECONDS + 1):
        moment = timezone.now() - timedelta(seconds=seconds)
        monkeypatch.setattr("wpiforum.conditional.changed_at", lambda moment=moment: moment)
        monkeypatch.setattr(remembering, "pieces", Pieces())
        found.append("Last-Modified" in reader.get("/api/v1/practices").headers)
    assert (practice.is_published(), found) == (True, [False, True])
