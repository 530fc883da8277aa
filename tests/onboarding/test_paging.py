"""Lists of guides in pages: each page its rows, filters kept, what is no page said so."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from onboarding.choices import Actor, Audience
from onboarding.models import Guide, Topic
from tests.factories.onboarding import make_guide, make_step, make_topic
from tests.helpers import LANGUAGES, main_text, page
from wpiforum import paging

pytestmark = pytest.mark.django_db


def make_guides(number: int, topic: Topic, **fields: Any) -> None:
    """Make guides in the order of their names: Guide 001, 002, …"""
    first = make_guide(topic=topic, order=1, slug="guide-001", title_ja="Guide 001", title_en="Guide 001", **fields)
    rows = []
    for count in range(2, number + 1):
        name = f"{count:03}"
        titles = {"title_ja": f"Guide {name}", "title_en": f"Guide {name}"}
        values = {"audience": first.audience, "live_from": first.live_from, "stages": first.stages, **titles}
        rows.append(Guide(topic=topic, order=count, slug=f"guide-{name}", code=f"P-{name}", **values))
    Guide.objects.bulk_create(rows)


def shown(html: str) -> list[str]:
    return re.findall(r"Guide \d{3}", main_text(html))


SIZES = {"guides/": 50, "guides/?audience=family": 50, "guides/t/": 24}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("path", "size"), SIZES.items())
def test_second_page_goes_on_where_the_first_one_ends(client: Client, path: str, size: int, language: str) -> None:
    make_guides(size + 1, make_topic(slug="t"), audience=[Audience.FAMILY])
    first = page(client, f"/{language}/{path}")
    second = page(client, f"/{language}/{path}{'&' if '?' in path else '?'}page=2")
    assert shown(first) == [f"Guide {count:03}" for count in range(1, size + 1)]
    assert shown(second) == [f"Guide {size + 1:03}"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("path", "size"), SIZES.items())
@pytest.mark.parametrize("number", ["0", "3", "-1", "two", "9" * 30])
def test_page_that_is_none_is_answered_so(client: Client, path: str, size: int, number: str, language: str) -> None:
    make_guides(size + 1, make_topic(slug="t"), audience=[Audience.FAMILY])
    html = page(client, f"/{language}/{path}{'&' if '?' in path else '?'}page={number}", status=404)
    assert {"ja": "このアドレスのページはありません", "en": "There is no page at this address"}[language] in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_links_between_pages_keep_the_filters(client: Client, language: str) -> None:
    make_guides(51, make_topic(), audience=[Audience.FAMILY])
    query = "audience=family&amp;audience=host"
    first = page(client, f"/{language}/guides/?audience=family&audience=host")
    second = page(client, f"/{language}/guides/?audience=family&audience=host&page=2")
    assert f'<a href="?{query}&amp;page=2" rel="next">' in first
    assert f'<a href="?{query}&amp;page=1" rel="prev">' in second


@pytest.mark.parametrize("path", ["guides/", "guides/t/"])
def test_second_page_has_an_address_of_its_own_in_both_languages(client: Client, path: str) -> None:
    make_guides(51, make_topic(slug="t"))
    html = page(client, f"/en/{path}?page=2")
    assert f'<link rel="canonical" href="http://testserver/en/{path}?page=2">' in html
    assert f'hreflang="ja" href="http://testserver/ja/{path}?page=2"' in html


def test_rows_of_a_page_stand_by_topic_those_first_in_a_topic_on_the_first_page(client: Client) -> None:
    early, late = make_topic(name_en="Early", order=1), make_topic(name_en="Late", order=2)
    make_guides(50, late)
    for order, title in ((1, "Guide 901"), (60, "Guide 902")):
        make_guide(topic=early, order=order, title_en=title)
    first, second = page(client, "/en/guides/"), page(client, "/en/guides/?page=2")
    assert shown(first) == ["Guide 901", *(f"Guide {count:03}" for count in range(1, 50))]
    assert shown(second) == ["Guide 902", "Guide 050"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_long_list_is_counted_no_further_and_opened_to_its_end(
    client: Client, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setattr(paging, "MOST_COUNTED", 60)
    make_guides(130, make_topic())
    html = page(client, f"/{language}/guides/?page=3")
    assert {"ja": "60件を超える", "en": "More than 60 guides"}[language] in main_text(html)
    assert shown(html) == [f"Guide {count}" for count in range(101, 131)]
    assert ('rel="next"' in html, 'rel="prev"' in html) == (False, True)
    page(client, f"/{language}/guides/?page=4", status=404)


@pytest.mark.parametrize("guides", [1, 60])
@pytest.mark.parametrize(("path", "number"), [("guides/", 2), ("guides/?actor=host", 3), ("guides/t/", 3)])
def test_list_takes_the_same_queries_however_long_it_is(
    client: Client, django_assert_num_queries: Any, path: str, number: int, guides: int
) -> None:
    make_guides(guides, make_topic(slug="t"))
    for guide in Guide.objects.all():
        make_step(guide=guide, actors=[Actor.HOST])
    with django_assert_num_queries(number):
        page(client, f"/en/{path}")


def test_list_of_steps_leaves_their_long_texts_in_the_database(client: Client) -> None:
    make_step(actors=[Actor.HOST])
    with CaptureQueriesContext(connection) as found:
        page(client, "/en/guides/?actor=host")
    [query] = [row["sql"] for row in found if row["sql"].startswith('SELECT "onboarding_step"')]
    chosen = re.findall(r'"onboarding_step"\."(\w+)"', query[: query.index(" FROM ")])
    assert chosen == ["id", "guide_id", "slug", "order", "title_ja", "title_en"]
