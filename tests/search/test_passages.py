"""What a result shows of a text."""

import pytest

from wpiforum.search.models import Entry
from wpiforum.search.passages import passage
from wpiforum.search.query import parse

pytestmark = pytest.mark.django_db
LONG = "Whoever receives somebody from abroad asks for the certificate at the regional bureau, then travel to"


def shown(body: str, typed: str) -> str:
    return "".join(piece for piece, _ in passage(Entry(body=body), parse(typed)))


def test_passage_begins_with_a_whole_word() -> None:
    assert shown(f"{LONG} the embassy with the pension form", "pension") == "…to the embassy with the pension form"


def test_passage_begins_with_the_sentence_when_that_is_near() -> None:
    assert shown(f"{LONG} the bureau. Take the pension form.", "pension") == "…Take the pension form."


def test_passage_of_a_long_japanese_sentence_needs_no_space() -> None:
    body = "受け入れる機関が地方の入管に証明書を申請し、" * 5 + "届いたら年金の用紙を持って行く"
    found = shown(body, "年金")
    assert found.startswith("…")
    assert found.endswith("届いたら年金の用紙を持って行く")
    assert len(found.partition("年金")[0]) == 1 + 30
