"""The verdicts of the requirement board, on the rules of its legend."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from centers.choices import Qualifier
from centers.figures import Verdict, cell, years_before

DAY = date(2019, 2, 5)


def asked(key: str = "overseas_ratio", minimum: Any = "30", upper: Any = None, on: date = DAY) -> Any:
    return SimpleNamespace(
        key=key,
        minimum=None if minimum is None else Decimal(minimum),
        minimum_upper=upper and Decimal(upper),
        as_of_on=on,
    )


def figure(
    value: str,
    qualifier: str = Qualifier.EXACT,
    key: str = "overseas_ratio",
    on: date | None = date(2018, 3, 31),
    fiscal_year: int = 2017,
) -> Any:
    return SimpleNamespace(
        indicator=SimpleNamespace(key=key),
        value=Decimal(value),
        qualifier=qualifier,
        as_of_on=on,
        fiscal_year=fiscal_year,
    )


@pytest.mark.parametrize(
    ("value", "qualifier", "expected"),
    [
        ("30.0", "exact", Verdict.MET),
        ("29.9", "exact", Verdict.NOT_MET),
        ("30", "more_than", Verdict.MET),
        ("29.9", "more_than", Verdict.NOT_KNOWN),
        ("90", "about", Verdict.SHOWN),
        ("5", "about", Verdict.SHOWN),
        ("0", "exact", Verdict.NOT_MET),
    ],
)
def test_verdict_of_a_fresh_figure(value: str, qualifier: str, expected: Verdict) -> None:
    assert cell([asked()], [figure(value, qualifier)], "overseas_ratio", DAY).verdict == expected


def test_without_a_figure_nothing_is_met() -> None:
    found = cell([asked()], [], "overseas_ratio", DAY)
    assert (found.verdict, found.observation) == (Verdict.NOT_KNOWN, None)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2016, 2, 5), Verdict.MET),
        (date(2016, 2, 4), Verdict.TOO_OLD),
        (None, Verdict.TOO_OLD),
    ],
)
def test_figure_over_three_years_old_or_undated_proves_nothing(on: date | None, expected: Verdict) -> None:
    assert cell([asked()], [figure("50", on=on)], "overseas_ratio", DAY).verdict == expected


def test_three_years_before_a_leap_day_is_the_twenty_eighth() -> None:
    assert years_before(date(2020, 2, 29), 3) == date(2017, 2, 28)


def test_figure_of_a_later_day_is_not_used() -> None:
    found = cell([asked()], [figure("50", on=date(2019, 2, 6))], "overseas_ratio", DAY)
    assert found.verdict == Verdict.NOT_KNOWN


def test_newest_figure_counts_and_a_dated_one_before_an_undated() -> None:
    rows = [figure("50", on=None), figure("20", on=date(2018, 3, 31)), figure("40", on=date(2017, 3, 31))]
    assert cell([asked()], rows, "overseas_ratio", DAY).verdict == Verdict.NOT_MET


def test_range_is_compared_by_its_lower_end() -> None:
    found = cell([asked("members", "70", "100")], [figure("70", key="members")], "members", DAY)
    assert found.verdict == Verdict.MET


def test_rule_without_a_figure_is_never_computed() -> None:
    assert cell([asked("english", None)], [], "english", DAY).verdict == Verdict.NOT_COMPUTED


@pytest.mark.parametrize(
    ("value", "qualifier", "expected"),
    [
        ("120", "exact", Verdict.MET),
        ("99", "exact", Verdict.NOT_KNOWN),
        ("100", "more_than", Verdict.MET),
        ("200", "about", Verdict.SHOWN),
    ],
)
def test_researchers_prove_members_only_from_below(value: str, qualifier: str, expected: Verdict) -> None:
    rows = [figure(value, qualifier, key="researchers")]
    found = cell([asked("members", "100")], rows, "members", DAY)
    assert (found.verdict, found.is_lower_bound) == (expected, True)


def test_members_of_its_own_wins_over_researchers() -> None:
    rows = [figure("90", key="members"), figure("120", key="researchers")]
    found = cell([asked("members", "100")], rows, "members", DAY)
    assert (found.verdict, found.is_lower_bound) == (Verdict.NOT_MET, False)


def test_latest_statement_of_a_requirement_by_the_day_applies() -> None:
    rows = [asked("members", "200", on=date(2007, 4, 1)), asked("members", "100", on=DAY)]
    of = [figure("150", key="members", on=date(2018, 3, 31)), figure("150", key="members", on=date(2011, 3, 31))]
    verdicts = [cell(rows, of, "members", day).verdict for day in (date(2012, 1, 1), DAY)]
    assert verdicts == [Verdict.NOT_MET, Verdict.MET]


def test_before_any_statement_nothing_is_known() -> None:
    found = cell([asked(on=DAY)], [figure("50", on=date(2012, 3, 31))], "overseas_ratio", date(2013, 1, 1))
    assert (found.requirement, found.verdict) == (None, Verdict.NOT_KNOWN)
