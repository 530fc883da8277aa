"""What a plan says of each step."""

import re
from typing import Any

import pytest
from django.test import Client

from onboarding.choices import Actor, Direction, Event, Rolling, RuleKind, TimeUnit
from onboarding.models import Step
from tests.factories.onboarding import make_period
from tests.helpers import main_text
from tests.onboarding.plan.helpers import html_of, items_of, text_of, titled

pytestmark = pytest.mark.django_db


def test_item_says_all_that_is_needed(client: Client) -> None:
    step = titled(
        1,
        rolls=Rolling.LOCAL,
        counting_law_ja="民法第140条",
        counting_law_en="Civil Code, article 140",
        condition_en="People who stay more than 3 months",
        condition_ja="3か月を超えて滞在する人",
        actors=[Actor.RESEARCHER, Actor.FAMILY],
    )
    html = html_of(client, moved_in="2026-12-15")
    [item] = items_of(html)
    assert [words for words in (
        "Act by: 28 December 2026 (Mon) · in 34 days",
        "later",
        "last day: 4 January 2027 (Mon)",
        "Errand [1]",
        "within 14 days after moving in",
        "statutory deadline",
        "The first day is not counted (Civil Code, article 140).",
        "Local Autonomy Act, article 4-2",
        "For: People who stay more than 3 months",
        "Who acts Researcher, Family",
        "Bring passport, form",
        f"Office in charge {step.office.name_en}",
    ) if words not in item] == []  # fmt: skip
    assert f'href="{step.guide.get_absolute_url()}#{step.slug}"'.replace("/ja/", "/en/") in html
    assert f"/{step.slug}/sheet/" in html


@pytest.mark.parametrize(
    ("fields", "event", "words"),
    [
        ({}, "2026-11-09", "1 day ago the last day has passed"),  # 23 November is closed, but nothing rolls here
        ({"kind": RuleKind.ADVICE}, "2026-11-06", "4 days ago the advised day has passed"),
        ({"kind": RuleKind.EFFORT}, "2026-11-06", "4 days ago the last day has passed"),
        ({"direction": Direction.ON, "offset": 0}, "2026-11-23", "1 day ago that day has passed"),
        ({"direction": Direction.ON, "offset": 0}, "2026-11-24", "today due within 14 days"),
        ({"rolls": Rolling.LOCAL}, "2026-11-08", "today the safe day has passed: act now"),
        ({}, "2026-11-10", "today due within 14 days"),
        ({}, "2026-11-11", "tomorrow due within 14 days"),
        ({}, "2026-11-24", "in 14 days due within 14 days"),
        ({}, "2026-11-25", "in 15 days later"),
        ({"offset": 30}, "2026-11-23", "in 29 days possible now"),
        ({"offset": 30}, "2026-11-25", "in 31 days later"),
    ],
)
def test_position_stands_in_words(client: Client, fields: Any, event: str, words: str) -> None:
    titled(1, **fields)
    [item] = items_of(html_of(client, moved_in=event))
    assert words in item.replace("· ", "")


def test_open_window_says_possible_now(client: Client) -> None:
    window = {"window_direction": Direction.BEFORE, "window_offset": 3, "window_unit": TimeUnit.MONTH}
    titled(1, event=Event.STAY_END, direction=Direction.BEFORE, offset=0, **window)
    [item] = items_of(html_of(client, stay_end="2027-02-24"))
    assert "possible now" in item
    assert "possible from: 24 November 2026" in item
    [item] = items_of(html_of(client, stay_end="2027-02-25"))
    assert "later" in item


def test_missed_statutory_step_is_said_first_and_advice_is_not(client: Client) -> None:
    titled(1)
    titled(2, kind=RuleKind.ADVICE)
    html = html_of(client, moved_in="2026-10-01")
    [notice] = re.findall(r'<div class="notice notice--bad">(.*?)</div>', html, re.DOTALL)
    assert "The last day of 1 step has passed." in notice
    assert ("Errand [1]" in notice, "Errand [2]" in notice) == (True, False)


def test_today_stands_between_past_and_coming_dates(client: Client) -> None:
    titled(1, offset=1)
    titled(2, offset=40)
    html = html_of(client, moved_in="2026-11-18")
    dates = html[html.index('<ol class="plan-dates">') :]
    assert re.findall(r"Errand \[\d\]|Today", dates)[:3] == ["Errand [1]", "Today", "Errand [2]"]


def test_missing_event_is_named_and_nothing_is_guessed(client: Client) -> None:
    titled(1, event=Event.BORN)
    titled(2, event=Event.ABSENT_FROM, offset=1, unit=TimeUnit.YEAR, not_after_event=Event.STAY_END)
    text = text_of(client, absent_from="2026-12-20")
    waiting = text[text.index("What you did not enter") :]
    assert "The birth of a child Errand [1]" in waiting
    assert "Errand [2]" not in waiting
    assert "The last day may be earlier: enter the date of “the last day of the period of stay”." in text
    assert "The last day may be earlier" not in text_of(client, absent_from="2026-12-20", stay_end="2028-01-01")


def test_provisional_dates_say_so(client: Client) -> None:
    titled(1)
    words = "lie in a year whose holidays are not published yet"
    html = html_of(client, moved_in="2028-01-10")
    assert ("tag--unsure" in html, words in html) == (True, True)
    assert words not in html_of(client, moved_in="2027-01-10")


def test_dates_in_an_order_that_no_stay_has_are_pointed_out(client: Client) -> None:
    words = "The date of “the final departure” lies before that of “arrival in Japan”. Check both dates."
    assert words in text_of(client, arrived="2026-12-01", departs="2026-11-30")
    assert "Check both dates." not in text_of(client, arrived="2026-12-01", departs="2026-12-01")


def test_missing_half_is_shown_in_the_other_language_and_marked(client: Client) -> None:
    step = titled(1, condition_ja="子どものいる人", condition_en="", bring_en="")
    Step.objects.filter(pk=step.pk).update(title_en=None)
    html = html_of(client, moved_in="2026-12-02")
    for words in ("手続き〔1〕", "子どものいる人", "旅券, 届出書"):
        assert f'<span lang="ja">{words}</span>' in html


def test_values_kept_once_are_filled_in(client: Client) -> None:
    period = make_period(value="4000")
    titled(1, bring_en=f"{{{{fact:{period.fact.key}}}}}", bring_ja=f"{{{{fact:{period.fact.key}}}}}")
    [item] = items_of(html_of(client, moved_in="2026-12-02"))
    assert "4,000" in item
    assert "{{" not in item


def test_text_from_the_database_is_escaped(client: Client) -> None:
    titled(1, condition_en="<script>alert(1)</script>", condition_ja="<b>", bring_en="<i>x</i>")
    html = html_of(client, moved_in="2026-12-02")
    assert "<script>alert" not in html
    assert "<i>x" not in html


def test_every_date_is_a_time_element(client: Client) -> None:
    titled(1, rolls=Rolling.LOCAL)
    for code, pattern in (("en", r"\d{1,2} (?:January|December|November) \d{4}"), ("ja", r"\d{4}年\d+月\d+日")):
        html = html_of(client, code, moved_in="2026-12-15")
        body = html[html.index("<main") : html.index("</main>")]
        bare = re.sub(r"<time [^>]*>.*?</time>", "", body)
        assert re.findall(pattern, main_text(f"<main>{bare}</main>")) == []
        assert {"2026-12-15", "2026-12-28", "2027-01-04", "2026-11-24"} <= set(re.findall(r'datetime="([^"]+)"', body))


def test_told_dates_show_both_calendars(client: Client) -> None:
    assert "Moving in 2 December 2026 (Reiwa 8, 2 December)" in text_of(client, moved_in="2026-12-02")
    assert "令和8年12月2日" in text_of(client, "ja", moved_in="2026-12-02")


def test_subscription_and_files_keep_the_parameters(client: Client) -> None:
    html = html_of(client, moved_in="2026-12-02", ref="a1").replace("&amp;", "&")
    for view in ("&for=researcher", "&for=family", "&for=host", ""):
        assert f'href="/plan.ics?moved_in=2026-12-02{view}&ref=a1"' in html
        assert f'href="webcal://testserver/plan.ics?moved_in=2026-12-02{view}&ref=a1"' in html
