"""What changed in the register: between two days, and as a list of dated events. Pure functions over loaded rows."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from centers.choices import StandingKind
from centers.models import Center, Standing
from wpiforum.provenance.dates import PartialDate, Validity
from wpiforum.provenance.models import Dated, Source
from wpiforum.provenance.wording import last_day


class Difference(NamedTuple):
    """One thing of one center that reads differently on two days; an empty side means "none"."""

    what: str
    before: str
    after: str


class Event(NamedTuple):
    """One dated event of the register, told in the active language."""

    on: PartialDate
    center: Center
    text: str
    source: Source
    is_planned: bool
    row: UUID  # with `part`: what the event stays itself by
    part: str


def _marked(text: str, held: Validity, row: Dated) -> str:
    """Add to a value how surely it holds."""
    if held in {Validity.STARTING, Validity.ENDING}:
        return _("%(value)s (in the course of a change)") % {"value": text}
    return text


def _directors(center: Center, day: date) -> str:
    return " / ".join(_marked(str(row.person), row.validity_on(day), row) for row in center.directors_on(day))


def _host(center: Center, day: date) -> str:
    name = center.host.name_on(day)
    return str(name) if name else ""


def _name(center: Center, day: date) -> str:
    name = center.name_on(day)
    return str(name) if name else ""


def _status(center: Center, day: date) -> str:
    return ", ".join(
        _("%(value)s (in the course of a change)") % {"value": status.label}
        if held in {Validity.STARTING, Validity.ENDING}
        else str(status.label)
        for status, held in center.statuses_on(day).items()
    )


def _satellites(center: Center, day: date) -> str:
    rows = [row for row in center.satellites.all() if row.is_valid_on(day)]
    return ", ".join(sorted(str(row.institution) for row in rows))


def _in_register(center: Center, day: date) -> bool:
    return any(
        row.kind == StandingKind.GRANT and row.validity_on(day) != Validity.NOT_YET for row in center.standings.all()
    )


_ASPECTS: tuple[tuple[Callable[[], str], Callable[[Center, date], str]], ...] = (
    (lambda: _("Name"), _name),
    (lambda: _("Host institution"), _host),
    (lambda: _("Status"), _status),
    (lambda: _("Director"), _directors),
    (lambda: _("Satellites and partners"), _satellites),
)


def differences(center: Center, before: date, after: date) -> list[Difference]:
    """Return what differs for a center between two days; a center new to the register is one difference."""
    was, is_now = _in_register(center, before), _in_register(center, after)
    if was != is_now:
        label = _("In the register")
        return [Difference(label, _("yes") if was else _("no"), _("yes") if is_now else _("no"))]
    if not is_now:
        return []
    found = []
    for what, value in _ASPECTS:
        old, new = value(center, before), value(center, after)
        if old != new:
            found.append(Difference(what(), old, new))
    return found


def events(centers: Iterable[Center]) -> list[Event]:
    """Return the register's dated events, newest first: terms, renamings, support and membership."""
    found: list[Event] = []
    for center in centers:
        for standing in center.standings.all():
            found += _standing_events(center, standing)
        for directorship in center.directorships.all():
            if directorship.start:
                text = _("%(person)s becomes director.") % {"person": directorship.person}
                found.append(_event(directorship, directorship.start, center, text))
        for owner in (center, center.host):
            for name in owner.names.all():
                earlier = [row for row in owner.names.all() if row.end_on and row.end_on == name.start_on]
                if name.start and earlier and str(earlier[0]) != str(name):
                    text = (
                        _("Renamed from “%(old)s” to “%(new)s”.")
                        if owner is center
                        else _("The host institution becomes “%(new)s” (before: “%(old)s”).")
                    ) % {"old": earlier[0], "new": name}
                    # The renaming of a host is an event of each of its centers.
                    found.append(_event(name, name.start, center, text, f"name/{center.pk}"))
    return sorted(found, key=lambda event: (event.on.value, event.center.acronym), reverse=True)


def _standing_events(center: Center, row: Standing) -> list[Event]:
    begin = {
        StandingKind.GRANT: _("Adopted by the program; support begins."),
        StandingKind.EXTENSION: _("The extension of support begins."),
        StandingKind.ACADEMY: _("Becomes a member of the WPI Academy."),
    }[StandingKind(row.kind)]
    end = {
        StandingKind.GRANT: _("The term of support ends."),
        StandingKind.EXTENSION: _("The extension of support ends."),
        StandingKind.ACADEMY: _("Leaves the WPI Academy."),
    }[StandingKind(row.kind)]
    found = []
    if row.start:
        found.append(_event(row, row.start, center, begin))
    if row.end:
        found.append(_event(row, last_day(row.end), center, end, "end"))
    return found


def _event(row: Dated, on: PartialDate, center: Center, text: str, part: str = "start") -> Event:
    planned = bool(row.as_of and row.as_of.last < on.first)
    return Event(on, center, text, row.source, planned, row.pk, part)
