"""What the open data interface says of topics, guides, steps and changes."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.html import strip_tags

from onboarding.choices import (
    Actor,
    Audience,
    Certainty,
    Direction,
    Event,
    Role,
    Rolling,
    RuleKind,
    Stage,
    TimeUnit,
)
from onboarding.models import (
    ChangeNote,
    Guide,
    Step,
    TimingRule,
    Topic,
)
from onboarding.pages import StepView, present, renderers
from onboarding.rendering import Renderer
from onboarding.rules import when_text
from wpiforum import languages
from wpiforum.opendata.schemas import (
    Answer,
    Item,
    Links,
    SourceRef,
    Text,
    When,
    in_both,
    links,
    source_ref,
    text,
    when,
)


class Lines(Answer):
    """Several short texts in both languages."""

    ja: list[str]
    en: list[str]


class Named(Answer):
    """A row that is named by a key, with its name."""

    key: str
    name: Text


class RuleOut(Answer):
    """When a step is due. Days leave out the first one unless `counts_first_day`; `yearly_*` are MM-DD."""

    id: str
    words: Text
    kind: RuleKind
    event: Event
    direction: Direction
    offset: int
    unit: TimeUnit
    counts_first_day: bool
    counting_law: Text
    window_direction: Direction | None
    window_offset: int | None
    window_unit: TimeUnit | None
    not_after_event: Event | None
    day_of_next_month: int | None
    yearly_from: str | None
    yearly_to: str | None
    rolls: Rolling
    safe_offset: int | None
    version: int


class StepOut(Item):
    """One step: what to do, where, by when, what to bring, what follows. Texts are HTML with the day's values."""

    id: str
    guide: str
    slug: str
    code: str | None
    order: int
    title: Text
    body: Text
    where: Text
    bring: Lines
    missed: Text
    condition: Text
    unconfirmed: Text
    law: Text
    actors: list[Actor]
    roles: list[Role]
    needs_family: bool
    office: Named
    rule: RuleOut | None
    facts: list[str]
    certainty: Certainty
    sources: list[SourceRef]
    as_of: When
    next_check: date
    is_check_due: bool
    sheet: Links
    version: int


class ChangeOut(Item):
    """What changed for a guide: before, after, and whether it is only announced."""

    id: str
    guide: str
    on: When
    before: Text
    after: Text
    is_planned: bool
    certainty: Certainty
    source: SourceRef


class TopicOut(Item):
    slug: str
    pillar: Named
    name: Text
    summary: Text


class GuideOut(Item):
    """A guide with its steps. `languages` names those in which it is whole."""

    slug: str
    code: str
    topic: str
    title: Text
    summary: Text
    audience: list[Audience]
    stages: list[Stage]
    languages: list[str]
    next: str | None
    related: list[str]
    steps: list[StepOut]
    changes: list[ChangeOut]


def _or_none[T](choice: type[T], value: Any) -> T | None:
    return choice(value) if value else None  # type: ignore[call-arg]  # an enumeration


def rule_out(rule: TimingRule) -> RuleOut:
    return RuleOut(
        id=str(rule.pk),
        words=in_both(lambda: when_text(rule)),
        kind=RuleKind(rule.kind),
        event=Event(rule.event),
        direction=Direction(rule.direction),
        offset=rule.offset,
        unit=TimeUnit(rule.unit),
        counts_first_day=rule.counts_first_day,
        counting_law=text(rule, "counting_law"),
        window_direction=_or_none(Direction, rule.window_direction),
        window_offset=rule.window_offset,
        window_unit=_or_none(TimeUnit, rule.window_unit),
        not_after_event=_or_none(Event, rule.not_after_event),
        day_of_next_month=rule.day_of_next_month,
        yearly_from=rule.yearly_from or None,
        yearly_to=rule.yearly_to or None,
        rolls=Rolling(rule.rolls),
        safe_offset=rule.safe_offset,
        version=rule.version,
    )


def load_renderers(steps: list[Step], day: date) -> dict[str, Renderer]:
    """Load once for all steps what their texts refer to."""
    return renderers(steps, day, languages.CODES, None, links=False)[0]


def _texts(views: dict[str, StepView], name: str) -> Text:
    return Text(**{code: str(getattr(view, name)) or None for code, view in views.items()})


def step_out(step: Step, guide: Guide, made: dict[str, Renderer], request: HttpRequest, today: date) -> StepOut:
    views = {code: present(step, renderer) for code, renderer in made.items()}
    place = (guide.topic.slug, guide.slug)
    return StepOut(
        page=links(request, "onboarding:guide", *place, anchor=step.slug),
        id=str(step.pk),
        guide=guide.slug,
        slug=step.slug,
        code=step.code or None,
        order=step.order,
        title=_texts(views, "title"),
        body=_texts(views, "body"),
        where=_texts(views, "where"),
        bring=Lines(**{code: [strip_tags(row) for row in view.bring] for code, view in views.items()}),
        missed=_texts(views, "missed"),
        condition=_texts(views, "condition"),
        unconfirmed=_texts(views, "unconfirmed"),
        law=_texts(views, "law"),
        actors=[Actor(actor) for actor in step.actors],
        roles=[Role(role) for role in step.roles],
        needs_family=step.needs_family,
        office=Named(key=step.office.key, name=text(step.office, "name")),
        rule=rule_out(step.rule) if step.rule else None,
        facts=sorted(step.references("fact")),
        certainty=Certainty(step.certainty),
        sources=[source_ref(source) for source in sorted(step.sources.all(), key=lambda row: row.key)],
        as_of=_certain(when(step.as_of)),
        next_check=step.next_check_on,
        is_check_due=step.is_check_due(today),
        sheet=links(request, "onboarding:sheet", *place, step.slug),
        version=step.version,
    )


def _certain(found: When | None) -> When:
    if found is None:
        raise ValueError("A step always has the date of its evidence.")
    return found


def change_out(row: ChangeNote, guide: Guide, request: HttpRequest) -> ChangeOut:
    return ChangeOut(
        page=links(request, "onboarding:guide", guide.topic.slug, guide.slug),
        id=str(row.pk),
        guide=guide.slug,
        on=_certain(when(row.on)),
        before=text(row, "before"),
        after=text(row, "after"),
        is_planned=row.is_planned,
        certainty=Certainty(row.certainty),
        source=source_ref(row.source),
    )


def topic_out(row: Topic, request: HttpRequest) -> TopicOut:
    return TopicOut(
        page=links(request, "onboarding:topic", row.slug),
        slug=row.slug,
        pillar=Named(key=row.pillar.slug, name=text(row.pillar, "name")),
        name=text(row, "name"),
        summary=text(row, "summary"),
    )


def guide_out(
    row: Guide, made: dict[str, Renderer], whole_in: Iterable[str], request: HttpRequest, today: date
) -> GuideOut:
    following = row.next
    return GuideOut(
        page=links(request, "onboarding:guide", row.topic.slug, row.slug),
        slug=row.slug,
        code=row.code,
        topic=row.topic.slug,
        title=text(row, "title"),
        summary=text(row, "summary"),
        audience=[Audience(value) for value in row.audience],
        stages=[Stage(value) for value in row.stages],
        languages=list(whole_in),
        next=following.slug if following is not None and following.is_published() else None,
        related=sorted(other.slug for other in row.related.all()),
        steps=[step_out(step, row, made, request, today) for step in row.steps.all()],
        changes=[change_out(change, row, request) for change in row.changes.all()],
    )
