"""The plan as a calendar file: read by two parsers, line by line by RFC 5545, and followed through changes."""

import re
from datetime import date, timedelta
from typing import Any

import icalendar
import pytest
from django.test import Client
from ical.calendar_stream import IcsCalendarStream

from onboarding.choices import Actor, Direction, Event, Rolling, RuleKind, TimeUnit
from onboarding.models import Step, TimingRule
from tests.factories.onboarding import AS_OF, make_guide, make_period, make_rule, make_step, make_user
from wpiforum.provenance.dates import Precision
from wpiforum.publishing.confirmation import confirm, propose_correction

pytestmark = pytest.mark.django_db

ONE_DAY = timedelta(days=1)
WINDOW = {"window_direction": Direction.BEFORE, "window_offset": 3, "window_unit": TimeUnit.MONTH}


@pytest.fixture(autouse=True)
def _clock(japan_noon: Any) -> None:
    japan_noon(date(2026, 11, 24))


def raw(client: Client, query: str = "moved_in=2026-12-15") -> bytes:
    response = client.get(f"/plan.ics?{query}")
    assert response.status_code == 200
    return response.content


def strict(content: bytes) -> Any:
    """Read the file with the second library, which refuses what the standard does not allow."""
    return IcsCalendarStream.calendar_from_ics(content.decode())


def entries(client: Client, query: str = "moved_in=2026-12-15") -> Any:
    return icalendar.Calendar.from_ical(raw(client, query)).walk("VEVENT")


def only(client: Client, query: str = "moved_in=2026-12-15") -> Any:
    [entry] = entries(client, query)
    return entry


def make_dated(**fields: Any) -> Step:
    """Make a step with a rule that the local offices' holidays move."""
    rule = {name: fields.pop(name) for name in list(fields) if name not in {f.name for f in Step._meta.get_fields()}}
    step = make_step(**fields)
    make_rule(step=step, **{"rolls": Rolling.LOCAL, **rule})
    return step


# --- the standard


def test_two_parsers_read_the_same(client: Client) -> None:
    make_dated()
    make_dated(event=Event.STAY_END, direction=Direction.BEFORE, offset=0, actors=[Actor.HOST], **WINDOW)
    content = raw(client, "moved_in=2026-12-15&stay_end=2027-11-30")
    first: Any = icalendar.Calendar.from_ical(content).walk("VEVENT")
    second = strict(content).events
    assert len(first) == len(second) == 3
    for one, other in zip(first, second, strict=True):
        assert (str(one["uid"]), one.decoded("dtstart"), one.decoded("dtend")) == (
            other.uid,
            other.dtstart,
            other.dtend,
        )
        assert (str(one["summary"]), str(one["description"])) == (other.summary, other.description)
        assert (int(one["sequence"]), one.categories) == (other.sequence, other.categories)
        assert [alarm.decoded("trigger") for alarm in one.walk("VALARM")] == [alarm.trigger for alarm in other.alarm]


def test_lines_end_with_crlf_and_are_folded_at_75_octets(client: Client) -> None:
    make_dated(title_ja="とても長い題名" * 12, title_en="A very long title " * 8)
    content = raw(client)
    lines = content.split(b"\r\n")
    assert lines[-1] == b""
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert b"\r" not in content.replace(b"\r\n", b"")
    assert max(len(line) for line in lines) <= 75
    for line in lines:
        line.decode()  # no character is cut in two
    assert "とても長い題名" * 12 in str(only(client)["summary"])


def test_frame_names_version_maker_and_method(client: Client) -> None:
    make_dated()
    lines = raw(client).decode().split("\r\n")
    assert (lines[0], lines[-2]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    assert {"VERSION:2.0", "PRODID:-//WPI Forum//Plan//EN", "METHOD:PUBLISH", "CALSCALE:GREGORIAN"} <= set(lines)
    assert "REFRESH-INTERVAL;VALUE=DURATION:P1D" in lines  # RFC 7986, for subscriptions
    assert client.get("/plan.ics")["Content-Type"] == "text/calendar; charset=utf-8"


def test_days_are_whole_and_the_end_is_exclusive(client: Client) -> None:
    make_dated()
    text = raw(client).decode()
    assert "DTSTART;VALUE=DATE:20261228\r\nDTEND;VALUE=DATE:20261229\r\n" in text
    assert "TRANSP:TRANSPARENT" in text
    assert re.search(r"DTSTAMP:20261124T030000Z", text)


def test_commas_semicolons_and_line_breaks_are_escaped(client: Client) -> None:
    make_dated(title_en="Form; copy, photo\\print", title_ja="様式", condition_en="A & B <c>", condition_ja="甲乙")
    text = raw(client).decode().replace("\r\n ", "")
    assert r"SUMMARY:様式 / Form\; copy\, photo\\print" in text
    entry = only(client)
    assert str(entry["summary"]) == "様式 / Form; copy, photo\\print"
    assert "For: A & B <c>" in str(entry["description"])
    assert "\n" in str(entry["description"])


@pytest.mark.parametrize("query", ["", "departs=2027-01-01", "for=host"])
def test_file_without_entries_is_still_valid(client: Client, query: str) -> None:
    make_dated()
    content = raw(client, query)
    assert icalendar.Calendar.from_ical(content).walk("VEVENT") == strict(content).events == []
    assert content.count(b"BEGIN:VTIMEZONE") == 1  # a calendar holds at least one component


def test_leap_day_is_written(client: Client) -> None:
    make_dated(rolls=Rolling.NONE)
    assert only(client, "moved_in=2028-02-15").decoded("dtstart") == date(2028, 2, 29)


# --- what an entry says


def test_entry_speaks_both_languages(client: Client) -> None:
    period = make_period(value="4000")
    step = make_dated(
        title_ja="住所を届け出る",
        title_en="Report your address",
        condition_ja="3か月を超える人",
        condition_en="People who stay more than 3 months",
        bring_ja=f"手数料 {{{{fact:{period.fact.key}}}}}\n旅券",
        bring_en=f"fee {{{{fact:{period.fact.key}}}}}\npassport",
        actors=[Actor.RESEARCHER, Actor.FAMILY],
    )
    entry = only(client)
    assert str(entry["summary"]) == "住所を届け出る / Report your address"
    japanese, english = str(entry["description"]).split("\n\n")
    assert english.split("\n") == [
        "Report your address",
        "within 14 days after moving in (statutory deadline)",
        "Act by 28 December 2026. Last day: 4 January 2027.",
        "For: People who stay more than 3 months",
        "Who acts: Researcher, Family",
        "Bring: fee 4,000 yen, passport",
        f"Office in charge: {step.office.name_en}",
        f"http://testserver/en/guides/{step.guide.topic.slug}/{step.guide.slug}/#{step.slug}",
    ]
    assert "2026年12月28日" in japanese
    assert "2027年1月4日" in japanese
    assert "3か月を超える人" in japanese
    assert f"http://testserver/ja/guides/{step.guide.topic.slug}/" in japanese


def test_missing_half_falls_back_and_is_said_once(client: Client) -> None:
    step = make_dated(title_ja="届け出る")
    Step.objects.filter(pk=step.pk).update(title_en=None)
    assert str(only(client)["summary"]) == "届け出る"


def test_provisional_day_says_so(client: Client) -> None:
    make_dated()
    words = "Provisional: the holidays of that year are not published yet."
    assert words in str(only(client, "moved_in=2028-01-10")["description"])
    assert words not in str(only(client)["description"])


@pytest.mark.parametrize("kind", RuleKind)
def test_alarms_14_and_3_days_before_statutory_days_only(client: Client, kind: RuleKind) -> None:
    make_dated(kind=kind)
    triggers = [alarm.decoded("trigger") for alarm in only(client).walk("VALARM")]
    assert triggers == ([-14 * ONE_DAY, -3 * ONE_DAY] if kind == RuleKind.STATUTORY else [])


def test_window_is_two_entries_and_only_its_end_rings(client: Client) -> None:
    make_dated(event=Event.STAY_END, direction=Direction.BEFORE, offset=0, title_en="Extend", title_ja="更新", **WINDOW)
    opens, closes = entries(client, "stay_end=2027-11-30")
    assert [entry.decoded("dtstart") for entry in (opens, closes)] == [date(2027, 8, 30), date(2027, 11, 30)]
    assert str(opens["uid"]) != str(closes["uid"])
    assert [len(entry.walk("VALARM")) for entry in (opens, closes)] == [0, 2]
    assert str(opens["summary"]).endswith(" / Possible from today: Extend")
    assert "更新" in str(opens["summary"])


def test_categories_name_who_acts(client: Client) -> None:
    make_dated(actors=[Actor.HOST, Actor.RESEARCHER])
    assert only(client).categories == ["researcher", "host"]


def test_files_hold_their_own_steps(client: Client) -> None:
    for number, actors in enumerate(([Actor.RESEARCHER], [Actor.HOST], [Actor.LAB], [Actor.HOST, Actor.RESEARCHER])):
        make_dated(title_en=f"Errand {number}", title_ja=f"用{number}", actors=actors)
    make_dated(title_en="Errand 4", title_ja="用4", actors=[Actor.FAMILY], needs_family=True)

    def held(view: str) -> list[str]:
        return sorted(str(entry["summary"])[-1] for entry in entries(client, f"moved_in=2026-12-15&for={view}"))

    assert {view: held(view) for view in ("researcher", "host", "family", "all")} == {
        "researcher": ["0", "3"],
        "host": ["1", "2", "3"],
        "family": ["4"],
        "all": ["0", "1", "2", "3"],
    }


def test_file_name_holds_nothing_of_the_person(client: Client) -> None:
    make_dated()
    for query in ("", "moved_in=2026-12-15&ref=a17&for=host"):
        response = client.get(f"/plan.ics?{query}")
        assert response["Content-Disposition"] == 'attachment; filename="wpi-forum-plan.ics"'


def test_unconfirmed_rule_and_hidden_guide_are_left_out(client: Client) -> None:
    make_dated(guide=make_guide(published=False))
    make_rule(step=make_step(), confirmed=False)
    step = make_dated()
    make_rule(step=step, offset=5, confirmed=False)
    assert only(client).decoded("dtstart") == date(2026, 12, 28)


# --- identity and revision


def test_uid_stays_when_dates_change_and_differs_by_reference_and_step(client: Client) -> None:
    make_dated()
    make_dated()
    queries = (
        "moved_in=2026-12-15",
        "moved_in=2027-02-01&role=fellow",
        "moved_in=2026-12-15&ref=a",
        "moved_in=2026-12-15&ref=b",
    )
    plain, moved, a, b = ({str(entry["uid"]) for entry in entries(client, query)} for query in queries)
    assert plain == moved
    assert len(plain | a | b) == 6
    assert all(re.fullmatch(r"[0-9a-f-]{36}\.[A-Za-z0-9_-]+@wpi-forum", uid) for uid in plain | a | b)


def state(client: Client) -> tuple[str, int, date]:
    entry = only(client)
    return str(entry["uid"]), int(entry["sequence"]), entry.decoded("dtstart")


def test_changed_text_raises_the_sequence_by_one(client: Client) -> None:
    step = make_dated()
    uid, sequence, day = state(client)
    for number, field in enumerate(("title_en", "body_ja", "bring_ja", "condition_en", "law_en"), start=1):
        setattr(step, field, f"changed {number}")
        step.save()
        assert state(client) == (uid, sequence + number, day)
        assert step.version == number  # the row in memory knows it too
    assert Step.objects.get().version == 5


def test_saving_what_has_not_changed_raises_nothing(client: Client) -> None:
    step = make_dated()
    before = state(client)
    Step.objects.get().save()
    step.save()
    step.order, step.slug, step.as_of_on = 7, "renamed", date(2026, 7, 1)
    step.save()
    step.mark_checked(date(2026, 11, 24))
    assert state(client) == before
    assert (AS_OF, Step.objects.get().as_of_on) == (date(2026, 6, 1), date(2026, 11, 24))


def test_saving_named_fields_counts_only_those() -> None:
    step = make_dated()
    step.title_en = "changed, but not saved"
    step.as_of_precision = Precision.DAY
    step.save(update_fields=["as_of_precision"])
    assert Step.objects.get().version == 0
    step.save(update_fields=["title_en"])
    assert (Step.objects.get().version, Step.objects.get().title_en) == (1, "changed, but not saved")


def test_row_with_fields_left_out_saves_without_loading_them() -> None:
    make_dated()
    step = Step.objects.only("pk", "title_en", "guide").get()
    step.title_en = "changed"
    step.save()
    assert (Step.objects.get().version, Step.objects.get().title_en) == (1, "changed")


def test_two_writers_raise_it_twice() -> None:
    make_dated()
    first, second = Step.objects.get(), Step.objects.get()
    first.title_en, second.title_ja = "one", "二"
    first.save()
    second.save()
    assert Step.objects.get().version == 2


def test_corrected_rule_raises_the_sequence_by_one_and_moves_the_day(client: Client) -> None:
    step = make_dated()
    uid, sequence, day = state(client)
    writer, second = make_user(), make_user()
    for number, offset in enumerate((20, 21), start=1):
        correction = propose_correction(step.rules.get(confirmed_at__isnull=False), by=writer)
        correction.offset = offset
        correction.save()
        correction.save()
        assert state(client) == (uid, sequence + number - 1, day)  # not in effect yet
        confirm(correction, by=second)
        day = date(2027, 1, 4) if offset == 20 else date(2027, 1, 5)
        assert state(client) == (uid, sequence + number, day)
    assert TimingRule.objects.get().version == 2


def test_correction_made_by_hand_goes_on_from_the_rule_it_replaces(client: Client) -> None:
    step = make_dated()
    rule = TimingRule.objects.get()
    TimingRule.objects.filter(pk=rule.pk).update(version=4)
    correction = make_rule(step=step, offset=10, confirmed=False, replaces=rule, entered_by=make_user())
    confirm(correction, by=make_user())
    assert TimingRule.objects.get().version == 5


def test_rule_loaded_anew_with_other_values_raises_the_sequence(client: Client) -> None:
    make_dated()
    before = state(client)
    rule = TimingRule.objects.get()
    rule.save()
    assert state(client) == before
    rule.counting_law_en = "Civil Code, article 140"
    rule.save()
    assert state(client) == (before[0], before[1] + 1, before[2])


def test_draft_of_a_rule_counts_nothing() -> None:
    rule = make_rule(confirmed=False)
    rule.offset = 20
    rule.save()
    assert TimingRule.objects.get().version == 0


@pytest.mark.usefixtures("loaded_fixtures")
@pytest.mark.parametrize("view", ["all", "researcher", "host", "family"])
def test_whole_life_opens_in_both_parsers(client: Client, view: str) -> None:
    life = (
        "issued=2026-10-20&arrived=2026-12-01&moved_in=2026-12-02&started=2026-12-01&contract_end=2028-03-31"
        "&stay_end=2027-11-30&paid=2026-12-25&born=2027-04-01&moved=2027-06-01&moved_out=2028-04-20"
        "&changed_host=2027-09-01&lost_card=2027-07-01&absent_from=2027-08-01&departs=2028-04-20&family=1"
    )
    content = raw(client, f"{life}&for={view}")
    first, second = icalendar.Calendar.from_ical(content).walk("VEVENT"), strict(content).events
    uids = [str(entry["uid"]) for entry in first]
    assert uids == [entry.uid for entry in second]
    assert len(set(uids)) == len(uids) > 10
    assert b"{{" not in content
    assert b"None" not in content
