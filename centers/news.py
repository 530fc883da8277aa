"""The register's dated events, newest first: terms, renamings, support and membership; read as far as asked for."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from heapq import merge
from itertools import count
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from centers.choices import StandingKind
from centers.models import Center, DatedName, Directorship, Standing
from wpiforum.loading import page_mode
from wpiforum.provenance.dates import PartialDate, Precision
from wpiforum.provenance.models import Dated, Source
from wpiforum.provenance.wording import last_day
from wpiforum.publishing.models import published_q


class Event(NamedTuple):
    """One dated event of the register, told in the active language."""

    on: PartialDate
    center: Center
    text: str
    source: Source
    is_planned: bool
    row: UUID  # with `part`: what the event stays itself by
    part: str


_Tell = Callable[[Any], Iterable[Event]]


def events(day: date, *, center: Center | None = None, is_certain: bool = False, chunk: int = 20) -> Iterator[Event]:
    """Yield the events up to `day`, of all public centers or of one, newest first; `is_certain` leaves out plans.

    Each kind of row is read by the `chunk`, and only as far as the events that are taken need it.
    """
    mine = Q(center=center) if center else published_q("center__")
    standings = Standing.objects.filter(mine)
    terms: Any = Directorship.objects.published_people().filter(mine).select_related("person")
    exact = Q(end_precision=Precision.DAY)  # told on the day before: apart, so that each kind keeps its order
    few = chunk // 4 or 1  # a host's new name is an event of each of its centers
    kinds: list[tuple[Any, str, _Tell, int]] = [
        (standings.filter(start_on__lte=day), "start_on", _begins, chunk),
        (standings.filter(exact, end_on__lte=day + timedelta(days=1)), "end_on", _ends, chunk),
        (standings.exclude(exact).filter(end_on__lte=day), "end_on", _ends, chunk),
        (terms.filter(start_on__lte=day), "start_on", _directs, chunk),
        (_later_names(center).filter(start_on__lte=day), "start_on", _renames, few),
    ]
    streams = [
        _stream(_certain(rows, name) if is_certain else rows, name, tell, size) for rows, name, tell, size in kinds
    ]
    found = merge(*streams, key=lambda event: event.on.value, reverse=True)
    return (event for event in found if not (is_certain and event.is_planned))


def _certain(rows: QuerySet, name: str) -> QuerySet:
    """Leave out, by the year, nearly all that was planned when it was recorded (`Event.is_planned` tells exactly)."""
    return rows.filter(Q(as_of_on__isnull=True) | Q(as_of_on__year__gte=F(f"{name}__year") - 1))


def _stream(rows: Any, name: str, tell: _Tell, chunk: int) -> Iterator[Event]:
    rows = rows.select_related("center", "source").fetch_mode(page_mode())
    rows = rows.order_by(f"-{name}", "-center__acronym", "pk")
    for start in count(0, chunk):
        found: list[Any] = list(rows[start : start + chunk])
        for row in found:
            yield from tell(row)
        if len(found) < chunk:
            return


def _later_names(center: Center | None) -> Any:
    """Return names that took the place of another; that of a host goes for each of its centers."""
    # The same name again is no event: passed over here, where there may be many, and exactly by `_renames`.
    earlier = DatedName.objects.filter(end_on=OuterRef("start_on")).exclude(
        name_ja=OuterRef("name_ja"), name_en=OuterRef("name_en")
    )
    # An index each: with OR in one the database compares every name with every other.
    is_later = Exists(earlier.filter(center=OuterRef("center"))) | Exists(earlier.filter(host=OuterRef("host")))
    owner = Q(center=center) | Q(host=center.host_id) if center else published_q("center__") | Q(host__isnull=False)
    centers = Center.objects.filter(pk=center.pk) if center else Center.objects.published()
    mode = page_mode()
    names = DatedName.objects.order_by("start_on").fetch_mode(mode)
    return (
        DatedName.objects.filter(is_later, owner)
        .select_related("host")
        .prefetch_related(
            Prefetch("center__names", names),
            Prefetch("host__names", names),
            Prefetch("host__centers", centers.only("slug", "acronym", "host").order_by("-acronym").fetch_mode(mode)),
        )
    )


def _renames(row: DatedName) -> Iterator[Event]:
    owner: Any = row.center or row.host
    before = next((name for name in owner.names.all() if name.end_on and name.end_on == row.start_on), None)
    if before is None or row.start is None or str(before) == str(row):
        return
    text = (
        _("Renamed from “%(old)s” to “%(new)s”.")
        if row.center
        else _("The host institution becomes “%(new)s” (before: “%(old)s”).")
    ) % {"old": before, "new": row}
    for center in [row.center] if row.center else owner.centers.all():
        yield _event(row, row.start, center, text, f"name/{center.pk}")


def _begins(row: Standing) -> Iterator[Event]:
    text = {
        StandingKind.GRANT: _("Adopted by the program; support begins."),
        StandingKind.EXTENSION: _("The extension of support begins."),
        StandingKind.ACADEMY: _("Becomes a member of the WPI Academy."),
    }[StandingKind(row.kind)]
    yield _event(row, _known(row.start), row.center, text)


def _ends(row: Standing) -> Iterator[Event]:
    text = {
        StandingKind.GRANT: _("The term of support ends."),
        StandingKind.EXTENSION: _("The extension of support ends."),
        StandingKind.ACADEMY: _("Leaves the WPI Academy."),
    }[StandingKind(row.kind)]
    yield _event(row, last_day(_known(row.end)), row.center, text, "end")


def _directs(row: Directorship) -> Iterator[Event]:
    yield _event(row, _known(row.start), row.center, _("%(person)s becomes director.") % {"person": row.person})


def _known(bound: PartialDate | None) -> PartialDate:
    if bound is None:
        raise ValueError("Only rows with this bound are asked for.")
    return bound


def _event(row: Dated, on: PartialDate, center: Center, text: str, part: str = "start") -> Event:
    planned = bool(row.as_of and row.as_of.last < on.first)
    return Event(on, center, text, row.source, planned, row.pk, part)
