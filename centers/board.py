"""The requirement board: every center against every requirement on one day, as a table and as CSV."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from centers.choices import Qualifier, Unit
from centers.figures import Cell, Verdict, cell
from centers.models import Center, Observation, Requirement
from wpiforum.provenance.models import Source
from wpiforum.provenance.wording import when


class Board(NamedTuple):
    columns: list[tuple[str, str]]  # key and name of each requirement
    rows: list[tuple[Center, list[Cell]]]


def load(day: date) -> Board:
    """Load the board for all published centers in the register on `day`, in four queries."""
    observations = Observation.objects.select_related("indicator", "source")
    centers = (
        Center.objects.published()
        .in_register_on(day)
        .select_related("cohort")
        .prefetch_related("names", Prefetch("observations", observations))
        .by_cohort()
    )
    requirements = list(Requirement.objects.select_related("source").order_by("order", "key"))
    names = {row.key: str(row.name or row.name_ja or row.name_en) for row in requirements}
    by_cohort: dict[object, list[Requirement]] = {}
    for row in requirements:
        by_cohort.setdefault(row.cohort_id, []).append(row)
    rows = []
    for center in centers:
        asked = by_cohort.get(center.cohort_id, [])
        rows.append((center, [cell(asked, center.observations.all(), key, day) for key in names]))
    return Board(list(names.items()), rows)


def verdict_text(verdict: Verdict) -> str:
    """Return the verdict in words; a verdict is never colour alone."""
    return {
        Verdict.MET: pgettext("requirement", "met"),
        Verdict.NOT_MET: pgettext("requirement", "not met"),
        Verdict.NOT_KNOWN: pgettext("requirement", "not known"),
        Verdict.TOO_OLD: pgettext("requirement", "too old to tell"),
        Verdict.SHOWN: pgettext("requirement", "approximate, not judged"),
        Verdict.NOT_COMPUTED: pgettext("requirement", "not computed"),
    }[verdict]


def asked_text(requirement: Requirement) -> str:
    """Return what is asked: "100 or more", "70 to 100 or more", "30 % or more"."""
    if requirement.minimum is None:
        return ""
    low = f"{requirement.minimum.normalize():,f}"
    unit = "%" if requirement.unit == Unit.PERCENT else ""
    if requirement.minimum_upper is not None:
        high = f"{requirement.minimum_upper.normalize():,f}"
        return _("about %(low)s to %(high)s%(unit)s or more") % {"low": low, "high": high, "unit": unit}
    return _("%(low)s%(unit)s or more") % {"low": low, "unit": unit}


def figure_text(observation: Observation) -> str:
    """Return a figure with its exactness: "about 200", "more than 50%"."""
    figure = f"{observation.value.normalize():,f}" + ("%" if observation.indicator.unit == Unit.PERCENT else "")
    if observation.qualifier == Qualifier.ABOUT:
        return pgettext("approximate figure", "about %(figure)s") % {"figure": figure}
    if observation.qualifier == Qualifier.MORE_THAN:
        return _("more than %(figure)s") % {"figure": figure}
    return figure


def with_sources(board: Board) -> tuple[list[tuple[Center, list[tuple[Cell, int]]]], list[Source]]:
    """Return the rows with a note number at every cell that has a figure, and the sources in that order."""
    numbers: dict[object, int] = {}
    sources: list[Source] = []
    rows = []
    for center, cells in board.rows:
        row = []
        for found in cells:
            number = 0
            if found.observation:
                source = found.observation.source
                number = numbers.setdefault(source.pk, len(numbers) + 1)
                if number > len(sources):
                    sources.append(source)
            row.append((found, number))
        rows.append((center, row))
    return rows, sources


def csv_rows(board: Board, day: date) -> Iterator[list[object]]:
    """Yield the board as rows of text, one per center and requirement, as the table shows them."""
    yield [
        _("Center"), _("Cohort"), _("Requirement"), _("Asked"), _("Figure"), _("Figure counts"), _("Verdict"),
        _("As of"), _("Source"), _("Board of"),
    ]  # fmt: skip
    for center, cells in board.rows:
        for (_key, name), found in zip(board.columns, cells, strict=True):
            observation = found.observation
            yield [
                center.acronym,
                str(center.cohort),
                name,
                asked_text(found.requirement) if found.requirement else "",
                figure_text(observation) if observation else "",
                str(observation.indicator) if observation else "",
                verdict_text(found.verdict),
                when(observation.as_of) if observation and observation.as_of else "",
                str(observation.source) if observation else "",
                day.isoformat(),
            ]
