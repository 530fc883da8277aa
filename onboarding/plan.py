"""The dated plan of one person: which timed steps apply, and when. Nothing is stored; the address is the plan."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from onboarding.choices import Actor, Direction, Event, Role, Stage, TimeUnit
from onboarding.models import Step, TimingRule
from onboarding.timing import Due, due
from wpiforum.http import BadInput, date_parameter

# The life events in the order of a stay; each is a parameter of the address.
EVENTS: tuple[Event, ...] = tuple(event for event in Event if event != Event.YEARLY)
_REF = re.compile(r"[A-Za-z0-9_-]{1,20}", re.ASCII)
_SOON_DAYS = 14


class View(StrEnum):
    """Whose steps are listed (`for`)."""

    RESEARCHER = "researcher"
    FAMILY = "family"
    HOST = "host"
    ALL = "all"


class Position(StrEnum):
    """Where a step stands today."""

    OVERDUE = "overdue"  # the last day has passed
    PASSED = "passed"  # it belonged to a day that has passed: landing, leaving
    LATE = "late"  # the safe day has passed, the last day has not
    SOON = "soon"
    OPEN = "open"
    LATER = "later"


class Party(StrEnum):
    """Who acts: the newcomers, the host, or both together."""

    OWN = "own"
    HOST = "host"
    TOGETHER = "together"


class Situation(NamedTuple):
    """What one person told: dates of events, role, family, whose steps, and a reference for calendars."""

    events: Mapping[str, date]
    role: str = ""
    with_family: bool = False
    view: View = View.ALL
    ref: str = ""

    @property
    def is_empty(self) -> bool:
        return not self.events

    def query(self, **changes: str) -> str:
        """Return the address part that reopens this plan; only known parameters, in a fixed order."""
        params = QueryDict(mutable=True)
        for event in EVENTS:
            if event in self.events:
                params[event.value] = self.events[event].isoformat()
        values = {
            "role": self.role,
            "family": "1" if self.with_family else "",
            "for": "" if self.view == View.ALL else self.view.value,
            "ref": self.ref,
        } | changes
        for name, value in values.items():
            if value:
                params[name] = value
        return params.urlencode()


class Item(NamedTuple):
    """One step of the plan with its dates and where it stands today."""

    step: Step
    rule: TimingRule
    due: Due
    stage: Stage
    party: Party
    position: Position


class Plan(NamedTuple):
    """`items` by date; `waiting` groups by event the steps whose event was not told."""

    items: list[Item]
    waiting: list[tuple[Event, list[Step]]]


def _choice(request: HttpRequest, name: str, allowed: Iterable[str]) -> str:
    values = request.GET.getlist(name)
    value = values[-1].strip() if values else ""
    if value and (len(values) > 1 or value not in set(allowed)):
        raise BadInput(
            _("“%(name)s” cannot be “%(value)s”. Choose from the form.") % {"name": name, "value": value[:40]},
            parameter=name,
        )
    return value


def read(request: HttpRequest) -> Situation:
    """Return the situation that an address tells; raise BadInput with a sentence for what cannot be read."""
    events = {}
    for event in EVENTS:
        day = date_parameter(request, event.value)
        if day:
            events[event.value] = day
    ref = request.GET.get("ref", "").strip()
    if ref and not _REF.fullmatch(ref):
        raise BadInput(
            _("Write the reference with up to 20 letters, digits, “-” or “_”, and do not use a name."), parameter="ref"
        )
    return Situation(
        events,
        _choice(request, "role", Role.values),
        _choice(request, "family", ("0", "1")) == "1",
        View(_choice(request, "for", (view.value for view in View)) or View.ALL),
        ref,
    )


def applies(step: Step, situation: Situation) -> bool:
    """Tell whether a step concerns this person; a condition that was not asked for is printed, not judged."""
    if situation.role and step.roles and situation.role not in step.roles:
        return False
    if step.needs_family and not (situation.with_family or situation.view == View.FAMILY):
        return False
    actors = set(step.actors)
    match situation.view:
        case View.RESEARCHER:
            return Actor.RESEARCHER in actors
        case View.FAMILY:
            return Actor.FAMILY in actors
        case View.HOST:
            return bool(actors & {Actor.HOST, Actor.LAB})
    return True


_LEAVING = {Event.CONTRACT_END, Event.DEPARTS, Event.MOVED_OUT}
_ARRIVING = {Event.ISSUED, Event.ARRIVED, Event.MOVED_IN, Event.STARTED, Event.PAID}


def stage_of(rule: TimingRule, found: Due, arrived: date | None) -> Stage:
    """Return the stage of a stay: by the date where the arrival is known, else by the rule alone."""
    if rule.event in _LEAVING:
        return Stage.LEAVING
    if rule.event not in _ARRIVING:
        return Stage.LIVING
    if rule.event == Event.ISSUED or (rule.direction == Direction.BEFORE and rule.event == Event.ARRIVED):
        return Stage.BEFORE_ARRIVAL
    if arrived is not None:
        days = (found.act_by - arrived).days
        if days < 0:
            return Stage.BEFORE_ARRIVAL
    elif rule.direction != Direction.AFTER:
        return Stage.FIRST_14_DAYS
    else:
        days = rule.offset * {TimeUnit.DAY: 1, TimeUnit.MONTH: 30, TimeUnit.YEAR: 365}[TimeUnit(rule.unit)]
        if rule.day_of_next_month:
            return Stage.FIRST_3_MONTHS
    if days <= 15:
        return Stage.FIRST_14_DAYS
    return Stage.FIRST_3_MONTHS if days <= 92 else Stage.LIVING


def party_of(step: Step) -> Party:
    """Return under whom a step is listed."""
    hosts = {Actor.HOST, Actor.LAB} & set(step.actors)
    if not hosts:
        return Party.OWN
    return Party.HOST if hosts == set(step.actors) else Party.TOGETHER


def position(rule: TimingRule, found: Due, events: Mapping[str, date], today: date) -> Position:
    """Return where a step stands: overdue, late, due within 14 days, already possible, or later."""
    if found.legal_last < today:
        return Position.PASSED if rule.direction == Direction.ON else Position.OVERDUE
    if found.act_by < today:
        return Position.LATE
    if (found.act_by - today).days <= _SOON_DAYS:
        return Position.SOON
    begins = found.opens
    if begins is None and rule.direction == Direction.AFTER:
        begins = events.get(rule.event)
    return Position.OPEN if begins and begins <= today else Position.LATER


# Each pair happens in this order in one stay.
_ORDERED = (
    (Event.ISSUED, Event.ARRIVED),
    (Event.ARRIVED, Event.MOVED_IN),
    (Event.ARRIVED, Event.STAY_END),
    (Event.ARRIVED, Event.MOVED_OUT),
    (Event.ARRIVED, Event.DEPARTS),
    (Event.MOVED_IN, Event.MOVED_OUT),
    (Event.STARTED, Event.PAID),
    (Event.STARTED, Event.CONTRACT_END),
)


def disordered(events: Mapping[str, date]) -> list[tuple[Event, Event]]:
    """Return pairs of events told in an order that one stay does not have: most likely a slip of the pen."""
    return [
        (first, second)
        for first, second in _ORDERED
        if first in events and second in events and events[second] < events[first]
    ]


def make(steps: Iterable[Step], situation: Situation, *, today: date) -> Plan:
    """Date the steps that apply; those whose event was not told wait for it, and nothing is guessed."""
    items: list[Item] = []
    waiting: dict[str, list[Step]] = {}
    events = situation.events
    for step in steps if events else ():
        rule = step.rule
        if rule is None or not applies(step, situation):
            continue
        found = due(rule, events, today=today)
        if found is None:
            waiting.setdefault(rule.event, []).append(step)
            continue
        stage = stage_of(rule, found, events.get(Event.ARRIVED))
        items.append(Item(step, rule, found, stage, party_of(step), position(rule, found, events, today)))
    items.sort(key=lambda item: (item.due.act_by, item.due.legal_last, item.step.code, item.step.slug))
    return Plan(items, [(event, waiting[event]) for event in EVENTS if event in waiting])
