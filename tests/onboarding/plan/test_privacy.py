"""A plan shows nothing hidden, keeps nothing, and stays small work."""

import logging
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from onboarding import plan
from onboarding.choices import Event
from tests.factories.onboarding import make_guide, make_period, make_rule, make_step
from tests.helpers import LANGUAGES, page
from tests.onboarding.plan.helpers import html_of, items_of, titled

pytestmark = pytest.mark.django_db


# --- what must not appear


def test_unconfirmed_rule_is_never_used(client: Client) -> None:
    step = titled(1, offset=14)
    make_rule(step=step, offset=5, confirmed=False)
    waiting = make_step(title_en="Errand [2]")
    make_rule(step=waiting, confirmed=False)
    [item] = items_of(html_of(client, moved_in="2026-12-02"))
    assert "within 14 days" in item
    assert "Errand [2]" not in html_of(client, moved_in="2026-12-02", ref="x")


@pytest.mark.parametrize("event", ["moved_in", "arrived"])
def test_unpublished_guide_and_topic_leak_nowhere(client: Client, event: str) -> None:
    titled(1, guide=make_guide(published=False))
    hidden = make_guide()
    hidden.topic.live_from = None
    hidden.topic.save()
    titled(2, guide=hidden)
    over = make_guide(live_until=timezone.now())
    titled(3, guide=over)
    titled(4)
    for path in ("/en/plan/", "/ja/plan/", "/plan.ics"):
        text = client.get(f"{path}?{event}=2026-12-02").content.decode()
        assert re.findall(r"(?:Errand|手続き) ?[\[〔]([123])", text) == []


# --- nothing is kept


@pytest.mark.parametrize("path", ["/ja/plan/", "/en/plan/", "/plan.ics"])
@pytest.mark.parametrize("question", ["", "?moved_in=2026-12-02&ref=a1"])
def test_nothing_is_stored_cached_or_passed_on(client: Client, path: str, question: str) -> None:
    titled(1)
    response = client.get(path + question)  # the harness fails a GET that writes
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "no-referrer"
    assert response.cookies.output() == ""
    assert "Cookie" not in response.headers.get("Vary", "")
    # The empty form may be found; a person's dates may not.
    is_listed = path != "/plan.ics" and not question
    assert ("X-Robots-Tag" in response.headers) is not is_listed


def test_page_loads_nothing_from_the_address(client: Client) -> None:
    head = html_of(client, moved_in="2026-12-02").split("</head>")[0]
    assert "2026-12-02" not in head


@pytest.mark.parametrize("path", ["/ja/plan/", "/en/plan/", "/plan.ics"])
@pytest.mark.parametrize("question", ["moved_in=2026-12-02", "moved_in=2026-12-99", "moved_in=2026-12-02&ref=a+b"])
def test_no_record_of_a_log_holds_the_query(
    client: Client, caplog: pytest.LogCaptureFixture, path: str, question: str
) -> None:
    titled(1)
    formatter = logging.Formatter("%(asctime)s %(levelname)s %(name)s %(pathname)s: %(message)s")
    with caplog.at_level(logging.DEBUG, logger="django.request"):
        client.get(f"{path}?{question}")
        client.post(f"{path}?{question}")
    lines = [formatter.format(record) for record in caplog.records]
    assert lines  # the refused POST at least
    assert [line for line in lines if "2026-12" in line or "moved_in" in line] == []


def test_failing_page_logs_no_query(client: Client, caplog: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    titled(1)
    monkeypatch.setattr(plan, "due", lambda *args, **kwargs: 1 / 0)
    client.raise_request_exception = False
    assert client.get("/en/plan/?moved_in=2026-12-02").status_code == 500
    assert "ZeroDivisionError" in caplog.text
    assert "2026-12-02" not in caplog.text


# --- the size of the work


@pytest.mark.parametrize("steps", [1, 3, 12])
@pytest.mark.parametrize("code", LANGUAGES)
def test_page_opens_in_four_queries_whatever_it_holds(
    client: Client, django_assert_num_queries: Any, steps: int, code: str
) -> None:
    period = make_period(value="4000")
    for number in range(steps):
        titled(number, bring_en=f"{{{{fact:{period.fact.key}}}}}")  # each in a guide and a topic of its own
        titled(100 + number, event=Event.BORN)
    for path in (f"/{code}/plan/", "/plan.ics"):
        page(client, f"{path}?moved_in=2026-12-02")
        with django_assert_num_queries(4):
            page(client, f"{path}?moved_in=2026-12-02")


def test_empty_page_needs_no_query(client: Client, django_assert_num_queries: Any) -> None:
    page(client, "/en/plan/")
    with django_assert_num_queries(0):
        page(client, "/en/plan/")
