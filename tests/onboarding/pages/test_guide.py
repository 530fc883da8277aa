"""A guide's page: steps, languages, dates, evidence, rules."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from onboarding.models import Step
from tests.factories.centers import make_center
from tests.factories.onboarding import (
    make_case,
    make_change,
    make_fact,
    make_guide,
    make_office,
    make_rule,
    make_slot,
    make_slot_value,
    make_step,
)
from tests.helpers import main_text, page
from tests.onboarding.pages.helpers import GAP, address

pytestmark = pytest.mark.django_db


def make_told_step(**fields: Any) -> Step:
    """Make a step with a text in every field, in words that no other part of the page has."""
    told: dict[str, Any] = {}
    for name in ("title", "where", "bring", "missed", "law", "condition", "unconfirmed"):
        told |= {f"{name}_ja": f"日本語の{name}", f"{name}_en": f"English {name}"}
    told |= {"body_ja": "<p>日本語のbody</p>", "body_en": "<p>English body</p>"}
    return make_step(**told | {"office": make_office(name_ja="日本語のoffice", name_en="English office")} | fields)


PARTS = ("title", "body", "where", "bring", "missed", "law", "condition", "unconfirmed", "office")


@pytest.mark.parametrize(
    ("language", "query", "ja", "en"),
    [
        ("ja", "", True, False),
        ("en", "", False, True),
        ("ja", "?view=both", True, True),
        ("en", "?view=both", True, True),
    ],
)
def test_guide_shows_every_part_of_a_step_in_the_chosen_languages(
    client: Client, language: str, query: str, ja: bool, en: bool
) -> None:
    html = page(client, f"/{language}/{address(make_told_step().guide, query)}")
    steps = html[html.index('<ol class="steps">') :]
    found = {(f"日本語の{part}" in steps, f"English {part}" in steps) for part in PARTS}
    assert found == {(ja, en)}


@pytest.mark.parametrize(("language", "first"), [("ja", "ja"), ("en", "en")])
def test_reader_s_own_language_comes_first_in_both(client: Client, language: str, first: str) -> None:
    html = page(client, f"/{language}/{address(make_told_step().guide, '?view=both')}")
    assert re.findall(r'<div class="pair__side" lang="(\w+)">', html)[0] == first


def test_steps_pair_by_identity_whatever_their_order(client: Client) -> None:
    """Both halves of a pair lie in one list item: a reordered step takes both its languages along."""
    guide = make_guide()
    rows = [make_step(guide=guide, title_ja=f"第{n}の手順", title_en=f"Task {n}", order=n) for n in (1, 2, 3)]
    for row, order in zip(rows, (3, 1, 2), strict=True):
        row.order = order
        row.save()
    html = page(client, f"/en/{address(guide, '?view=both')}")
    items = html.split('<li class="step"')[1:]
    pairs = [(re.findall(r"第(\d)の手順", item), re.findall(r"Task (\d)", item)) for item in items]
    assert pairs == [(["2"], ["2"]), (["3"], ["3"]), (["1"], ["1"])]


MISSING = [{"title_en": ""}, {"body_en": ""}, {"title_en": None, "body_en": None}]


@pytest.mark.parametrize("missing", MISSING)
def test_step_missing_in_english_is_a_gap_in_both(client: Client, missing: dict[str, Any]) -> None:
    guide = make_guide()
    make_step(guide=guide, title_ja="和文の題", body_ja="<p>和文の文</p>", **missing)
    html = page(client, f"/en/{address(guide, '?view=both')}")
    english, japanese = html.split('<div class="pair__side"')[1:3]
    assert (GAP in english, "和文" in english, "<details" in english) == (True, False, False)
    assert "和文の文" in japanese


@pytest.mark.parametrize("missing", MISSING)
def test_step_missing_in_english_shows_the_original_in_closed_details(client: Client, missing: dict[str, Any]) -> None:
    guide = make_guide()
    make_step(guide=guide, title_ja="和文の題", body_ja="<p>和文の文</p>", **missing)
    html = page(client, f"/en/{address(guide)}")
    details = re.search(r"<details>.*?</details>", html[html.index(GAP) :], re.DOTALL)
    assert details is not None
    assert '<div lang="ja"><h3>和文の題</h3>' in details[0]
    assert "和文" not in html.replace(details[0], "")


def test_guide_with_one_missing_step_is_not_called_a_fallback(client: Client) -> None:
    guide = make_guide(steps=1)
    make_step(guide=guide, title_en="", body_en="")
    assert "You are reading the original." not in page(client, f"/en/{address(guide)}")


def test_guide_with_one_missing_step_has_no_alternate(client: Client) -> None:
    guide = make_guide(steps=1)
    whole = page(client, f"/en/{address(guide)}").count("hreflang=")
    make_step(guide=guide, title_en="", body_en="")
    assert page(client, f"/en/{address(guide)}").count('rel="alternate" hreflang') == 0
    assert whole > 0


def test_guide_wholly_missing_in_english_shows_the_original_and_says_so(client: Client) -> None:
    guide = make_guide(title_ja="案内", title_en="", summary_en="")
    make_step(guide=guide, title_ja="和文の題", title_en="", body_ja="<p>和文の文</p>", body_en="")
    html = page(client, f"/en/{address(guide)}")
    assert "You are reading the original." in html
    assert '<div class="pair__side" lang="ja">' in html
    assert f'<link rel="canonical" href="http://testserver/ja/{address(guide)}">' in html


@pytest.mark.parametrize(("day", "value"), [("2019-02-05", "4,000 yen"), ("2026-11-23", "6,000 yen")])
def test_guide_shows_the_facts_of_the_asked_day(client: Client, day: str, value: str) -> None:
    change = date(2025, 4, 1)
    make_fact(key="fee", periods=[(None, change, "4000"), (change, None, "6000")])
    step = make_step(body_en="<p>Pay {{fact:fee}} now</p>")
    assert f"Pay {value} now" in main_text(page(client, f"/en/{address(step.guide, f'?as_of={day}')}"))


@pytest.mark.parametrize(("day", "heading"), [("2025-03-31", "Announced or later"), ("2025-04-01", "In force")])
def test_change_note_stands_under_the_heading_of_the_asked_day(client: Client, day: str, heading: str) -> None:
    guide = make_guide(steps=1)
    make_change(guide=guide, happened_on=date(2025, 4, 1))
    text = main_text(page(client, f"/en/{address(guide, f'?as_of={day}')}"))
    assert f"What changed {heading} 1 April 2025 Before: It was 4,000 yen." in text


def test_change_that_is_only_announced_never_counts_as_in_force(client: Client) -> None:
    guide = make_guide(steps=1)
    make_change(guide=guide, happened_on=date(2025, 4, 1), is_planned=True)
    text = main_text(page(client, f"/en/{address(guide, '?as_of=2030-01-01')}"))
    assert "What changed Announced or later 1 April 2025 planned" in text


def test_trust_line_names_source_as_of_office_and_next_check(client: Client) -> None:
    step = make_step(office=make_office(name_en="Ward office"), check_every=12)
    source = step.sources.get()
    text = main_text(page(client, f"/en/{address(step.guide)}"))
    assert "Office in charge Ward office" in text
    assert f"Source: {source.title_en} As of: June 2026 · Next check: 1 June 2027" in text


OVERDUE = "The check of this step is overdue."


@pytest.mark.parametrize(("day", "is_said"), [(date(2027, 5, 31), False), (date(2027, 6, 1), True)])
def test_overdue_check_is_said_by_the_clock_without_a_save(
    client: Client, japan_noon: Callable[[date], None], day: date, is_said: bool
) -> None:
    step = make_step(check_every=12)
    japan_noon(day)
    assert (OVERDUE in page(client, f"/en/{address(step.guide)}")) is is_said


@pytest.mark.parametrize(("day", "asked"), [(date(2027, 6, 1), "2019-02-05"), (date(2027, 5, 31), "2030-01-01")])
def test_overdue_check_does_not_depend_on_the_asked_day(
    client: Client, japan_noon: Callable[[date], None], day: date, asked: str
) -> None:
    step = make_step(check_every=12)
    japan_noon(day)
    pages = [page(client, f"/en/{address(step.guide, query)}") for query in ("", f"?as_of={asked}")]
    assert (OVERDUE in pages[0]) is (OVERDUE in pages[1])


def test_disclaimer_stands_in_both_languages_in_the_view_of_both(client: Client) -> None:
    guide = make_guide(steps=1)
    ja, en = "このページは一般的な情報です。", "This page gives general information."
    found = [
        (ja in html, en in html)
        for html in (
            page(client, f"/{path}")
            for path in (f"ja/{address(guide)}", f"en/{address(guide)}", f"en/{address(guide, '?view=both')}")
        )
    ]
    assert found == [(True, False), (False, True), (True, True)]


def test_step_without_a_rule_says_that_no_deadline_is_counted(client: Client) -> None:
    step = make_step()
    assert "By when No deadline is counted for this step; see the text." in main_text(
        page(client, f"/en/{address(step.guide)}")
    )


def test_step_without_papers_says_nothing_to_bring(client: Client) -> None:
    step = make_step(bring_ja="", bring_en="")
    assert "Bring nothing" in main_text(page(client, f"/en/{address(step.guide)}"))


@pytest.mark.parametrize(("confirmed", "is_shown"), [(True, True), (False, False)])
def test_rule_is_shown_once_it_is_confirmed(client: Client, confirmed: bool, is_shown: bool) -> None:
    step = make_rule(confirmed=confirmed).step
    text = main_text(page(client, f"/en/{address(step.guide)}"))
    assert ("within 14 days after moving in statutory deadline" in text) is is_shown


def test_chosen_center_s_value_is_shown(client: Client) -> None:
    value = make_slot_value(slot=make_slot(key="desk"), center=make_center(slug="aimr"), value_en="Room 101")
    step = make_step(body_en="<p>Go to {{slot:desk}}.</p>")
    shown = [
        f"Go to {value.value_en}" in main_text(page(client, f"/en/{address(step.guide, query)}"))
        for query in ("?center=aimr", "")
    ]
    assert shown == [True, False]


def test_passage_without_a_japanese_title_does_not_break_the_page(client: Client) -> None:
    guide = make_guide(steps=1)
    make_case(guides=[guide], title_ja=None, body_ja=None, title_en="Walking together")
    make_case(guides=[guide], title_en="Second case")
    text = main_text(page(client, f"/en/{address(guide)}"))
    assert ("Walking together" in text, "Second case" in text) == (True, True)
    assert "Walking together" not in page(client, f"/ja/{address(guide)}")
