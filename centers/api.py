"""The register as open data: centers, hosts, people, satellites, figures, requirements and practices."""

from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from centers import api_figures as figures
from centers import api_shapes as shapes
from centers import board
from centers.choices import Prefecture, SatelliteKind, Status, Theme
from centers.models import (
    Center,
    DatedName,
    Directorship,
    HostInstitution,
    Indicator,
    Observation,
    Person,
    Practice,
    ProfileSection,
    ProgramItem,
    Requirement,
    Satellite,
)
from wpiforum.http import today
from wpiforum.loading import page_mode
from wpiforum.opendata.listing import (
    AsOf,
    Country,
    PageQuery,
    Slug,
    UuidPageQuery,
    Year,
    one,
    page,
    refuse_unknown,
    whole,
)
from wpiforum.opendata.problems import ANSWERS, MOVED
from wpiforum.opendata.schemas import Page, field_names
from wpiforum.publishing.models import published_q

router = Router(tags=["Register"])

# Built once, so that the document lists what `fields` may name.
CenterField: Any = field_names(shapes.CenterOut)
PersonField: Any = field_names(shapes.PersonOut)
ObservationField: Any = field_names(figures.ObservationOut)


class CenterQuery(AsOf, PageQuery):
    """The facets of the register; a repeated one means "or"."""

    cohort: list[Year] = Field([], description="Fiscal year of adoption.")
    status: list[Status] = []
    host: list[Slug] = []
    prefecture: list[Prefecture] = Field([], description="ISO 3166-2.")
    field: list[Slug] = Field([], description="Research field.")
    fields: list[CenterField] = []


class PersonQuery(AsOf, PageQuery):
    fields: list[PersonField] = []


class DatedPageQuery(AsOf, PageQuery):
    pass


class DirectorshipQuery(AsOf, UuidPageQuery):
    center: list[Slug] = []
    person: list[Slug] = []
    valid: bool = Field(False, description="Only what may hold on the asked day.")


class SatelliteQuery(AsOf, UuidPageQuery):
    center: list[Slug] = []
    kind: list[SatelliteKind] = []
    country: list[Country] = Field([], description="ISO 3166-1 alpha-2.")
    valid: bool = Field(False, description="Only what may hold on the asked day.")


class ObservationQuery(UuidPageQuery):
    center: list[Slug] = []
    indicator: list[Slug] = []
    fiscal_year: list[Year] = []
    fields: list[ObservationField] = []


class RequirementQuery(UuidPageQuery):
    cohort: list[Year] = []


class PracticeQuery(PageQuery):
    theme: list[Theme] = []
    center: list[Slug] = []


def _chosen(rows: QuerySet, **lookups: list[Any]) -> Any:
    """Keep rows whose column has one of the values asked for; a facet without values keeps all."""
    return rows.filter(**{f"{name}__in": values for name, values in lookups.items() if values})


@router.get("/centers", response={200: Page[shapes.CenterOut], **ANSWERS}, summary="Centers")
def centers(request: HttpRequest, query: Query[CenterQuery]) -> HttpResponse:
    """Centers in the register on a day, with names, standing and directors over time."""
    refuse_unknown(request, CenterQuery)
    day = query.day

    def rows() -> Any:
        found = _chosen(
            Center.objects.published().in_register_on(day),
            cohort__fiscal_year=query.cohort,
            host__slug=query.host,
            prefecture=query.prefecture,
            field__slug=query.field,
        )
        if query.status:
            found = reduce(or_, (found.with_status_on(status, day) for status in query.status))
        return found.for_register(sources=True)

    return page(request, rows, lambda row: shapes.center_out(row, day, request), query, key="slug", day=day)


@router.get("/centers/{slug:slug}", response={200: shapes.CenterDetail, **MOVED}, summary="One center")
def center(request: HttpRequest, slug: str, query: Query[AsOf]) -> HttpResponse:
    """One center with its profile."""
    refuse_unknown(request, AsOf)

    def rows() -> Any:
        sections = ProfileSection.objects.select_related("source").fetch_mode(page_mode())
        return Center.objects.published().for_register(sources=True).prefetch_related(Prefetch("sections", sections))

    return one(request, rows, lambda row: shapes.center_detail(row, query.day, request), slug=slug)


def _hosts() -> Any:
    names = DatedName.objects.select_related("source").fetch_mode(page_mode())
    public = Center.objects.published().fetch_mode(page_mode())
    return HostInstitution.objects.filter(Exists(public.filter(host=OuterRef("pk")))).prefetch_related(
        Prefetch("names", names), Prefetch("centers", public)
    )


@router.get("/hosts", response={200: Page[shapes.HostOut], **ANSWERS}, summary="Host institutions")
def hosts(request: HttpRequest, query: Query[DatedPageQuery]) -> HttpResponse:
    """Host institutions with their names and ROR IDs over time."""
    refuse_unknown(request, DatedPageQuery)
    day = query.day
    return page(request, _hosts, lambda row: shapes.host_out(row, day, request), query, key="slug", day=day)


@router.get("/hosts/{slug:slug}", response={200: shapes.HostOut, **ANSWERS}, summary="One host institution")
def host(request: HttpRequest, slug: str, query: Query[AsOf]) -> HttpResponse:
    refuse_unknown(request, AsOf)
    return one(request, _hosts, lambda row: shapes.host_out(row, query.day, request), slug=slug)


def _people() -> Any:
    terms = Directorship.objects.filter(published_q("center__")).select_related("center", "source")
    return Person.objects.published().prefetch_related(Prefetch("directorships", terms.fetch_mode(page_mode())))


@router.get("/people", response={200: Page[shapes.PersonOut], **ANSWERS}, summary="People")
def people(request: HttpRequest, query: Query[PersonQuery]) -> HttpResponse:
    """Directors, past and present, with their terms."""
    refuse_unknown(request, PersonQuery)
    day = query.day
    return page(request, _people, lambda row: shapes.person_out(row, day, request), query, key="slug", day=day)


@router.get("/people/{slug:slug}", response={200: shapes.PersonOut, **MOVED}, summary="One person")
def person(request: HttpRequest, slug: str, query: Query[AsOf]) -> HttpResponse:
    refuse_unknown(request, AsOf)
    return one(request, _people, lambda row: shapes.person_out(row, query.day, request), slug=slug)


@router.get("/directorships", response={200: Page[shapes.DirectorshipOut], **ANSWERS}, summary="Directorships")
def directorships(request: HttpRequest, query: Query[DirectorshipQuery]) -> HttpResponse:
    """Who headed which center, and when."""
    refuse_unknown(request, DirectorshipQuery)
    day = query.day

    def rows() -> Any:
        found: Any = Directorship.objects.published_people().filter(published_q("center__"))
        found = found.valid_on(day) if query.valid else found
        found = _chosen(found, center__slug=query.center, person__slug=query.person)
        return found.select_related("center", "person", "source").fetch_mode(page_mode())

    return page(request, rows, lambda row: shapes.directorship_out(row, day, request), query, key="pk", day=day)


@router.get("/satellites", response={200: Page[shapes.SatelliteOut], **ANSWERS}, summary="Satellites and partners")
def satellites(request: HttpRequest, query: Query[SatelliteQuery]) -> HttpResponse:
    """Institutions in the world that centers work with."""
    refuse_unknown(request, SatelliteQuery)
    day = query.day

    def rows() -> Any:
        found: Any = Satellite.objects.published_centers()
        found = found.valid_on(day) if query.valid else found
        found = _chosen(found, center__slug=query.center, kind=query.kind, institution__country=query.country)
        return found.select_related("institution", "center", "source").fetch_mode(page_mode())

    return page(request, rows, lambda row: shapes.satellite_out(row, day, request), query, key="pk", day=day)


@router.get("/indicators", response={200: Page[figures.IndicatorOut], **ANSWERS}, summary="Indicators")
def indicators(request: HttpRequest, query: Query[PageQuery]) -> HttpResponse:
    """What is counted, and in which unit."""
    refuse_unknown(request, PageQuery)
    rows, day = Indicator.objects.all, today()
    return page(request, rows, lambda row: figures.indicator_out(row, request), query, key="key", day=day)


@router.get("/observations", response={200: Page[figures.ObservationOut], **ANSWERS}, summary="Observations")
def observations(request: HttpRequest, query: Query[ObservationQuery]) -> HttpResponse:
    """Figures of centers, each with its exactness and source."""
    refuse_unknown(request, ObservationQuery)

    def rows() -> Any:
        found = _chosen(
            Observation.objects.filter(published_q("center__")),
            center__slug=query.center,
            indicator__key=query.indicator,
            fiscal_year=query.fiscal_year,
        )
        return found.select_related("center", "indicator", "source").fetch_mode(page_mode())

    day = today()
    return page(request, rows, lambda row: figures.observation_out(row, request), query, key="pk", day=day)


@router.get("/requirements", response={200: Page[figures.RequirementOut], **ANSWERS}, summary="Requirements")
def requirements(request: HttpRequest, query: Query[RequirementQuery]) -> HttpResponse:
    """What the program asked of each cohort, as stated on a date."""
    refuse_unknown(request, RequirementQuery)

    def rows() -> Any:
        found = _chosen(Requirement.objects.all(), cohort__fiscal_year=query.cohort)
        return found.select_related("cohort", "source").fetch_mode(page_mode())

    day = today()
    return page(request, rows, lambda row: figures.requirement_out(row, request), query, key="pk", day=day)


@router.get("/board", response={200: Page[figures.VerdictOut], **ANSWERS}, summary="Requirement board")
def requirement_board(request: HttpRequest, query: Query[AsOf]) -> HttpResponse:
    """The board's verdicts on a day, as the page shows them: never "met" without a figure."""
    refuse_unknown(request, AsOf)
    day = query.day
    return whole(request, lambda: figures.verdicts(board.load(day), request, day), day=day)


@router.get("/practices", response={200: Page[shapes.PracticeOut], **ANSWERS}, summary="Practices")
def practices(request: HttpRequest, query: Query[PracticeQuery]) -> HttpResponse:
    """What the program or one center does that others can learn from."""
    refuse_unknown(request, PracticeQuery)

    def rows() -> Any:
        found: Any = Practice.objects.published().filter(Q(center__isnull=True) | published_q("center__"))
        found = _chosen(found, theme=query.theme, center__slug=query.center)
        return found.select_related("center", "source").fetch_mode(page_mode())

    day = today()
    return page(request, rows, lambda row: shapes.practice_out(row, request), query, key="slug", day=day)


@router.get("/program", response={200: Page[shapes.StatementOut], **ANSWERS}, summary="The program")
def program(request: HttpRequest, query: Query[UuidPageQuery]) -> HttpResponse:
    """Statements about the program: purpose, missions, support, evaluation, outcomes."""
    refuse_unknown(request, UuidPageQuery)

    def rows() -> Any:
        found: Any = ProgramItem.objects.filter(published_q("page__"))
        return found.select_related("source").fetch_mode(page_mode())

    day = today()
    return page(request, rows, lambda row: shapes.statement_out(row, request), query, key="pk", day=day)
