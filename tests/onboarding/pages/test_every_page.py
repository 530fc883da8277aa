"""What holds for every page of the guides, and the glossary and contacts."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.utils.html import strip_tags

from onboarding.choices import ContactKind
from tests.factories.onboarding import (
    make_change,
    make_contact,
    make_guide,
    make_step,
    make_term,
    make_topic,
)
from tests.helpers import LANGUAGES, main_text, page
from tests.onboarding.pages.helpers import PUBLIC, address, make_full_guide

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", [path for path in PUBLIC if "t2" not in path])
def test_public_pages_set_no_cookie_and_name_their_language(client: Client, path: str) -> None:
    make_full_guide(slug="open", topic=make_topic(slug="t"))
    for code in LANGUAGES:
        response = client.get(f"/{code}/{path}")
        assert (response.cookies.output(), response["Content-Language"]) == ("", code)
        assert "Cookie" not in response.headers.get("Vary", "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_language_switch_stays_on_the_page_and_keeps_the_query(client: Client, language: str) -> None:
    guide = make_guide(slug="g", topic=make_topic(slug="t"), steps=1)
    html = page(client, f"/{language}/{address(guide, '?view=both&as_of=2019-02-05')}")
    for code in LANGUAGES:
        assert f'href="/{code}/guides/t/g/?view=both&amp;as_of=2019-02-05"' in html


@pytest.mark.parametrize("path", [path for path in PUBLIC if "t2" not in path])
def test_page_has_one_h1_and_its_stylesheet(client: Client, path: str) -> None:
    make_full_guide(slug="open", topic=make_topic(slug="t"))
    for code in LANGUAGES:
        html = page(client, f"/{code}/{path}")
        assert html.count("<h1") == 1
        assert ("wpiforum/guides.css" in html) is (path != "")


def test_each_id_is_used_once_on_a_guide(client: Client) -> None:
    guide = make_full_guide(steps=3)
    for query in ("", "?view=both"):
        ids = re.findall(r'\sid="([^"]+)"', page(client, f"/en/{address(guide, query)}"))
        assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize(("code", "names"), [("ja", ["印鑑", "在留カード"]), ("en", ["在留カード", "印鑑"])])
def test_glossary_is_in_the_order_in_which_a_reader_looks_words_up(client: Client, code: str, names: list[str]) -> None:
    make_term(japanese="在留カード", kana="ざいりゅうかーど", english="residence card", slug="residence-card")
    make_term(japanese="印鑑", kana="いんかん", english="Seal", slug="seal")
    html = page(client, f"/{code}/glossary/")
    assert re.findall(r'<tr id="[a-z-]+"><th scope="row" lang="ja">([^<]+)<', html) == names
    assert 'id="residence-card"' in html


def test_glossary_shows_reading_meaning_and_plain_japanese(client: Client) -> None:
    make_term(
        japanese="印鑑", kana="いんかん", english="seal", meaning_en="A stamp.", plain_japanese="はんこの ことです。"
    )
    assert "印鑑 いんかん seal A stamp. ( June 2026 ) はんこの ことです。" in main_text(page(client, "/en/glossary/"))


def test_contacts_are_grouped_by_subject_with_number_hours_and_languages(client: Client) -> None:
    make_contact(kind=ContactKind.LEGAL, name_en="Houterasu", number="0570-078377")
    text = main_text(page(client, "/en/contacts/"))
    assert "Legal help" in text
    assert "Houterasu For any trouble 0570-078377 Weekdays 9:00 to 17:00 Japanese, English" in text


@pytest.mark.parametrize(("day", "is_shown"), [(date(2026, 3, 31), True), (date(2026, 4, 1), False)])
def test_contact_is_shown_until_its_end(
    client: Client, japan_noon: Callable[[date], None], day: date, is_shown: bool
) -> None:
    make_contact(name_en="Old desk", end_on=date(2026, 4, 1))
    japan_noon(day)
    assert ("Old desk" in page(client, "/en/contacts/")) is is_shown


def test_unconfirmed_number_is_marked(client: Client) -> None:
    make_contact(certainty="C", name_en="Night desk")
    assert "Night desk unconfirmed" in main_text(page(client, "/en/contacts/"))


def test_text_from_the_database_is_escaped(client: Client) -> None:
    bad = "<script>alert(1)</script>"
    guide = make_guide(title_en=bad, summary_en=bad)
    make_step(guide=guide, title_en=bad, body_en=bad, where_en=bad, bring_en=bad, missed_en=bad, law_en=bad)
    make_change(guide=guide, before_en=bad, after_en=bad)
    make_term(english=bad, meaning_en=bad, slug="bad")
    make_contact(name_en=bad, number=bad)
    for path in (address(guide), address(guide, "?view=both"), "guides/", "glossary/", "contacts/", "emergency/"):
        html = page(client, f"/en/{path}")
        assert "<script>alert" not in html, path
        assert strip_tags(html)
