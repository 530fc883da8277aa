"""What the open data interface says of figures: indicators, observations, requirements, the board's verdicts."""

from datetime import date
from typing import Any

from django.http import HttpRequest

from centers.board import Board
from centers.choices import Qualifier, Unit
from centers.figures import Cell, Verdict
from centers.models import Center, Indicator, Observation, Requirement
from wpiforum.opendata.schemas import (
    Evidence,
    Figure,
    Item,
    SourceRef,
    Text,
    When,
    evidence,
    links,
    source_ref,
    text,
    when,
)


class IndicatorOut(Item):
    key: str
    name: Text
    definition: Text
    unit: Unit


class ObservationOut(Evidence):
    """A figure in the indicator's unit, exact, "about" or "more than"."""

    id: str
    center: str
    indicator: str
    unit: Unit
    fiscal_year: int
    value: Figure
    qualifier: Qualifier
    note: Text


class RequirementOut(Evidence):
    """What the program asked of a cohort; a range keeps both ends and is compared at its lower one."""

    id: str
    cohort: int
    key: str
    name: Text
    unit: Unit | None
    minimum: Figure | None
    minimum_upper: Figure | None


class VerdictOut(Item):
    """One cell of the requirement board, as the page shows it."""

    center: str
    requirement: str
    verdict: Verdict
    minimum: Figure | None
    figure: Figure | None
    qualifier: Qualifier | None
    is_lower_bound: bool
    as_of: When | None
    source: SourceRef | None


def indicator_out(row: Indicator, request: HttpRequest) -> IndicatorOut:
    return IndicatorOut(
        page=links(request, "centers:board"),
        key=row.key,
        name=text(row, "name"),
        definition=text(row, "definition"),
        unit=Unit(row.unit),
    )


def observation_out(row: Observation, request: HttpRequest) -> ObservationOut:
    return ObservationOut(
        **evidence(row),
        page=links(request, "centers:detail", row.center.slug, anchor="requirements"),
        id=str(row.pk),
        center=row.center.slug,
        indicator=row.indicator.key,
        unit=Unit(row.indicator.unit),
        fiscal_year=row.fiscal_year,
        value=row.value,
        qualifier=Qualifier(row.qualifier),
        note=text(row, "note"),
    )


def requirement_out(row: Requirement, request: HttpRequest) -> RequirementOut:
    return RequirementOut(
        **evidence(row),
        page=links(request, "centers:board"),
        id=str(row.pk),
        cohort=row.cohort.fiscal_year,
        key=row.key,
        name=text(row, "name"),
        unit=Unit(row.unit) if row.unit else None,
        minimum=row.minimum,
        minimum_upper=row.minimum_upper,
    )


def verdicts(board: Board, request: HttpRequest, day: date) -> list[VerdictOut]:
    page = links(request, "centers:board", query=f"as_of={day}")
    return [
        _verdict(center, key, cell, page)
        for center, cells in board.rows
        for (key, _name), cell in zip(board.columns, cells, strict=True)
    ]


def _verdict(center: Center, key: str, cell: Cell, page: Any) -> VerdictOut:
    figure = cell.observation
    return VerdictOut(
        center=center.slug,
        requirement=key,
        verdict=cell.verdict,
        minimum=cell.requirement.minimum if cell.requirement else None,
        figure=figure.value if figure else None,
        qualifier=Qualifier(figure.qualifier) if figure else None,
        is_lower_bound=cell.is_lower_bound,
        as_of=when(figure.as_of) if figure else None,
        source=source_ref(figure.source) if figure else None,
        page=page,
    )
