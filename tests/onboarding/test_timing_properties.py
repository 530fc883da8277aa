"""The date engine on days and rules that chance picks: what holds for all of them."""

from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from onboarding.choices import Direction, Event, Rolling, TimeUnit
from onboarding.models import TimingRule
from onboarding.timing import (
    Due,
    after,
    before,
    due,
    is_closed,
    last_day_of_months,
    last_open,
    next_open,
    same_day,
)
from tests.onboarding.test_timing import AFTER, BEFORE, ON, ONE_DAY, TAX, TODAY, rule

DAYS = st.dates(date(1950, 1, 1), date(2095, 12, 31))
SPANS = st.integers(1, 40)
UNITS = st.sampled_from(list(TimeUnit))


@st.composite
def rules(draw: Any) -> TimingRule:
    direction = draw(st.sampled_from(list(Direction)))
    fields: dict[str, Any] = {}
    if draw(st.booleans()):
        fields = {
            "window_direction": draw(st.sampled_from([AFTER, BEFORE])),
            "window_offset": draw(st.integers(0, 20)),
            "window_unit": draw(UNITS),
        }
    if draw(st.booleans()):
        fields["safe_offset"] = draw(st.integers(0, 60))
    if draw(st.booleans()):
        fields["not_after_event"] = Event.STAY_END
    return rule(
        Event.ARRIVED,
        direction,
        0 if direction == ON else draw(st.integers(0, 40)),
        unit=draw(UNITS),
        counts_first_day=draw(st.booleans()),
        rolls=draw(st.sampled_from(list(Rolling))),
        day_of_next_month=draw(st.none() | st.integers(1, 28)) if direction == AFTER else None,
        **fields,
    )


def ask(row: TimingRule, event: date, limit: date | None) -> Due:
    events: dict[str, date] = {str(Event.ARRIVED): event} | ({str(Event.STAY_END): limit} if limit else {})
    found = due(row, events, today=TODAY)
    assert found is not None
    return found


quick = settings(max_examples=300, deadline=None)


@quick
@given(rules(), DAYS, st.none() | DAYS)
def test_days_stand_in_their_order(row: TimingRule, event: date, limit: date | None) -> None:
    found = ask(row, event, limit)
    assert found.act_by <= found.legal_last
    assert found.last <= found.legal_last
    assert found.opens is None or found.opens <= found.last
    if limit and row.not_after_event:
        assert found.legal_last <= limit
    if row.direction == BEFORE and row.offset:
        assert found.legal_last <= event


@quick
@given(rules(), DAYS)
def test_rolled_day_is_open_and_the_next_one(row: TimingRule, event: date) -> None:
    found = ask(row, event, None)
    if row.rolls == Rolling.NONE:
        assert found.legal_last == found.last
    elif not (row.direction == BEFORE and row.offset):
        assert not is_closed(found.legal_last)
        skipped = (found.legal_last - found.last).days
        assert all(is_closed(found.last + n * ONE_DAY) for n in range(skipped))


@quick
@given(rules(), DAYS, st.none() | DAYS)
def test_act_by_is_open_unless_nothing_open_was_left(row: TimingRule, event: date, limit: date | None) -> None:
    found = ask(row, event, limit)
    if not is_closed(found.act_by):
        return
    assert found.act_by == found.legal_last
    earliest = found.opens or event
    assert all(is_closed(earliest + n * ONE_DAY) for n in range((found.legal_last - earliest).days + 1))


@quick
@given(rules(), DAYS)
def test_act_by_is_never_after_the_unrolled_last_day_while_one_is_open(row: TimingRule, event: date) -> None:
    found = ask(row, event, None)
    earliest = found.opens or event
    safe = found.last if row.safe_offset is None or row.direction == BEFORE else event + row.safe_offset * ONE_DAY
    if row.direction != BEFORE and any(
        not is_closed(earliest + n * ONE_DAY) for n in range((min(safe, found.last) - earliest).days + 1)
    ):
        assert earliest <= found.act_by <= min(safe, found.last)


@quick
@given(rules(), DAYS, st.integers(0, 400))
def test_a_later_event_never_brings_an_earlier_day(row: TimingRule, event: date, later: int) -> None:
    first, second = ask(row, event, None), ask(row, event + later * ONE_DAY, None)
    assert first[1:4] <= second[1:4]
    assert all(one <= other for one, other in zip(first[1:4], second[1:4], strict=True))


def article_143(start: date, number: int) -> date:
    """Read Civil Code 143 II word by word: the eve of the corresponding day, or the end of a month that lacks it."""
    year, month = start.year, start.month
    for _ in range(number):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    try:
        return date(year, month, start.day) - ONE_DAY
    except ValueError:
        first_of_next = date(year + 1, 1, 1) if month == 12 else date(year, month + 1, 1)
        return first_of_next - ONE_DAY


@quick
@given(DAYS, SPANS)
def test_months_follow_article_143(start: date, number: int) -> None:
    assert last_day_of_months(start, number) == article_143(start, number)
    assert after(start - ONE_DAY, number, TimeUnit.MONTH, counts_first_day=False) == article_143(start, number)
    assert after(start, number, TimeUnit.YEAR, counts_first_day=True) == article_143(start, 12 * number)


@quick
@given(DAYS, SPANS)
def test_counting_the_first_day_ends_one_day_earlier(event: date, number: int) -> None:
    counted, left_out = (after(event, number, TimeUnit.DAY, counts_first_day=flag) for flag in (True, False))
    assert left_out - counted == ONE_DAY
    for unit in (TimeUnit.MONTH, TimeUnit.YEAR):
        counted, left_out = (after(event, number, unit, counts_first_day=flag) for flag in (True, False))
        # At a month's end the two may meet, or lie as far apart as the months' lengths.
        assert timedelta(0) <= left_out - counted <= timedelta(days=4)


@quick
@given(DAYS, SPANS, UNITS)
def test_act_by_is_not_after_the_same_numbered_day(event: date, number: int, unit: TimeUnit) -> None:
    row = rule(Event.ARRIVED, AFTER, number, unit=unit)
    wanted = {
        TimeUnit.DAY: event + number * ONE_DAY,
        TimeUnit.MONTH: same_day(event, number),
        TimeUnit.YEAR: same_day(event, 12 * number),
    }[unit]
    found = ask(row, event, None)
    if not is_closed(found.act_by):
        assert found.act_by <= wanted


@quick
@given(DAYS, SPANS, UNITS)
def test_before_lies_before_by_the_same_number(event: date, number: int, unit: TimeUnit) -> None:
    day = before(event, number, unit)
    assert day < event
    if unit != TimeUnit.DAY:
        assert day.day == event.day or (day + ONE_DAY).day == 1


@quick
@given(DAYS)
def test_open_days_around_a_day(day: date) -> None:
    assert last_open(day) <= day <= next_open(day)
    assert not is_closed(last_open(day))
    assert not is_closed(next_open(day))
    if not is_closed(day):
        assert last_open(day) == day == next_open(day)


@quick
@given(st.dates(date(1950, 1, 1), date(2095, 12, 31)), st.booleans())
def test_yearly_window_is_current_or_next(today: date, crosses: bool) -> None:
    fields: dict[str, Any] = (
        {"yearly_from": "11-01", "yearly_to": "01-31"} if crosses else {"yearly_from": "02-16", "yearly_to": "03-15"}
    )
    found = due(rule(Event.YEARLY, BEFORE, **fields, **TAX), {}, today=today)
    assert found is not None
    assert found.opens is not None
    assert found.opens < found.last
    assert today <= found.legal_last <= today + timedelta(days=372)
