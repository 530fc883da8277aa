"""The page of documents: which statements rest on them, and which do not."""

import pytest
from django.test import Client

from tests.factories.centers import make_center, make_claim, make_source
from tests.helpers import main_text, page

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
