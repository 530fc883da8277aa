"""Dates that know how exactly they are known, and what that means for "valid on that day".

A date keeps its value and its precision; the value is the first day of the span the precision names
(2013, year → 1 January 2013; fiscal year 2013 → 1 April 2013). Fiscal years are Japan's, 1 April to 31 March
(Public Finance Act, article 11).
"""

from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _


class Precision(models.TextChoices):
    DAY = "day", _("day")
    MONTH = "month", _("month")
    YEAR = "year", _("year")
    FISCAL_YEAR = "fiscal_year", _("fiscal year (April to March)")


class Ending(models.TextChoices):
    """What is known of an end. After the last evidence all but a past date read "last known"."""

    OPEN = "open", _("no end set")
    DATE = "date", _("ends on a date")
    UNKNOWN = "unknown", _("not known whether or when it ended")


class Validity(StrEnum):
    """How a dated row stands on one day."""

    NOT_YET = "not_yet"
    STARTING = "starting"  # inside the imprecise start: it may have begun
    IN_FORCE = "in_force"
    LAST_KNOWN = "last_known"  # no evidence reaches this day
    PLANNED = "planned"  # inside the term that the evidence announced
    ENDING = "ending"  # inside the imprecise end: it may have ended
    ENDED = "ended"


def floor(day: date, precision: str) -> date:
    """Return the first day of the span of that precision around `day`."""
    match precision:
        case Precision.MONTH:
            return day.replace(day=1)
        case Precision.YEAR:
            return date(day.year, 1, 1)
        case Precision.FISCAL_YEAR:
            return date(fiscal_year(day), 4, 1)
    return day


def after(day: date, precision: str) -> date:
    """Return the first day after the span of that precision around `day`."""
    match precision:
        case Precision.MONTH:
            return date(day.year + day.month // 12, day.month % 12 + 1, 1)
        case Precision.YEAR:
            return date(day.year + 1, 1, 1)
        case Precision.FISCAL_YEAR:
            return date(fiscal_year(day) + 1, 4, 1)
    return day + timedelta(days=1)


def fiscal_year(day: date) -> int:
    """Return the fiscal year a day belongs to: 31 March 2019 is in FY2018."""
    return day.year if day.month >= 4 else day.year - 1


def add_months(day: date, months: int) -> date:
    """Return the same day of a later month, or that month's last day: for intervals of checking, not for law."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = after(date(year, month + 1, 1), Precision.MONTH) - timedelta(days=1)
    return last.replace(day=min(day.day, last.day))


class PartialDate(NamedTuple):
    """A date with its precision: the day meant is one of those from `first` to `last`."""

    value: date
    precision: str

    @property
    def first(self) -> date:
        return floor(self.value, self.precision)

    @property
    def last(self) -> date:
        return after(self.value, self.precision) - timedelta(days=1)


def validity(day: date, *, start: PartialDate | None, end: PartialDate | None, as_of: PartialDate | None) -> Validity:
    """Tell how a row with this start, end and evidence stands on `day`.

    The interval is half-open: `end` is the first day no longer valid. Evidence that the row held on its `as_of`
    also proves that it had begun by then; what the evidence says of later days is a plan.
    """
    if start and day < start.first:
        return Validity.NOT_YET
    if end and day >= end.last:
        return Validity.ENDED
    if start and day < start.last and not (as_of and day >= as_of.last):
        return Validity.STARTING
    # Evidence from inside the imprecise end shows that the row still held on that very day.
    if end and day >= end.first and not (as_of and as_of.precision == Precision.DAY and day <= as_of.value):
        return Validity.ENDING
    if as_of and day <= as_of.last:
        return Validity.IN_FORCE
    if end is None:
        return Validity.LAST_KNOWN
    return Validity.IN_FORCE if as_of and as_of.last >= end.first else Validity.PLANNED
