"""Facts by date: switched by the clock alone, announced before, confirmed by a second person, never overlapping."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.test import Client
from django.utils import translation

from onboarding.models import FactPeriod, Guide
from onboarding.models.facts import next_change, period_on
from tests.factories.onboarding import (
    make_case,
    make_fact,
    make_guide,
    make_material,
    make_period,
    make_step,
    make_user,
)
from tests.helpers import main_text, page
from wpiforum.publishing.confirmation import WorkflowError, confirm

pytestmark = pytest.mark.django_db
TODAY, TOMORROW = date(2026, 11, 23), date(2026, 11, 24)
REFUSED = (ValidationError, IntegrityError)


def make_guide_about_fee(**fields: Any) -> Guide:
    """Make a guide whose step, case and material refer to the fee: 4,000 yen, from 24 November 2026 6,000."""
    guide = make_guide(**fields)
    text: dict[str, Any] = {
        "body_ja": "<p>手数料は{{fact:fee}}です。</p>",
        "body_en": "<p>The fee is {{fact:fee}}.</p>",
    }
    make_step(guide=guide, slug="pay", **text)
    make_step(guide=guide, slug="bring-money", bring_ja="現金{{fact:fee}}", bring_en="{{fact:fee}} in cash")
    make_case(guides=[guide], **text)
    make_material(guides=[guide], **text)
    return guide


def addresses(guide: Guide) -> list[str]:
    """Return every page that shows the guide's text."""
    path = f"guides/{guide.topic.slug}/{guide.slug}/"
    return [path, f"{path}?view=both", f"{path}pay/sheet/", f"{path}bring-money/sheet/"]


def without_table(html: str) -> str:
    """Return the page's text without the table of values, which also names what is announced."""
    return main_text(re.sub(r'<section aria-labelledby="values">.*?</section>', "", html, flags=re.DOTALL))


@pytest.mark.parametrize(("code", "old", "new"), [("ja", "4,000円", "6,000円"), ("en", "4,000 yen", "6,000 yen")])
def test_value_entered_for_tomorrow_shows_tomorrow_on_every_page_without_a_save(
    client: Client, japan_noon: Callable[[date], None], code: str, old: str, new: str
) -> None:
    make_fact(key="fee", periods=[(None, TOMORROW, "4000"), (TOMORROW, None, "6000")])
    guide = make_guide_about_fee()
    for day, shown, hidden in ((TODAY, old, new), (TOMORROW, new, old)):
        japan_noon(day)
        for path in addresses(guide):
            text = without_table(page(client, f"/{code}/{path}"))
            assert (shown in text, hidden in text) == (True, False), (day, path)


def test_coming_value_is_announced_with_its_date(client: Client, japan_noon: Callable[[date], None]) -> None:
    make_fact(key="fee", label_en="Fee", periods=[(None, TOMORROW, "4000"), (TOMORROW, None, "6000")])
    guide = make_guide_about_fee()
    japan_noon(TODAY)
    text = main_text(page(client, f"/en/{addresses(guide)[0]}"))
    assert "Fee 4,000 yen until 23 November 2026 6,000 yen (since 24 November 2026 )" in text


def test_value_that_is_only_announced_is_marked_as_planned(client: Client, japan_noon: Callable[[date], None]) -> None:
    fact = make_fact(key="fee", periods=[(None, TOMORROW, "4000")])
    make_period(fact=fact, value="6000", start_on=TOMORROW, is_planned=True)
    japan_noon(TODAY)
    text = main_text(page(client, f"/en/{addresses(make_guide_about_fee())[0]}"))
    assert "6,000 yen (since 24 November 2026 ) planned" in text


def test_value_in_force_is_no_longer_announced(client: Client, japan_noon: Callable[[date], None]) -> None:
    make_fact(key="fee", periods=[(None, TOMORROW, "4000"), (TOMORROW, None, "6000")])
    guide = make_guide_about_fee()
    japan_noon(TOMORROW)
    assert "4,000 yen" not in page(client, f"/en/{addresses(guide)[0]}")


@pytest.mark.parametrize("code", ["ja", "en"])
def test_unconfirmed_value_is_shown_nowhere(client: Client, japan_noon: Callable[[date], None], code: str) -> None:
    fact = make_fact(key="fee", periods=[(None, TOMORROW, "4000")])
    make_period(fact=fact, value="7777", start_on=TOMORROW, confirmed=False)
    guide = make_guide_about_fee()
    for day in (TODAY, TOMORROW):
        japan_noon(day)
        for path in addresses(guide):
            assert "7,777" not in page(client, f"/{code}/{path}"), (day, path)


def test_unconfirmed_value_may_share_days_with_the_one_in_force() -> None:
    fact = make_fact(value="4000")
    make_period(fact=fact, value="6000", start_on=TOMORROW, confirmed=False)
    assert fact.periods.count() == 2


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (None, None),
        (date(2025, 3, 31), None),
        (None, date(2020, 4, 2)),
        (date(2022, 1, 1), date(2022, 1, 2)),
    ],
)
def test_two_values_of_one_day_are_refused(start: date | None, end: date | None) -> None:
    fact = make_fact(periods=[(date(2020, 4, 1), date(2025, 4, 1), "4000")])
    with pytest.raises(REFUSED), transaction.atomic():
        make_period(fact=fact, start_on=start, end_on=end)
    assert fact.periods.count() == 1


def test_editor_reads_why_two_values_of_one_day_are_refused() -> None:
    fact = make_fact(value="4000")
    row = FactPeriod(fact=fact, value="6000", start_on=TODAY, confirmed_at=fact.periods.get().confirmed_at)
    with translation.override("en"), pytest.raises(ValidationError) as caught:
        row.full_clean(exclude=["source"])
    assert caught.value.messages == ["Another value of this fact covers part of this time. End it first."]


def test_values_that_touch_do_not_overlap() -> None:
    day = date(2025, 4, 1)
    assert make_fact(periods=[(None, day, "4000"), (day, None, "6000")]).periods.count() == 2


def test_two_facts_may_have_a_value_on_one_day() -> None:
    make_fact(value="4000")
    make_fact(value="6000")
    assert FactPeriod.objects.count() == 2


@pytest.mark.parametrize(
    ("day", "value"),
    [
        (date(2019, 12, 31), None),
        (date(2020, 1, 1), "4000"),
        (date(2025, 3, 31), "4000"),
        (date(2025, 4, 1), "6000"),
        (date(2026, 3, 31), "6000"),
        (date(2026, 4, 1), None),
    ],
)
def test_end_is_the_first_day_no_longer_valid(day: date, value: str | None) -> None:
    fact = make_fact(
        periods=[
            (date(2020, 1, 1), date(2025, 4, 1), "4000"),
            (date(2025, 4, 1), date(2026, 4, 1), "6000"),
        ]
    )
    found = period_on(fact.periods.all(), day)
    assert (found.value if found else None) == value


def test_next_change_is_the_earliest_later_start() -> None:
    fact = make_fact(
        periods=[
            (None, TODAY, "1"),
            (TODAY, TOMORROW, "2"),
            (TOMORROW, date(2027, 4, 1), "3"),
            (date(2027, 4, 1), None, "4"),
        ]
    )
    found = next_change(fact.periods.all(), TODAY)
    assert found is not None
    assert found.value == "3"


def test_unconfirmed_value_announces_no_change() -> None:
    fact = make_fact(value="4000")
    make_period(fact=fact, start_on=TOMORROW, confirmed=False)
    assert next_change(fact.periods.all(), TODAY) is None


def test_unconfirmed_value_does_not_hold_on_its_day() -> None:
    row = make_period(confirmed=False)
    assert period_on(row.fact.periods.all(), TODAY) is None


def test_nobody_confirms_what_they_entered() -> None:
    person = make_user()
    row = make_period(confirmed=False, entered_by=person)
    with translation.override("en"), pytest.raises(WorkflowError, match="Somebody else has to confirm"):
        confirm(row, by=person)
    row.refresh_from_db()
    assert not row.is_confirmed()


def test_database_refuses_one_person_for_both_parts() -> None:
    person = make_user()
    row = make_period(confirmed=False, entered_by=person)
    with pytest.raises(IntegrityError), transaction.atomic():
        FactPeriod.objects.filter(pk=row.pk).update(confirmed_by=person)


def test_second_person_puts_a_value_into_effect(japan_noon: Callable[[date], None]) -> None:
    row = make_period(confirmed=False, entered_by=make_user())
    checker = make_user()
    japan_noon(TODAY)
    confirm(row, by=checker)
    assert (row.confirmed_by, row.confirmed_at and row.confirmed_at.date()) == (checker, TODAY)
    assert period_on(row.fact.periods.all(), TODAY) == row


def test_value_is_confirmed_only_once() -> None:
    row = make_period(confirmed=False, entered_by=make_user())
    confirm(row, by=make_user())
    with translation.override("en"), pytest.raises(WorkflowError, match="already confirmed"):
        confirm(row, by=make_user())


def test_correction_takes_the_place_of_the_value_it_replaces() -> None:
    fact = make_fact(value="4000")
    wrong = fact.periods.get()
    right = make_period(fact=fact, value="6000", confirmed=False, replaces=wrong, entered_by=make_user())
    confirm(right, by=make_user())
    assert [(row.value, row.is_confirmed(), row.replaces) for row in fact.periods.all()] == [("6000", True, None)]


def test_correction_that_would_overlap_a_third_value_changes_nothing() -> None:
    fact = make_fact(periods=[(None, TODAY, "4000"), (TODAY, None, "5000")])
    wrong = fact.periods.get(value="4000")
    row = make_period(fact=fact, value="6000", confirmed=False, replaces=wrong, entered_by=make_user())
    with pytest.raises(REFUSED), transaction.atomic():
        confirm(row, by=make_user())
    assert sorted((period.value, period.is_confirmed()) for period in fact.periods.all()) == [
        ("4000", True),
        ("5000", True),
        ("6000", False),
    ]


def test_source_of_a_value_cannot_be_deleted() -> None:
    source = make_period().source
    with pytest.raises(ProtectedError):
        source.delete()
