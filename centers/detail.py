"""Everything a center's page shows, loaded in eight queries however much the center holds."""

from datetime import date
from typing import Any, NamedTuple

from django.db.models import Q, Value

from centers.choices import SectionKind, StandingKind
from centers.figures import Cell, cell
from centers.models import (
    Center,
    DatedName,
    Directorship,
    Donation,
    Observation,
    Practice,
    ProfileSection,
    Requirement,
    Satellite,
    Standing,
)
from wpiforum import languages
from wpiforum.localization.status import wrong
from wpiforum.provenance.dates import PartialDate, Validity
from wpiforum.provenance.models import Source


class Passage(NamedTuple):
    """A piece of prose about a center: a profile section, a practice or a donation, with its source."""

    part: str
    kind: str
    title_ja: str
    title_en: str
    body_ja: str
    body_en: str
    source: Source
    as_of: PartialDate | None
    is_wrong_ja: bool
    is_wrong_en: bool

    @property
    def heading(self) -> str:
        return str(SectionKind(self.kind).label) if self.part == "section" else ""


def passages(center: Center) -> list[Passage]:
    """Return the center's prose in one query: three tables with the same columns, told apart by `part`."""
    tail = ("body_ja", "body_en", "as_of_on", "as_of_precision")
    source = ("source__title_ja", "source__title_en", "source__url", "source__key")

    def rows(queryset: Any, part: str, kind: Any, title: tuple[Any, Any]) -> Any:
        warnings = [wrong(queryset.model._meta.label_lower, code) for code in languages.CODES]
        # rewrite(False): modeltranslation would turn the columns into a set and lose their order.
        return (
            queryset.rewrite(False)
            .order_by()
            .values_list(Value(part), kind, "order", title[0], title[1], *tail, *source, *warnings)
        )

    found = rows(ProfileSection.objects.filter(center=center), "section", "kind", (Value(""), Value(""))).union(
        rows(Practice.objects.published().filter(center=center), "practice", "theme", ("title_ja", "title_en")),
        rows(Donation.objects.filter(center=center), "donation", "kind", ("donor_ja", "donor_en")),
        all=True,
    )
    kinds = list(SectionKind.values)
    ordered = sorted(
        found,
        key=lambda row: (row[0], kinds.index(row[1]) if row[0] == "section" else 0, row[2], row[3] or ""),
    )
    return [_passage(*row) for row in ordered]


def _passage(
    part: str, kind: str, order: int, title_ja: str, title_en: str, body_ja: str, body_en: str,
    as_of_on: date | None, precision: str, source_ja: str, source_en: str, url: str, key: str,
    is_wrong_ja: bool, is_wrong_en: bool,
) -> Passage:  # fmt: skip
    return Passage(
        part,
        kind,
        title_ja or "",
        title_en or "",
        body_ja or "",
        body_en or "",
        Source(title_ja=source_ja, title_en=source_en, url=url, key=key),
        PartialDate(as_of_on, precision) if as_of_on else None,
        bool(is_wrong_ja),
        bool(is_wrong_en),
    )


def load(center: Center) -> None:
    """Fill the center's related rows: its own and its host's names together, then one query per kind."""
    names = list(DatedName.objects.filter(Q(center=center) | Q(host_id=center.host_id)).select_related("source"))
    cache = center.__dict__.setdefault("_prefetched_objects_cache", {})
    cache["names"] = [row for row in names if row.center_id]
    center.host.__dict__.setdefault("_prefetched_objects_cache", {})["names"] = [row for row in names if row.host_id]
    cache["standings"] = list(Standing.objects.filter(center=center).select_related("source"))
    cache["directorships"] = list(
        Directorship.objects.published_people()
        .filter(center=center)
        .select_related("person", "source")
        .order_by("start_on")
    )
    cache["satellites"] = list(Satellite.objects.filter(center=center).for_list())
    cache["observations"] = list(
        Observation.objects.filter(center=center)
        .select_related("indicator", "source")
        .order_by("indicator__order", "fiscal_year", "as_of_on")
    )


def cells(center: Center, day: date) -> list[tuple[str, Cell]]:
    """Return the center's row of the requirement board: (key, cell) in the board's order."""
    requirements = list(Requirement.objects.filter(cohort_id=center.cohort_id).select_related("source"))
    keys = list(dict.fromkeys(row.key for row in requirements))
    return [(key, cell(requirements, center.observations.all(), key, day)) for key in keys]


class RowOn(NamedTuple):
    """A center as it reads on one day. A name or host may be None only where the register holds none at all."""

    name: Any
    host: Any
    statuses: dict[Any, Validity]
    directors: list[Directorship]
    standings: list[Standing]
    is_adopted: bool


def row_on(center: Center, day: date) -> RowOn:
    """Return what the register says of a loaded center on `day`."""
    return RowOn(
        center.name_on(day),
        center.host.name_on(day),
        center.statuses_on(day),
        center.directors_on(day),
        center.standings_on(day),
        any(
            row.kind == StandingKind.GRANT and row.validity_on(day) != Validity.NOT_YET
            for row in center.standings.all()
        ),
    )


def languages_of(named: Any) -> tuple[str, ...]:
    """Return the languages in which a row has a name: the languages its page really exists in."""
    return tuple(code for code in languages.CODES if getattr(named, f"name_{code}", None)) or languages.CODES
