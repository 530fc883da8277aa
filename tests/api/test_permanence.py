"""What programs can rely on: old addresses, reasons of withdrawals, moments of changes, counts that stay flat."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.test import Client
from django.utils import timezone
from django.utils.http import http_date

from onboarding.models import Step
from tests.api.test_lists import LISTS
from tests.factories import centers, onboarding, publishing
from wpiforum.api import api
from wpiforum.http import japan_midnight
from wpiforum.provenance.models import LoadedRow
from wpiforum.publishing import workflow
from wpiforum.publishing.choices import Verb
from wpiforum.publishing.models import Event
from wpiforum.publishing.moments import changed_at

pytestmark = pytest.mark.django_db
API = "/api/v1"
LONG_AGO = datetime(2019, 2, 5, tzinfo=UTC)
MAKERS: list[tuple[str, Callable[..., Any]]] = [
    ("centers", centers.make_center),
    ("people", centers.make_person),
    ("guides", onboarding.make_guide),
]


@pytest.mark.parametrize(("kind", "make"), MAKERS, ids=[kind for kind, _make in MAKERS])
def test_renamed_object_leads_to_its_new_address(client: Client, kind: str, make: Any) -> None:
    publishing.make_redirect(target=make(slug="new-name"), slug="old-name")
    response = client.get(f"{API}/{kind}/old-name?as_of=2019-02-05")
    assert (response.status_code, response["Location"]) == (301, f"{API}/{kind}/new-name?as_of=2019-02-05")


@pytest.mark.parametrize(
    ("kind", "make", "page"),
    [(*MAKERS[0], "centers/"), (*MAKERS[1], "directors/"), ("guides", onboarding.make_guide, "guides/life/")],
    ids=["centers", "people", "guides"],
)
def test_withdrawn_object_says_reason_moment_and_replacement(client: Client, kind: str, make: Any, page: str) -> None:
    fields = {"topic": onboarding.make_topic(slug="life")} if kind == "guides" else {}
    row = make(slug="gone", **fields)
    workflow.unpublish(row, by=publishing.make_person("administrator"), reason_ja="廃止", reason_en="It ended.")
    response = client.get(f"{API}/{kind}/gone")
    assert (response.status_code, response["Content-Type"]) == (410, "application/problem+json")
    found = response.json()
    assert (found["status"], found["reason"]) == (410, {"ja": "廃止", "en": "It ended."})
    assert found["replacement"] == {code: f"http://testserver/{code}/{page}" for code in ("ja", "en")}
    assert datetime.fromisoformat(found["since"]) <= timezone.now()
    human = client.get(f"/en/{'directors' if kind == 'people' else page.rstrip('/')}/gone/")
    assert (human.status_code, f'href="/en/{page}"' in human.content.decode()) == (410, True)


def test_step_of_a_withdrawn_guide_says_why_too(client: Client) -> None:
    step = onboarding.make_step()
    workflow.unpublish(step.guide, by=publishing.make_person("administrator"), reason_ja="廃止", reason_en="It ended.")
    assert client.get(f"{API}/steps/{step.pk}").json()["reason"]["en"] == "It ended."


def test_withdrawal_is_not_told_of_what_is_public_again(client: Client) -> None:
    center = centers.make_center(slug="aimr")
    publishing.make_withdrawal(subject=center)
    assert client.get(f"{API}/centers/aimr").status_code == 200


def test_document_names_what_an_object_may_answer() -> None:
    paths = api.get_openapi_schema()["paths"]
    for path in ("centers/{slug}", "people/{slug}", "guides/{slug}", "steps/{step_id}"):
        assert {200, 301, 400, 404, 410, 429} == set(paths[f"{API}/{path}"]["get"]["responses"])


# --- Last-Modified


def _second_later(monkeypatch: pytest.MonkeyPatch, seconds: int = 5) -> None:
    moment = timezone.now() + timedelta(seconds=seconds)
    monkeypatch.setattr(timezone, "now", lambda: moment)


def _publish_event() -> datetime:
    event = Event(verb=Verb.PUBLISH, subject=centers.make_practice(), label="x")
    event.save()
    return event.at


def _staff_edit() -> datetime:
    staff = publishing.make_person("editor")
    LogEntry.objects.log_actions(staff.pk, [centers.make_practice()], CHANGE, "x")
    return LogEntry.objects.latest("action_time").action_time


def _load() -> datetime:
    return LoadedRow.objects.create(model="x", key="y").loaded_at


def _scheduled() -> datetime:
    practice = centers.make_practice()
    moment = timezone.now() - timedelta(seconds=1)
    type(practice).objects.filter(pk=practice.pk).update(live_from=moment)
    return moment


@pytest.mark.parametrize("act", [_publish_event, _staff_edit, _load, _scheduled])
def test_whatever_changes_content_moves_the_moment(act: Callable[[], datetime]) -> None:
    before = changed_at()
    moment = act()
    assert before < moment
    assert changed_at() == moment


def test_draft_and_sign_in_do_not_move_the_moment() -> None:
    before = changed_at()
    for verb in (Verb.SAVE_DRAFT, Verb.SIGN_IN):
        Event(verb=verb, subject=centers.make_practice(), label="x").save()
    assert changed_at() == before


def test_values_that_switch_by_date_move_the_moment_at_midnight_in_japan(japan_noon: Any) -> None:
    japan_noon(date(2030, 4, 3))
    assert changed_at() == japan_midnight(date(2030, 4, 3))


def test_unchanged_answer_is_304_by_its_moment_until_something_is_published(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = _publish_event()
    _second_later(monkeypatch)
    first = client.get(f"{API}/practices")
    assert first["Last-Modified"] == http_date(moment.timestamp())
    headers = {"if-modified-since": first["Last-Modified"]}
    assert client.get(f"{API}/practices", headers=headers).status_code == 304
    _publish_event()
    _second_later(monkeypatch)
    assert client.get(f"{API}/practices", headers=headers).status_code == 200


def test_moment_is_not_told_within_its_own_second(client: Client) -> None:
    _publish_event()
    assert "Last-Modified" not in client.get(f"{API}/practices").headers


def test_update_of_the_site_counts_as_a_change(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = changed_at() + timedelta(seconds=30)
    monkeypatch.setattr("wpiforum.conditional.STARTED", moment)
    _second_later(monkeypatch, seconds=60)
    assert client.get(f"{API}/practices")["Last-Modified"] == http_date(moment.timestamp())


def test_plan_has_no_moment(client: Client) -> None:
    assert "Last-Modified" not in client.get(f"{API}/plan?moved_in=2026-04-03").headers


def test_moment_is_read_before_the_answer_is_made(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """What changes while an answer is made must not count as told by it."""
    order: list[str] = []

    def noted(what: str, answer: Any) -> Any:
        order.append(what)
        return answer

    monkeypatch.setattr("wpiforum.conditional.STARTED", LONG_AGO)
    monkeypatch.setattr("wpiforum.conditional.changed_at", lambda: noted("moment", LONG_AGO))
    monkeypatch.setattr("wpiforum.opendata.middleware.limits.sender", lambda request: noted("answer", "x"))
    assert client.get(f"{API}/practices")["Last-Modified"] == "Tue, 05 Feb 2019 00:00:00 GMT"
    assert order == ["moment", "answer"]


# --- Counts that stay flat


def _center(children: int) -> str:
    center = centers.make_center(slug="aimr")
    for number in range(children):
        centers.make_directorship(center=center, start_on=date(2000 + number, 4, 1), end_on=date(2001 + number, 4, 1))
    centers.make_section(center=center)
    return f"hosts/{center.host.slug}"


def _person(children: int) -> str:
    person = centers.make_person(slug="taro")
    for _number in range(children):
        centers.make_directorship(person=person)
    return "people/taro"


def _guide(children: int) -> str:
    guide = onboarding.make_guide(slug="moving")
    for _number in range(children):
        onboarding.make_rule(step=onboarding.make_step(guide=guide))
        onboarding.make_change(guide=guide)
    return "guides/moving"


def _fact(children: int) -> str:
    fact = onboarding.make_fact(key="fee")
    for number in range(children):
        onboarding.make_period(fact=fact, start_on=date(2000 + number, 4, 1), end_on=date(2001 + number, 4, 1))
    return "facts/fee"


# What makes one object with so many children and returns its address, and how many queries the object takes.
OBJECTS: list[tuple[Callable[[int], str], int]] = [
    (_center, 4),
    (lambda children: _center(children) and "centers/aimr", 7),
    (_person, 3),
    (_guide, 7),
    (lambda children: f"steps/{_guide(children) and Step.objects.latest('pk').pk}", 4),
    (_fact, 3),
    (lambda children: f"sources/{centers.make_source(key='slides').key}", 2),
]


@pytest.mark.parametrize("children", [1, 5])
@pytest.mark.parametrize(("make", "number"), OBJECTS)
def test_object_takes_the_same_queries_whatever_it_holds(
    client: Client, django_assert_num_queries: Any, make: Callable[[int], str], number: int, children: int
) -> None:
    path = make(children)
    with django_assert_num_queries(number):
        assert client.get(f"{API}/{path}").status_code == 200


@pytest.mark.slow
@pytest.mark.parametrize(("path", "make", "number"), LISTS, ids=[row[0] for row in LISTS])
def test_list_takes_the_same_queries_with_a_thousand_rows(
    client: Client, django_assert_num_queries: Any, path: str, make: Callable[[], Any], number: int
) -> None:
    # The board has a cell for each center and requirement, so that a hundred of each are ten thousand rows.
    for _row in range(100 if path == "board" else 1000):
        make()
    with django_assert_num_queries(number):
        found = client.get(f"{API}/{path}" if path == "board" else f"{API}/{path}?limit=200").json()
    assert len(found["items"]) >= 200


@pytest.mark.slow
def test_page_of_a_hundred_guides_with_steps_takes_seven_queries(
    client: Client, django_assert_num_queries: Any
) -> None:
    for _guide in range(100):
        guide = onboarding.make_guide()
        for _step in range(5):
            onboarding.make_rule(step=onboarding.make_step(guide=guide))
        onboarding.make_change(guide=guide)
    with django_assert_num_queries(7):
        found = client.get(f"{API}/guides?limit=100").json()
    assert [len(row["steps"]) for row in found["items"]] == [5] * 100
