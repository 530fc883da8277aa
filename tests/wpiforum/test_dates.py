"""Imprecise dates and what they mean for one day."""

from datetime import date, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from wpiforum.provenance import wording
from wpiforum.provenance.dates import PartialDate, Precision, Validity, after, fiscal_year, floor, validity

SNAPSHOT = PartialDate(date(2019, 2, 5), Precision.DAY)
YEAR_2013 = PartialDate(date(2013, 1, 1), Precision.YEAR)
days = st.dates(date(1950, 1, 1), date(2150, 1, 1))
precisions = st.sampled_from(Precision.values)


@pytest.mark.parametrize(
    ("day", "precision", "first", "beyond"),
    [
        (date(2013, 6, 5), "day", date(2013, 6, 5), date(2013, 6, 6)),
        (date(2013, 12, 5), "month", date(2013, 12, 1), date(2014, 1, 1)),
        (date(2012, 2, 29), "month", date(2012, 2, 1), date(2012, 3, 1)),
        (date(2013, 6, 5), "year", date(2013, 1, 1), date(2014, 1, 1)),
        (date(2019, 3, 31), "fiscal_year", date(2018, 4, 1), date(2019, 4, 1)),
        (date(2019, 4, 1), "fiscal_year", date(2019, 4, 1), date(2020, 4, 1)),
    ],
)
def test_span_of_a_precision(day: date, precision: str, first: date, beyond: date) -> None:
    assert (floor(day, precision), after(day, precision)) == (first, beyond)


@given(days, precisions)
def test_span_contains_its_day_and_is_not_empty(day: date, precision: str) -> None:
    assert floor(day, precision) <= day < after(day, precision)
    assert floor(after(day, precision), precision) == after(day, precision)


def test_fiscal_year_turns_on_the_first_of_april() -> None:
    assert (fiscal_year(date(2019, 3, 31)), fiscal_year(date(2019, 4, 1))) == (2018, 2019)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2012, 12, 31), Validity.IN_FORCE),
        (date(2013, 1, 1), Validity.ENDING),
        (date(2013, 12, 30), Validity.ENDING),
        (date(2013, 12, 31), Validity.ENDED),
    ],
)
def test_imprecise_end_is_said_inside_its_span(day: date, expected: Validity) -> None:
    start = PartialDate(date(2007, 10, 1), Precision.MONTH)
    assert validity(day, start=start, end=YEAR_2013, as_of=YEAR_2013) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2012, 12, 31), Validity.NOT_YET),
        (date(2013, 1, 1), Validity.STARTING),
        (date(2013, 12, 31), Validity.IN_FORCE),
        (date(2019, 2, 5), Validity.IN_FORCE),
        (date(2019, 2, 6), Validity.LAST_KNOWN),
    ],
)
def test_imprecise_start_and_last_evidence(day: date, expected: Validity) -> None:
    assert validity(day, start=YEAR_2013, end=None, as_of=SNAPSHOT) == expected


def test_evidence_inside_the_imprecise_start_proves_that_it_began() -> None:
    start = PartialDate(date(2018, 4, 1), Precision.FISCAL_YEAR)
    assert validity(date(2018, 10, 1), start=start, end=None, as_of=SNAPSHOT) == Validity.STARTING
    assert validity(date(2019, 2, 5), start=start, end=None, as_of=SNAPSHOT) == Validity.IN_FORCE


def test_an_end_after_the_evidence_is_a_plan() -> None:
    end = PartialDate(date(2027, 4, 1), Precision.DAY)
    start = PartialDate(date(2017, 4, 1), Precision.DAY)
    asked = {day: validity(day, start=start, end=end, as_of=SNAPSHOT) for day in (date(2019, 2, 5), date(2026, 11, 23))}
    assert list(asked.values()) == [Validity.IN_FORCE, Validity.PLANNED]
    assert validity(date(2027, 4, 1), start=start, end=end, as_of=SNAPSHOT) == Validity.ENDED


def test_without_any_date_a_row_is_last_known() -> None:
    assert validity(date(2019, 2, 5), start=None, end=None, as_of=None) == Validity.LAST_KNOWN


@given(days, days, precisions)
def test_handover_leaves_no_gap_and_no_certain_overlap(day: date, turn: date, precision: str) -> None:
    """A predecessor's imprecise end is the successor's start: someone is always in office, never two for certain."""
    bound = PartialDate(floor(turn, precision), precision)
    evidence = PartialDate(after(turn, precision) + timedelta(days=400), Precision.DAY)
    before = validity(day, start=None, end=bound, as_of=bound)
    following = validity(day, start=bound, end=None, as_of=evidence)
    assert (before == Validity.ENDED) == (following not in {Validity.NOT_YET, Validity.STARTING})
    assert (before == Validity.ENDING) == (following == Validity.STARTING)


@pytest.mark.parametrize(
    ("partial", "ja", "en", "machine"),
    [
        (SNAPSHOT, "2019年2月5日", "5 February 2019", "2019-02-05"),
        (PartialDate(date(2012, 4, 1), Precision.MONTH), "2012年4月", "April 2012", "2012-04"),
        (YEAR_2013, "2013年", "2013", "2013"),
        (PartialDate(date(2017, 4, 1), Precision.FISCAL_YEAR), "2017年度", "FY2017", ""),
    ],
)
def test_dates_read_as_exactly_as_they_are_known(partial: PartialDate, ja: str, en: str, machine: str) -> None:
    texts = []
    for code in ("ja", "en"):
        with translation.override(code):
            texts.append(wording.when(partial))
    assert (texts, wording.machine_date(partial)) == ([ja, en], machine)


@pytest.mark.parametrize(
    ("day", "ja"),
    [
        (date(2026, 4, 17), "令和8年4月17日"),
        (date(2019, 5, 1), "令和元年5月1日"),
        (date(2019, 4, 30), "平成31年4月30日"),
        (date(1989, 1, 7), "昭和64年1月7日"),
    ],
)
def test_era_changes_on_its_first_day(day: date, ja: str) -> None:
    with translation.override("ja"):
        assert wording.era_text(day) == ja
