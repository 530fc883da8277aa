"""The open data interface: every list and object, its query count, what it leaves out, and how it refuses."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from onboarding.choices import Actor
from tests.factories import centers, onboarding
from wpiforum.opendata.middleware import LIMIT

pytestmark = pytest.mark.django_db
API = "/api/v1"


def get(client: Client, path: str, status: int = 200) -> Any:
    response = client.get(f"{API}/{path}")
    assert response.status_code == status, response.text
    return response.json()


def _adopted(**fields: Any) -> Any:
    """Make a center in the register: one with a grant."""
    center = centers.make_center(**fields)
    centers.make_standing(center=center)
    return center


def _step_with_everything() -> Any:
    step = onboarding.make_step()
    onboarding.make_rule(step=step)
    onboarding.make_change(guide=step.guide)
    return step


# Address, what makes one public row of it, and how many queries it takes, one of them for the last change.
LISTS: list[tuple[str, Callable[[], Any], int]] = [
    ("centers", lambda: centers.make_directorship(center=_adopted()), 6),
    ("hosts", centers.make_center, 4),
    ("people", centers.make_directorship, 3),
    ("directorships", centers.make_directorship, 2),
    ("satellites", centers.make_satellite, 2),
    ("indicators", centers.make_indicator, 2),
    ("observations", centers.make_observation, 2),
    ("requirements", centers.make_requirement, 2),
    ("board", lambda: centers.make_requirement(cohort=_adopted().cohort), 5),
    ("practices", centers.make_practice, 2),
    ("program", centers.make_program_item, 2),
    ("topics", onboarding.make_topic, 2),
    ("guides", _step_with_everything, 7),
    ("steps", _step_with_everything, 4),
    ("facts", onboarding.make_period, 3),
    ("offices", onboarding.make_office, 2),
    ("contacts", onboarding.make_contact, 2),
    ("terms", onboarding.make_term, 2),
    ("changes", onboarding.make_change, 2),
    ("sources", centers.make_source, 2),
]


@pytest.mark.parametrize(("path", "make", "number"), LISTS, ids=[row[0] for row in LISTS])
@pytest.mark.parametrize("rows", [1, 3])
def test_list_takes_the_same_queries_with_one_and_with_three_rows(
    client: Client, django_assert_num_queries: Any, path: str, make: Callable[[], Any], number: int, rows: int
) -> None:
    for _row in range(rows):
        make()
    with django_assert_num_queries(number):
        found = get(client, path)
    assert len(found["items"]) >= rows
    assert {"licence", "page"} <= set(found["items"][0])


def test_every_list_of_the_document_is_counted_here() -> None:
    from wpiforum.api import api  # the settings have to be loaded first

    paths = {path.removeprefix(f"{API}/") for path in api.get_openapi_schema()["paths"] if "{" not in path}
    assert paths - {"plan", "claims"} == {path for path, _make, _number in LISTS}


def test_object_holds_both_languages_source_date_licence_and_page(client: Client) -> None:
    source = centers.make_source(key="slides", title_ja="資料", title_en="Slides", url="https://www.example.ac.jp/s")
    centers.make_practice(
        slug="mentors", title_ja="メンター制度", title_en="Mentors", source=source, as_of_on=date(2019, 2, 5)
    )
    [found] = get(client, "practices")["items"]
    assert found["title"] == {"ja": "メンター制度", "en": "Mentors"}
    assert found["source"] == {
        "key": "slides",
        "title": {"ja": "資料", "en": "Slides"},
        "url": "https://www.example.ac.jp/s",
    }
    assert found["as_of"] == {"value": "2019-02-05", "precision": "day"}
    assert found["licence"] == "https://creativecommons.org/licenses/by/4.0/"
    assert found["page"] == {
        "ja": "http://testserver/ja/program/practices/#mentors",
        "en": "http://testserver/en/program/practices/#mentors",
    }


def test_missing_half_is_null(client: Client) -> None:
    centers.make_practice(title_en="")
    assert get(client, "practices")["items"][0]["title"]["en"] is None


def _hidden_rows() -> None:
    """Make one hidden row of every kind, marked so that a leak shows."""
    mark: dict[str, Any] = {"published": False}
    center = centers.make_center(slug="leak-center", acronym="LEAK", **mark)
    centers.make_standing(center=center)
    for make in (centers.make_directorship, centers.make_satellite, centers.make_observation):
        make(center=center)
    centers.make_person(slug="leak-person", name_en="LEAK", **mark)
    centers.make_practice(slug="leak-practice", title_en="LEAK", **mark)
    centers.make_practice(slug="leak-of-center", title_en="LEAK", center=center)
    guide = onboarding.make_guide(slug="leak-guide", title_en="LEAK", **mark)
    step = onboarding.make_step(guide=guide, title_en="LEAK")
    onboarding.make_rule(step=step)
    onboarding.make_change(guide=guide, after_en="LEAK")
    open_guide = onboarding.make_guide(slug="open-guide", next=guide)
    open_guide.related.add(guide)
    onboarding.make_topic(slug="leak-topic", name_en="LEAK", **mark)
    onboarding.make_term(slug="leak-term", english="LEAK", **mark)
    onboarding.make_period(fact=onboarding.make_fact(key="open-fact"), value="66666", confirmed=False)
    onboarding.make_contact(key="leak", name_en="LEAK", confirmed=False)
    centers.make_source(lead="https://mirror.example/leak")
    centers.make_claim(subject=center, field="acronym", value="LEAK")


@pytest.mark.parametrize("path", [*(row[0] for row in LISTS), "claims", "plan?moved_in=2026-04-03"])
def test_hidden_rows_do_not_leak(client: Client, path: str) -> None:
    _hidden_rows()
    shown = client.get(f"{API}/{path}").text
    assert [word for word in ("LEAK", "leak-", "/leak", "66666") if word in shown] == []


@pytest.mark.parametrize("path", ["centers/leak-center", "people/leak-person", "guides/leak-guide"])
def test_hidden_object_is_not_there(client: Client, path: str) -> None:
    _hidden_rows()
    assert get(client, path, 404)["status"] == 404


def test_next_leads_through_all_rows_once(client: Client) -> None:
    made = sorted(centers.make_practice().slug for _number in range(5))
    path, seen = "practices?limit=2", []
    while path:
        found = get(client, path)
        seen.append([row["slug"] for row in found["items"]])
        path = (found["next"] or "").removeprefix(f"http://testserver{API}/")
    assert seen == [made[:2], made[2:4], made[4:]]


def test_next_keeps_the_other_parameters(client: Client) -> None:
    center = centers.make_center()
    for _number in range(2):
        centers.make_practice(center=center)
    found = get(client, f"practices?center={center.slug}&limit=1")
    assert f"center={center.slug}&limit=1&cursor=" in found["next"]


def test_fields_leave_out_the_rest(client: Client) -> None:
    _adopted(slug="aimr")
    assert get(client, "centers?fields=slug&fields=acronym")["items"][0].keys() == {"slug", "acronym"}


def test_as_of_answers_for_that_day(client: Client) -> None:
    center = centers.make_center(slug="kavli-ipmu")
    first = centers.make_person(slug="murayama", name_en="Hitoshi Murayama")
    second = centers.make_person(slug="ooguri", name_en="Hirosi Ooguri")
    handover = date(2018, 10, 15)
    centers.make_directorship(center=center, person=first, start_on=date(2007, 10, 1), end_on=handover)
    centers.make_directorship(center=center, person=second, start_on=handover)
    for day, slug in (("2018-10-01", "murayama"), ("2019-02-05", "ooguri")):
        found = get(client, f"centers/kavli-ipmu?as_of={day}")
        assert [row["person"] for row in found["directors"]] == [slug]


def test_center_facets_are_those_of_the_register(client: Client) -> None:
    _adopted(slug="old", cohort=centers.make_cohort(fiscal_year=2007))
    _adopted(slug="new", cohort=centers.make_cohort(fiscal_year=2017))
    _adopted(slug="other", cohort=centers.make_cohort(fiscal_year=2012))
    found = get(client, "centers?cohort=2007&cohort=2017&fields=slug")
    assert [row["slug"] for row in found["items"]] == ["new", "old"]


def test_step_filters_by_actor_and_rule(client: Client) -> None:
    timed = onboarding.make_step(actors=[Actor.HOST])
    onboarding.make_rule(step=timed)
    onboarding.make_step(actors=[Actor.HOST])
    onboarding.make_rule(step=onboarding.make_step(actors=[Actor.FAMILY]))
    assert [row["id"] for row in get(client, "steps?timed=true&actor=host")["items"]] == [str(timed.pk)]


def test_step_text_shows_the_value_of_the_asked_day(client: Client) -> None:
    fact = onboarding.make_fact(key="fee")
    onboarding.make_period(fact=fact, value="4000", start_on=date(2010, 1, 1), end_on=date(2020, 1, 1))
    onboarding.make_period(fact=fact, value="6000", start_on=date(2020, 1, 1))
    step = onboarding.make_step(body_en="<p>Pay {{fact:fee}}.</p>", body_ja="<p>{{fact:fee}}を払います。</p>")
    found = get(client, f"steps/{step.pk}?as_of=2019-02-05")
    assert found["body"]["en"] == '<p>Pay <strong class="fact">4,000 yen</strong>.</p>'
    assert found["facts"] == ["fee"]
    assert "6,000円" in get(client, f"steps/{step.pk}")["body"]["ja"]


def test_fact_names_its_value_of_the_day_and_all_periods(client: Client) -> None:
    fact = onboarding.make_fact(key="fee")
    onboarding.make_period(fact=fact, value="4000", start_on=date(2010, 1, 1), end_on=date(2020, 1, 1))
    onboarding.make_period(fact=fact, value="6000", start_on=date(2020, 1, 1))
    found = get(client, "facts/fee?as_of=2019-02-05")
    assert (found["now"]["value"], [row["value"] for row in found["periods"]]) == ("4000", ["4000", "6000"])


def test_plan_gives_the_days_of_the_page_and_is_kept_nowhere(client: Client) -> None:
    step = onboarding.make_step()
    onboarding.make_rule(step=step, event="moved_in", direction="after", offset=14, unit="day")
    response = client.get(f"{API}/plan?moved_in=2026-04-03")
    [item] = response.json()["items"]
    assert (item["step"]["id"], item["last"], item["act_by"]) == (str(step.pk), "2026-04-17", "2026-04-17")
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Referrer-Policy"] == "no-referrer"


def test_plan_lists_steps_that_wait_for_a_day(client: Client) -> None:
    onboarding.make_rule(step=onboarding.make_step(), event="born", direction="after", offset=14, unit="day")
    found = get(client, "plan?moved_in=2026-04-03")
    assert [(row["event"], len(row["steps"])) for row in found["waiting"]] == [("born", 1)]


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        ("centers?as_of=2019-13-01", "as_of"),
        ("centers?as_of=2019-02-05&as_of=2019-02-06", "as_of"),
        ("centers?as_off=2019-02-05", "as_off"),
        ("centers?limit=0", "limit"),
        ("centers?limit=201", "limit"),
        ("centers?status=rich", "status"),
        ("centers?fields=secret", "fields"),
        ("centers?cursor=%00", "cursor"),
        ("steps?cursor=aimr", "cursor"),
        ("plan?arrived=yesterday", "arrived"),
        ("plan?ref=Dr.%20Who", "ref"),
    ],
)
def test_wrong_parameter_is_named_in_a_problem(client: Client, path: str, parameter: str) -> None:
    response = client.get(f"{API}/{path}")
    assert response.status_code == 400
    assert response.headers["Content-Type"] == "application/problem+json"
    found = response.json()
    assert found["status"] == 400
    assert parameter in {row["parameter"] for row in found["errors"]}


@pytest.mark.parametrize("path", ["", "nothing", "centers/nowhere", "steps/not-a-uuid"])
def test_unknown_address_is_a_problem_not_a_page(client: Client, path: str) -> None:
    response = client.get(f"{API}/{path}")
    assert (response.status_code, response.headers["Content-Type"]) == (404, "application/problem+json")


def test_problem_speaks_the_language_that_is_asked_for(client: Client) -> None:
    response = client.get(f"{API}/nothing", headers={"accept-language": "ja"})
    assert response.json()["title"] == "該当するデータがありません"


def test_writing_is_refused(client: Client) -> None:
    response = client.post(f"{API}/centers")
    assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")


def test_other_sites_may_read(client: Client) -> None:
    centers.make_center()
    assert client.get(f"{API}/centers").headers["Access-Control-Allow-Origin"] == "*"
    asked = client.options(f"{API}/centers", headers={"access-control-request-headers": "if-none-match"})
    assert asked.status_code == 204
    assert "If-None-Match" in asked.headers["Access-Control-Allow-Headers"]


def test_head_answers_like_get(client: Client) -> None:
    centers.make_center()
    assert client.head(f"{API}/centers").status_code == 200


def test_unchanged_answer_is_304(client: Client) -> None:
    centers.make_practice(title_en="Before")
    etag = client.get(f"{API}/practices").headers["ETag"]
    assert client.get(f"{API}/practices", headers={"if-none-match": etag}).status_code == 304
    centers.make_practice(title_en="New")
    assert client.get(f"{API}/practices", headers={"if-none-match": etag}).status_code == 200


def test_limit_counts_down_and_says_when_to_go_on(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wpiforum.opendata.middleware.LIMIT", 2)
    left = [client.get(f"{API}/offices").headers["RateLimit"].split(";")[1] for _try in range(2)]
    refused = client.get(f"{API}/offices")
    assert (left, refused.status_code) == (["r=1", "r=0"], 429)
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert LIMIT == 600


def test_limit_of_one_address_leaves_others_alone(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wpiforum.opendata.middleware.LIMIT", 1)
    client.get(f"{API}/offices", REMOTE_ADDR="192.0.2.1")
    assert client.get(f"{API}/offices", REMOTE_ADDR="192.0.2.1").status_code == 429
    assert client.get(f"{API}/offices", REMOTE_ADDR="192.0.2.2").status_code == 200


def test_behind_a_proxy_its_word_counts_not_the_clients(
    client: Client, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.BEHIND_TLS_PROXY = True
    monkeypatch.setattr("wpiforum.opendata.middleware.LIMIT", 1)
    for forged in ("198.51.100.1", "198.51.100.2"):
        response = client.get(f"{API}/offices", headers={"x-forwarded-for": f"{forged}, 192.0.2.1"})
    assert response.status_code == 429


def test_claims_take_one_query_for_each_kind_of_subject(client: Client, django_assert_num_queries: Any) -> None:
    def make() -> None:
        for field, value in (("name_ja", "A"), ("name_ja", "B")):
            centers.make_claim(subject=centers.make_directorship(), field=field, value=value)

    make()
    get(client, "claims")  # content types are remembered by the process
    with django_assert_num_queries(4):
        get(client, "claims")
    make()
    with django_assert_num_queries(4):
        assert len(get(client, "claims")["items"]) == 4


def test_scheduled_row_appears_at_its_moment(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    practice = centers.make_practice()
    type(practice).objects.update(live_from=datetime(2030, 1, 1, tzinfo=UTC))
    assert get(client, "practices")["items"] == []
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2030, 1, 1, tzinfo=UTC))
    assert len(get(client, "practices")["items"]) == 1
