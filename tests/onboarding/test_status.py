"""The status guide: flaws of a graph, where answers lead, what its pages show, and what staff may not save."""

import logging
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.test import Client
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onboarding import status
from onboarding.admin.status import stored_graph
from onboarding.choices import ResultKind
from onboarding.models import StatusAnswer, StatusQuestion, StatusResult
from onboarding.status import Edge, Flaw, Given, Graph, Problem, problems, walk
from tests.factories.onboarding import make_fact, make_guide
from tests.factories.publishing import make_person, publish_draft
from tests.factories.status import make_answer, make_flag, make_question, make_result, make_tree
from tests.helpers import LANGUAGES, main_text, page
from wpiforum.publishing.workflow import WorkflowError, unpublish

HIDDEN = "HIDDEN-MARK"


def graph(starts: str = "a", results: str = "xy", **questions: str) -> Graph:
    """Make a graph: `a="b x"` is a question whose answers lead to question b and to result x; "-" leads nowhere."""

    def edge(number: int, to: str) -> Edge:
        is_result = to in set(results) | {"z"}
        return Edge(f"{number}", None if is_result or to == "-" else to, to if is_result and to != "-" else None)

    return Graph(
        tuple(starts),
        {
            key: tuple(edge(number, to) for number, to in enumerate(targets.split()))
            for key, targets in questions.items()
        },
        frozenset(results),
    )


WHOLE = graph(a="b x", b="x y")


# The graph


def test_graph_without_a_flaw_has_no_problem() -> None:
    assert problems(WHOLE) == []


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (graph(starts="", a="x y"), Problem(Flaw.NO_START)),
        (graph(starts="ba", a="x y", b="x y"), Problem(Flaw.MANY_STARTS, detail="a, b")),
        (graph(a="b x", b="- y"), Problem(Flaw.DEAD_END, "b", "0")),
        (graph(a="gone x"), Problem(Flaw.DEAD_END, "a", "0")),
        (graph(a="z x"), Problem(Flaw.DEAD_END, "a", "0")),
        (graph(a="b x", b="y"), Problem(Flaw.FEW_ANSWERS, "b")),
        (graph(a="x"), Problem(Flaw.FEW_ANSWERS, "a")),
        (graph(a="a x"), Problem(Flaw.CYCLE, detail="a → a")),
        (graph(a="b x", b="c x", c="b y"), Problem(Flaw.CYCLE, detail="b → c → b")),
        (graph(a="x y", b="x y"), Problem(Flaw.UNREACHABLE, "b")),
        (graph(a="x y", b="c y", c="b x"), Problem(Flaw.CYCLE, detail="b → c → b")),
    ],
)
def test_flaw_of_a_graph_is_found(wrong: Graph, expected: Problem) -> None:
    assert expected in problems(wrong)
    assert status.sentence(expected)


def test_answer_that_leads_to_two_things_is_a_dead_end() -> None:
    both = Graph(("a",), {"a": (Edge("1", "b", "x"), Edge("2", None, "x")), "b": ()}, frozenset("x"))
    assert Problem(Flaw.DEAD_END, "a", "1") in problems(both)


def test_two_ways_to_one_question_are_no_circle() -> None:
    assert problems(graph(a="b c", b="c x", c="x y")) == []


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no failure
@given(st.dictionaries(st.sampled_from("abcde"), st.lists(st.sampled_from("abcdexy-"), min_size=1, max_size=4)))
def test_graph_without_problems_leads_every_reader_to_a_result(drawn: dict[str, list[str]]) -> None:
    made = graph(**{key: " ".join(targets) for key, targets in drawn.items()})
    found = problems(made)
    ends = list(status.ways(made)) if made.questions.get("a") else []
    if not found:
        assert ends
        assert all(end.result for end in ends)
    assert all(status.longest(made, key) <= len(made.questions) for key in made.questions)


def test_deep_graph_is_checked_without_recursion() -> None:
    many = {f"q{number}": (Edge("1", f"q{number + 1}"), Edge("2", None, "x")) for number in range(5000)}
    deep = Graph(("q0",), {**many, "q5000": (Edge("1", None, "x"), Edge("2", None, "x"))}, frozenset("x"))
    assert problems(deep) == []


def test_longest_way_counts_this_question() -> None:
    assert [status.longest(graph(a="b x", b="c x", c="x y"), key) for key in "abc"] == [3, 2, 1]


# Where answers lead


@pytest.mark.parametrize(
    ("answers", "question", "result"),
    [([], "a", None), (["a.0"], "b", None), (["a.1"], None, "x"), (["a.0", "b.1"], None, "y")],
)
def test_walk_follows_answers(answers: list[str], question: str | None, result: str | None) -> None:
    at = walk(WHOLE, answers)
    assert (at.question, at.result, at.is_broken) == (question, result, False)


@pytest.mark.parametrize(
    ("answers", "question", "given"),
    [
        (["a.9"], "a", 0),
        (["a"], "a", 0),
        ([""], "a", 0),
        (["b.0"], "a", 0),
        (["a.0", "b.9"], "b", 1),
        (["a.0", "a.0"], "b", 1),
        (["a.1", "b.0"], "a", 0),
        (["a.0", "b.1", "b.1"], "b", 1),
        (["\x00"], "a", 0),
    ],
)
def test_walk_stops_at_the_last_question_it_can_follow(answers: list[str], question: str, given: int) -> None:
    at = walk(WHOLE, answers)
    assert (at.question, at.result, len(at.given), at.is_broken) == (question, None, given, True)


def test_walk_of_an_empty_graph_ends_nowhere() -> None:
    assert walk(Graph((), {}, frozenset()), ["a.0"]) == status.Position((), None, None, is_broken=True)


def test_query_keeps_the_order_of_the_answers() -> None:
    assert status.query([Given("n0", "no"), Given("n8b", "not-sure")]) == "?a=n0.no&a=n8b.not-sure"
    assert status.query([]) == ""


# Pages


@pytest.fixture
def tree(db: None) -> dict[str, Any]:
    return make_tree()


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


# What staff may not save


def test_answer_leads_to_exactly_one_thing(tree: dict[str, Any]) -> None:
    row = make_answer(question=tree["first"], to=tree["yes"])
    row.next_question = tree["second"]
    with pytest.raises(ValidationError, match="次の質問か結果のどちらか一方"):
        row.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_only_one_question_comes_first(tree: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_question(is_start=True)


def test_question_and_result_in_use_are_not_deleted(tree: dict[str, Any]) -> None:
    with pytest.raises(models.ProtectedError):
        tree["second"].delete()
    with pytest.raises(models.ProtectedError):
        tree["yes"].delete()


def test_fact_that_a_question_uses_is_not_deleted(tree: dict[str, Any]) -> None:
    fact = make_fact(key="income", value="8000000")
    StatusResult.objects.filter(key="yes").update(reason_en="Over {{fact:income}}.")
    with pytest.raises(models.ProtectedError):
        fact.delete()


def test_reference_to_an_unknown_fact_is_refused(tree: dict[str, Any]) -> None:
    tree["first"].help_en = "{{fact:unheard-of}}"
    with pytest.raises(ValidationError, match="unheard-of"):
        tree["first"].full_clean()


@pytest.fixture
def staff(client: Client, tree: dict[str, Any]) -> Client:
    client.force_login(User.objects.create_superuser("editor", password="secret"))
    return client


def form_of(row: Any, **changes: Any) -> dict[str, Any]:
    """Return what the staff page of a question or result posts, unchanged but for `changes`."""
    data: dict[str, Any] = {}
    for field in row._meta.get_fields():
        if not getattr(field, "editable", False) or field.auto_created or not hasattr(field, "attname"):
            continue
        if field.many_to_many:
            data[field.name] = [str(pk) for pk in getattr(row, field.name).values_list("pk", flat=True)]
            continue
        value = getattr(row, field.attname)
        if isinstance(field, models.DateTimeField):
            data[f"{field.name}_0"], data[f"{field.name}_1"] = ("2019-02-05", "09:00:00") if value else ("", "")
        elif isinstance(field, models.BooleanField):
            data |= {field.name: "on"} if value else {}
        else:
            data[field.name] = "" if value is None else value
    return data | changes


def answers_form(question: StatusQuestion, *rows: dict[str, Any]) -> dict[str, Any]:
    """Return the answers' part of a question's form: the stored ones, then new ones."""
    stored = list(question.answers.order_by("order"))
    data: dict[str, Any] = {
        "answers-TOTAL_FORMS": len(stored) + len(rows),
        "answers-INITIAL_FORMS": len(stored),
        "answers-MIN_NUM_FORMS": 0,
        "answers-MAX_NUM_FORMS": 1000,
    }
    for number, answer in enumerate(stored):
        for name in ("id", "key", "text_ja", "text_en", "caution_ja", "caution_en", "order"):
            data[f"answers-{number}-{name}"] = getattr(answer, name) or ""
        data[f"answers-{number}-order"] = answer.order
        data[f"answers-{number}-question"] = question.pk
        data[f"answers-{number}-next_question"] = answer.next_question_id or ""
        data[f"answers-{number}-result"] = answer.result_id or ""
    for number, row in enumerate(rows, start=len(stored)):
        data |= {f"answers-{number}-{name}": value for name, value in {"order": 9, "text_ja": "答え", **row}.items()}
    return data


def posted(staff: Client, row: Any, data: dict[str, Any]) -> tuple[int, str]:
    address = f"/en/admin/onboarding/{row._meta.model_name}/{row.pk}/change/"
    token = {"_drawn_from": staff.get(address).context["draft_token"]}
    response = staff.post(address, data | token)
    return response.status_code, response.content.decode()


def test_staff_save_a_question_unchanged(staff: Client, tree: dict[str, Any]) -> None:
    before = stored_graph()
    for key in ("first", "second"):
        code, html = posted(staff, tree[key], form_of(tree[key]) | answers_form(tree[key]))
        assert code == 302, html
    assert stored_graph() == before


def test_staff_may_not_close_a_circle(staff: Client, tree: dict[str, Any]) -> None:
    back = {"key": "back", "next_question": tree["first"].pk}
    code, html = posted(staff, tree["second"], form_of(tree["second"]) | answers_form(tree["second"], back))
    assert code == 200
    assert "The questions go round in a circle: first → second → first." in html
    assert not StatusAnswer.objects.filter(key="back").exists()


def test_staff_may_not_leave_a_question_with_one_answer(staff: Client, tree: dict[str, Any]) -> None:
    data = form_of(tree["first"]) | answers_form(tree["first"]) | {"answers-1-DELETE": "on"}
    code, html = posted(staff, tree["first"], data)
    assert code == 200
    assert "Question “first” needs at least two answers." in html


def test_staff_may_not_hide_what_an_answer_leads_to(tree: dict[str, Any]) -> None:
    by = make_person("publisher")
    for key, answer in (("second", "go-on"), ("no", "stop")):
        with (
            translation.override("en"),
            pytest.raises(WorkflowError, match=f"The answer “{answer}” of question “first”"),
        ):
            unpublish(tree[key], by=by, reason_ja="終了", reason_en="It ended.")
    assert problems(stored_graph()) == []


def test_staff_may_not_lead_an_answer_to_a_draft(staff: Client, tree: dict[str, Any]) -> None:
    draft = make_question(key="draft", published=False)
    data = answers_form(tree["first"], {"key": "new", "next_question": draft.pk})
    code, html = posted(staff, tree["first"], form_of(tree["first"]) | data)
    assert code == 200
    assert "The answer “new” of question “first” leads nowhere" in html


def test_staff_may_not_lead_an_answer_to_both_or_neither(staff: Client, tree: dict[str, Any]) -> None:
    for targets in ({}, {"next_question": tree["second"].pk, "result": tree["yes"].pk}):
        data = form_of(tree["first"]) | answers_form(tree["first"], {"key": "new", **targets})
        code, html = posted(staff, tree["first"], data)
        assert code == 200
        assert "choose exactly one" in html


def test_staff_enter_a_new_question_before_an_answer_leads_to_it(staff: Client, tree: dict[str, Any]) -> None:
    new = make_question(key="third", published=False)
    rows = ({"key": "one", "result": tree["yes"].pk}, {"key": "two", "result": tree["no"].pk})
    code, html = posted(staff, new, form_of(new) | answers_form(new, *rows))
    assert code == 302, html
    publish_draft(new)
    address = f"/en/admin/onboarding/statusquestion/{tree['second'].pk}/change/"
    token = {"_drawn_from": staff.get(address).context["draft_token"]}
    response = staff.post(address, form_of(tree["second"]) | answers_form(tree["second"]) | token, follow=True)
    assert "No answer leads to question “third” yet." in response.content.decode()
    data = answers_form(tree["second"], {"key": "on", "next_question": new.pk})
    code, html = posted(staff, tree["second"], form_of(tree["second"]) | data)
    assert code == 302, html
    publish_draft(tree["second"])
    assert problems(stored_graph()) == []


def test_staff_rename_a_key_with_all_that_leads_to_it(staff: Client, tree: dict[str, Any]) -> None:
    data = form_of(tree["second"], key="renamed") | answers_form(tree["second"])
    code, html = posted(staff, tree["second"], data)
    assert code == 302, html
    publish_draft(tree["second"])
    code, html = posted(staff, tree["yes"], form_of(tree["yes"], key="fine"))
    assert code == 302, html
    publish_draft(tree["yes"])
    assert "may fit" in page(Client(), "/en/status/?a=first.go-on&a=renamed.yes")


def test_old_flaw_does_not_hold_up_other_work(staff: Client, tree: dict[str, Any]) -> None:
    StatusResult.objects.filter(key="both").update(live_from=None)
    code, html = posted(staff, tree["first"], form_of(tree["first"]) | answers_form(tree["first"]))
    assert code == 302, html


def test_only_a_question_that_was_never_public_is_deleted(staff: Client, tree: dict[str, Any]) -> None:
    draft = make_question(key="draft", published=False)
    assert staff.get(f"/en/admin/onboarding/statusquestion/{tree['first'].pk}/delete/").status_code == 403
    assert staff.get(f"/en/admin/onboarding/statusquestion/{draft.pk}/delete/").status_code == 200


def test_checked_still_right_moves_the_date_and_nothing_else(
    staff: Client, tree: dict[str, Any], japan_noon: Callable[[date], None]
) -> None:
    japan_noon(date(2026, 11, 23))
    url = "/en/admin/onboarding/statusresult/"
    staff.post(url, {"action": "mark_checked", "_selected_action": [str(tree["yes"].pk)]})
    row = StatusResult.objects.get(key="yes")
    assert (row.as_of_on, row.as_of_precision, row.next_check_on) == (date(2026, 11, 23), "day", date(2027, 11, 23))
    assert row.reason_en == tree["yes"].reason_en
