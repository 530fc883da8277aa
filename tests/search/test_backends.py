"""The contract of every backend: which entries hold words, one after another, within marks and a limit."""

from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from wpiforum.search import text
from wpiforum.search.backends import database
from wpiforum.search.backends.base import Part
from wpiforum.search.documents import Document, write
from wpiforum.search.models import Entry
from wpiforum.search.query import parse

pytestmark = pytest.mark.django_db


@pytest.fixture
def backend() -> Any:
    return database()


def put(title: str, body: str = "", kind: str = "guide", language: str = "ja") -> int:
    number = Entry.objects.count()
    document = Document(
        kind=kind, row=f"r{number}", language=language, url="/x/", title=title, body=body, live_from=timezone.now()
    )
    write([document])
    return Entry.objects.get(row=f"r{number}").pk


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


def test_deleted_and_changed_entries_follow(backend: Any) -> None:
    key = put("年金")
    Entry.objects.filter(pk=key).update(title_tokens=text.indexed("住民税"))
    assert (ask(backend, "年金"), ask(backend, "住民税")) == (set(), {key})
    Entry.objects.all().delete()
    assert ask(backend, "住民税") == set()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite has triggers to lose")
def test_lost_triggers_are_made_again_and_the_index_with_them(backend: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER search_fts_all_insert")  # what Django does when it rebuilds a table
    key = put("年金")
    assert ask(backend, "年金") == set()
    backend.install()
    assert ask(backend, "年金") == {key}
