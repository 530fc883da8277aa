"""The plan's page: what it reads, whose steps it lists, what it says of each, and that it keeps nothing."""

import logging
import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from onboarding import plan
from onboarding.choices import Actor, Direction, Event, Role, Rolling, RuleKind, Stage, TimeUnit
from onboarding.models import Step
from onboarding.plan import EVENTS, Party, Position
from onboarding.timing import due
from tests.factories.onboarding import make_guide, make_period, make_rule, make_step
from tests.helpers import LANGUAGES, main_text, page

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)
# One life in which every event happens; the return of the tax year follows by itself.
LIFE = {
    "issued": "2026-10-20",
    "arrived": "2026-12-01",
    "moved_in": "2026-12-02",
    "started": "2026-12-01",
    "contract_end": "2028-03-31",
    "stay_end": "2027-11-30",
    "paid": "2026-12-25",
    "born": "2027-04-01",
    "moved": "2027-06-01",
    "moved_out": "2028-04-20",
    "changed_host": "2027-09-01",
    "lost_card": "2027-07-01",
    "absent_from": "2027-08-01",
    "departs": "2028-04-20",
}
CODES = {f"H{number:02}" for number in range(1, 20)} | {f"R{number:02}" for number in range(1, 32)}


@pytest.fixture(autouse=True)
def _clock(japan_noon: Any) -> None:
    japan_noon(TODAY)


def query(**params: str) -> str:
    return "&".join(f"{name}={value}" for name, value in params.items())


def html_of(client: Client, code: str = "en", **params: str) -> str:
    return page(client, f"/{code}/plan/?{query(**params)}")


def text_of(client: Client, code: str = "en", **params: str) -> str:
    return main_text(html_of(client, code, **params))


def items_of(html: str) -> list[str]:
    """Return the text of each step of the plan, without the list of all dates above."""
    return [main_text(f"<main>{part}</main>") for part in re.findall(r'<li class="plan__item.*?</dl>', html, re.DOTALL)]


def titled(number: int, **fields: Any) -> Step:
    """Make a step with a timing rule, named so that no other text holds its name."""
    rule = {name: fields.pop(name) for name in list(fields) if name not in {f.name for f in Step._meta.get_fields()}}
    step = make_step(title_ja=f"手続き〔{number}〕", title_en=f"Errand [{number}]", **fields)
    make_rule(step=step, **rule)
    return step


# --- what the address says


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


# --- whose steps


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


# --- what it says of each step


def test_item_says_all_that_is_needed(client: Client) -> None:
    step = titled(
        1,
        rolls=Rolling.LOCAL,
        counting_law_ja="民法第140条",
        counting_law_en="Civil Code, article 140",
        condition_en="People who stay more than 3 months",
        condition_ja="3か月を超えて滞在する人",
        actors=[Actor.RESEARCHER, Actor.FAMILY],
    )
    html = html_of(client, moved_in="2026-12-15")
    [item] = items_of(html)
    assert [words for words in (
        "Act by: 28 December 2026 (Mon) · in 34 days",
        "later",
        "last day: 4 January 2027 (Mon)",
        "Errand [1]",
        "within 14 days after moving in",
        "statutory deadline",
        "The first day is not counted (Civil Code, article 140).",
        "Local Autonomy Act, article 4-2",
        "For: People who stay more than 3 months",
        "Who acts Researcher, Family",
        "Bring passport, form",
        f"Office in charge {step.office.name_en}",
    ) if words not in item] == []  # fmt: skip
    assert f'href="{step.guide.get_absolute_url()}#{step.slug}"'.replace("/ja/", "/en/") in html
    assert f"/{step.slug}/sheet/" in html


@pytest.mark.parametrize(
    ("fields", "event", "words"),
    [
        ({}, "2026-11-09", "1 day ago the last day has passed"),  # 23 November is closed, but nothing rolls here
        ({"kind": RuleKind.ADVICE}, "2026-11-06", "4 days ago the advised day has passed"),
        ({"kind": RuleKind.EFFORT}, "2026-11-06", "4 days ago the last day has passed"),
        ({"direction": Direction.ON, "offset": 0}, "2026-11-23", "1 day ago that day has passed"),
        ({"direction": Direction.ON, "offset": 0}, "2026-11-24", "today due within 14 days"),
        ({"rolls": Rolling.LOCAL}, "2026-11-08", "today the safe day has passed: act now"),
        ({}, "2026-11-10", "today due within 14 days"),
        ({}, "2026-11-11", "tomorrow due within 14 days"),
        ({}, "2026-11-24", "in 14 days due within 14 days"),
        ({}, "2026-11-25", "in 15 days later"),
        ({"offset": 30}, "2026-11-23", "in 29 days possible now"),
        ({"offset": 30}, "2026-11-25", "in 31 days later"),
    ],
)
def test_position_stands_in_words(client: Client, fields: Any, event: str, words: str) -> None:
    titled(1, **fields)
    [item] = items_of(html_of(client, moved_in=event))
    assert words in item.replace("· ", "")


def test_open_window_says_possible_now(client: Client) -> None:
    window = {"window_direction": Direction.BEFORE, "window_offset": 3, "window_unit": TimeUnit.MONTH}
    titled(1, event=Event.STAY_END, direction=Direction.BEFORE, offset=0, **window)
    [item] = items_of(html_of(client, stay_end="2027-02-24"))
    assert "possible now" in item
    assert "possible from: 24 November 2026" in item
    [item] = items_of(html_of(client, stay_end="2027-02-25"))
    assert "later" in item


def test_missed_statutory_step_is_said_first_and_advice_is_not(client: Client) -> None:
    titled(1)
    titled(2, kind=RuleKind.ADVICE)
    html = html_of(client, moved_in="2026-10-01")
    [notice] = re.findall(r'<div class="notice notice--bad">(.*?)</div>', html, re.DOTALL)
    assert "The last day of 1 step has passed." in notice
    assert ("Errand [1]" in notice, "Errand [2]" in notice) == (True, False)


def test_today_stands_between_past_and_coming_dates(client: Client) -> None:
    titled(1, offset=1)
    titled(2, offset=40)
    html = html_of(client, moved_in="2026-11-18")
    dates = html[html.index('<ol class="plan-dates">') :]
    assert re.findall(r"Errand \[\d\]|Today", dates)[:3] == ["Errand [1]", "Today", "Errand [2]"]


def test_missing_event_is_named_and_nothing_is_guessed(client: Client) -> None:
    titled(1, event=Event.BORN)
    titled(2, event=Event.ABSENT_FROM, offset=1, unit=TimeUnit.YEAR, not_after_event=Event.STAY_END)
    text = text_of(client, absent_from="2026-12-20")
    waiting = text[text.index("What you did not tell") :]
    assert "The birth of a child Errand [1]" in waiting
    assert "Errand [2]" not in waiting
    assert "The last day may be earlier: tell the date of “the last day of the period of stay”." in text
    assert "The last day may be earlier" not in text_of(client, absent_from="2026-12-20", stay_end="2028-01-01")


def test_provisional_dates_say_so(client: Client) -> None:
    titled(1)
    words = "lie in a year whose holidays are not published yet"
    html = html_of(client, moved_in="2028-01-10")
    assert ("tag--unsure" in html, words in html) == (True, True)
    assert words not in html_of(client, moved_in="2027-01-10")


def test_dates_in_an_order_that_no_stay_has_are_pointed_out(client: Client) -> None:
    words = "The date of “the final departure” lies before that of “arrival in Japan”. Check both dates."
    assert words in text_of(client, arrived="2026-12-01", departs="2026-11-30")
    assert "Check both dates." not in text_of(client, arrived="2026-12-01", departs="2026-12-01")


def test_missing_half_is_shown_in_the_other_language_and_marked(client: Client) -> None:
    step = titled(1, condition_ja="子どものいる人", condition_en="", bring_en="")
    Step.objects.filter(pk=step.pk).update(title_en=None)
    html = html_of(client, moved_in="2026-12-02")
    for words in ("手続き〔1〕", "子どものいる人", "旅券, 届出書"):
        assert f'<span lang="ja">{words}</span>' in html


def test_values_kept_once_are_filled_in(client: Client) -> None:
    period = make_period(value="4000")
    titled(1, bring_en=f"{{{{fact:{period.fact.key}}}}}", bring_ja=f"{{{{fact:{period.fact.key}}}}}")
    [item] = items_of(html_of(client, moved_in="2026-12-02"))
    assert "4,000" in item
    assert "{{" not in item


def test_text_from_the_database_is_escaped(client: Client) -> None:
    titled(1, condition_en="<script>alert(1)</script>", condition_ja="<b>", bring_en="<i>x</i>")
    html = html_of(client, moved_in="2026-12-02")
    assert "<script>alert" not in html
    assert "<i>x" not in html


def test_every_date_is_a_time_element(client: Client) -> None:
    titled(1, rolls=Rolling.LOCAL)
    for code, pattern in (("en", r"\d{1,2} (?:January|December|November) \d{4}"), ("ja", r"\d{4}年\d+月\d+日")):
        html = html_of(client, code, moved_in="2026-12-15")
        body = html[html.index("<main") : html.index("</main>")]
        bare = re.sub(r"<time [^>]*>.*?</time>", "", body)
        assert re.findall(pattern, main_text(f"<main>{bare}</main>")) == []
        assert {"2026-12-15", "2026-12-28", "2027-01-04", "2026-11-24"} <= set(re.findall(r'datetime="([^"]+)"', body))


def test_told_dates_show_both_calendars(client: Client) -> None:
    assert "Moving in 2 December 2026 (Reiwa 8, 2 December)" in text_of(client, moved_in="2026-12-02")
    assert "令和8年12月2日" in text_of(client, "ja", moved_in="2026-12-02")


def test_subscription_and_files_keep_the_parameters(client: Client) -> None:
    html = html_of(client, moved_in="2026-12-02", ref="a1").replace("&amp;", "&")
    for view in ("&for=researcher", "&for=family", "&for=host", ""):
        assert f'href="/plan.ics?moved_in=2026-12-02{view}&ref=a1"' in html
        assert f'href="webcal://testserver/plan.ics?moved_in=2026-12-02{view}&ref=a1"' in html


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


# --- the real content


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
