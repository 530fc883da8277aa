"""A second person confirms values, contacts and timing rules; what texts use cannot be deleted."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.db import models
from django.test import Client
from django.urls import reverse
from django.utils import translation

from onboarding.models import ContactPoint, Fact, FactPeriod, TimingRule
from tests.factories import onboarding as make
from tests.factories.centers import make_source
from tests.helpers import add_row, form_data
from wpiforum.publishing import confirmation

pytestmark = pytest.mark.django_db
OWN_WORK = "Somebody else has to confirm what you entered."


def url(page: str, *args: Any) -> str:
    with translation.override("en"):
        return reverse(f"admin:onboarding_{page}", args=args)


@pytest.fixture
def people() -> tuple[User, User]:
    return User.objects.create_superuser("first"), User.objects.create_superuser("second")


@pytest.fixture
def first(people: tuple[User, User]) -> Client:
    client = Client()
    client.force_login(people[0])
    return client


@pytest.fixture
def second(people: tuple[User, User]) -> Client:
    client = Client()
    client.force_login(people[1])
    return client


def press(client: Client, page: str, row: Any, action: str) -> Any:
    """Press the button of an action on a row's page and follow to the next page."""
    data = {"CHANGE_FORM-action": action, "_selected_action": str(row.pk)}
    return client.post(url(f"{page}_change", row.pk), data, follow=True)


def buttons(response: Any) -> list[str]:
    return [name for name, _label in response.context.get("offered", [])]


def sentences(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


KINDS: dict[str, tuple[Callable[..., Any], dict[str, str]]] = {
    "factperiod": (make.make_period, {"value": "9000"}),
    "contactpoint": (make.make_contact, {"number": "0120-999-999"}),
    "timingrule": (make.make_rule, {"offset": "30"}),
}
each_kind = pytest.mark.parametrize("kind", KINDS)


def proposal(kind: str, by: User) -> Any:
    """Make a row in effect and a correction of it that waits."""
    return confirmation.propose_correction(KINDS[kind][0](), by=by)


@each_kind
def test_what_is_confirmed_is_read_only(first: Client, kind: str) -> None:
    row = KINDS[kind][0]()
    response = first.get(url(f"{kind}_change", row.pk))
    assert list(response.context["adminform"].form.fields) == []
    assert buttons(response) == ["propose_correction"]
    assert "deletelink" not in response.content.decode()
    before = type(row).objects.filter(pk=row.pk).values().get()
    assert first.post(url(f"{kind}_change", row.pk), KINDS[kind][1]).status_code == 403
    assert type(row).objects.filter(pk=row.pk).values().get() == before


@each_kind
def test_what_is_confirmed_is_not_deleted(first: Client, kind: str) -> None:
    row = KINDS[kind][0]()
    response = first.post(url(f"{kind}_delete", row.pk), {"post": "yes"}, follow=True)
    assert sentences(response) == ["What is confirmed is not deleted. Propose a correction that ends it."]
    data = {"action": "delete_selected", "_selected_action": [str(row.pk)], "post": "yes"}
    first.post(url(f"{kind}_changelist"), data)
    assert type(row).objects.filter(pk=row.pk).exists()


@each_kind
def test_a_correction_takes_its_place_when_somebody_else_confirms_it(
    first: Client, second: Client, people: tuple[User, User], kind: str
) -> None:
    old = KINDS[kind][0]()
    model, changes = type(old), KINDS[kind][1]
    page = press(first, kind, old, "propose_correction")
    copy = model.objects.get(replaces=old)
    assert page.redirect_chain == [(url(f"{kind}_change", copy.pk), 302)]
    assert (copy.entered_by, copy.confirmed_by, copy.confirmed_at) == (people[0], None, None)
    same = model.objects.filter(pk=old.pk).values(*changes).get()
    assert model.objects.filter(pk=copy.pk).values(*changes).get() == same
    assert first.post(url(f"{kind}_change", copy.pk), form_data(page) | changes).status_code == 302
    assert model.objects.filter(pk=old.pk).values(*changes).get() == same  # nothing is in effect yet

    own = first.get(url(f"{kind}_change", copy.pk))
    assert "confirm_rows" not in buttons(own)
    refused = press(first, kind, copy, "confirm_rows")
    assert OWN_WORK in sentences(refused)[-1]
    assert not model.objects.get(pk=copy.pk).is_confirmed()

    assert "confirm_rows" in buttons(second.get(url(f"{kind}_change", copy.pk)))
    done = press(second, kind, copy, "confirm_rows")
    assert sentences(done)[-1].startswith("Confirmed and in effect:")
    copy = model.objects.get()  # the replaced row has gone
    assert (copy.entered_by, copy.confirmed_by, copy.replaces) == (*people, None)
    assert {name: str(getattr(copy, name)) for name in changes} == changes
    entry = LogEntry.objects.order_by("-pk")[0]
    assert (entry.user, entry.object_id) == (people[1], str(copy.pk))
    log = json.loads(entry.change_message)
    assert log[0] == {"changed": {"fields": ["confirmed by", "confirmed at"]}}
    with translation.override(None):
        assert log[1]["deleted"]["name"] == str(model._meta.verbose_name)


@each_kind
def test_rows_are_confirmed_from_the_list_but_not_by_who_entered_them(
    first: Client, second: Client, people: tuple[User, User], kind: str
) -> None:
    row = proposal(kind, people[0])
    data = {"action": "confirm_rows", "_selected_action": [str(row.pk)]}
    refused = first.post(url(f"{kind}_changelist"), data, follow=True)
    assert OWN_WORK in sentences(refused)[-1]
    row.refresh_from_db()
    assert not row.is_confirmed()
    waiting = second.get(url(f"{kind}_changelist"), {"confirmation": "waiting"})
    assert list(waiting.context["cl"].result_list) == [row]
    second.post(url(f"{kind}_changelist"), data)
    row.refresh_from_db()
    assert (row.confirmed_by, type(row).objects.count()) == (people[1], 1)
    again = second.post(url(f"{kind}_changelist"), data, follow=True)
    assert "This is already confirmed." in sentences(again)[-1]


@each_kind
def test_who_changes_a_proposal_cannot_confirm_it(
    first: Client, second: Client, people: tuple[User, User], kind: str
) -> None:
    row = proposal(kind, people[0])
    page = url(f"{kind}_change", row.pk)
    assert second.post(page, form_data(second.get(page)) | KINDS[kind][1]).status_code == 302
    row.refresh_from_db()
    assert row.entered_by == people[1]
    assert OWN_WORK in sentences(press(second, kind, row, "confirm_rows"))[-1]
    press(first, kind, row, "confirm_rows")
    row.refresh_from_db()
    assert row.confirmed_by == people[0]


@each_kind
def test_one_correction_waits_at_a_time(first: Client, people: tuple[User, User], kind: str) -> None:
    row = proposal(kind, people[1])
    assert buttons(first.get(url(f"{kind}_change", row.replaces.pk))) == []
    answer = press(first, kind, row.replaces, "propose_correction")
    assert sentences(answer) == ["A correction of this already waits for confirmation."]
    answer = press(first, kind, row, "propose_correction")
    assert sentences(answer) == ["This is not confirmed yet: change it directly."]
    assert type(row).objects.count() == 2


@each_kind
def test_confirming_needs_the_permission_and_the_token(people: tuple[User, User], kind: str) -> None:
    row = proposal(kind, people[0])
    data = {"CHANGE_FORM-action": "confirm_rows", "_selected_action": str(row.pk)}
    reader = Client()
    reader.force_login(User.objects.create_user("reader", is_staff=True))
    assert reader.post(url(f"{kind}_change", row.pk), data).status_code == 403
    forged = Client(enforce_csrf_checks=True)
    forged.force_login(people[1])
    assert forged.post(url(f"{kind}_change", row.pk), data).status_code == 403
    row.refresh_from_db()
    assert not row.is_confirmed()


# What each kind adds


def test_a_contact_keeps_its_key_and_readers_its_number_until_the_change_is_confirmed(
    first: Client, second: Client, client: Client
) -> None:
    old = make.make_contact(key="help", number="03-1111-1111")
    press(first, "contactpoint", old, "propose_correction")
    new = ContactPoint.objects.get(replaces=old)
    page = url("contactpoint_change", new.pk)
    assert first.post(page, form_data(first.get(page)) | {"number": "03-2222-2222"}).status_code == 302

    def numbers() -> list[bool]:
        html = client.get("/en/contacts/").content.decode()
        return [number in html for number in ("03-1111-1111", "03-2222-2222")]

    assert numbers() == [True, False]
    press(second, "contactpoint", new, "confirm_rows")
    assert numbers() == [False, True]
    assert ContactPoint.objects.get().key == "help"


def test_two_contacts_of_one_key_are_not_in_effect_at_the_same_time(second: Client, people: tuple[User, User]) -> None:
    make.make_contact(key="help", end_on=date(2027, 4, 1))
    other = make.make_contact(key="help", confirmed=False, start_on=date(2027, 1, 1), entered_by=people[0])
    refused = press(second, "contactpoint", other, "confirm_rows")
    assert "This contact point is already in effect at that time. End it first." in sentences(refused)[-1]
    other.refresh_from_db()
    assert not other.is_confirmed()
    ContactPoint.objects.filter(pk=other.pk).update(start_on=date(2027, 4, 1))
    press(second, "contactpoint", other, "confirm_rows")
    other.refresh_from_db()
    assert other.is_confirmed()


def test_a_row_written_in_one_language_is_confirmed_in_the_other(second: Client, people: tuple[User, User]) -> None:
    row = make.make_contact(confirmed=False, name_en="", entered_by=people[0])
    press(second, "contactpoint", row, "confirm_rows")
    row.refresh_from_db()
    assert row.is_confirmed()


def test_a_value_that_overlaps_another_in_effect_is_not_confirmed(second: Client, people: tuple[User, User]) -> None:
    fact = make.make_fact(value="6000")
    row = make.make_period(fact=fact, confirmed=False, entered_by=people[0])
    refused = press(second, "factperiod", row, "confirm_rows")
    assert "Another value of this fact covers part of this time. End it first." in sentences(refused)[-1]
    row.refresh_from_db()
    assert not row.is_confirmed()


def test_step_shows_its_rule_in_words_with_an_example(first: Client, japan_noon: Any) -> None:
    step = make.make_rule().step
    japan_noon(date(2026, 11, 23))
    html = first.get(url("step_change", step.pk)).content.decode()
    assert "within 14 days after moving in (statutory deadline)" in html
    assert "Example: with moving in on 23 November 2026, the last day is 7 December 2026." in html


def test_a_change_of_the_rule_is_proposed_and_confirmed_on_the_step(
    first: Client, second: Client, people: tuple[User, User]
) -> None:
    rule = make.make_rule()
    step = rule.step
    assert buttons(first.get(url("step_change", step.pk))) == ["mark_checked", "propose_rule"]
    page = press(first, "step", step, "propose_rule")
    waiting = TimingRule.objects.get(replaces=rule)
    assert page.redirect_chain == [(url("timingrule_change", waiting.pk), 302)]
    assert first.post(url("timingrule_change", waiting.pk), form_data(page) | {"offset": 30}).status_code == 302
    own = first.get(url("step_change", step.pk))
    assert buttons(own) == ["mark_checked"]
    assert "within 30 days after moving in" in own.content.decode()
    assert "entered by first, waits for somebody else" in own.content.decode()
    assert OWN_WORK in sentences(press(first, "step", step, "confirm_rule"))[-1]
    assert TimingRule.objects.get(confirmed_at__isnull=False).offset == 14

    assert buttons(second.get(url("step_change", step.pk))) == ["mark_checked", "confirm_rule"]
    press(second, "step", step, "confirm_rule")
    confirmed = TimingRule.objects.get()
    assert (confirmed.offset, confirmed.confirmed_by, confirmed.version) == (30, people[1], rule.version + 1)


def test_a_first_rule_is_added_from_the_step(first: Client) -> None:
    step = make.make_step()
    link = f"{url('timingrule_add')}?step={step.pk}"
    assert f'<a href="{link}">Add a timing rule</a>' in first.get(url("step_change", step.pk)).content.decode()
    data = form_data(first.get(link)) | {"kind": "advice", "event": "departs", "offset": 2, "direction": "before"}
    assert first.post(link, data).status_code == 302
    rule = TimingRule.objects.get()
    assert (rule.step, rule.is_confirmed(), rule.entered_by) == (step, False, User.objects.get(username="first"))


@pytest.mark.parametrize("day", ["3-15", "13-01", "02-30", "02-29", "0315"])
def test_a_yearly_rule_names_a_day_of_every_year(first: Client, day: str) -> None:
    rule = make.make_rule(confirmed=False)
    page = url("timingrule_change", rule.pk)
    response = first.post(page, form_data(first.get(page)) | {"event": "yearly", "yearly_to": day})
    with translation.override("en"):
        errors = {name: list(found) for name, found in response.context["adminform"].form.errors.items()}
        assert errors == {"yearly_to": ["Write month and day as in 03-15."]}


# Facts


def test_fact_form_keeps_confirmed_values_and_remembers_who_entered_new_ones(
    first: Client, people: tuple[User, User]
) -> None:
    fact = make.make_fact(periods=[(None, date(2027, 4, 1), "6000")])
    held = fact.periods.get()
    page = url("fact_change", fact.pk)
    data = form_data(first.get(page))
    forged = data | {"periods-0-value": "1", "periods-0-DELETE": "on"}
    new = {"value": "7000", "source": held.source_id, "start_on": "2027-04-01", "ending": "open", "certainty": "A"}
    precisions = dict.fromkeys(("start_precision", "end_precision", "as_of_precision"), "day")
    add_row(forged, "periods", **new, **precisions)
    assert first.post(page, forged).status_code == 302
    held.refresh_from_db()
    assert (held.value, held.is_confirmed()) == ("6000", True)
    added = fact.periods.exclude(pk=held.pk).get()
    assert (added.value, added.entered_by, added.is_confirmed()) == ("7000", people[0], False)


def test_fact_lists_every_text_that_refers_to_it(first: Client) -> None:
    fact, other = make.make_fact(key="fee"), make.make_fact(key="fee-online")
    steps = [
        make.make_step(body_ja="<p>{{fact:fee}}</p>"),
        make.make_step(missed_en="{{ fact:fee }} more"),
    ]
    only_other = make.make_step(body_en="<p>{{fact:fee-online}}</p>")
    case = make.make_case(body_en="<p>{{fact:fee}}</p>")
    with translation.override("en"):
        assert {str(row.pk) for row in fact.uses()} == {str(row.pk) for row in [*steps, case]}
        assert other.uses() == [only_other]
        html = first.get(url("fact_change", fact.pk)).content.decode()
        assert "Texts that refer to it (3)" in html
        for step in steps:
            assert f'<a href="{url("step_change", step.pk)}">Step: {step.guide} – {step}</a>' in html
        assert f'<a href="{url("case_change", case.pk)}">Case: {case}</a>' in html


def test_a_fact_in_use_is_not_deleted_by_any_way(first: Client) -> None:
    fact = make.make_fact(key="fee")
    step = make.make_step(body_ja="<p>{{fact:fee}}</p>", title_en="Pay the fee")
    page = first.post(url("fact_delete", fact.pk), {"post": "yes"}).content.decode()
    assert f'<a href="{url("step_change", step.pk)}">Step: ' in page
    data = {"action": "delete_selected", "_selected_action": [str(fact.pk)], "post": "yes"}
    assert "Pay the fee" in first.post(url("fact_changelist"), data).content.decode()
    with translation.override("en"):
        for delete in (fact.delete, Fact.objects.filter(pk=fact.pk).delete):
            with pytest.raises(models.ProtectedError, match="Pay the fee"):
                delete()
    assert Fact.objects.filter(pk=fact.pk).exists()


def test_a_fact_that_no_text_uses_is_deleted_with_its_values(first: Client) -> None:
    fact = make.make_fact(value="6000")
    assert first.post(url("fact_delete", fact.pk), {"post": "yes"}).status_code == 302
    assert not FactPeriod.objects.exists()


@pytest.mark.parametrize(("page", "make_row"), [("fact", make.make_fact), ("slot", make.make_slot)])
def test_a_key_that_texts_may_name_is_not_changed(first: Client, page: str, make_row: Any) -> None:
    row = make_row(key="fee")
    data = form_data(first.get(url(f"{page}_change", row.pk)))
    assert "key" not in data
    assert first.post(url(f"{page}_change", row.pk), data | {"key": "other"}).status_code == 302
    row.refresh_from_db()
    assert row.key == "fee"


def test_a_new_value_waits_from_its_own_page_too(first: Client, people: tuple[User, User]) -> None:
    fact = make.make_fact()
    data = form_data(first.get(url("factperiod_add"))) | {
        "fact": fact.pk,
        "value": "5500",
        "source": make_source().pk,
        "start_on": "2027-04-01",
    }
    assert first.post(url("factperiod_add"), data).status_code == 302
    row = FactPeriod.objects.get()
    assert (row.value, row.entered_by, row.is_confirmed()) == ("5500", people[0], False)
