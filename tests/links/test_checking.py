"""The list of links: what the public rows hold, when a link is asked, and when it counts as broken."""

from collections.abc import Callable
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.factories import centers, onboarding
from tests.factories.links import make_link
from wpiforum.links import checking, fetching
from wpiforum.links.fetching import Outcome, Rules
from wpiforum.links.models import Link, State, Use
from wpiforum.provenance.models import Source

pytestmark = pytest.mark.django_db
FINE = Outcome("fine", {})
GONE = Outcome("http", {"status": 404})


def urls(*, sources: bool = False) -> list[str]:
    """List what the content holds; without the addresses of the sources that every row brings, unless asked for."""
    if not sources:
        Source.objects.update(url="")
    checking.refresh()
    return list(Link.objects.values_list("url", flat=True))


def uses(url: str) -> list[tuple[Any, str, Any]]:
    found = Use.objects.filter(link__url=url).order_by("content_type", "object_id", "field")
    return [(use.row, use.field, use.group) for use in found]


def test_address_of_a_source_is_listed() -> None:
    row = centers.make_source(url="https://www.example.ac.jp/a")
    assert urls(sources=True) == ["https://www.example.ac.jp/a"]
    assert uses("https://www.example.ac.jp/a") == [(row, "url", None)]


def test_lead_of_a_source_is_for_staff_and_not_listed() -> None:
    centers.make_source(url="", lead="https://mirror.example/")
    assert urls(sources=True) == []


def test_links_of_a_rich_text_are_listed_in_both_languages() -> None:
    step = onboarding.make_step(
        body_ja='<p><a href="https://ja.example/?a=1&amp;b=2">a</a> <a href="https://both.example/">b</a></p>',
        body_en='<p><a href="https://both.example/">b</a> <a href="/en/guides/">c</a> <a href="tel:110">d</a></p>',
    )
    assert urls() == ["https://both.example/", "https://ja.example/?a=1&b=2"]
    topic = step.guide.topic
    assert uses("https://both.example/") == [(step, "body_en", topic), (step, "body_ja", topic)]


def test_address_of_a_center_belongs_to_the_center() -> None:
    center = centers.make_center(website="https://center.example/")
    urls()
    assert uses("https://center.example/") == [(center, "website", center)]


def test_only_what_the_public_sees_is_listed() -> None:
    link = '<p><a href="https://{}.example/">x</a></p>'
    onboarding.make_step(guide=onboarding.make_guide(published=False), body_en=link.format("hidden-guide"))
    hidden = onboarding.make_guide(topic=onboarding.make_topic(published=False))
    onboarding.make_step(guide=hidden, body_en=link.format("hidden-topic"))
    centers.make_center(published=False, website="https://hidden-center.example/")
    onboarding.make_contact(confirmed=False, url="https://unconfirmed.example/")
    onboarding.make_contact(end_on=date(2020, 1, 1), url="https://ended.example/")
    onboarding.make_contact(url="https://contact.example/")
    assert urls() == ["https://contact.example/"]


def test_address_of_the_site_itself_is_not_listed(settings: Any) -> None:
    settings.SITE_ORIGIN = "https://portal.example"
    centers.make_center(website="https://portal.example/ja/centers/")
    assert urls() == []


def test_listing_twice_changes_nothing_and_forgets_what_is_gone() -> None:
    row = centers.make_source(url="https://www.example.ac.jp/a")
    urls(sources=True)
    Link.objects.update(state=State.FINE)
    kept = list(Use.objects.values_list("pk", flat=True))
    urls(sources=True)
    assert list(Use.objects.values_list("pk", flat=True)) == kept
    assert Link.objects.get().state == State.FINE
    Source.objects.filter(pk=row.pk).update(url="https://www.example.ac.jp/b")
    assert urls(sources=True) == ["https://www.example.ac.jp/b"]
    assert Link.objects.get().state == State.NEVER


def test_listing_all_content_takes_a_fixed_number_of_queries(django_assert_num_queries: Any) -> None:
    for _more in range(3):
        onboarding.make_step(body_en='<p><a href="https://step.example/">x</a></p>')
        centers.make_center(website="https://center.example/")
    checking.refresh()
    with django_assert_num_queries(12):
        checking.refresh()


def answer(link: Link, *outcomes: Outcome) -> Link:
    for outcome in outcomes:
        checking.keep(link, outcome)
    link.refresh_from_db()
    return link


def test_link_is_broken_after_three_failures_on_two_days(japan_noon: Callable[[date], None]) -> None:
    link = make_link(state=State.NEVER, failures=0, checked_at=None)
    japan_noon(date(2026, 4, 1))
    assert answer(link, GONE, GONE, GONE).state == State.FAILING
    japan_noon(date(2026, 4, 2))
    found = answer(link, GONE)
    assert (found.state, found.failures, found.failed_since) == (State.BROKEN, 4, date(2026, 4, 1))


def test_two_failures_on_two_days_are_not_enough(japan_noon: Callable[[date], None]) -> None:
    link = make_link(state=State.NEVER, failures=0, checked_at=None)
    japan_noon(date(2026, 4, 1))
    answer(link, GONE)
    japan_noon(date(2026, 4, 2))
    assert answer(link, GONE).state == State.FAILING


def test_answer_forgives_earlier_failures() -> None:
    link = answer(make_link(failures=5, failed_since=date(2026, 1, 1)), FINE)
    assert (link.state, link.failures, link.failed_since, link.reason) == (State.FINE, 0, None, "fine")


def test_moved_and_unclear_are_states_of_their_own() -> None:
    moved = answer(make_link(), Outcome("moved", {"url": "https://new.example/"}, "https://new.example/"))
    assert (moved.state, moved.moved_to) == (State.MOVED, "https://new.example/")
    assert answer(make_link(), Outcome("http", {"status": 403})).state == State.UNCLEAR


def test_failing_link_is_asked_again_the_next_day_and_a_fine_one_after_a_week(
    japan_noon: Callable[[date], None],
) -> None:
    japan_noon(date(2026, 4, 1))
    failing, fine = make_link(failures=0), make_link()
    answer(failing, GONE)
    answer(fine, FINE)
    new = make_link(state=State.NEVER, checked_at=None)
    due = {}
    for day in (1, 2, 7, 8):
        japan_noon(date(2026, 4, day))
        due[day] = list(Link.objects.due())
    assert due == {1: [new], 2: [new, failing], 7: [new, failing], 8: [new, failing, fine]}


def test_run_asks_the_longest_unasked_first_and_stops_at_the_limit(
    monkeypatch: pytest.MonkeyPatch, japan_noon: Callable[[date], None]
) -> None:
    asked: list[str] = []

    def check(url: str, rules: Rules) -> Outcome:
        asked.append(url)
        return FINE

    monkeypatch.setattr(checking, "check", check)
    japan_noon(date(2026, 4, 1))
    late, early = make_link(), make_link()
    answer(late, FINE)
    japan_noon(date(2026, 3, 31))
    answer(early, FINE)
    new = make_link(state=State.NEVER, checked_at=None)
    japan_noon(date(2026, 5, 1))
    rules = Rules(user_agent="x")
    assert [link.pk for link in checking.run(rules, limit=2)] == [new.pk, early.pk]
    assert [link.pk for link in checking.run(rules, limit=2)] == [late.pk]
    assert list(checking.run(rules, limit=2)) == []
    assert asked == [new.url, early.url, late.url]


def test_command_lists_asks_and_reports_and_twice_asks_nothing_more(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.SITE_ORIGIN, settings.CONTACT_EMAIL = "https://portal.example", "forum@portal.example"
    agents = []

    def check(url: str, rules: Rules) -> Outcome:
        agents.append(rules.user_agent)
        return GONE

    monkeypatch.setattr(checking, "check", check)
    centers.make_source(url="https://www.example.ac.jp/a")
    out = StringIO()
    call_command("check_links", stdout=out)
    call_command("check_links", stdout=out)
    assert out.getvalue().splitlines() == [
        "failing: https://www.example.ac.jp/a – The server does not know this page (404).",
        "1 links, 1 asked, 0 broken.",
        "1 links, 0 asked, 0 broken.",
    ]
    assert agents == ["WPI-Forum-link-check/1 (+https://portal.example/; forum@portal.example)"]


def test_command_asks_nobody_under_no_name(settings: Any) -> None:
    settings.SITE_ORIGIN = ""
    centers.make_source()
    with pytest.raises(CommandError, match="SITE_ORIGIN"):
        call_command("check_links")


def test_check_of_an_inner_address_in_the_content_is_refused_by_the_command(settings: Any) -> None:
    settings.SITE_ORIGIN = "https://portal.example"
    centers.make_center(website="http://127.0.0.1/")
    Source.objects.update(url="")
    call_command("check_links", delay=0, stdout=StringIO())
    assert [(link.state, link.reason) for link in Link.objects.all()] == [(State.FAILING, "private")]


def test_strange_error_of_one_check_is_an_answer_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(url: str, rules: Rules) -> Outcome:
        raise RuntimeError("strange")

    monkeypatch.setattr(fetching, "_follow", fail)
    assert fetching.check("https://www.example.ac.jp/", Rules(user_agent="x")).reason == "protocol"
