"""The plan of the real content."""

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.test import Client

from onboarding import plan
from onboarding.choices import Direction, Event, Role
from onboarding.models import Step
from onboarding.plan import EVENTS, Position
from tests.helpers import LANGUAGES, main_text, page
from tests.onboarding.plan.helpers import CODES, LIFE, TODAY, html_of, query

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("loaded_fixtures")
class TestContent:
    def test_fifty_timed_steps_all_appear_for_some_situation(self, client: Client) -> None:
        found: set[str] = set()
        for role in Role.values:
            request = {**LIFE, "role": role, "family": "1"}
            situation = plan.Situation({event: date.fromisoformat(request[event]) for event in EVENTS}, role, True)
            steps = Step.objects.published().timed().select_related("guide__topic").for_page()
            made = plan.make(steps, situation, today=TODAY)
            found |= {item.step.code for item in made.items}
            shown_titles = unescape(main_text(html_of(client, **request)))
            assert [item.step.slug for item in made.items if str(item.step.title_en) not in shown_titles] == []
        # H18 of the list names two deadlines, so it is two steps.
        assert {re.sub(r"[ab]$", "", code) for code in found if code} == CODES
        assert {"H18a", "H18b"} <= found

    @pytest.mark.parametrize("params", [LIFE, {"arrived": "2026-12-01"}, {"stay_end": "2027-11-30", "for": "host"}])
    def test_same_plan_in_both_languages_has_the_same_dates(self, client: Client, params: dict[str, str]) -> None:
        dates = [re.findall(r'<time datetime="([^"]+)"', html_of(client, code, **params)) for code in LANGUAGES]
        assert dates[0] == dates[1]
        assert len(dates[0]) > 5

    @pytest.mark.parametrize("code", LANGUAGES)
    def test_whole_life_opens_under_ten_queries(
        self, client: Client, django_assert_num_queries: Any, code: str
    ) -> None:
        page(client, f"/{code}/plan/?{query(**LIFE)}")
        with django_assert_num_queries(5):  # one more than above: values that differ by center
            page(client, f"/{code}/plan/?{query(**LIFE)}")

    def test_no_text_shows_a_reference(self, client: Client) -> None:
        for path in ("/ja/plan/", "/en/plan/", "/plan.ics"):
            assert "{{" not in page(client, f"{path}?{query(**LIFE, family='1')}")

    def test_every_statutory_step_names_its_office(self) -> None:
        steps = Step.objects.published().timed().for_page()
        assert [step.code for step in steps if not step.office.name_en or not step.office.name_ja] == []

    def test_position_is_never_overdue_before_its_event(self) -> None:
        situation = plan.Situation({event: date.fromisoformat(LIFE[event]) for event in EVENTS}, "", True)
        steps = Step.objects.published().timed().select_related("guide__topic").for_page()
        for item in plan.make(steps, situation, today=TODAY).items:
            if item.rule.direction == Direction.AFTER and item.rule.event != Event.ISSUED:
                assert item.position not in {Position.OVERDUE, Position.LATE}, item.step.slug
