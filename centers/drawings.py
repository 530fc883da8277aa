"""The register's figures: loaded rows in, charts and maps with their tables out. No queries here."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from centers.board import Board, asked_text, verdict_text
from centers.choices import Qualifier, StandingKind, Unit
from centers.figures import Cell
from centers.models import Center, Observation, Satellite, Standing
from wpiforum import charts, maps
from wpiforum.charts import Bar, Dot, Figure, Link, Row, Span, Table
from wpiforum.maps import Place
from wpiforum.provenance.dates import fiscal_year
from wpiforum.provenance.wording import certainty_text, day_text, fiscal_year_text, span_text

TICK_YEARS = 5
_SIGNS = {Qualifier.ABOUT: "≈ ", Qualifier.MORE_THAN: "> ", Qualifier.EXACT: ""}


def sign_text(row: Observation) -> str:
    """Return a figure as a chart writes it: ≈ 200, > 50%, 48%."""
    unit = "%" if row.indicator.unit == Unit.PERCENT else ""
    return f"{_SIGNS[Qualifier(row.qualifier)]}{row.value.normalize():,f}{unit}"


def _scale(unit: str) -> float | None:
    return 100 if unit == Unit.PERCENT else None


def _limit_text(asked: str) -> str:
    return _("asked: %(asked)s") % {"asked": asked} if asked else ""


def _where(center: Center, day: date | None) -> str:
    return center.get_absolute_url() + (f"?as_of={day.isoformat()}" if day else "")


def _place(center: Center, asked: date | None = None) -> Place | None:
    if center.latitude is None or center.longitude is None:
        return None
    return Place(center.acronym, float(center.latitude), float(center.longitude), _where(center, asked))


def centers_map(centers: Iterable[Center], asked: date | None = None) -> Figure | None:
    """Draw Japan with a labeled link for every center."""
    rows = [(center, place) for center in centers if (place := _place(center, asked))]
    if not rows:
        return None
    table = Table(
        (_("Center"), _("Place")),
        [(Link(center.acronym, place.url), center.get_prefecture_display()) for center, place in rows],
    )
    return maps.japan(
        "centers-map",
        _("Where the centers are."),
        _("Map of Japan with one marker for each center; the list beside it names the same centers."),
        [place for _center, place in rows],
        table,
    )


def center_map(center: Center) -> Figure | None:
    """Draw Japan with this center alone."""
    place = _place(center)
    if place is None:
        return None
    town = center.get_prefecture_display()
    description = _("Map of Japan: %(center)s is in %(prefecture)s.") % {"center": center.acronym, "prefecture": town}
    table = Table((_("Center"), _("Place")), [(center.acronym, town)])
    return maps.japan("place", _("Where the center is."), description, [place._replace(url="")], table)


def satellites_map(rows: Sequence[Satellite]) -> Figure | None:
    """Draw the world with the institutions, those close together as one marker that counts them."""
    found: dict[str, Place] = {}
    homes: dict[str, Place] = {}
    for row in rows:
        at = row.institution
        if at.latitude is not None and at.longitude is not None:
            before = found.get(at.slug)
            kind = "satellite" if before and before.kind == "satellite" else str(row.kind)
            found[at.slug] = Place(str(at), float(at.latitude), float(at.longitude), f"#place-{at.slug}", kind)
        home = _place(row.center)
        if home:
            homes[row.center.slug] = home
    if not found:
        return None
    return maps.world(
        "satellites-map",
        _("A number counts the institutions in one area; a hollow sign has partners only, no satellite."),
        _("Map of the world. Numbered markers lead to the rows of the table below; small dots are the centers."),
        list(found.values()),
        Table((_("Institution"),), [(place.name,) for place in found.values()]),
        homes=list(homes.values()),
        tell=_tell,
    )


def _tell(places: list[Place]) -> str:
    names = ", ".join(str(place.name) for place in places)
    count = ngettext("%(count)d institution", "%(count)d institutions", len(places)) % {"count": len(places)}
    return _("%(count)s: %(names)s") % {"count": count, "names": names}


def verdict_bars(cells: Iterable[tuple[str, Cell]]) -> Figure | None:
    """Draw one center's figures against what the program asks, each on its own scale."""
    rows = []
    for _key, cell in cells:
        if cell.requirement is None or cell.observation is None or cell.requirement.minimum is None:
            continue
        limit, value = float(cell.requirement.minimum), float(cell.observation.value)
        rows.append(
            Bar(
                f"{cell.requirement.name} ({cell.observation.indicator})"
                if cell.is_lower_bound
                else str(cell.requirement.name),
                value,
                f"{sign_text(cell.observation)} · {verdict_text(cell.verdict)}",
                cell.observation.qualifier,
                limit,
                _limit_text(asked_text(cell.requirement)),
                _scale(cell.requirement.unit) or max(limit, value) * 1.15,
            )
        )
    if not rows:
        return None
    return charts.bars(
        "verdicts",
        _("Figures against what the program asks"),
        _("One bar for each figure; a mark shows what is asked."),
        rows,
        (_("Requirement"), _("Figure"), _("Asked")),
    )


def board_bars(board: Board) -> list[Figure]:
    """Draw, for each requirement with a number, the centers for which a figure is known."""
    found = []
    for number, (key, name) in enumerate(board.columns):
        rows = []
        unit = ""
        for center, cells in board.rows:
            cell = cells[number]
            if cell.requirement is None or cell.observation is None or cell.requirement.minimum is None:
                continue
            unit = cell.requirement.unit
            rows.append(
                Bar(
                    center.acronym,
                    float(cell.observation.value),
                    f"{sign_text(cell.observation)} · {verdict_text(cell.verdict)}",
                    cell.observation.qualifier,
                    float(cell.requirement.minimum),
                    _limit_text(asked_text(cell.requirement)),
                    _scale(unit),
                )
            )
        if rows:
            description = _("One bar for each center whose figure is known; a mark shows what is asked of its cohort.")
            columns = (_("Center"), _("Figure"), _("Asked"))
            found.append(charts.bars(f"board-{key.replace('_', '-')}", name, description, rows, columns))
    return found


def series(observations: Iterable[Observation], cells: Iterable[tuple[str, Cell]]) -> list[Figure]:
    """Draw every indicator of which several fiscal years are known."""
    by_indicator: dict[str, list[Observation]] = {}
    for row in observations:
        by_indicator.setdefault(row.indicator.key, []).append(row)
    asked = {key: cell.requirement for key, cell in cells if cell.requirement and cell.requirement.minimum is not None}
    found = []
    for key, rows in by_indicator.items():
        if len({row.fiscal_year for row in rows}) < 2:
            continue
        requirement = asked.get(key)
        indicator = rows[0].indicator
        found.append(
            charts.series(
                f"series-{key.replace('_', '-')}",
                _("%(indicator)s over the fiscal years") % {"indicator": indicator},
                _("Each dot is one figure with its fiscal year; hollow dots are approximate or lower bounds."),
                [
                    Dot(
                        row.fiscal_year,
                        fiscal_year_text(row.fiscal_year),
                        float(row.value),
                        sign_text(row),
                        row.qualifier,
                    )
                    for row in rows
                ],
                (_("Fiscal year"), _("Figure")),
                limit=float(requirement.minimum) if requirement and requirement.minimum is not None else None,
                limit_text=_limit_text(asked_text(requirement)) if requirement else "",
                scale=_scale(indicator.unit),
            )
        )
    return found


def _at(day: date) -> float:
    """Return a day as a point on the axis of years."""
    return day.year + (day.timetuple().tm_yday - 1) / 365.25


def timeline(centers: Sequence[Center], day: date, asked: date | None = None) -> Figure | None:
    """Draw cohorts and what the program gave each center when; what was only announced is open."""
    groups: dict[int, list[Row]] = {}
    ends, cells = [], []
    for center in centers:
        rows = list(center.standings.all())
        if not any(row.start for row in rows):
            continue
        ends += [_at(row.end_on) for row in rows if row.end_on]
    if not ends:
        return None
    first_year = min(center.cohort.fiscal_year for center in centers)
    first, last = first_year + 0.25, max([*ends, _at(day)]) + 0.5
    for center in centers:
        rows = list(center.standings.all())
        spans = [_span(row, last) for row in rows if row.start_on]
        if spans:
            groups.setdefault(center.cohort.fiscal_year, []).append(Row(center.acronym, spans))
        cells.append(
            (
                Link(center.acronym, _where(center, asked)),
                fiscal_year_text(center.cohort.fiscal_year),
                _told(rows, {StandingKind.GRANT, StandingKind.EXTENSION}, day),
                _told(rows, {StandingKind.ACADEMY}, day),
            )
        )
    last_tick = fiscal_year(date(int(last), 4, 1))
    return charts.timeline(
        "timeline",
        _("Cohorts and support periods"),
        _("One line for each center by cohort: support above, Academy membership below, over the fiscal years."),
        [(_("Cohort of %(year)s") % {"year": fiscal_year_text(year)}, rows) for year, rows in sorted(groups.items())],
        [(year + 0.25, fiscal_year_text(year)) for year in range(first_year, last_tick, TICK_YEARS)],
        Table((_("Center"), _("Cohort"), _("Support"), _("WPI Academy")), cells),
        first=first,
        last=last,
        now=_at(day),
        now_text=day_text(day),
        keys=(
            ("span--grant", _("support (grant)")),
            ("span--extension", _("extension of support")),
            ("span--academy", _("WPI Academy membership")),
            ("span--planned", _("announced, or not confirmed since")),
        ),
    )


def _span(row: Standing, last: float) -> Span:
    start = _at(row.start_on) if row.start_on else 0
    known = _at(row.as_of.last) if row.as_of else start
    end = _at(row.end_on) if row.end_on else last
    return Span(start, end, row.kind, int(row.kind == StandingKind.ACADEMY), max(known, start) if known < end else None)


def _told(rows: Iterable[Standing], kinds: set[StandingKind], day: date) -> str:
    found = []
    for row in rows:
        if row.kind in kinds:
            sure = certainty_text(row, day)
            text = span_text(row)
            if row.kind == StandingKind.EXTENSION:
                text = _("extension %(span)s") % {"span": text}
            found.append(f"{text} ({sure})" if sure else text)
    return pgettext("list of periods", "; ").join(found) or "–"
