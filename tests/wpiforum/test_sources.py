"""The page of documents: which statements rest on them, and which do not."""

import pytest
from django.test import Client

from tests.factories.centers import make_center, make_claim, make_source
from tests.helpers import LANGUAGES, main_text, page
from wpiforum.provenance.models import Source

pytestmark = pytest.mark.django_db


def test_cited_documents_stand_apart_from_those_only_on_file(client: Client) -> None:
    make_center(source=make_source(title_en="Cited by a center"))
    make_claim(subject=make_center(), source=make_source(title_en="Cited by a claim"))
    make_source(title_en="Cited by nobody")
    text = main_text(page(client, "/en/sources/"))
    cited, on_file = text.split("Documents on file that no statement rests on")
    assert ("Cited by a center" in cited, "Cited by a claim" in cited) == (True, True)
    assert "Cited by nobody" in on_file
    assert text.count("Cited by") == 3


def test_heading_for_documents_on_file_needs_such_documents(client: Client) -> None:
    make_center()
    text = main_text(page(client, "/ja/sources/"))
    assert "当サイトの記載のもとになった資料" in text
    assert "登録しているが" not in text


def make_documents(number: int) -> None:
    for count in range(1, number + 1):
        make_source(key=f"document-{count:02}", title_ja=f"文書{count:02}号", title_en=f"Paper {count:02}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_second_page_goes_on_where_the_first_one_ends(client: Client, language: str) -> None:
    make_documents(52)
    name = {"ja": "文書{}号", "en": "Paper {}"}[language]
    first, second = page(client, f"/{language}/sources/"), page(client, f"/{language}/sources/?page=2")
    assert [name.format(number) in main_text(first) for number in ("01", "50", "51")] == [True, True, False]
    assert [name.format(number) in main_text(second) for number in ("50", "51", "52")] == [False, True, True]
    assert f'<link rel="canonical" href="http://testserver/{language}/sources/?page=2">' in second


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("number", ["0", "3", "x"])
def test_page_that_is_none_is_answered_so(client: Client, number: str, language: str) -> None:
    make_documents(51)
    html = page(client, f"/{language}/sources/?page={number}", status=404)
    assert {"ja": "このアドレスのページはありません", "en": "There is no page at this address"}[language] in html


def test_disagreements_stand_on_the_first_page_alone(client: Client) -> None:
    make_documents(51)
    center = make_center()
    make_claim(subject=center, value="One reading", is_chosen=True)
    make_claim(subject=center, value="Another reading")
    shown = ["Another reading" in page(client, f"/en/sources/{query}") for query in ("", "?page=2")]
    assert shown == [True, False]


def test_documents_that_claims_and_rows_name_are_cited_and_no_others() -> None:
    center = make_center()
    cited = {center.source_id, make_claim(subject=center).source_id, center.names.get().source_id}
    make_documents(3)
    assert cited <= set(Source.objects.cited().values_list("pk", flat=True))
    found = {row.key: row.is_cited for row in Source.objects.with_is_cited().filter(key__startswith="document-")}
    assert found == {"document-01": False, "document-02": False, "document-03": False}
