"""Whose steps a plan lists."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from onboarding import plan
from onboarding.choices import Actor, Direction, Event, Role, Stage, TimeUnit
from onboarding.models import Step
from onboarding.plan import Party
from onboarding.timing import due
from tests.factories.onboarding import make_rule
from tests.onboarding.plan.helpers import TODAY, html_of, items_of, text_of, titled

pytestmark = pytest.mark.django_db


def shown(client: Client, **params: str) -> list[int]:
    html = html_of(client, **{"moved_in": "2026-12-02", **params})
    return sorted(int(number) for item in items_of(html) for number in re.findall(r"Errand \[(\d+)\]", item))


def test_role_leaves_out_steps_of_other_roles(client: Client) -> None:
    titled(1)
    titled(2, roles=[Role.EMPLOYEE])
    titled(3, roles=[Role.FELLOW, Role.VISITOR])
    assert [shown(client, role=role) for role in ("", "employee", "fellow", "visitor")] == [
        [1, 2, 3],
        [1, 2],
        [1, 3],
        [1, 3],
    ]


def test_role_that_was_not_told_is_printed_as_a_condition(client: Client) -> None:
    titled(1, roles=[Role.FELLOW, Role.VISITOR])
    assert "For the role: Fellow, Unpaid visitor" in text_of(client, moved_in="2026-12-02")
    assert "For the role:" not in text_of(client, moved_in="2026-12-02", role="fellow")


def test_family_steps_need_a_family(client: Client) -> None:
    titled(1, actors=[Actor.RESEARCHER, Actor.FAMILY])
    titled(2, actors=[Actor.FAMILY], needs_family=True)
    assert [shown(client, family=value) for value in ("", "0", "1")] == [[1], [1], [1, 2]]
    assert shown(client, **{"for": "family"}) == [1, 2]  # who asks for the family's steps has one


def test_views_hold_their_own_steps(client: Client) -> None:
    titled(1, actors=[Actor.RESEARCHER])
    titled(2, actors=[Actor.FAMILY])
    titled(3, actors=[Actor.HOST])
    titled(4, actors=[Actor.LAB])
    titled(5, actors=[Actor.HOST, Actor.RESEARCHER])
    found = {view: shown(client, **{"for": view}) for view in ("all", "researcher", "family", "host")}
    assert found == {"all": [1, 2, 3, 4, 5], "researcher": [1, 5], "family": [2], "host": [3, 4, 5]}


def test_steps_are_grouped_by_stage_and_by_who_acts(client: Client) -> None:
    titled(1, event=Event.ARRIVED, direction=Direction.BEFORE, offset=30)
    titled(2, event=Event.MOVED_IN)
    titled(3, event=Event.MOVED_IN, actors=[Actor.HOST])
    titled(4, event=Event.MOVED_IN, actors=[Actor.HOST, Actor.RESEARCHER])
    titled(5, event=Event.ARRIVED, offset=1, unit=TimeUnit.YEAR)
    html = html_of(client, arrived="2026-12-01", moved_in="2026-12-02")
    part = html[html.index('aria-labelledby="stage-') :]
    words = re.findall(r'<h3 id="stage-\w+">(.*?)</h3>|<h4[^>]*>(.*?)</h4>|Errand \[(\d+)\]', part)
    assert ["".join(found) for found in words] == [
        "Before arrival", "Researcher and family", "1",
        "First 14 days", "Researcher and family", "2", "Together: newcomer and host", "4", "Host office", "3",
        "Living in Japan", "Researcher and family", "5",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "arrived", "stage"),
    [
        ({"event": Event.ISSUED, "offset": 3, "unit": TimeUnit.MONTH}, "2026-12-01", Stage.BEFORE_ARRIVAL),
        ({"event": Event.STARTED, "direction": Direction.BEFORE, "offset": 0}, "2026-12-05", Stage.BEFORE_ARRIVAL),
        ({"event": Event.STARTED, "direction": Direction.BEFORE, "offset": 0}, "2026-11-20", Stage.FIRST_14_DAYS),
        ({"event": Event.STARTED, "direction": Direction.BEFORE, "offset": 0}, "", Stage.FIRST_14_DAYS),
        ({"event": Event.STARTED, "offset": 14}, "", Stage.FIRST_14_DAYS),
        ({"event": Event.STARTED, "offset": 14}, "2026-06-01", Stage.LIVING),
        ({"event": Event.STARTED, "offset": 30}, "", Stage.FIRST_3_MONTHS),
        ({"event": Event.STARTED, "offset": 10, "day_of_next_month": 10}, "", Stage.FIRST_3_MONTHS),
        ({"event": Event.MOVED_IN, "offset": 1, "unit": TimeUnit.YEAR}, "", Stage.LIVING),
        ({"event": Event.BORN, "offset": 14}, "2026-12-01", Stage.LIVING),
        ({"event": Event.CONTRACT_END, "offset": 14}, "2026-12-01", Stage.LEAVING),
        ({"event": Event.DEPARTS, "direction": Direction.ON, "offset": 0}, "", Stage.LEAVING),
    ],
)
def test_stage_follows_the_date_where_the_arrival_is_known(fields: Any, arrived: str, stage: Stage) -> None:
    rule = make_rule(**fields)
    found = due(rule, {rule.event: date(2026, 12, 1)}, today=TODAY)
    assert found is not None
    assert plan.stage_of(rule, found, date.fromisoformat(arrived) if arrived else None) == stage


def test_party_is_who_acts() -> None:
    cases = {
        (Actor.RESEARCHER,): Party.OWN,
        (Actor.FAMILY, Actor.RESEARCHER): Party.OWN,
        (Actor.HOST,): Party.HOST,
        (Actor.HOST, Actor.LAB): Party.HOST,
        (Actor.HOST, Actor.FAMILY): Party.TOGETHER,
        (): Party.OWN,
    }
    assert {actors: plan.party_of(Step(actors=list(actors))) for actors in cases} == cases
