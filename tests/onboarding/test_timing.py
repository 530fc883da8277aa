"""The date engine against cases worked out by hand and the statutes' own examples.

The cases were counted on paper calendars of 2026 to 2028 before the engine was asked. In each row: where the rule or
the example comes from, what happened, and the days expected.
"""

from datetime import date, timedelta
from typing import Any, NamedTuple

import pytest
from django.core.exceptions import ValidationError

from onboarding.choices import Direction, Event, Rolling, TimeUnit
from onboarding.models import TimingRule
from onboarding.timing import (
    Due,
    due,
)

ONE_DAY = timedelta(days=1)
TODAY = date(2026, 11, 24)


def rule(event: Event, direction: Direction = Direction.AFTER, offset: int = 0, **fields: Any) -> TimingRule:
    """Return an unsaved rule: everything else is the default, so first day left out, never rolled."""
    return TimingRule(event=event, direction=direction, offset=offset, **fields)


def months(event: Event, number: int, **fields: Any) -> TimingRule:
    return rule(event, offset=number, unit=TimeUnit.MONTH, **fields)


def years(event: Event, number: int, **fields: Any) -> TimingRule:
    return rule(event, offset=number, unit=TimeUnit.YEAR, **fields)


def d(text: str) -> date:
    return date.fromisoformat(text)


AFTER, BEFORE, ON = Direction.AFTER, Direction.BEFORE, Direction.ON
LOCAL: dict[str, Any] = {"rolls": Rolling.LOCAL}
NATIONAL: dict[str, Any] = {"rolls": Rolling.NATIONAL}
TAX: dict[str, Any] = {"rolls": Rolling.TAX}

# The rules of the material's checklist (section 5), with their laws.
ADDRESS = rule(Event.MOVED_IN, AFTER, 14, **LOCAL)
BIRTH = rule(Event.BORN, AFTER, 14, counts_first_day=True, **LOCAL)
BABY_STATUS = rule(Event.BORN, AFTER, 30, safe_offset=29, **NATIONAL)
ALLOWANCE = rule(Event.BORN, AFTER, 15, **LOCAL)
CERTIFICATE = months(Event.ISSUED, 3)
SLIP = months(Event.CONTRACT_END, 1)
DRIVING = years(Event.ARRIVED, 1, counts_first_day=True)
RE_ENTRY = years(Event.ABSENT_FROM, 1, not_after_event=Event.STAY_END)
PENSION = years(Event.MOVED_OUT, 2)
CARD = rule(Event.LOST_CARD, AFTER, 14, **NATIONAL)
LEFT_HOST = rule(Event.CONTRACT_END, AFTER, 14, **NATIONAL)
KEEP_INSURANCE = rule(Event.CONTRACT_END, AFTER, 20)
ENROLL = rule(Event.STARTED, AFTER, 5)
HELLO_WORK = rule(Event.STARTED, AFTER, 10, day_of_next_month=10, **NATIONAL)
CONDITIONS = rule(Event.STARTED, BEFORE, 0)
TREATY = rule(Event.PAID, BEFORE, 1)
PLAN_HOST = rule(Event.ARRIVED, BEFORE, 180)
REMIND = rule(Event.STAY_END, BEFORE, 120)
PETS = rule(Event.ARRIVED, BEFORE, 7, unit=TimeUnit.MONTH)
FELLOW_FORMS = rule(Event.ARRIVED, BEFORE, 1, unit=TimeUnit.MONTH)
EXTEND = rule(
    Event.STAY_END,
    BEFORE,
    0,
    window_direction=BEFORE,
    window_offset=3,
    window_unit=TimeUnit.MONTH,
    **NATIONAL,
)
MOVE_OUT = rule(Event.DEPARTS, BEFORE, 0, window_direction=BEFORE, window_offset=14, window_unit=TimeUnit.DAY)
CITY_HALL = rule(Event.ARRIVED, AFTER, 3, window_direction=AFTER, window_offset=1, window_unit=TimeUnit.DAY)
LAND = rule(Event.ARRIVED, ON)
LEAVE = rule(Event.DEPARTS, ON)
TAX_RETURN = rule(Event.YEARLY, BEFORE, 0, yearly_from="02-16", yearly_to="03-15", **TAX)
RESIDENT_TAX = rule(Event.YEARLY, BEFORE, 0, yearly_to="03-15", **LOCAL)


class Case(NamedTuple):
    """`legal` is the legal last day after rolling, `act` the day to act by; where empty they equal `last`."""

    source: str
    rule: TimingRule
    event: str
    last: str
    legal: str = ""
    act: str = ""
    opens: str = ""
    other: dict[Event, str] = {}
    today: str = ""
    provisional: bool = False


CASES = [
    # 14 days, first day left out: Civil Code 140, Basic Resident Registration Act 30-46; Local Autonomy Act 4-2
    Case("product.md B1: moved in 3 April 2026, within 14 days", ADDRESS, "2026-04-03", "2026-04-17"),
    Case("Golden Week: Saturday before it", ADDRESS, "2026-04-18", "2026-05-02", "2026-05-07", "2026-05-01"),
    Case("Golden Week: Sunday, Constitution Day", ADDRESS, "2026-04-19", "2026-05-03", "2026-05-07", "2026-05-01"),
    Case("Golden Week: Greenery Day", ADDRESS, "2026-04-20", "2026-05-04", "2026-05-07", "2026-05-01"),
    Case("Golden Week: Children's Day", ADDRESS, "2026-04-21", "2026-05-05", "2026-05-07", "2026-05-01"),
    Case(
        "Holidays Act 3 II: 6 May replaces Sunday 3 May",
        ADDRESS, "2026-04-22", "2026-05-06", "2026-05-07", "2026-05-01",
    ),
    Case("first open day after Golden Week", ADDRESS, "2026-04-23", "2026-05-07"),
    Case("Showa Day on a Wednesday", ADDRESS, "2026-04-15", "2026-04-29", "2026-04-30", "2026-04-28"),
    Case("Golden Week 2027", ADDRESS, "2027-04-20", "2027-05-04", "2027-05-06", "2027-04-30"),
    Case("Showa Day on a Thursday", ADDRESS, "2027-04-15", "2027-04-29", "2027-04-30", "2027-04-28"),
    Case("ten days closed in 2019 (Act 99 of 2018)", ADDRESS, "2019-04-20", "2019-05-04", "2019-05-07", "2019-04-26"),
    Case(
        "Holidays Act 3 III: 22 Sep lies between two",
        ADDRESS, "2026-09-08", "2026-09-22", "2026-09-24", "2026-09-18",
    ),
    Case("Saturday before five closed days", ADDRESS, "2026-09-05", "2026-09-19", "2026-09-24", "2026-09-18"),
    Case("equinox on a Sunday", ADDRESS, "2027-03-07", "2027-03-21", "2027-03-23", "2027-03-19"),
    Case("substitute of the equinox", ADDRESS, "2027-03-08", "2027-03-22", "2027-03-23", "2027-03-19"),
    Case("Act on Holidays 1 I iii: last open day of the year", ADDRESS, "2026-12-14", "2026-12-28"),
    Case("Act on Holidays 1 I iii: 29 December", ADDRESS, "2026-12-15", "2026-12-29", "2027-01-04", "2026-12-28"),
    Case("Act on Holidays 1 I iii: 3 January", ADDRESS, "2026-12-20", "2027-01-03", "2027-01-04", "2026-12-28"),
    Case("first open day of the year", ADDRESS, "2026-12-21", "2027-01-04"),
    Case("Coming-of-Age Day", ADDRESS, "2026-12-28", "2027-01-11", "2027-01-12", "2027-01-08"),
    Case(
        "rolled into an unpublished year",
        ADDRESS, "2027-12-15", "2027-12-29", "2028-01-04", "2027-12-28", provisional=True,
    ),
    Case(
        "3 January 2028 is a Monday",
        ADDRESS, "2027-12-20", "2028-01-03", "2028-01-04", "2027-12-28", provisional=True,
    ),
    Case("last open day of the last published year", ADDRESS, "2027-12-14", "2027-12-28"),
    Case("end of February", ADDRESS, "2026-02-14", "2026-02-28", "2026-03-02", "2026-02-27"),
    Case("leap day", ADDRESS, "2028-02-15", "2028-02-29", provisional=True),
    Case("leap day of 2024", ADDRESS, "2024-02-15", "2024-02-29"),
    Case("end of the fiscal year", ADDRESS, "2026-03-17", "2026-03-31"),
    Case("first day of the fiscal year", ADDRESS, "2026-03-18", "2026-04-01"),
    Case("ICRRA 19-12: lost card, over New Year's Day", CARD, "2026-12-18", "2027-01-01", "2027-01-04", "2026-12-28"),
    Case("ICRRA 19-16: left on the last day of the year", LEFT_HOST, "2026-03-31", "2026-04-14"),
    Case("Health Insurance Act 37: 20 days", KEEP_INSURANCE, "2026-03-31", "2026-04-20"),
    Case("Health Insurance Regulation 24: 5 days", ENROLL, "2026-04-01", "2026-04-06"),
    Case("never rolls: fifth day closed", ENROLL, "2026-05-01", "2026-05-06", "2026-05-06", "2026-05-01"),
    Case(
        "closed ever since",
        rule(Event.MOVED_IN, AFTER, 3, **LOCAL), "2026-12-29", "2027-01-01", "2027-01-04", "2027-01-04",
    ),
    # The day itself counts: Family Register Act 43
    Case("Family Register Act 43, product.md B1: 1 April → 14 April", BIRTH, "2026-04-01", "2026-04-14"),
    Case("14th day in Golden Week", BIRTH, "2026-04-20", "2026-05-03", "2026-05-07", "2026-05-01"),
    Case("14th day is 29 December", BIRTH, "2026-12-16", "2026-12-29", "2027-01-04", "2026-12-28"),
    Case("14th day is the end of February", BIRTH, "2026-02-15", "2026-02-28", "2026-03-02", "2026-02-27"),
    Case("14th day is the leap day", BIRTH, "2028-02-16", "2028-02-29", provisional=True),
    Case("born on the leap day", BIRTH, "2024-02-29", "2024-03-13"),
    # ICRRA 22-2 III: 30 days; the material's safe day is the 29th after the birth
    Case("material R23: safe day", BABY_STATUS, "2026-04-01", "2026-05-01", "2026-05-01", "2026-04-30"),
    Case("safe day in Golden Week", BABY_STATUS, "2026-04-05", "2026-05-05", "2026-05-07", "2026-05-01"),
    Case("safe day is the last open day", BABY_STATUS, "2026-11-29", "2026-12-29", "2027-01-04", "2026-12-28"),
    Case("Child Allowance Act 8 III: 15 days", ALLOWANCE, "2026-04-01", "2026-04-16"),
    Case("15th day is Respect-for-the-Aged Day", ALLOWANCE, "2026-09-06", "2026-09-21", "2026-09-24", "2026-09-18"),
    # Months: Civil Code 143 II; the validity of a certificate (ICRRA 7-2) never rolls
    Case("product.md B1: certificate of 31 January", CERTIFICATE, "2026-01-31", "2026-04-30"),
    Case("product.md B1: 28 February + 3 months", CERTIFICATE, "2026-02-28", "2026-05-31", "2026-05-31", "2026-05-28"),
    Case("Civil Code 143 II: middle of a month", CERTIFICATE, "2026-01-15", "2026-04-15"),
    Case("ends before 1 March", CERTIFICATE, "2026-11-30", "2027-02-28", "2027-02-28", "2027-02-26"),
    Case("ends before 1 March of a leap year", CERTIFICATE, "2027-11-30", "2028-02-29", provisional=True),
    Case("Civil Code 143 II: no 30 February", CERTIFICATE, "2026-11-29", "2027-02-28", "2027-02-28", "2027-02-26"),
    Case("no 30 February in a leap year", CERTIFICATE, "2027-11-29", "2028-02-29", provisional=True),
    Case("from the last day of the year", CERTIFICATE, "2026-12-31", "2027-03-31"),
    Case("into the next year", CERTIFICATE, "2026-10-31", "2027-01-31", "2027-01-31", "2027-01-29"),
    Case("31 March has no twin in June", CERTIFICATE, "2026-03-31", "2026-06-30"),
    Case("30 April: whole months to 31 July", CERTIFICATE, "2026-04-30", "2026-07-31", "2026-07-31", "2026-07-30"),
    Case("Income Tax Act 226: slip within a month", SLIP, "2026-03-31", "2026-04-30"),
    Case("31 January + 1 month", SLIP, "2027-01-31", "2027-02-28", "2027-02-28", "2027-02-26"),
    Case("28 February 2027 + 1 month", SLIP, "2027-02-28", "2027-03-31", "2027-03-31", "2027-03-26"),
    # Years. Road Traffic Act 107-2: the landing day counts, and no office is asked
    Case("product.md B1: landed 3 April 2026", DRIVING, "2026-04-03", "2027-04-02"),
    Case("landed on 1 December 2026", DRIVING, "2026-12-01", "2027-11-30"),
    Case("landed on New Year's Day: never rolls", DRIVING, "2026-01-01", "2026-12-31", "2026-12-31", "2026-12-28"),
    Case("landed on the leap day", DRIVING, "2028-02-29", "2029-02-28", provisional=True),
    Case("the year ends on the leap day", DRIVING, "2027-03-01", "2028-02-29", provisional=True),
    Case("a Sunday: never rolls", DRIVING, "2027-02-28", "2028-02-27", "2028-02-27", "2028-02-25", provisional=True),
    # Special re-entry: ICRRA 26-2; never rolls, never after the end of stay
    Case("material section 0: departed 15 December 2019", RE_ENTRY, "2019-12-15", "2020-12-15"),
    Case("a year from 20 December", RE_ENTRY, "2026-12-20", "2027-12-20"),
    Case("the stay ends first", RE_ENTRY, "2026-12-20", "2027-06-30", other={Event.STAY_END: "2027-06-30"}),
    Case("the stay ends later", RE_ENTRY, "2026-12-20", "2027-12-20", other={Event.STAY_END: "2028-03-31"}),
    Case(
        "the stay ends on a Saturday",
        RE_ENTRY, "2026-06-01", "2027-05-01", "2027-05-01", "2027-04-30", other={Event.STAY_END: "2027-05-01"},
    ),
    Case("departed on the leap day", RE_ENTRY, "2028-02-29", "2029-02-28", provisional=True),
    Case(
        "departed before a leap day",
        RE_ENTRY, "2027-02-28", "2028-02-29", "2028-02-29", "2028-02-28", provisional=True,
    ),
    # Employees' Pension Insurance Act, supplementary 29: two years
    Case("moved out at the end of the fiscal year", PENSION, "2026-03-31", "2028-03-31", provisional=True),
    Case("moved out on the leap day", PENSION, "2028-02-29", "2030-02-28", provisional=True),
    Case("moved out on 28 February", PENSION, "2026-02-28", "2028-02-29", "2028-02-29", "2028-02-28", provisional=True),
    # Extension of stay: ICRRA 21, Regulation 21: from three months before; Act on Holidays 2
    Case("stay ends on a Sunday", EXTEND, "2026-05-31", "2026-05-31", "2026-06-01", "2026-05-29", opens="2026-02-28"),
    Case(
        "stay ends in Golden Week",
        EXTEND, "2026-05-02", "2026-05-02", "2026-05-07", "2026-05-01", opens="2026-02-02",
    ),
    Case("stay ends on 2 January", EXTEND, "2027-01-02", "2027-01-02", "2027-01-04", "2026-12-28", opens="2026-10-02"),
    Case(
        "stay ends on 31 December",
        EXTEND, "2026-12-31", "2026-12-31", "2027-01-04", "2026-12-28", opens="2026-09-30",
    ),
    Case("window opens on the leap day", EXTEND, "2028-05-31", "2028-05-31", opens="2028-02-29", provisional=True),
    # Before an event
    Case(
        "Resident Registration Act 24: leaves on Sports Day",
        MOVE_OUT, "2026-10-12", "2026-10-12", "2026-10-12", "2026-10-09", opens="2026-09-28",
    ),
    Case("leaves on 3 January", MOVE_OUT, "2027-01-03", "2027-01-03", "2027-01-03", "2026-12-28", opens="2026-12-20"),
    Case("treaty form: the day before the first payment", TREATY, "2026-04-25", "2026-04-24"),
    Case("treaty form: the day before is closed", TREATY, "2026-05-07", "2026-05-06", "2026-05-06", "2026-05-01"),
    Case(
        "a roll never passes the event",
        rule(Event.PAID, BEFORE, 1, **LOCAL), "2026-05-04", "2026-05-03", "2026-05-04", "2026-05-01",
    ),
    Case("material H01: 180 days before arrival", PLAN_HOST, "2026-12-01", "2026-06-04"),
    Case("material H16: 120 days before the end of stay", REMIND, "2027-03-31", "2026-12-01"),
    Case("7 months before 30 September", PETS, "2026-09-30", "2026-02-28", "2026-02-28", "2026-02-27"),
    Case("1 month before 31 March of a leap year", FELLOW_FORMS, "2024-03-31", "2024-02-29"),
    Case("Labor Standards Act 15: by the first day of work", CONDITIONS, "2026-04-01", "2026-04-01"),
    Case("first day of work on a Saturday", CONDITIONS, "2027-05-01", "2027-05-01", "2027-05-01", "2027-04-30"),
    # On the day: nothing rolls, and no calendar of holidays is asked
    Case("landing in Golden Week", LAND, "2026-05-03", "2026-05-03"),
    Case("leaving in a year that is not published", LEAVE, "2030-01-01", "2030-01-01"),
    # A window after an event
    Case("material H11: city hall on day 1 to 3", CITY_HALL, "2026-12-01", "2026-12-04", opens="2026-12-02"),
    Case("never before the window opens", CITY_HALL, "2026-05-01", "2026-05-04", opens="2026-05-02"),
    # Employment Insurance Regulation 6: the 10th of the next month
    Case("10 May is a Sunday", HELLO_WORK, "2026-04-01", "2026-05-10", "2026-05-11", "2026-05-08"),
    Case("10 January and Coming-of-Age Day", HELLO_WORK, "2026-12-01", "2027-01-10", "2027-01-12", "2027-01-08"),
    Case("from the last day of January", HELLO_WORK, "2026-01-31", "2026-02-10"),
    Case("10 October and Sports Day", HELLO_WORK, "2026-09-30", "2026-10-10", "2026-10-13", "2026-10-09"),
    # The second event bounds a rolled day too
    Case(
        "rolled, but not past the second event",
        rule(Event.MOVED_IN, AFTER, 14, not_after_event=Event.DEPARTS, **LOCAL),
        "2026-04-18", "2026-05-02", "2026-05-03", "2026-05-01", other={Event.DEPARTS: "2026-05-03"},
    ),
    Case(
        "safe day inside a closure: the first open day",
        rule(Event.BORN, AFTER, 14, safe_offset=2, **LOCAL),
        "2026-05-03", "2026-05-17", "2026-05-18", "2026-05-07",
    ),
    # Yearly: Income Tax Act 120; General Act of National Taxes 10 II
    Case("next year's window", TAX_RETURN, "", "2027-03-15", opens="2027-02-16"),
    Case(
        "15 March 2026 is a Sunday",
        TAX_RETURN, "", "2026-03-15", "2026-03-16", "2026-03-13", opens="2026-02-16", today="2026-03-16",
    ),
    Case(
        "15 March 2025 is a Saturday",
        TAX_RETURN, "", "2025-03-15", "2025-03-17", "2025-03-14", opens="2025-02-16", today="2025-03-17",
    ),
    Case("the day after the rolled day", TAX_RETURN, "", "2027-03-15", opens="2027-02-16", today="2026-03-17"),
    Case("15 March, a Monday, itself", TAX_RETURN, "", "2027-03-15", opens="2027-02-16", today="2027-03-15"),
    Case(
        "not before the person is in Japan",
        TAX_RETURN, "", "2028-03-15", opens="2028-02-16", other={Event.ARRIVED: "2027-05-01"}, provisional=True,
    ),
    Case(
        "Local Tax Act: treaty form by 15 March",
        RESIDENT_TAX, "", "2026-03-15", "2026-03-16", "2026-03-13", today="2026-01-05",
    ),
    Case(
        "a window over the new year",
        rule(Event.YEARLY, BEFORE, yearly_from="11-01", yearly_to="01-31", **TAX),
        "", "2027-01-31", "2027-02-01", "2027-01-29", opens="2026-11-01",
    ),
    Case(
        "31 December moved into January",
        rule(Event.YEARLY, BEFORE, yearly_to="12-31", **NATIONAL),
        "", "2026-12-31", "2027-01-04", "2026-12-28", today="2027-01-04",
    ),
]  # fmt: skip


def answer(case: Case) -> Due:
    events: dict[str, date] = {name: d(day) for name, day in case.other.items()}
    if case.event:
        events[case.rule.event] = d(case.event)
    found = due(case.rule, events, today=d(case.today) if case.today else TODAY)
    assert found is not None
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.event}-{case.source}")
def test_case_counted_by_hand(case: Case) -> None:
    found = answer(case)
    assert found._replace(waits_for="") == Due(
        d(case.opens) if case.opens else None,
        d(case.last),
        d(case.legal or case.last),
        d(case.act or case.legal or case.last),
        case.provisional,
    )


def test_table_has_no_row_twice() -> None:
    assert len({case.source for case in CASES}) == len(CASES) >= 60


def test_event_not_told_gives_no_date() -> None:
    assert due(ADDRESS, {Event.ARRIVED: d("2026-04-03")}, today=TODAY) is None


def test_second_event_not_told_is_named() -> None:
    found = due(RE_ENTRY, {Event.ABSENT_FROM: d("2026-12-20")}, today=TODAY)
    assert found is not None
    assert found.waits_for == Event.STAY_END


def test_second_event_before_the_first_gives_that_day() -> None:
    events: dict[str, date] = {Event.ABSENT_FROM: d("2026-12-21"), Event.STAY_END: d("2026-12-18")}
    found = due(RE_ENTRY, events, today=TODAY)
    assert found is not None
    assert found[1:4] == (d("2026-12-18"), d("2026-12-18"), d("2026-12-18"))


def test_window_in_months_after_an_event_ends_like_a_period() -> None:
    """Civil Code 143 II: three months from 28 February are over on 31 May, not on 28 May."""
    window = {"window_direction": AFTER, "window_offset": 3, "window_unit": TimeUnit.MONTH}
    found = due(years(Event.MOVED_OUT, 1, **window), {Event.MOVED_OUT: d("2026-02-28")}, today=TODAY)
    assert found is not None
    assert found.opens == d("2026-05-31")


def test_window_of_no_days_opens_on_the_event() -> None:
    window = {"window_direction": AFTER, "window_offset": 0, "window_unit": TimeUnit.DAY}
    found = due(months(Event.ISSUED, 3, **window), {Event.ISSUED: d("2026-01-31")}, today=TODAY)
    assert found is not None
    assert found.opens == d("2026-01-31")


def test_leap_day_of_every_year_is_the_last_of_february() -> None:
    found = due(rule(Event.YEARLY, BEFORE, yearly_to="02-29"), {}, today=d("2027-01-10"))
    assert found is not None
    assert found.last == d("2027-02-28")


@pytest.mark.parametrize("day", ["1900-01-01", "2199-12-31", "2196-02-29"])
@pytest.mark.parametrize("unit", TimeUnit)
@pytest.mark.parametrize("direction", Direction)
def test_first_and_last_day_that_the_plan_accepts(day: str, unit: TimeUnit, direction: Direction) -> None:
    row = rule(Event.ARRIVED, direction, 0 if direction == ON else 31, unit=unit, **NATIONAL)
    found = due(row, {Event.ARRIVED: d(day)}, today=TODAY)
    assert found is not None
    assert (found.act_by - d(day)).days * {AFTER: 1, BEFORE: -1, ON: 0}[direction] >= 0


@pytest.mark.parametrize(("unit", "longest"), [("day", 36_525), ("month", 1_200), ("year", 100)])
def test_span_of_more_than_a_hundred_years_is_refused(unit: str, longest: int) -> None:
    for number, is_refused in ((longest, False), (longest + 1, True)):
        for row in (
            rule(Event.ARRIVED, AFTER, number, unit=unit),
            rule(Event.ARRIVED, AFTER, 1, window_direction=AFTER, window_offset=number, window_unit=unit),
        ):
            if is_refused:
                with pytest.raises(ValidationError, match="100"):
                    row.clean()
            else:
                row.clean()
                for day in (d("1900-01-01"), d("2199-12-31")):
                    assert due(row, {Event.ARRIVED: day}, today=TODAY)


def test_dates_are_provisional_after_the_last_published_year(settings: Any) -> None:
    for year, expected in ((2026, True), (2027, False)):
        settings.HOLIDAYS_PUBLISHED_TO = year
        found = due(ADDRESS, {Event.MOVED_IN: d("2026-12-21")}, today=TODAY)  # 4 January 2027
        assert found is not None
        assert found.is_provisional is expected
