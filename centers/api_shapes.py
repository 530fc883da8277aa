"""What the open data interface says of each row of the register."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest

from centers.choices import ProgramPart, Qualifier, SatelliteKind, SectionKind, StandingKind, Status, Theme, Unit
from centers.detail import row_on
from centers.models import (
    Center,
    DatedName,
    Directorship,
    HostInstitution,
    Person,
    Practice,
    ProgramItem,
    Satellite,
)
from wpiforum.opendata.schemas import (
    Answer,
    Evidence,
    Figure,
    Item,
    Proof,
    Span,
    Text,
    evidence,
    links,
    span,
    text,
)
from wpiforum.provenance.dates import Validity


class NameOut(Proof):
    name: Text
    ror: str | None
    validity: Span


class StatusOut(Answer):
    status: Status
    state: Validity


class StandingOut(Proof):
    kind: StandingKind
    validity: Span


class DirectorOut(Answer):
    person: str
    name: Text
    title: Text
    state: Validity


class SectionOut(Proof):
    kind: SectionKind
    body: Text


class Place(Answer):
    """`prefecture` is ISO 3166-2; degrees on WGS 84."""

    prefecture: str
    city: Text
    latitude: float | None
    longitude: float | None


class CenterOut(Evidence):
    """A center as it reads on the asked day, with its names and standing over time."""

    slug: str
    acronym: str
    cohort: int
    field: str
    field_name: Text
    website: str | None
    place: Place
    name: Text | None
    host: str
    host_name: Text | None
    statuses: list[StatusOut]
    directors: list[DirectorOut]
    names: list[NameOut]
    standings: list[StandingOut]


class CenterDetail(CenterOut):
    sections: list[SectionOut]


class HostOut(Item):
    slug: str
    name: Text | None
    ror: str | None
    centers: list[str]
    names: list[NameOut]


class DirectorshipOut(Evidence):
    id: str
    center: str
    person: str
    title: Text
    validity: Span


class PersonOut(Item):
    slug: str
    name: Text
    kana: str | None
    unverified: list[str]
    directorships: list[DirectorshipOut]


class SatelliteOut(Evidence):
    """`country` is ISO 3166-1 alpha-2."""

    id: str
    center: str
    kind: SatelliteKind
    institution: str
    name: Text
    city: Text
    country: str
    latitude: float | None
    longitude: float | None
    note: Text
    validity: Span


class PracticeOut(Evidence):
    slug: str
    theme: Theme
    center: str | None
    title: Text
    body: Text


class StatementOut(Evidence):
    """A statement of the program's page: its purpose, a mission, an outcome, …"""

    id: str
    part: ProgramPart
    title: Text
    body: Text
    value: Figure | None
    unit: Unit | None
    qualifier: Qualifier | None


def name_out(row: DatedName, day: date) -> NameOut:
    return NameOut(**evidence(row), name=text(row, "name"), ror=_ror(row), validity=span(row, day))


def _ror(row: DatedName | None) -> str | None:
    return f"https://ror.org/{row.ror_id}" if row and row.ror_id else None


def _by_start(rows: Any) -> list[Any]:
    return sorted(rows, key=lambda row: (row.start_on or date.min, str(row.pk)))


def _center(row: Center, day: date, request: HttpRequest) -> dict[str, Any]:
    on = row_on(row, day)
    page = links(request, "centers:detail", row.slug)
    return evidence(row) | {
        "slug": row.slug,
        "acronym": row.acronym,
        "page": page,
        "cohort": row.cohort.fiscal_year,
        "field": row.field.slug,
        "field_name": text(row.field, "name"),
        "website": row.website or None,
        "place": _place(row),
        "name": text(on.name, "name") if on.name else None,
        "host": row.host.slug,
        "host_name": text(on.host, "name") if on.host else None,
        "statuses": [StatusOut(status=status, state=state) for status, state in on.statuses.items()],
        "directors": [
            DirectorOut(
                person=term.person.slug,
                name=text(term.person, "name"),
                title=text(term, "title"),
                state=term.validity_on(day),
            )
            for term in on.directors
        ],
        "names": [name_out(name, day) for name in _by_start(row.names.all())],
        "standings": [
            StandingOut(**evidence(standing), kind=StandingKind(standing.kind), validity=span(standing, day))
            for standing in _by_start(row.standings.all())
        ],
    }


def _place(row: Any) -> Place:
    return Place(
        prefecture=row.prefecture,
        city=text(row, "city"),
        latitude=_degrees(row.latitude),
        longitude=_degrees(row.longitude),
    )


def _degrees(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def center_out(row: Center, day: date, request: HttpRequest) -> CenterOut:
    return CenterOut(**_center(row, day, request))


def center_detail(row: Center, day: date, request: HttpRequest) -> CenterDetail:
    sections = [
        SectionOut(**evidence(section), kind=SectionKind(section.kind), body=text(section, "body"))
        for section in row.sections.all()
    ]
    return CenterDetail(**_center(row, day, request), sections=sections)


def host_out(row: HostInstitution, day: date, request: HttpRequest) -> HostOut:
    name = row.name_on(day)
    return HostOut(
        page=links(request, "centers:list", query=f"host={row.slug}"),
        slug=row.slug,
        name=text(name, "name") if name else None,
        ror=_ror(name),
        centers=sorted(center.slug for center in row.centers.all()),
        names=[name_out(one, day) for one in _by_start(row.names.all())],
    )


def person_out(row: Person, day: date, request: HttpRequest) -> PersonOut:
    return PersonOut(
        slug=row.slug,
        name=text(row, "name"),
        kana=row.confirmed_kana or None,
        page=links(request, "centers:director", row.slug),
        unverified=row.unverified,
        directorships=[
            directorship_out(term, day, request, person=row.slug) for term in _by_start(row.directorships.all())
        ],
    )


def directorship_out(row: Directorship, day: date, request: HttpRequest, person: str = "") -> DirectorshipOut:
    slug = person or row.person.slug
    return DirectorshipOut(
        **evidence(row),
        page=links(request, "centers:director", slug),
        id=str(row.pk),
        center=row.center.slug,
        person=slug,
        title=text(row, "title"),
        validity=span(row, day),
    )


def satellite_out(row: Satellite, day: date, request: HttpRequest) -> SatelliteOut:
    place = row.institution
    return SatelliteOut(
        **evidence(row),
        page=links(request, "centers:satellites"),
        id=str(row.pk),
        center=row.center.slug,
        kind=SatelliteKind(row.kind),
        institution=place.slug,
        name=text(place, "name"),
        city=text(place, "city"),
        country=place.country,
        latitude=_degrees(place.latitude),
        longitude=_degrees(place.longitude),
        note=text(row, "note"),
        validity=span(row, day),
    )


def practice_out(row: Practice, request: HttpRequest) -> PracticeOut:
    return PracticeOut(
        **evidence(row),
        slug=row.slug,
        theme=Theme(row.theme),
        center=row.center.slug if row.center else None,
        title=text(row, "title"),
        body=text(row, "body"),
        page=links(request, "centers:practices", anchor=row.slug),
    )


def statement_out(row: ProgramItem, request: HttpRequest) -> StatementOut:
    return StatementOut(
        **evidence(row),
        page=links(request, "centers:program"),
        id=str(row.pk),
        part=ProgramPart(row.part),
        title=text(row, "title"),
        body=text(row, "body"),
        value=row.value,
        unit=Unit(row.unit) if row.unit else None,
        qualifier=Qualifier(row.qualifier) if row.qualifier else None,
    )
