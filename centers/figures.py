"""Derived figures: the verdict of the requirement board for one center, requirement and day.

Pure functions over loaded rows. The rules are those of the board's legend: a missing figure is never "met", a figure
that is only approximate gets no verdict, and a figure over three years old proves nothing about today.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from centers.choices import Qualifier
from centers.models import Observation, Requirement

MAXIMUM_AGE_YEARS = 3
# A center's researchers are part of its members, so their number is a lower bound of the members'.
LOWER_BOUNDS = {"members": "researchers"}


class Verdict(StrEnum):
    MET = "met"
    NOT_MET = "not_met"
    NOT_KNOWN = "not_known"
    TOO_OLD = "too_old"
    SHOWN = "shown"  # an approximate figure: shown, not judged
    NOT_COMPUTED = "not_computed"  # a rule without a figure


class Cell(NamedTuple):
    """One cell of the board: what was asked, what was found, and what follows."""

    requirement: Requirement | None
    observation: Observation | None
    verdict: Verdict
    is_lower_bound: bool = False


def years_before(day: date, years: int) -> date:
    """Return the same day some years earlier; 29 February becomes 28 February."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def requirement_on(requirements: Iterable[Requirement], key: str, day: date) -> Requirement | None:
    """Return the latest statement of this requirement that had been made by `day`."""
    stated = [row for row in requirements if row.key == key and row.as_of_on and row.as_of_on <= day]
    return max(stated, key=lambda row: row.as_of_on or date.min, default=None)


def observation_on(observations: Iterable[Observation], key: str, day: date) -> Observation | None:
    """Return the newest figure dated by `day`; an undated one only if there is no dated one."""
    known = [row for row in observations if row.indicator.key == key]
    dated = [row for row in known if row.as_of_on and row.as_of_on <= day]
    if dated:
        return max(dated, key=lambda row: row.as_of_on or date.min)
    undated = [row for row in known if row.as_of_on is None and date(row.fiscal_year, 4, 1) <= day]
    return max(undated, key=lambda row: row.fiscal_year, default=None)


def is_too_old(observation: Observation, day: date) -> bool:
    """Tell whether the figure is undated or over three years older than `day`."""
    return observation.as_of_on is None or observation.as_of_on < years_before(day, MAXIMUM_AGE_YEARS)


def judge(observation: Observation, minimum: Decimal, day: date) -> Verdict:
    """Compare one figure with the lower end of what is asked."""
    if is_too_old(observation, day):
        return Verdict.TOO_OLD
    if observation.qualifier == Qualifier.ABOUT:
        return Verdict.SHOWN
    if observation.value >= minimum:
        return Verdict.MET
    # "More than 25 %" may still be 30 %.
    return Verdict.NOT_MET if observation.qualifier == Qualifier.EXACT else Verdict.NOT_KNOWN


def cell(requirements: Iterable[Requirement], observations: Iterable[Observation], key: str, day: date) -> Cell:
    """Return the board's cell for one requirement of one center on `day`."""
    requirement = requirement_on(requirements, key, day)
    if requirement is None:
        return Cell(None, observation_on(observations, key, day), Verdict.NOT_KNOWN)
    if requirement.minimum is None:
        return Cell(requirement, None, Verdict.NOT_COMPUTED)
    observation = observation_on(observations, key, day)
    verdict = judge(observation, requirement.minimum, day) if observation else Verdict.NOT_KNOWN
    if verdict in {Verdict.MET, Verdict.NOT_MET} or key not in LOWER_BOUNDS:
        return Cell(requirement, observation, verdict)
    bound = observation_on(observations, LOWER_BOUNDS[key], day)
    if bound is None or (observation and verdict == Verdict.SHOWN):
        return Cell(requirement, observation, verdict)
    bound_verdict = judge(bound, requirement.minimum, day)
    if bound_verdict == Verdict.NOT_MET:  # fewer researchers than that says nothing about the members
        bound_verdict = Verdict.NOT_KNOWN
    if observation and bound_verdict != Verdict.MET:
        return Cell(requirement, observation, verdict)
    return Cell(requirement, bound, bound_verdict, is_lower_bound=True)
