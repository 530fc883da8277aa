"""The guides' lists: query counts, facets, bad input, topics."""

import re
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from django.test import Client

from onboarding.choices import Actor, Audience, Stage
from tests.factories.centers import make_center
from tests.factories.onboarding import (
    make_fact,
    make_guide,
    make_slot,
    make_slot_value,
    make_step,
    make_topic,
)
from tests.helpers import LANGUAGES, main_text, page
from tests.onboarding.pages.helpers import COUNTS, TODAY, address, make_full_guide

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rows", [1, 4])
@pytest.mark.parametrize(("path", "number"), COUNTS.items())
def test_page_opens_under_its_query_count(
    client: Client, django_assert_num_queries: Any, path: str, number: int, rows: int, language: str
) -> None:
    topic = make_topic(slug="immigration")
    make_full_guide(slug="stay", topic=topic, steps=rows)
    make_slot_value(slot=make_slot(key="guard-room-phone"), center=make_center(slug="aimr"))
    for _ in range(rows - 1):
        make_full_guide(topic=topic)
    with django_assert_num_queries(number):
        page(client, f"/{language}/{path}")


def test_overview_lists_guides_by_stage_and_by_topic(client: Client) -> None:
    topic = make_topic(name_en="Immigration")
    make_guide(topic=topic, title_en="Landing", stages=[Stage.BEFORE_ARRIVAL, Stage.FIRST_14_DAYS])
    make_guide(topic=topic, title_en="Going home", stages=[Stage.LEAVING])
    text = main_text(page(client, "/en/guides/"))
    stages = text[text.index("By stage") : text.index("By topic")]
    assert "Before arrival First 14 days" in stages
    assert "Immigration It explains the procedures in order. Landing Going home" in text[text.index("By topic") :]


def listed(client: Client, query: str) -> list[str]:
    """Return the titles of the guides that a query leaves, in order."""
    html = page(client, f"/en/guides/?{query}")
    return re.findall(r"<h3><a [^>]*>(Guide [A-Z])</a>", html)


def test_a_repeated_facet_means_or_and_two_facets_mean_and(client: Client) -> None:
    researcher, family, host = Audience.RESEARCHER, Audience.FAMILY, Audience.HOST
    for order, (title, audience, stages) in enumerate(
        [
            ("Guide A", [researcher], [Stage.LIVING]),
            ("Guide B", [family], [Stage.LIVING, Stage.LEAVING]),
            ("Guide C", [host, researcher], [Stage.LEAVING]),
        ]
    ):
        make_guide(title_en=title, audience=audience, stages=stages, topic=make_topic(order=order))
    assert listed(client, "audience=researcher") == ["Guide A", "Guide C"]
    assert listed(client, "audience=researcher&audience=family") == ["Guide A", "Guide B", "Guide C"]
    assert listed(client, "audience=researcher&stage=leaving") == ["Guide C"]


def test_facet_who_acts_lists_the_steps_of_that_actor(client: Client) -> None:
    guide = make_guide(title_en="Guide A")
    make_step(guide=guide, title_en="Host step", actors=[Actor.HOST])
    make_step(guide=guide, title_en="Family step", actors=[Actor.FAMILY])
    make_step(guide=make_guide(title_en="Guide B"), actors=[Actor.FAMILY])
    text = main_text(page(client, "/en/guides/?actor=host"))
    assert [word in text for word in ("Guide A", "Host step", "Family step", "Guide B")] == [True, True, False, False]


def test_facets_without_a_match_say_so(client: Client) -> None:
    make_guide(audience=[Audience.HOST])
    assert "No guide matches. Take away a filter." in main_text(page(client, "/en/guides/?audience=family"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "path",
    [
        "guides/?audience=nobody",
        "guides/?stage=x",
        "guides/?actor=%00",
        "guides/?audience=researcher&audience=x",
        "guides/t/g/?as_of=yesterday",
        "guides/t/g/?as_of=2019-02-30",
        "guides/t/g/?as_of=2019-2-5",
        "guides/t/g/?as_of=2019-02-05&as_of=2018-01-01",
        "guides/t/g/?view=three",
        "guides/t/g/?center=nowhere",
        "guides/t/g/?center=%00",
        "guides/t/g/?center=hidden",
        "emergency/?center=nowhere",
        "emergency/?center=hidden",
    ],
)
def test_bad_parameter_gets_a_clear_page(client: Client, path: str, language: str) -> None:
    make_guide(slug="g", topic=make_topic(slug="t"), steps=1)
    make_center(slug="hidden", published=False)
    text = main_text(page(client, f"/{language}/{path}", status=400))
    assert ("We could not read this address" if language == "en" else "このアドレスを読み取れませんでした") in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "path",
    [
        "guides/nowhere/",
        "guides/t/nowhere/",
        "guides/other/g/",
        "guides/t/g/nowhere/sheet/",
        "guides/t/g/nowhere/report/",
        "guides/other/g/do/sheet/",
        "guides/other/g/do/report/",
    ],
)
def test_address_that_names_nothing_is_not_found(client: Client, path: str, language: str) -> None:
    make_topic(slug="other")
    make_step(guide=make_guide(slug="g", topic=make_topic(slug="t")), slug="do")
    page(client, f"/{language}/{path}", status=404)


def test_empty_date_means_today(client: Client, japan_noon: Callable[[date], None]) -> None:
    make_fact(key="fee", periods=[(None, TODAY, "4000"), (TODAY, None, "6000")])
    step = make_step(body_en="<p>{{fact:fee}}</p>")
    japan_noon(TODAY)
    assert "6,000 yen" in page(client, f"/en/{address(step.guide, '?as_of=')}")


def test_topic_lists_its_guides_in_order(client: Client) -> None:
    topic = make_topic(slug="t")
    for order, title in ((2, "Guide B"), (1, "Guide A"), (3, "Guide C")):
        make_guide(topic=topic, order=order, title_en=title)
    make_guide(title_en="Guide D")
    assert re.findall(r"Guide [A-D]", main_text(page(client, "/en/guides/t/"))) == ["Guide A", "Guide B", "Guide C"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("query", ["", "?stage=living", "?actor=researcher", "?stage=leaving"])
def test_no_heading_level_is_skipped(client: Client, query: str, language: str) -> None:
    make_guide(stages=[Stage.LIVING], steps=1)
    html = page(client, f"/{language}/guides/{query}")
    levels = [int(level) for level in re.findall(r"<h([1-6])\b", html)]
    assert [pair for pair in pairwise(levels) if pair[1] > pair[0] + 1] == []
