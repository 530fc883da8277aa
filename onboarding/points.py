"""Counts the points of a highly skilled professional from rows of the table. Reads no database, decides nothing."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from onboarding.choices import PointCounting, PointMeasure
from onboarding.models import PointGroup, PointItem
from wpiforum.provenance.dates import Validity


class Told(NamedTuple):
    """What a person told: numbers by measure, and the keys of the rows that are true."""

    numbers: Mapping[str, int] = {}
    has: frozenset[str] = frozenset()

    @property
    def is_empty(self) -> bool:
        return not self.numbers and not self.has


class Reason(StrEnum):
    """Why a row that is true does not count."""

    LOWER = "lower"
    AGE = "age"
    AGE_NOT_TOLD = "age_not_told"
    NOT_WITH = "not_with"
    ONLY_WITH = "only_with"
    NOT_IN_FORCE = "not_in_force"
    START_UNKNOWN = "start_unknown"


class Left(NamedTuple):
    """A row that is true but does not count, and the rows that are to blame or missing."""

    item: PointItem
    reason: Reason
    others: tuple[PointItem, ...] = ()


class GroupTally(NamedTuple):
    group: PointGroup
    points: int
    counted: list[PointItem]
    left: list[Left]


class Tally(NamedTuple):
    total: int
    groups: list[GroupTally]


def in_force(items: Iterable[PointItem], day: date) -> list[PointItem]:
    """Return the rows the table holds on that day, for certain as far as the evidence goes."""
    out = {Validity.NOT_YET, Validity.ENDED}
    return [item for item in items if item.validity_on(day) not in out and not item.has_unknown_start_on(day)]


def _is_reached(item: PointItem, value: int | None) -> bool:
    if value is None:
        return False
    return (item.minimum is None or item.minimum <= value) and (item.maximum is None or value <= item.maximum)


class _Count:
    """One count: the table on a day and what was told."""

    def __init__(self, groups: list[Any], told: Told, day: date) -> None:
        self.told = told
        self.day = day
        self.rows = {group.key: in_force(group.items.all(), day) for group in groups}
        self.age = told.numbers.get(PointMeasure.AGE)
        # Only rows of the table of that day can stand beside another row.
        self.claimed = {item.key: item for rows in self.rows.values() for item in rows if item.key in told.has}
        self.labels = {item.key: item for rows in self.rows.values() for item in rows}

    def _blocked(self, item: PointItem) -> Left | None:
        """Return why a row that is true does not count by itself, if so."""
        if item.max_age is not None and self.age is None:
            return Left(item, Reason.AGE_NOT_TOLD)
        if item.max_age is not None and self.age is not None and self.age > item.max_age:
            return Left(item, Reason.AGE)
        beside = tuple(self.claimed[key] for key in item.not_with if key in self.claimed)
        if beside:
            return Left(item, Reason.NOT_WITH, beside)
        if item.only_with and not any(key in self.claimed for key in item.only_with):
            return Left(item, Reason.ONLY_WITH, tuple(self.labels[key] for key in item.only_with if key in self.labels))
        return None

    def group(self, group: Any) -> GroupTally:
        rows = self.rows[group.key]
        if group.measure:
            true = [item for item in rows if _is_reached(item, self.told.numbers.get(group.measure))]
            left: list[Left] = []
        else:
            true = [item for item in rows if item.key in self.told.has]
            left = self._of_other_days(group, {item.key for item in true})
        true.sort(key=lambda item: -item.points)
        good: list[PointItem] = []
        for item in true:
            blocked = self._blocked(item)
            # Below a band of age, pay or years that counts, the lower ones go without saying.
            if blocked and not (group.measure and good):
                left.append(blocked)
            elif not blocked:
                good.append(item)
        if group.counting == PointCounting.SUM:
            return GroupTally(group, sum(item.points for item in good), good, left)
        if group.counting == PointCounting.SEVERAL:
            points = group.several_points if len(good) > 1 else sum(item.points for item in good)
            return GroupTally(group, points or 0, good, left)
        if not group.measure:
            left += [Left(item, Reason.LOWER, (good[0],)) for item in good[1:]]
        return GroupTally(group, good[0].points if good else 0, good[:1], left)

    def _of_other_days(self, group: Any, found: set[str]) -> list[Left]:
        """Return the ticked rows of the group that the table of the day lacks, or may lack."""
        rows: dict[str, Left] = {}
        for item in group.items.all():
            if item.key in self.told.has and item.key not in found:
                unknown = item.has_unknown_start_on(self.day)
                rows[item.key] = Left(item, Reason.START_UNKNOWN if unknown else Reason.NOT_IN_FORCE)
        return list(rows.values())


def tally(groups: Iterable[Any], told: Told, *, day: date) -> Tally:
    """Count the points on a day: by group, what counted, and why other rows that are true did not."""
    rows = list(groups)
    count = _Count(rows, told, day)
    found = [count.group(group) for group in rows]
    return Tally(sum(row.points for row in found), found)


_WORDS: dict[Reason, Callable[[], str]] = {
    Reason.LOWER: lambda: _("only the highest row of this group counts (%(others)s)"),
    Reason.AGE: lambda: _("counts only up to age %(age)s"),
    Reason.AGE_NOT_TOLD: lambda: _("counts only up to age %(age)s: enter your age"),
    Reason.NOT_WITH: lambda: _("does not count together with: %(others)s"),
    Reason.ONLY_WITH: lambda: _("counts only together with: %(others)s"),
    Reason.NOT_IN_FORCE: lambda: _("not in the table of this day"),
    Reason.START_UNKNOWN: lambda: _("added later; from which day on is not known"),
}


def reason_text(left: Left, label: Callable[[PointItem], str]) -> str:
    """Return in words why a row does not count; `label` names a row in the reader's language."""
    others = " / ".join(label(item) for item in left.others)
    return _WORDS[left.reason]() % {"others": others, "age": left.item.max_age}
