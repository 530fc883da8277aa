"""The contract of every backend: which entries hold words, one after another, within marks and a limit."""

import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from tests.factories import onboarding
from tests.helpers import page
from wpiforum.search import backends, text
from wpiforum.search.backends import database
from wpiforum.search.backends.base import Part
from wpiforum.search.backends.opensearch import OpenSearchBackend
from wpiforum.search.documents import Document, refresh, write
from wpiforum.search.models import Entry
from wpiforum.search.query import parse

pytestmark = pytest.mark.django_db


class Indices:
    """The part of the stand-in that keeps indexes."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, str]] | None = None

    def exists(self, *, index: str) -> bool:
        return self.rows is not None

    def create(self, *, index: str, body: Any) -> None:
        assert body["mappings"]["properties"]["all"] == {"type": "text", "analyzer": "whitespace"}
        self.rows = {}

    def delete(self, *, index: str) -> None:
        self.rows = None

    def refresh(self, *, index: str) -> None:
        assert self.rows is not None


class Failure(Exception):
    """What the stand-in raises where a cluster does not answer."""


class StandIn:
    """Stands in for the client of a cluster: keeps what is sent and answers the queries that the backend writes.

    It shows that backend and contract agree, not that a cluster does.
    """

    def __init__(self) -> None:
        self.indices = Indices()
        self.is_down = self.is_full = False

    @property
    def rows(self) -> dict[str, dict[str, str]]:
        assert self.indices.rows is not None
        return self.indices.rows

    def bulk(self, *, body: list[Any], refresh: bool) -> Any:
        lines = iter(body)
        for line in lines:
            if "delete" in line:
                self.rows.pop(line["delete"]["_id"], None)
            else:
                self.rows[line["index"]["_id"]] = next(lines)
        return {"errors": self.is_full}

    def search(self, *, index: str, body: Any) -> Any:
        if self.is_down:
            raise Failure
        found = [key for key, row in self.rows.items() if self._holds(row, body["query"])]
        return {"hits": {"hits": [{"_id": key} for key in found[: body["size"]]]}}

    def _holds(self, row: dict[str, str], query: Any) -> bool:
        if "match_phrase" in query:
            [(name, phrase)] = query["match_phrase"].items()
            return f" {phrase} " in f" {row[name]} "
        parts = query["bool"]
        return all(self._holds(row, one) for one in parts.get("filter", [])) and (
            "should" not in parts or any(self._holds(row, one) for one in parts["should"])
        )


@pytest.fixture(params=["database", "opensearch"])
def backend(request: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The backend of the tests' database, and that of a cluster with a stand-in for its client."""
    found: Any = database() if request.param == "database" else OpenSearchBackend(StandIn(), Failure)
    found.install()
    monkeypatch.setattr(backends, "backend", lambda: found)
    # The tests' own transaction never commits.
    monkeypatch.setattr(transaction, "on_commit", lambda act, *args, **kwargs: act())
    return found


def _row(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012}"


def put(title: str, body: str = "", kind: str = "guide", language: str = "ja") -> int:
    number = Entry.objects.count()
    document = Document(
        kind=kind, row=_row(number), language=language, url="/x/", title=title, body=body, live_from=timezone.now()
    )
    write([document])
    return Entry.objects.get(row=_row(number)).pk


def ask(backend: Any, typed: str, part: Part = Part.ALL, marks: Any = (), limit: int = 10) -> set[int]:
    return set(backend.candidates(parse(typed).words, part, marks, limit))


def test_word_is_found_in_title_and_text(backend: Any) -> None:
    title, body = put("年金の手続き"), put("その他", body="年金を払います。")
    put("住民税")
    assert ask(backend, "年金") == {title, body}
    assert ask(backend, "年金", Part.HEAD) == {title}


def test_all_words_are_required(backend: Any) -> None:
    both = put("年金と税金")
    put("年金")
    assert ask(backend, "年金 税金") == {both}


def test_parts_of_one_word_follow_each_other(backend: Any) -> None:
    together = put("健康保険")
    put("保険と健康")
    assert ask(backend, "健康保険") == {together}


def test_one_alternative_is_enough(backend: Any) -> None:
    visa = put("ビザの申請")
    assert ask(backend, "visa") == {visa}


def test_marks_narrow_the_result(backend: Any) -> None:
    guide = put("年金", kind="guide")
    term = put("年金", kind="term")
    put("年金", kind="step")
    assert ask(backend, "年金", marks=[["markkindguide", "markkindterm"]]) == {guide, term}
    assert ask(backend, "年金", marks=[["markkindguide"], ["marklanguageen"]]) == set()


def test_limit_holds(backend: Any) -> None:
    for _number in range(5):
        put("年金")
    assert len(ask(backend, "年金", limit=3)) == 3


def test_entry_that_is_removed_is_found_no_more(backend: Any) -> None:
    put("年金", kind="term")
    refresh([("term", _row(0))])  # no such row exists
    assert ask(backend, "年金") == set()


def test_cleared_index_holds_nothing(backend: Any) -> None:
    put("年金")
    Entry.objects.all().delete()
    backend.clear()
    assert ask(backend, "年金") == set()


@pytest.fixture
def cluster(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    """Set the site to a cluster, with a stand-in for the library of its client."""
    client = StandIn()
    library: Any = ModuleType("opensearchpy")
    library.OpenSearch, library.OpenSearchException = (lambda **options: client), Failure
    monkeypatch.setitem(sys.modules, "opensearchpy", library)
    settings.SEARCH_BACKEND, settings.OPENSEARCH_URL = "opensearch", "https://cluster.example"
    backends.backend.cache_clear()
    yield client
    backends.backend.cache_clear()


def test_rebuild_makes_the_index_of_a_cluster_once_it_commits(
    cluster: StandIn, django_capture_on_commit_callbacks: Any
) -> None:
    onboarding.make_term(japanese="年金", english="pension")
    with django_capture_on_commit_callbacks(execute=True):
        call_command("rebuild_search", verbosity=0)
        assert cluster.indices.rows is None
    assert sorted(row["head"].split()[0] for row in cluster.rows.values()) == ["pension", "年金"]


def test_question_is_answered_by_the_cluster(
    cluster: StandIn, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    onboarding.make_term(japanese="年金の受取り", english="getting a pension")
    with django_capture_on_commit_callbacks(execute=True):
        call_command("rebuild_search", verbosity=0)
    assert 'class="results"' in page(client, "/en/search/?q=pensions")
    cluster.rows.clear()
    assert 'class="results"' not in page(client, "/en/search/?q=pensions")


def test_database_answers_while_the_cluster_does_not(
    cluster: StandIn, client: Client, django_capture_on_commit_callbacks: Any, caplog: Any
) -> None:
    guide = onboarding.make_guide(title_ja="年金を受け取る", title_en="Get your pension")
    with django_capture_on_commit_callbacks(execute=True):
        call_command("rebuild_search", verbosity=0)
    cluster.is_down = True
    assert f"/{guide.slug}/" in page(client, "/en/search/?q=pension")
    assert "does not answer" in caplog.text


def test_entries_that_the_cluster_refuses_are_told_to_the_log(
    cluster: StandIn, django_capture_on_commit_callbacks: Any, caplog: Any
) -> None:
    cluster.is_full = True
    onboarding.make_term()
    with django_capture_on_commit_callbacks(execute=True):
        call_command("rebuild_search", verbosity=0)
    assert "run rebuild_search" in caplog.text


def test_changed_entry_is_found_by_its_new_words_in_the_database() -> None:
    key = put("年金")
    Entry.objects.filter(pk=key).update(title_tokens=text.indexed("住民税"))
    assert (ask(database(), "年金"), ask(database(), "住民税")) == (set(), {key})


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite has triggers to lose")
def test_lost_triggers_are_made_again_and_the_index_with_them() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER search_fts_all_insert")  # what Django does when it rebuilds a table
    key = put("年金")
    assert ask(database(), "年金") == set()
    database().install()
    assert ask(database(), "年金") == {key}
