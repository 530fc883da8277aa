"""The guides as open data: topics, guides, steps, values, offices, contacts, words, changes, and the dated plan."""

from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from onboarding import api_plan, plan
from onboarding import api_shapes as shapes
from onboarding import api_values as values
from onboarding.choices import Actor, Audience, ContactKind, Stage
from onboarding.models import (
    ChangeNote,
    ContactPoint,
    Fact,
    FactPeriod,
    Guide,
    Office,
    Step,
    Term,
    Topic,
)
from onboarding.pages import languages_of
from wpiforum.http import today
from wpiforum.loading import page_mode
from wpiforum.opendata.listing import (
    AsOf,
    PageQuery,
    Slug,
    UuidPageQuery,
    day_parameter,
    json_response,
    one,
    page,
    refuse_unknown,
)
from wpiforum.opendata.problems import ANSWERS, MOVED
from wpiforum.opendata.schemas import Page, field_names
from wpiforum.publishing.models import published_q

router = Router(tags=["Guides"])

GuideField: Any = field_names(shapes.GuideOut)
StepField: Any = field_names(shapes.StepOut)
FactField: Any = field_names(values.FactOut)
TermField: Any = field_names(values.TermOut)


class GuideQuery(AsOf, PageQuery):
    """The facets of the guides; a repeated one means "or"."""

    topic: list[Slug] = []
    audience: list[Audience] = []
    stage: list[Stage] = []
    actor: list[Actor] = Field([], description="Guides with a step that one of these acts in.")
    fields: list[GuideField] = []


class StepQuery(AsOf, UuidPageQuery):
    guide: list[Slug] = []
    topic: list[Slug] = []
    actor: list[Actor] = []
    timed: bool = Field(False, description="Only steps with a timing rule.")
    check_due: bool = Field(False, description="Only steps whose next check has fallen due.")
    fields: list[StepField] = []


class FactQuery(AsOf, PageQuery):
    fields: list[FactField] = []


class TermQuery(PageQuery):
    topic: list[Slug] = []
    fields: list[TermField] = []


class ContactQuery(AsOf, UuidPageQuery):
    kind: list[ContactKind] = []


Since: Any = day_parameter("Changes dated this day or later")


class ChangeQuery(UuidPageQuery):
    guide: list[Slug] = []
    since: Since = None


@router.get("/topics", response={200: Page[shapes.TopicOut], **ANSWERS}, summary="Topics")
def topics(request: HttpRequest, query: Query[PageQuery]) -> HttpResponse:
    """The eight topics and their pillars."""
    refuse_unknown(request, PageQuery)

    def rows() -> Any:
        return Topic.objects.published().select_related("pillar").fetch_mode(page_mode())

    return page(request, rows, lambda row: shapes.topic_out(row, request), query, key="slug", day=today())


def _guides() -> Any:
    """Load guides with steps and changes in a fixed number of queries."""
    mode = page_mode()
    changes = ChangeNote.objects.select_related("source").order_by("-happened_on", "pk").fetch_mode(mode)
    related: Any = Guide.objects.published().order_by("slug").fetch_mode(mode)
    return (
        Guide.objects.published()
        .select_related("topic", "next__topic")
        .prefetch_related(
            Prefetch("steps", Step.objects.for_page()), Prefetch("changes", changes), Prefetch("related", related)
        )
        .fetch_mode(mode)
    )


@router.get("/guides", response={200: Page[shapes.GuideOut], **ANSWERS}, summary="Guides")
def guides(request: HttpRequest, query: Query[GuideQuery]) -> HttpResponse:
    """Guides with their steps; texts show the values of the asked day."""
    refuse_unknown(request, GuideQuery)
    day = query.day
    made: dict[str, Any] = {}

    def rows() -> Any:
        found = _guides()
        found = found.filter(topic__slug__in=query.topic) if query.topic else found
        found = found.for_audience(*query.audience) if query.audience else found
        found = found.for_stage(*query.stage) if query.stage else found
        return found.with_step_by(*query.actor)

    def load(found: list[Guide]) -> None:
        made.update(shapes.load_renderers([step for guide in found for step in guide.steps.all()], day))

    def build(row: Guide) -> shapes.GuideOut:
        return shapes.guide_out(row, made, languages_of(row, list(row.steps.all())), request, today())

    return page(request, rows, build, query, key="slug", day=day, load=load)


@router.get("/guides/{slug:slug}", response={200: shapes.GuideOut, **MOVED}, summary="One guide")
def guide(request: HttpRequest, slug: str, query: Query[AsOf]) -> HttpResponse:
    refuse_unknown(request, AsOf)

    def build(row: Guide) -> shapes.GuideOut:
        steps = list(row.steps.all())
        made = shapes.load_renderers(steps, query.day)
        return shapes.guide_out(row, made, languages_of(row, steps), request, today())

    return one(request, _guides, build, slug=slug)


def _steps() -> Any:
    return Step.objects.published().for_page().select_related("office", "guide__topic")


@router.get("/steps", response={200: Page[shapes.StepOut], **ANSWERS}, summary="Steps")
def steps(request: HttpRequest, query: Query[StepQuery]) -> HttpResponse:
    """Steps of public guides, with timing rules, offices and sources."""
    refuse_unknown(request, StepQuery)
    day = query.day
    made: dict[str, Any] = {}

    def rows() -> Any:
        found = _steps()
        found = found.filter(guide__slug__in=query.guide) if query.guide else found
        found = found.filter(guide__topic__slug__in=query.topic) if query.topic else found
        found = found.acted_by(*query.actor) if query.actor else found
        found = found.timed() if query.timed else found
        return found.check_due(today()) if query.check_due else found

    def build(row: Step) -> shapes.StepOut:
        return shapes.step_out(row, row.guide, made, request, today())

    return page(
        request, rows, build, query, key="pk", day=day,
        load=lambda found: made.update(shapes.load_renderers(found, day)),
    )  # fmt: skip


@router.get("/steps/{uuid:step_id}", response={200: shapes.StepOut, **MOVED}, summary="One step")
def step(request: HttpRequest, step_id: str, query: Query[AsOf]) -> HttpResponse:
    refuse_unknown(request, AsOf)

    def build(row: Step) -> shapes.StepOut:
        return shapes.step_out(row, row.guide, shapes.load_renderers([row], query.day), request, today())

    return one(request, _steps, build, pk=step_id)


def _facts() -> Any:
    periods = FactPeriod.objects.filter(confirmed_at__isnull=False).select_related("source").order_by("start_on", "pk")
    return Fact.objects.prefetch_related(Prefetch("periods", periods.fetch_mode(page_mode())))


@router.get("/facts", response={200: Page[values.FactOut], **ANSWERS}, summary="Facts")
def facts(request: HttpRequest, query: Query[FactQuery]) -> HttpResponse:
    """Fees, numbers of days, phone numbers and names, each kept once with the periods in which it holds."""
    refuse_unknown(request, FactQuery)
    day = query.day
    return page(request, _facts, lambda row: values.fact_out(row, day, request), query, key="key", day=day)


@router.get("/facts/{slug:key}", response={200: values.FactOut, **ANSWERS}, summary="One fact")
def fact(request: HttpRequest, key: str, query: Query[AsOf]) -> HttpResponse:
    refuse_unknown(request, AsOf)
    return one(request, _facts, lambda row: values.fact_out(row, query.day, request), key=key)


@router.get("/offices", response={200: Page[values.OfficeOut], **ANSWERS}, summary="Offices")
def offices(request: HttpRequest, query: Query[PageQuery]) -> HttpResponse:
    """Authorities in charge of steps."""
    refuse_unknown(request, PageQuery)
    return page(request, Office.objects.all, lambda row: values.office_out(row, request), query, key="key", day=today())


@router.get("/contacts", response={200: Page[values.ContactOut], **ANSWERS}, summary="Contact points")
def contacts(request: HttpRequest, query: Query[ContactQuery]) -> HttpResponse:
    """Numbers in effect on a day, with hours and languages."""
    refuse_unknown(request, ContactQuery)
    day = query.day

    def rows() -> Any:
        found: Any = ContactPoint.objects.in_effect(day).fetch_mode(page_mode())
        return found.filter(kind__in=query.kind) if query.kind else found

    return page(request, rows, lambda row: values.contact_out(row, day, request), query, key="pk", day=day)


@router.get("/terms", response={200: Page[values.TermOut], **ANSWERS}, summary="Terms")
def terms(request: HttpRequest, query: Query[TermQuery]) -> HttpResponse:
    """The glossary: words of the offices with readings, meaning and plain wording."""
    refuse_unknown(request, TermQuery)

    def rows() -> Any:
        found: Any = Term.objects.published().select_related("source", "topic").fetch_mode(page_mode())
        return found.filter(topic__slug__in=query.topic) if query.topic else found

    return page(request, rows, lambda row: values.term_out(row, request), query, key="slug", day=today())


@router.get("/changes", response={200: Page[shapes.ChangeOut], **ANSWERS}, summary="Changes")
def changes(request: HttpRequest, query: Query[ChangeQuery]) -> HttpResponse:
    """What changed for guides, and what is announced: before, after, source."""
    refuse_unknown(request, ChangeQuery)

    def rows() -> Any:
        found: Any = ChangeNote.objects.filter(published_q("guide__") & published_q("guide__topic__"))
        found = found.filter(guide__slug__in=query.guide) if query.guide else found
        found = found.filter(happened_on__gte=query.since) if query.since else found
        return found.select_related("source", "guide__topic").fetch_mode(page_mode())

    return page(request, rows, lambda row: shapes.change_out(row, row.guide, request), query, key="pk", day=today())


@router.get("/plan", response={200: api_plan.PlanOut, **ANSWERS}, summary="A dated plan")
def dated_plan(request: HttpRequest, query: Query[api_plan.PlanQuery]) -> HttpResponse:
    """The steps of one person with their dates, from the days of a stay. Nothing is stored, kept or logged."""
    refuse_unknown(request, api_plan.PlanQuery)
    situation = plan.read(request)
    response = json_response(api_plan.plan_out(request, situation, today()).model_dump(mode="json"))
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
