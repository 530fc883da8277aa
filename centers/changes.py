"""What changed in the register between two days. Pure functions over loaded rows."""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _

from centers.choices import StandingKind
from centers.models import Center
from wpiforum.provenance.dates import Validity
from wpiforum.provenance.models import Dated


class Difference(NamedTuple):
    """One thing of one center that reads differently on two days; an empty side means "none"."""

    what: str
    before: str
    after: str


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
