"""The date engine: when a step opens, its legal last day, and the day to act by. Pure functions; the clock is given.

Sources of the counting:
- Civil Code, article 140: a period in days, months or years leaves out its first day, unless a law counts it (Family
  Register Act, article 43; Road Traffic Act, article 107-2).
- Civil Code, article 143: months and years follow the calendar; a period ends the day before the day that corresponds
  to its starting day or, in a month that lacks that day, on the month's last day.
- Act on Holidays of Administrative Organs, articles 1 and 2; Local Autonomy Act, article 4-2; General Act of National
  Taxes, article 10: a last day on a closed day moves to the next open day, for deadlines of those offices only.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple, Protocol

import holidays
from django.conf import settings

from onboarding.choices import Direction, Event, Rolling, TimeUnit

ONE_DAY = timedelta(days=1)


class Rule(Protocol):
    """What the engine reads of a timing rule (`onboarding.models.TimingRule`)."""

    event: str
    direction: str
    offset: int
    unit: str
    counts_first_day: bool
    window_direction: str
    window_offset: int | None
    window_unit: str
    not_after_event: str
    day_of_next_month: int | None
    yearly_from: str
    yearly_to: str
    rolls: str
    safe_offset: int | None


class Due(NamedTuple):
    """The dates of one rule for one person.

    `last` is the day the counting gives, `legal_last` the same after closed days, `act_by` a day that is safe either
    way. `is_provisional`: the answer rests on a year whose holidays have not been published. `waits_for`: a further
    event that could bring the last day forward and that was not told.
    """

    opens: date | None
    last: date
    legal_last: date
    act_by: date
    is_provisional: bool
    waits_for: str = ""


@lru_cache(maxsize=512)
def national_holidays(year: int) -> frozenset[date]:
    """Return Japan's holidays of a year (Act on National Holidays), substitute and in-between holidays included.

    One complete set for each year: the library's own calendar fills itself while it is asked, so that a second
    thread could read a year that is only half there.
    """
    return frozenset(holidays.country_holidays("JP", years=year))


def is_closed(day: date) -> bool:
    """Tell whether public offices are closed: Saturday, Sunday, national holiday, 29 December to 3 January.

    National organs: Act on Holidays of Administrative Organs, article 1. Municipalities close on the same days by
    ordinance (Local Autonomy Act, article 4-2); tax deadlines move on the same days (General Act of National Taxes,
    article 10 II; its Order, article 2 II, and the general holidays of the new year).
    """
    new_year = (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)
    return day.weekday() >= 5 or new_year or day in national_holidays(day.year)


def is_provisional(*days: date) -> bool:
    """Tell whether one of the days lies in a year whose holidays the Cabinet Office has not published yet."""
    return any(day.year > settings.HOLIDAYS_PUBLISHED_TO for day in days)


def next_open(day: date) -> date:
    """Return the day itself if offices are open, else the next open day."""
    while is_closed(day):
        day += ONE_DAY
    return day


def last_open(day: date) -> date:
    """Return the day itself if offices are open, else the last open day before it."""
    while is_closed(day):
        day -= ONE_DAY
    return day


def _month_end(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - ONE_DAY


def same_day(day: date, months: int) -> date:
    """Return the same-numbered day some months away, or the last day of a month that lacks it."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    end = _month_end(year, month + 1)
    return end.replace(day=min(day.day, end.day))


def last_day_of_months(start: date, months: int) -> date:
    """Return the last day of a period of months whose first counted day is `start` (Civil Code, article 143 II)."""
    corresponding = same_day(start, months)
    return corresponding if corresponding.day != start.day else corresponding - ONE_DAY


def after(event: date, offset: int, unit: str, *, counts_first_day: bool) -> date:
    """Return the last day of a period that runs from an event."""
    start = event if counts_first_day else event + ONE_DAY
    if unit == TimeUnit.DAY:
        return start + timedelta(days=offset - 1)
    return last_day_of_months(start, offset * (12 if unit == TimeUnit.YEAR else 1))


def before(event: date, offset: int, unit: str) -> date:
    """Return the day that lies a span before an event: the same-numbered day where the span is in months or years."""
    if unit == TimeUnit.DAY:
        return event - timedelta(days=offset)
    return same_day(event, -offset * (12 if unit == TimeUnit.YEAR else 1))


def _window_opens(rule: Rule, event: date) -> date | None:
    if not rule.window_direction or rule.window_offset is None:
        return None
    if rule.window_direction == Direction.BEFORE:
        return before(event, rule.window_offset, rule.window_unit)
    if not rule.window_offset:
        return event
    return after(event, rule.window_offset, rule.window_unit, counts_first_day=False)


def _last_day(rule: Rule, event: date) -> date:
    if rule.day_of_next_month:
        return same_day(event.replace(day=1), 1).replace(day=rule.day_of_next_month)
    if rule.direction == Direction.ON or not rule.offset:
        return event
    if rule.direction == Direction.BEFORE:
        return before(event, rule.offset, rule.unit)
    return after(event, rule.offset, rule.unit, counts_first_day=rule.counts_first_day)


def _safe_day(rule: Rule, event: date, last: date) -> date:
    """Return the last day that is safe however one counts: never after the same-numbered day, nor the rule's own."""
    safe = last
    if rule.direction == Direction.AFTER and rule.unit != TimeUnit.DAY and not rule.day_of_next_month:
        safe = min(safe, same_day(event, rule.offset * (12 if rule.unit == TimeUnit.YEAR else 1)))
    if rule.safe_offset is not None:
        sign = 1 if rule.direction == Direction.AFTER else -1
        safe = min(safe, event + sign * timedelta(days=rule.safe_offset))
    return safe


def _act_by(safe: date, legal_last: date, earliest: date | None) -> date:
    """Return the last open day on or before the safe day, or the first one left if there is none."""
    opened = last_open(safe)
    if earliest is None or opened >= earliest:
        return opened
    return min(next_open(earliest), legal_last)


def due(rule: Rule, events: Mapping[str, date], *, today: date) -> Due | None:
    """Return the dates of a rule for these events, or None if its own event was not told; nothing is guessed."""
    if rule.event == Event.YEARLY:
        return _yearly(rule, max(today, events.get(Event.ARRIVED, today)))
    event = events.get(rule.event)
    if event is None:
        return None
    last = _last_day(rule, event)
    legal_last = _rolled(rule, last)
    if rule.direction == Direction.BEFORE and rule.offset:
        legal_last = min(legal_last, event)  # a closed office moves nothing past the event it has to precede
    waits_for = ""
    if rule.not_after_event:
        limit = events.get(rule.not_after_event)
        if limit is None:
            waits_for = rule.not_after_event
        else:
            last, legal_last = min(last, limit), min(legal_last, limit)  # the second event never moves
    opens = _window_opens(rule, event)
    if opens is not None:
        opens = min(opens, last)
    earliest = opens if opens is not None or rule.direction == Direction.BEFORE else event
    act_by = _act_by(_safe_day(rule, event, last), legal_last, earliest)
    # The day of the event itself needs no calendar of closed days.
    is_asked = rule.direction != Direction.ON or rule.rolls != Rolling.NONE
    return Due(opens, last, legal_last, act_by, is_asked and is_provisional(last, legal_last), waits_for)


def _rolled(rule: Rule, last: date) -> date:
    return last if rule.rolls == Rolling.NONE else next_open(last)


def _in_year(month_day: str, year: int) -> date:
    """Return "MM-DD" in a year; 29 February is the last of February in a year that lacks it."""
    month, day = (int(part) for part in month_day.split("-"))
    end = _month_end(year, month)
    return end.replace(day=min(day, end.day))


def _yearly(rule: Rule, begin: date) -> Due:
    """Return the run of a yearly window that is current or next on `begin`."""
    # The year before counts too: a last day at the end of December moves into January.
    for year in range(begin.year - 1, begin.year + 2):
        last = _in_year(rule.yearly_to, year)
        legal_last = _rolled(rule, last)
        if legal_last >= begin:
            break
    opens = _in_year(rule.yearly_from, year) if rule.yearly_from else None
    if opens and opens > last:
        opens = _in_year(rule.yearly_from, year - 1)
    safe = last - timedelta(days=rule.safe_offset or 0)
    return Due(opens, last, legal_last, _act_by(safe, legal_last, opens), is_provisional(last, legal_last))
