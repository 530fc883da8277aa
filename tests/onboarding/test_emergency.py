"""The emergency page: both languages at once, small, and each center's own contacts, filled in or not."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from onboarding.choices import ContactKind, PhraseGroup
from tests.factories.centers import make_center
from tests.factories.onboarding import (
    make_card,
    make_contact,
    make_phrase,
    make_slot,
    make_slot_value,
)
from tests.helpers import LANGUAGES, main_text, page

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("code", LANGUAGES)
def test_page_shows_both_languages_under_either_prefix(client: Client, code: str) -> None:
    make_contact(kind=ContactKind.EMERGENCY, number="119", name_ja="火事・救急", name_en="Fire and ambulance")
    make_card(title_ja="津波", title_en="Tsunami", items_ja="高い所へ\n逃げて", items_en="Go up\nGo now")
    make_phrase(japanese="火事です。", reading="かじです。", english="There is a fire.")
    text = main_text(page(client, f"/{code}/emergency/"))
    wanted = ["119 火事・救急 / Fire and ambulance", "津波 / Tsunami", "高い所へ 逃げて Go up Go now",
              "火事です。 かじです。 There is a fire."]  # fmt: skip
    assert [words for words in wanted if words not in text] == []


def test_each_half_is_marked_with_its_language(client: Client) -> None:
    make_card(title_ja="津波", title_en="Tsunami")
    html = page(client, "/en/emergency/")
    assert '<span lang="ja">津波</span> / <span lang="en">Tsunami</span>' in html


def test_number_can_be_dialed_at_a_touch(client: Client) -> None:
    make_contact(kind=ContactKind.EMERGENCY, number="119")
    assert '<a href="tel:119">119</a>' in page(client, "/en/emergency/")


def test_other_number_can_be_dialed_at_a_touch_too(client: Client) -> None:
    make_contact(kind=ContactKind.SAFETY, number="#9110")
    link = '<a class="number" href="tel:%239110">#9110</a>'
    assert link in page(client, "/en/emergency/")
    assert link in page(client, "/en/contacts/")


def test_contact_that_differs_by_center_offers_no_empty_number(client: Client) -> None:
    make_contact(kind=ContactKind.EMERGENCY, number="", slot=make_slot(), name_en="Guard room")
    html = page(client, "/en/emergency/")
    assert 'href="tel:"' not in html
    assert "番号は拠点ごとに違います / the number differs by center" in main_text(html)


def test_phrases_stand_in_their_groups_in_order(client: Client) -> None:
    for order, (group, words) in enumerate(
        [(PhraseGroup.POLICE, "p1"), (PhraseGroup.CALL, "c1"), (PhraseGroup.POLICE, "p2"), (PhraseGroup.CALL, "c2")]
    ):
        make_phrase(group=group, english=words, order=order)
    assert re.findall(r'<td lang="en">(\w+)</td>', page(client, "/en/emergency/")) == ["c1", "c2", "p1", "p2"]


def test_centers_are_closed_until_one_is_chosen(client: Client) -> None:
    make_center(slug="aimr", acronym="AIMR")
    make_center(slug="elsi", acronym="ELSI")
    assert page(client, "/en/emergency/").count('<details id="center-') == 2
    assert re.findall(r'<details id="center-(\w+)" open>', page(client, "/en/emergency/")) == []


def test_chosen_center_is_open(client: Client) -> None:
    make_center(slug="aimr", acronym="AIMR")
    make_center(slug="elsi", acronym="ELSI")
    html = page(client, "/en/emergency/?center=aimr")
    assert re.findall(r'<details id="center-(\w+)" open>', html) == ["aimr"]


def test_hidden_center_is_not_listed(client: Client) -> None:
    make_center(acronym="HIDDEN", published=False)
    make_center(acronym="AIMR")
    html = page(client, "/en/emergency/")
    assert ("AIMR" in html, "HIDDEN" in html) == (True, False)


def test_filled_slot_shows_its_number_and_date(client: Client) -> None:
    slot = make_slot(key="guard-room-phone", label_ja="守衛室", label_en="Guard room")
    make_slot_value(slot=slot, value_ja="022-000-0000", value_en="022-000-0000")
    text = main_text(page(client, "/en/emergency/"))
    assert "守衛室 / Guard room : 022-000-0000 ( 1 June 2026 )" in text


def test_slot_that_is_not_filled_says_so_in_both_languages(client: Client) -> None:
    make_slot(key="guard-room-phone", label_ja="守衛室", label_en="Guard room")
    make_center()
    text = main_text(page(client, "/en/emergency/"))
    assert "守衛室 / Guard room : 拠点がまだ記入していません / not filled in by the center yet" in text


@pytest.mark.parametrize("kind", [ContactKind.EMERGENCY, ContactKind.CONSULTATION])
@pytest.mark.parametrize(("certainty", "is_marked"), [("A", False), ("B", False), ("C", True)])
def test_unconfirmed_contact_is_marked_in_both_languages(
    client: Client, kind: str, certainty: str, is_marked: bool
) -> None:
    make_contact(kind=kind, certainty=certainty)
    assert ("未確認 / unconfirmed" in main_text(page(client, "/en/emergency/"))) is is_marked


def test_as_of_is_the_newest_evidence_as_exactly_as_it_is_known(client: Client) -> None:
    make_card(as_of_on=date(2026, 6, 1))
    make_contact(as_of_on=date(2026, 4, 1))
    text = main_text(page(client, "/en/emergency/"))
    assert "この情報の時点: 2026年6月 / As of June 2026" in text


def make_centers(number: int) -> None:
    for count in range(1, number + 1):
        make_center(slug=f"c-{count:02}", acronym=f"C {count:02}")


def listed(html: str) -> list[str]:
    return re.findall(r'<details id="center-([\w-]+)"', html)


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_page_of_centers_has_the_national_numbers(client: Client, code: str) -> None:
    make_contact(kind=ContactKind.EMERGENCY, number="119")
    make_contact(kind=ContactKind.SAFETY, number="#9110")
    make_centers(21)
    first, second = page(client, f"/{code}/emergency/"), page(client, f"/{code}/emergency/?page=2")
    assert (listed(first), listed(second)) == ([f"c-{count:02}" for count in range(1, 21)], ["c-21"])
    assert [number in html for html in (first, second) for number in ('"tel:119"', '"tel:%239110"')] == [True] * 4


@pytest.mark.parametrize("typed", ["c-21", "C 21", "c 21", " C 21 "])
def test_chosen_center_stands_first_and_open_wherever_its_page_is(client: Client, typed: str) -> None:
    make_centers(21)
    html = page(client, f"/en/emergency/?center={typed}")
    assert listed(html) == ["c-21", *(f"c-{count:02}" for count in range(1, 21))]
    assert re.findall(r'<details id="center-([\w-]+)" open>', html) == ["c-21"]


def test_next_page_keeps_the_chosen_center_first(client: Client) -> None:
    make_centers(23)
    html = page(client, "/en/emergency/?center=c-01")
    assert '<a href="?center=c-01&amp;page=2" rel="next">' in html
    assert listed(page(client, "/en/emergency/?center=c-01&page=2")) == ["c-01", "c-22", "c-23"]


def test_acronym_is_asked_for_only_where_centers_take_several_pages(client: Client) -> None:
    make_centers(20)
    one = page(client, "/en/emergency/")
    make_center()
    assert ['id="own-center"' in html for html in (one, page(client, "/en/emergency/"))] == [False, True]


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("number", ["0", "3", "x"])
def test_page_that_is_none_is_answered_so(client: Client, number: str, code: str) -> None:
    make_centers(21)
    html = page(client, f"/{code}/emergency/?page={number}", status=404)
    assert {"ja": "このアドレスのページはありません", "en": "There is no page at this address"}[code] in html


@pytest.mark.parametrize("slug", ["nowhere", "a%00b"])
def test_center_that_is_none_is_answered_so(client: Client, slug: str) -> None:
    assert "There is no such center." in page(client, f"/en/emergency/?center={slug}", status=400)


@pytest.mark.parametrize("centers", [1, 25])
def test_page_takes_the_same_queries_however_many_centers_there_are(
    client: Client, django_assert_num_queries: Any, centers: int
) -> None:
    make_slot(key="guard-room-phone")
    make_centers(centers)
    with django_assert_num_queries(6):
        page(client, "/en/emergency/")
