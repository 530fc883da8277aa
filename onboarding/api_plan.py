"""The dated plan as data: the same parameters, steps and dates as its page and its calendar."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from pydantic import Field, create_model

from onboarding import plan
from onboarding.api_shapes import RuleOut, rule_out
from onboarding.choices import Actor, Event, Role, Stage
from onboarding.models import Step
from onboarding.plan import Party, Position, Situation, View
from wpiforum import languages
from wpiforum.opendata.listing import day_parameter
from wpiforum.opendata.schemas import LICENCE, Answer, Links, Text, links, text

_days: dict[str, Any] = {
    event.value: (day_parameter(f"Day of: {event.value.replace('_', ' ')}"), None) for event in plan.EVENTS
}
_Events: Any = create_model("PlanEvents", **_days)


class PlanQuery(_Events):
    """The parameters of the plan's page."""

    role: Role | None = None
    family: str | None = Field(None, pattern="^[01]$", description="1: with family.")
    view: View | None = Field(None, alias="for", description="Whose steps are listed.")
    ref: str | None = Field(None, pattern="^[A-Za-z0-9_-]{1,20}$", description="Tells calendars apart; not a name.")


class StepRef(Answer):
    id: str
    guide: str
    slug: str
    code: str | None
    title: Text
    page: Links


class PlanItem(Answer):
    """One step with its dates. `last` is what the counting gives, `legal_last` the same after closed days."""

    step: StepRef
    actors: list[Actor]
    party: Party
    stage: Stage
    position: Position
    opens: date | None
    last: date
    legal_last: date
    act_by: date
    is_provisional: bool = Field(description="The year's holidays have not been published yet.")
    waits_for: Event | None = Field(description="A further day, not told, that could bring the last day forward.")
    rule: RuleOut
    sheet: Links


class Waiting(Answer):
    """Steps that cannot be dated before a day is told."""

    event: Event
    steps: list[StepRef]


class PlanOut(Answer):
    licence: str = LICENCE
    as_of: date
    page: Links
    calendar: str
    items: list[PlanItem]
    waiting: list[Waiting]


def _step_ref(step: Step, request: HttpRequest) -> StepRef:
    place = (step.guide.topic.slug, step.guide.slug)
    return StepRef(
        id=str(step.pk),
        guide=step.guide.slug,
        slug=step.slug,
        code=step.code or None,
        title=text(step, "title"),
        page=links(request, "onboarding:guide", *place, anchor=step.slug),
    )


def _item(item: plan.Item, request: HttpRequest) -> PlanItem:
    due, step = item.due, item.step
    return PlanItem(
        step=_step_ref(step, request),
        actors=[Actor(actor) for actor in step.actors],
        party=item.party,
        stage=item.stage,
        position=item.position,
        opens=due.opens,
        last=due.last,
        legal_last=due.legal_last,
        act_by=due.act_by,
        is_provisional=due.is_provisional,
        waits_for=Event(due.waits_for) if due.waits_for else None,
        rule=rule_out(item.rule),
        sheet=links(request, "onboarding:sheet", step.guide.topic.slug, step.guide.slug, step.slug),
    )


def plan_out(request: HttpRequest, situation: Situation, day: date) -> PlanOut:
    """Return the plan of a situation on a day."""
    steps: Any = [] if situation.is_empty else Step.objects.for_plan()
    made = plan.make(steps, situation, today=day)
    query = situation.query()
    return PlanOut(
        as_of=day,
        page=links(request, "onboarding:plan", query=query),
        calendar=languages.absolute(f"{reverse('plan-ics')}?{query}", request),
        items=[_item(item, request) for item in made.items],
        waiting=[
            Waiting(event=event, steps=[_step_ref(step, request) for step in found]) for event, found in made.waiting
        ],
    )
