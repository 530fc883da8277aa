"""The plan's page: what its address says."""

import re
from typing import Any

import pytest
from django.test import Client

from onboarding import plan
from onboarding.choices import Direction, Event
from onboarding.plan import EVENTS
from tests.helpers import LANGUAGES, main_text, page
from tests.onboarding.plan.helpers import LIFE, html_of, items_of, query, titled

pytestmark = pytest.mark.django_db


def test_empty_page_asks_and_lists_nothing(client: Client) -> None:
    titled(1)
    html = page(client, "/en/plan/")
    assert "Errand" not in html
    assert all(f'name="{event}"' in html for event in (*EVENTS, "role", "family", "for", "ref"))
    assert len(EVENTS) == 14


@pytest.mark.parametrize("event", EVENTS)
def test_each_event_dates_its_steps_alone(client: Client, event: Event) -> None:
    for number, other in enumerate(EVENTS):
        titled(number, event=other, direction=Direction.ON, offset=0)
    html = html_of(client, **{event.value: "2026-12-01"})
    number = list(EVENTS).index(event)
    assert [f"Errand [{number}]" in item for item in items_of(html)] == [True]
    waiting = html[html.index('id="waiting"') :]
    assert [f"Errand [{other}]" in waiting for other in range(len(EVENTS))] == [other != number for other in range(14)]


BAD = [
    *(f"{event.value}=2026-02-30" for event in EVENTS),
    "arrived=yesterday",
    "arrived=2026-2-1",
    "arrived=２０２６-02-01",
    "arrived=1899-12-31",
    "arrived=2200-01-01",
    "arrived=2026-12-01T00:00",
    "arrived=2026-12-01&arrived=2026-12-02",
    "arrived=2026-12-01&role=professor",
    "role=employee&role=fellow",
    "family=yes",
    "for=everyone",
    "for=all&for=host",
    "ref=Taro%20Yamada",
    "ref=%E5%A4%AA%E9%83%8E",
    "ref=" + "a" * 21,
    "ref=a%0D%0AX",
    "ref=<b>",
    "arrived=%00",
]


@pytest.mark.parametrize("path", ["/ja/plan/", "/en/plan/", "/plan.ics"])
@pytest.mark.parametrize("bad", BAD)
def test_bad_parameter_gets_a_clear_page(client: Client, path: str, bad: str) -> None:
    response = client.get(f"{path}?{bad}")
    english = path.startswith("/en/")
    assert response.status_code == 400
    assert ("We could not read this address" if english else "このアドレスを読み取れませんでした") in main_text(
        response.content.decode()
    )
    assert (response["Cache-Control"], response["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert response.cookies.output() == ""


@pytest.mark.parametrize("path", ["/ja/plan/", "/en/plan/", "/plan.ics"])
def test_address_with_too_many_parameters_is_refused(client: Client, path: str) -> None:
    response = client.get(path + "?" + "&".join(f"x{number}=1" for number in range(1001)))
    assert (response.status_code, response["Cache-Control"], response["Referrer-Policy"]) == (
        400,
        "no-store",
        "no-referrer",
    )


def test_empty_parameters_of_the_form_mean_not_told(client: Client) -> None:
    titled(1)
    empty = {event.value: "" for event in EVENTS} | {"role": "", "for": "all", "ref": ""}
    assert "Errand" not in html_of(client, **empty)
    assert "Errand [1]" in html_of(client, **(empty | {"moved_in": "2026-12-02"}))


@pytest.mark.parametrize("code", LANGUAGES)
def test_address_alone_reopens_the_plan(client: Client, code: str) -> None:
    params = LIFE | {"role": "fellow", "family": "1", "for": "host", "ref": "A-17_b"}
    html = html_of(client, code, **params)
    fields = dict(re.findall(r'<input type="date" id="[^"]+" name="([^"]+)"[^>]* value="([^"]*)"', html))
    assert fields == LIFE
    assert re.findall(r'<option value="([^"]+)" selected', html) == ["fellow", "host"]
    assert 'name="family" value="1" checked' in html
    assert 'value="A-17_b"' in html
    # The language switch and the other views keep every parameter.
    other = "ja" if code == "en" else "en"
    [switch] = re.findall(rf'href="(/{other}/plan/\?[^"]+)"', html)
    assert switch.split("?")[1].replace("&amp;", "&") == query(**params)
    assert f'href="/{code}/plan/?{query(**params | {"for": "family"}).replace("&", "&amp;")}"' in html


def test_query_of_a_situation_keeps_a_fixed_order_and_drops_what_is_unknown(rf: Any) -> None:
    request = rf.get(
        "/en/plan/", {"utm": "x", "ref": "a", "moved_in": "2026-12-02", "issued": "", "arrived": "2026-12-01"}
    )
    assert plan.read(request).query() == "arrived=2026-12-01&moved_in=2026-12-02&ref=a"
