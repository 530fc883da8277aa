"""The pages of the status guide: what they ask, what they show, and what they keep to themselves."""

import logging
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from onboarding.choices import ResultKind
from onboarding.models import StatusAnswer, StatusQuestion, StatusResult
from tests.factories.onboarding import make_fact, make_guide
from tests.factories.status import make_answer, make_flag, make_question, make_result
from tests.helpers import LANGUAGES, main_text, page

HIDDEN = "HIDDEN-MARK"


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_status_page_without_questions_says_so(client: Client, language: str) -> None:
    text = main_text(page(client, f"/{language}/status/"))
    assert {"ja": "公開中の質問がありません", "en": "not published at the moment"}[language] in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_asks_one_question_with_answers_as_links(client: Client, tree: dict[str, Any], language: str) -> None:
    html = page(client, f"/{language}/status/")
    assert getattr(tree["first"], f"text_{language}") in html
    assert getattr(tree["second"], f"text_{language}") not in html
    assert f'href="/{language}/status/?a=first.go-on"' in html
    assert f'href="/{language}/status/?a=first.stop"' in html
    progress = {"ja": "質問1", "en": "Question 1. At most 1 more after this one."}[language]
    assert progress in main_text(html)


def test_answers_given_are_shown_with_links_that_keep_those_before(client: Client, tree: dict[str, Any]) -> None:
    html = page(client, "/en/status/?a=first.go-on&a=second.yes")
    changes = re.findall(r'<a class="no-print" href="([^"]+)">Change', html)
    assert [change.replace("&amp;", "&") for change in changes] == ["/en/status/", "/en/status/?a=first.go-on"]
    assert 'href="/ja/status/?a=first.go-on&amp;a=second.yes"' in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_result_names_what_may_fit_and_why(client: Client, tree: dict[str, Any], language: str) -> None:
    tree["yes"].guides.set([make_guide(slug="apply", title_ja="申請", title_en="Apply")])
    text = main_text(page(client, f"/{language}/status/?a=first.go-on&a=second.yes"))
    result = tree["yes"]
    for part in (
        getattr(result, f"name_{language}"),
        getattr(result, f"reason_{language}"),
        *getattr(result, f"to_check_{language}").splitlines(),
        getattr(result.office, f"name_{language}"),
        getattr(result.sources.get(), f"title_{language}"),
        {"ja": "申請前に受入機関または出入国在留管理庁に確認してください", "en": "decides each case"}[language],
        {"ja": "2026年6月", "en": "June 2026"}[language],
        {"ja": "申請", "en": "Apply"}[language],
        {"ja": "候補", "en": "may fit"}[language],
    ):
        assert part in text, part


def test_plan_is_linked_with_the_situation_of_the_answers(client: Client, tree: dict[str, Any]) -> None:
    html = page(client, "/en/status/?a=first.go-on&a=second.yes")
    assert 'href="/en/plan/?role=employee"' in html
    StatusAnswer.objects.filter(key="go-on").update(is_family=True)
    html = page(client, "/en/status/?a=first.go-on&a=second.yes")
    assert 'href="/en/plan/?role=employee&amp;family=1"' in html
    StatusResult.objects.filter(key="yes").update(plan_roles=[])
    html = page(client, "/en/status/?a=first.go-on&a=second.yes")
    assert 'href="/en/plan/?family=1"' in html
    assert "Make a dated plan for the family" in html
    StatusResult.objects.filter(key="yes").update(offers_plan=False)
    assert "/en/plan/?" not in page(client, "/en/status/?a=first.go-on&a=second.yes")


def test_answer_that_leaves_two_open_shows_both_side_by_side(client: Client, tree: dict[str, Any]) -> None:
    html = page(client, "/en/status/?a=first.go-on&a=second.not-sure")
    assert 'class="halves"' in html
    for key in ("yes", "no"):
        assert tree[key].name_en in html
        assert tree[key].reason_en in html
    assert tree["no"].flags.get().text_en in html
    assert "may fit" not in main_text(html)


def test_undecided_result_asks_and_never_guesses(client: Client, tree: dict[str, Any]) -> None:
    StatusResult.objects.filter(key="no").update(kind=ResultKind.ASK)
    html = page(client, "/en/status/?a=first.stop")
    assert StatusResult.objects.get(key="no").is_undecided
    assert f"<h1>{tree['no'].name_en}</h1>" in html
    assert "may fit" not in main_text(html)


def test_remark_of_an_answer_stands_with_the_result(client: Client, tree: dict[str, Any]) -> None:
    StatusAnswer.objects.filter(key="stop").update(caution_ja="先に聞いてください。", caution_en="Ask first.")
    assert "Ask first." in page(client, "/en/status/?a=first.stop")
    assert "Ask first." not in page(client, "/en/status/")


def test_texts_show_the_facts_of_the_day(
    client: Client, tree: dict[str, Any], japan_noon: Callable[[date], None]
) -> None:
    make_fact(key="income", periods=[(None, date(2027, 1, 1), "8000000"), (date(2027, 1, 1), None, "9000000")])
    StatusQuestion.objects.filter(key="first").update(text_en="Is it {{fact:income}} or more?")
    for day, amount in ((date(2026, 12, 31), "8 million yen"), (date(2027, 1, 1), "9 million yen")):
        japan_noon(day)
        assert f"Is it {amount} or more?" in main_text(page(client, "/en/status/"))
        html = page(client, "/en/status/?a=first.stop")
        assert amount in html
        assert "{{" not in html


def test_overdue_check_is_said_by_the_clock(
    client: Client, tree: dict[str, Any], japan_noon: Callable[[date], None]
) -> None:
    for day, is_due in ((date(2027, 5, 31), False), (date(2027, 6, 1), True)):
        japan_noon(day)
        assert ("check is overdue" in page(client, "/en/status/")) is is_due
        assert ("The check of this result is overdue" in page(client, "/en/status/?a=first.stop")) is is_due


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("query", "question"),
    [
        ("a=first.gone", "first"),
        ("a=gone.yes", "first"),
        ("a=", "first"),
        ("a=%00", "first"),
        ("a=first.go-on&a=second.gone", "second"),
        ("a=first.go-on&a=first.go-on", "second"),
        ("a=first.stop&a=second.yes", "first"),
        ("a=" + "x" * 3000, "first"),
        ("a=%3Cscript%3Ealert(1)%3C/script%3E", "first"),
    ],
)
def test_tampered_or_outdated_answers_get_a_sentence_and_the_last_question(
    client: Client, tree: dict[str, Any], query: str, question: str, language: str
) -> None:
    html = page(client, f"/{language}/status/?{query}", status=400)
    assert {"ja": "今の質問と合っていません", "en": "do not fit the questions any more"}[language] in html
    assert f"<h1>{getattr(tree[question], f'text_{language}')}</h1>" in html
    assert "<script>alert" not in html


def test_other_parameters_are_left_alone(client: Client, tree: dict[str, Any]) -> None:
    assert tree["first"].text_en in page(client, "/en/status/?utm_source=mail")


@pytest.mark.parametrize("language", LANGUAGES)
def test_hidden_rows_leak_nowhere(client: Client, tree: dict[str, Any], language: str) -> None:
    hidden: dict[str, Any] = {"text_ja": HIDDEN, "text_en": HIDDEN}
    guide = make_guide(published=False, title_ja=HIDDEN, title_en=HIDDEN)
    flag = make_flag(published=False, condition_ja=HIDDEN, condition_en=HIDDEN, **hidden)
    result = make_result(key="secret", published=False, name_ja=HIDDEN, name_en=HIDDEN, reason_en=HIDDEN)
    question = make_question(key="quiet", published=False, help_ja=HIDDEN, help_en=HIDDEN, **hidden)
    make_answer(question=tree["first"], to=result, key="to-result", **hidden)
    make_answer(question=tree["first"], to=question, key="to-question", **hidden)
    make_answer(question=question, to=tree["yes"], key="on", **hidden)
    make_answer(question=question, to=tree["no"], key="off", **hidden)
    tree["yes"].flags.add(flag)
    tree["yes"].guides.add(guide)
    tree["yes"].alternatives.add(result)
    tree["both"].alternatives.add(result)
    for query, code in (
        ("", 200),
        ("a=first.go-on&a=second.yes", 200),
        ("a=first.go-on&a=second.not-sure", 200),
        ("a=first.to-result", 400),
        ("a=first.to-question", 400),
        ("a=first.to-question&a=quiet.on", 400),
    ):
        html = page(client, f"/{language}/status/?{query}", status=code)
        assert HIDDEN not in html, query
        assert "secret" not in html
        assert "quiet" not in html.replace("a=first.to-question&amp;a=quiet.on", "")


@pytest.mark.django_db
def test_question_whose_answers_are_all_hidden_says_so(client: Client) -> None:
    make_answer(question=make_question(is_start=True), to=make_result(published=False))
    assert "No answer is published at the moment" in page(client, "/en/status/")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("more", [0, 3])
@pytest.mark.parametrize(
    ("query", "number"),
    [("", 3), ("?a=first.go-on", 3), ("?a=first.go-on&a=second.yes", 8), ("?a=first.go-on&a=second.not-sure", 8)],
)
def test_status_page_opens_under_its_query_count(
    client: Client,
    tree: dict[str, Any],
    django_assert_num_queries: Any,
    query: str,
    number: int,
    more: int,
    language: str,
) -> None:
    for key in ("yes", "no", "both"):
        tree[key].guides.set(make_guide() for _row in range(1 + more))
        tree[key].flags.set(make_flag(guides=[make_guide()]) for _row in range(1 + more))
    for _row in range(more):
        extra = make_question()
        make_answer(question=extra, to=tree["yes"])
        make_answer(question=extra, to=tree["no"])
        make_answer(question=tree["second"], to=extra)
    with django_assert_num_queries(number):
        page(client, f"/{language}/status/{query}")


@pytest.mark.parametrize(
    "path",
    [
        "status/",
        "status/?a=first.go-on",
        "status/?a=first.stop",
        "status/?a=broken",
        "status/points/",
        "status/points/?age=30",
    ],
)
def test_status_pages_are_private(client: Client, tree: dict[str, Any], path: str) -> None:
    response = client.get(f"/en/{path}")
    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert not response.cookies
    is_beyond = "?" in path
    assert (response.headers.get("X-Robots-Tag") == "noindex") is is_beyond
    assert ('content="noindex' in response.content.decode()) is is_beyond
    assert ("ETag" in response.headers) is False


@pytest.mark.parametrize("path", ["/en/status/", "/ja/status/points/"])
def test_status_pages_only_read(client: Client, tree: dict[str, Any], path: str) -> None:
    assert client.post(path, {"a": "first.go-on"}).status_code == 405
    assert client.head(path).status_code == 200


def test_answers_reach_no_log(client: Client, tree: dict[str, Any], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for path in ("status/?a=first.telltale", "status/?a=first.stop&x=telltale", "status/points/?age=telltale"):
        client.get(f"/en/{path}")
    assert [record for record in caplog.records if "telltale" in record.getMessage()] == []
