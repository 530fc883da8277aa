"""What staff may not save in the status guide."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.test import Client
from django.utils import translation

from onboarding.admin.status import stored_graph
from onboarding.models import StatusAnswer, StatusQuestion, StatusResult
from onboarding.status import problems
from tests.factories.onboarding import make_fact
from tests.factories.publishing import make_person, publish_draft
from tests.factories.status import make_answer, make_question
from tests.helpers import page
from wpiforum.publishing.workflow import WorkflowError, unpublish


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
