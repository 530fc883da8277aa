"""Timing rules in words, in both languages: each shape a rule can take."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation

from onboarding.choices import Direction, Event, Rolling, RuleKind, TimeUnit
from onboarding.models import TimingRule
from onboarding.rules import counting_text, when_text
from tests.factories.onboarding import make_rule, make_step
from tests.helpers import LANGUAGES

AFTER, BEFORE, ON = Direction.AFTER, Direction.BEFORE, Direction.ON


def rule(**fields: Any) -> TimingRule:
    return TimingRule(
        **{"kind": RuleKind.STATUTORY, "event": Event.MOVED_IN, "direction": AFTER, "offset": 14, **fields}
    )


def both(words: Any, row: TimingRule) -> tuple[str, str]:
    """Return the words in Japanese and in English."""
    found = []
    for code in LANGUAGES:
        with translation.override(code):
            found.append(words(row))
    return found[0], found[1]


SHAPES: list[tuple[dict[str, Any], str, str]] = [
    ({}, "{event}から14日以内", "within 14 days after moving in"),
    ({"offset": 1}, "{event}から1日以内", "within 1 day after moving in"),
    (
        {"offset": 3, "unit": TimeUnit.MONTH, "event": Event.ISSUED},
        "{event}から3か月以内",
        "within 3 months after the issue of the certificate of eligibility",
    ),
    (
        {"offset": 2, "unit": TimeUnit.YEAR, "event": Event.MOVED_OUT},
        "{event}から2年以内",
        "within 2 years after moving out of Japan",
    ),
    (
        {"direction": BEFORE, "event": Event.ARRIVED, "offset": 45},
        "{event}の45日前まで",
        "45 days before arrival in Japan at the latest",
    ),
    (
        {"direction": BEFORE, "event": Event.STAY_END, "offset": 0},
        "{event}まで",
        "by the last day of the period of stay",
    ),
    ({"direction": ON, "event": Event.ARRIVED, "offset": 0}, "{event}（当日）", "on arrival in Japan"),
    (
        {"direction": AFTER, "event": Event.ISSUED, "offset": 0},
        "{event}（当日）",
        "on the issue of the certificate of eligibility",
    ),
    (
        {"event": Event.STARTED, "day_of_next_month": 10},
        "{event}の翌月10日まで",
        "by day 10 of the month after the first day of work",
    ),
    (
        {"event": Event.YEARLY, "yearly_from": "02-16", "yearly_to": "03-15"},
        "毎年2月16日から3月15日まで",
        "every year from 16 February to 15 March",
    ),
    ({"event": Event.YEARLY, "yearly_to": "03-15"}, "毎年3月15日まで", "by 15 March every year"),
    (
        {
            "direction": BEFORE,
            "event": Event.STAY_END,
            "offset": 0,
            "window_direction": BEFORE,
            "window_offset": 3,
            "window_unit": TimeUnit.MONTH,
        },
        "{event}まで（3か月前からできます）",
        "by the last day of the period of stay (possible from 3 months before)",
    ),
    (
        {
            "event": Event.ARRIVED,
            "offset": 3,
            "window_direction": AFTER,
            "window_offset": 1,
            "window_unit": TimeUnit.DAY,
        },
        "{event}から3日以内（1日後からできます）",
        "within 3 days after arrival in Japan (possible from 1 day after)",
    ),
    (
        {
            "event": Event.ISSUED,
            "offset": 3,
            "unit": TimeUnit.MONTH,
            "window_direction": AFTER,
            "window_offset": 0,
            "window_unit": TimeUnit.DAY,
        },
        "{event}から3か月以内",
        "within 3 months after the issue of the certificate of eligibility",
    ),
    (
        {"event": Event.ABSENT_FROM, "offset": 1, "unit": TimeUnit.YEAR, "not_after_event": Event.STAY_END},
        "{event}から1年以内（ただし{other}を過ぎない日まで）",
        "within 1 year after the temporary departure, and not after the last day of the period of stay",
    ),
]


@pytest.mark.parametrize(("fields", "ja", "en"), SHAPES)
def test_rule_says_when_in_both_languages(fields: dict[str, Any], ja: str, en: str) -> None:
    row = rule(**fields)
    with translation.override("ja"):
        names = {"event": Event(row.event).label, "other": row.not_after_event and Event(row.not_after_event).label}
    assert both(when_text, row) == (ja.format(**names), en)


@pytest.mark.parametrize("event", Event.values)
def test_every_event_has_words_in_both_languages(event: str) -> None:
    ja, en = both(lambda row: str(Event(row.event).label), rule(event=event))
    assert ja != en


NOT_COUNTED = ("初日は数えません。", "The first day is not counted.")
STAYS = ("最終日が休日でも、期限は延びません。", "A closed office does not move the last day.")
ROLLS = (
    "最終日が閉庁日のときは、次の開庁日が最終日になります（{}）。",
    "If the office is closed on the last day, the next open day counts ({}).",
)


def joined(*sentences: tuple[str, str]) -> tuple[str, str]:
    """Return the sentences of each language as one text."""
    return "".join(row[0] for row in sentences), " ".join(row[1] for row in sentences)


def test_law_of_the_counting_is_named() -> None:
    row = rule(counting_law_ja="民法第140条", counting_law_en="Civil Code, article 140")
    assert both(counting_text, row) == joined(
        ("初日は数えません（民法第140条）。", "The first day is not counted (Civil Code, article 140)."), STAYS
    )


def test_counted_first_day_is_said_with_its_law() -> None:
    row = rule(counts_first_day=True, counting_law_ja="戸籍法第43条", counting_law_en="Family Register Act, article 43")
    assert both(counting_text, row) == joined(
        ("初日を数えます（戸籍法第43条）。", "The first day counts (Family Register Act, article 43)."), STAYS
    )


def test_counted_first_day_is_said_without_a_law() -> None:
    assert both(counting_text, rule(counts_first_day=True)) == joined(
        ("初日を数えます。", "The first day counts."), STAYS
    )


@pytest.mark.parametrize(
    ("rolls", "ja", "en"),
    [
        (Rolling.NATIONAL, "行政機関の休日に関する法律第2条", "Act on Holidays of Administrative Organs, article 2"),
        (Rolling.LOCAL, "地方自治法第4条の2", "Local Autonomy Act, article 4-2"),
        (Rolling.TAX, "国税通則法第10条", "General Act of National Taxes, article 10"),
    ],
)
def test_law_that_moves_the_last_day_is_named(rolls: str, ja: str, en: str) -> None:
    sentence = (ROLLS[0].format(ja), ROLLS[1].format(en))
    assert both(counting_text, rule(rolls=rolls)) == joined(NOT_COUNTED, sentence)


def test_counting_is_silent_for_mere_advice() -> None:
    assert both(counting_text, rule(kind=RuleKind.ADVICE, rolls=Rolling.LOCAL)) == ("", "")


def test_counting_backwards_has_no_first_day() -> None:
    assert both(counting_text, rule(direction=BEFORE)) == STAYS


def test_day_of_the_next_month_counts_no_days() -> None:
    assert both(counting_text, rule(event=Event.STARTED, day_of_next_month=10)) == STAYS


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"event": Event.YEARLY}, "Give the yearly dates exactly when the event is “the same dates every year”."),
    ({"yearly_to": "03-15"}, "Give the yearly dates exactly when the event is “the same dates every year”."),
    ({"window_direction": BEFORE}, "Fill in all three parts of the window, or none."),
    ({"direction": ON, "offset": 3}, "“On the day” has no offset."),
    ({"day_of_next_month": 29}, "The day of the next month lies between 1 and 28."),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("fields", "sentence"), REFUSED)
def test_rule_that_makes_no_sense_is_refused_by_the_form(fields: dict[str, Any], sentence: str) -> None:
    row = rule(step=make_step(), **fields)
    with translation.override("en"), pytest.raises(ValidationError) as caught:
        row.full_clean()
    assert sentence in caught.value.messages


@pytest.mark.django_db
@pytest.mark.parametrize(("fields", "sentence"), REFUSED)
def test_rule_that_makes_no_sense_is_refused_by_the_database(fields: dict[str, Any], sentence: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_rule(**fields)
    assert TimingRule.objects.count() == 0, sentence


@pytest.mark.django_db
def test_step_has_one_rule_in_effect() -> None:
    step = make_rule().step
    make_rule(step=step, confirmed=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_rule(step=step)
    assert TimingRule.objects.filter(step=step, confirmed_at__isnull=False).count() == 1


@pytest.mark.django_db
def test_unconfirmed_rule_is_not_in_effect() -> None:
    step = make_rule(confirmed=False).step
    assert type(step).objects.for_page().get(pk=step.pk).rule is None
