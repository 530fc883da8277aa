"""Every page of the staff site opens, in both languages, under the site's content security policy."""

import re
import uuid
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from centers.models import (
    Center,
    Cohort,
    Field,
    HostInstitution,
    Indicator,
    Observation,
    PartnerInstitution,
    Person,
    Practice,
    ProgramPage,
)
from onboarding.models import (
    Case,
    ChangeNote,
    ContactPoint,
    EmergencyCard,
    Fact,
    FactPeriod,
    Guide,
    Material,
    Office,
    Phrase,
    Pillar,
    PointGroup,
    PointItem,
    Report,
    Slot,
    SlotValue,
    StatusFlag,
    StatusQuestion,
    StatusResult,
    Step,
    Term,
    TimingRule,
    Topic,
)
from tests.factories import centers as make
from tests.factories import onboarding as guides
from tests.factories import publishing, status
from tests.factories.links import make_link
from tests.factories.notices import make_notice
from wpiforum.links.models import Link
from wpiforum.localization.models import TranslationState
from wpiforum.notices.models import Notice
from wpiforum.provenance.models import Claim, LoadedRow, Source
from wpiforum.publishing.models import Assignment, Event, Publishable, Redirect, Revision, Waiver, Withdrawal
from wpiforum.search.models import Asked, Synonym

pytestmark = pytest.mark.django_db
LANGUAGES = ("ja", "en")


def _make_group() -> Group:
    return Group.objects.create(name=f"group {Group.objects.count()}")


def _make_user() -> User:
    return User.objects.create_user(f"staff{User.objects.count()}", password="secret")


def _make_full_center() -> Center:
    """Make a center with one row of every kind that its page edits."""
    center = make.make_center(unverified=["website"])
    for make_row in (
        make.make_standing,
        make.make_directorship,
        make.make_satellite,
        make.make_section,
        make.make_observation,
        make.make_donation,
    ):
        make_row(center=center)
    return center


def _make_full_institution() -> PartnerInstitution:
    return make.make_satellite().institution


def _make_full_guide() -> Guide:
    """Make a guide with one row of every kind that its page edits, and another to refer to."""
    guide = guides.make_guide(steps=1, related=[guides.make_guide()], next=guides.make_guide())
    guides.make_rule(step=guide.steps.get(), confirmed=False)
    guides.make_change(guide=guide)
    return guide


def _make_full_step() -> Step:
    """Make a step that uses a value, a slot and a term, with a rule in effect and one proposed."""
    fact, slot, term = guides.make_fact(value="6000"), guides.make_slot(), guides.make_term()
    body = f"<p>{term.english}: {fact.reference} {slot.reference}</p>"
    step = guides.make_step(body_en=body, readings={"届出": "とどけで"})
    rule = guides.make_rule(step=step)
    guides.make_rule(step=step, confirmed=False, replaces=rule, entered_by=_make_user())
    return step


def _make_full_fact() -> Fact:
    fact = guides.make_fact(value="6000")
    guides.make_step(body_en=f"<p>{fact.reference}</p>")
    guides.make_period(fact=fact, confirmed=False, entered_by=_make_user())
    return fact


def _make_used_link() -> Link:
    """Make a link that a step and a center use."""
    link = make_link()
    step = guides.make_step(body_en=f'<p><a href="{link.url}">x</a></p>')
    center = make.make_center(website=link.url)
    link.uses.create(row=step, field="body_en", group=step.guide.topic)
    link.uses.create(row=center, field="website", group=center)
    return link


def _make_waiting(make_row: Callable[..., Any]) -> Any:
    """Make a row that waits for a second person; it replaces one that is in effect."""
    row = make_row()
    row.pk, row._state.adding, row.replaces_id = uuid.uuid4(), True, row.pk
    row.confirmed_at, row.entered_by = None, _make_user()
    row.save()
    return row


def _make_asked() -> Asked:
    """Make a question that was asked often enough to be shown."""
    query = f"frob {Asked.objects.count()}"
    return Asked.objects.create(day=date(2026, 6, 1), language="en", query=query, times=3, without_result=3)


MAKERS: dict[type[models.Model], Callable[[], Any]] = {
    Source: make.make_source,
    Claim: lambda: make.make_claim(subject=make.make_directorship(), field="person"),
    Center: _make_full_center,
    HostInstitution: lambda: make.make_center().host,
    Field: lambda: make.make_center().field,
    Person: lambda: make.make_directorship().person,
    PartnerInstitution: _make_full_institution,
    Indicator: make.make_indicator,
    Observation: make.make_observation,
    Practice: lambda: make.make_practice(center=make.make_center()),
    Cohort: lambda: make.make_requirement().cohort,
    ProgramPage: lambda: make.make_program_item().page,
    Pillar: lambda: guides.make_topic().pillar,
    Topic: lambda: guides.make_guide().topic,
    Guide: _make_full_guide,
    Step: _make_full_step,
    TimingRule: lambda: _make_waiting(guides.make_rule),
    ChangeNote: guides.make_change,
    Office: lambda: guides.make_step().office,
    ContactPoint: lambda: _make_waiting(guides.make_contact),
    Phrase: guides.make_phrase,
    EmergencyCard: guides.make_card,
    Slot: lambda: [guides.make_slot_value().slot for _row in range(2)][0],  # noqa: RUF015  a filter lists two or more
    SlotValue: lambda: _make_waiting(guides.make_slot_value),
    Fact: _make_full_fact,
    FactPeriod: lambda: _make_waiting(guides.make_period),
    Term: lambda: guides.make_term(topic=guides.make_topic(), aliases=["別名"]),
    Case: lambda: guides.make_case(guides=[guides.make_guide()], center=make.make_center()),
    Material: lambda: guides.make_material(guides=[guides.make_guide()]),
    Report: guides.make_report,
    StatusQuestion: lambda: status.make_answer(question=status.make_question(), to=status.make_result()).question,
    StatusFlag: status.make_flag,
    StatusResult: status.make_result,
    PointGroup: lambda: status.make_point_item().group,
    PointItem: lambda: [_make_waiting(status.make_point_item) for _row in range(2)][0],  # noqa: RUF015  a filter lists two or more
    Notice: make_notice,
    Synonym: lambda: Synonym.objects.create(typed=f"gaijin card {Synonym.objects.count()}", means="在留カード"),
    Asked: _make_asked,
    Revision: publishing.make_revision,
    Event: publishing.make_event,
    Waiver: publishing.make_waiver,
    Withdrawal: publishing.make_withdrawal,
    Redirect: publishing.make_redirect,
    Assignment: publishing.make_assignment,
    TranslationState: publishing.make_translation_state,
    Link: _make_used_link,
    Group: _make_group,
    User: _make_user,
}
# What readers send, and the record that verbs write.
NEVER_ADDED = {Report, Asked, Revision, Event, Waiver, Withdrawal, Redirect, TranslationState, Link}
NEVER_DELETED = NEVER_ADDED - {Report} | {User}
REGISTERED = sorted(admin.site._registry, key=lambda model: model._meta.label)


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("editor", password="secret"))
    return client


def _url(model: type[models.Model], page: str, language: str, *args: Any) -> str:
    with translation.override(language):
        return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def _assert_page(client: Client, url: str, language: str) -> str:
    """Open a page: in its language, labels in words, nothing that the content security policy would stop."""
    response = client.get(url)
    html = response.content.decode()
    assert response.status_code == 200, url
    assert f'<html lang="{language}"' in html
    assert "[ja]" not in html, f"{url}: a label is not in words"
    assert "[en]" not in html, f"{url}: a label is not in words"
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*(\ssrc=|\snonce=|json))", html), url
    assert not re.search(r'(src|href)="(https?:)?//(?!www\.example|testserver|center-\d+\.example)', html), url
    return html


def test_admin_registers_every_model_that_staff_keep() -> None:
    assert set(REGISTERED) == set(MAKERS)
    assert LoadedRow not in admin.site._registry


@pytest.mark.parametrize("language", LANGUAGES)
def test_admin_front_pages_open(staff: Client, language: str) -> None:
    with translation.override(language):
        pages = [reverse("admin:index"), reverse("account_change_password"), reverse("mfa_index")]
        for label in {model._meta.app_label for model in REGISTERED}:
            pages.append(reverse("admin:app_list", args=[label]))
    for url in pages:
        _assert_page(staff, url, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_admin_login_opens(client: Client, language: str) -> None:
    with translation.override(language):
        _assert_page(client, reverse("account_login"), language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label)
def test_admin_pages_of_a_model_open(staff: Client, model: type[models.Model], language: str) -> None:
    row = MAKERS[model]()
    LogEntry.objects.create(
        user=User.objects.get(username="editor"),
        content_type=ContentType.objects.get_for_model(model),
        object_id=row.pk,
        object_repr=str(row),
        action_flag=CHANGE,
        change_message='[{"changed": {"fields": ["name"]}}]',
    )
    for page, args in (
        ("changelist", ()),
        *([] if model in NEVER_ADDED else [("add", ())]),
        ("change", (row.pk,)),
        ("history", (row.pk,)),
        *([] if model in NEVER_DELETED or isinstance(row, Publishable) else [("delete", (row.pk,))]),
        *([("desk", (row.pk,))] if isinstance(row, Publishable) else []),
    ):
        _assert_page(staff, _url(model, page, language, *args), language)


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label)
def test_admin_list_searches_and_filters(staff: Client, model: type[models.Model]) -> None:
    MAKERS[model]()
    page = admin.site._registry[model]
    assert page.search_fields
    assert page.list_filter or model is Group
    url = _url(model, "changelist", "ja")
    assert 'id="searchbar"' in staff.get(url, {"q": "2018 研究"}).content.decode()
    choices: dict[str, list[str]] = {}
    for query in re.findall(r'<a href="(\?[^"]+)"', staff.get(url).content.decode()):
        choices.setdefault(query.split("=")[0], []).append(query)
    assert choices or not page.list_filter
    # Of a lookup the first and the last, as those between differ in their value alone; of a filter of ours all.
    chosen = {link for name, links in choices.items() for link in ((links[0], links[-1]) if "__" in name else links)}
    for query in chosen:
        assert staff.get(url + query.replace("&amp;", "&")).status_code == 200, query


# Session, user, count of the filtered and of all rows, the rows, then what the columns, filters and dates read.
LIST_QUERIES: dict[type[models.Model], int] = {
    Source: 7,
    Claim: 11,
    Center: 16,
    HostInstitution: 8,
    Field: 7,
    Person: 10,
    PartnerInstitution: 9,
    Indicator: 5,
    Observation: 12,
    Practice: 8,
    Cohort: 8,
    ProgramPage: 7,
    Pillar: 7,
    Topic: 6,
    Guide: 6,
    Step: 11,
    TimingRule: 6,
    ChangeNote: 8,
    Office: 6,
    ContactPoint: 7,
    Phrase: 5,
    EmergencyCard: 7,
    Slot: 6,
    SlotValue: 9,
    Fact: 7,
    FactPeriod: 7,
    Term: 8,
    Case: 9,
    Material: 6,
    Report: 9,
    StatusQuestion: 7,
    StatusFlag: 7,
    StatusResult: 7,
    PointGroup: 5,
    PointItem: 6,
    Notice: 7,
    Synonym: 6,
    Asked: 8,
    Revision: 10,
    Event: 9,
    Waiver: 9,
    Withdrawal: 9,
    Redirect: 9,
    Assignment: 8,
    TranslationState: 10,
    Link: 11,
    Group: 5,
    User: 6,
}


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label)
def test_admin_list_query_count_is_flat(staff: Client, model: type[models.Model]) -> None:
    url = _url(model, "changelist", "ja")
    counts = []
    for more in (1, 2):
        for _row in range(more):
            MAKERS[model]()
        staff.get(url)  # content types are looked up once in a process
        with CaptureQueriesContext(connection) as captured:
            staff.get(url)
        counts.append(len(captured))
    assert counts == [LIST_QUERIES[model]] * 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_admin_autocomplete_answers_in_the_language_of_the_page(staff: Client, language: str) -> None:
    rows = {
        ("center", "host"): make.make_host(name_ja="東京大学", name_en="The University of Tokyo"),
        ("center", "source"): make.make_source(title_ja="東京大学の資料", title_en="Report of Tokyo"),
        ("directorship", "person"): make.make_person(name_ja="東京 花子", name_en="Hanako Tokyo"),
    }
    with translation.override(language):
        url = reverse("admin:autocomplete")
        for (model, field), row in rows.items():
            query = {"app_label": "centers", "model_name": model, "field_name": field, "term": "東京"}
            assert staff.get(url, query).json()["results"] == [{"id": str(row.pk), "text": str(row)}]


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "words"), [("ja", "新しい報告"), ("en", "new reports")])
def test_home_of_the_staff_names_what_waits_in_the_house_style(language: str, words: str, admin_client: Client) -> None:
    step = guides.make_step()
    Report.objects.create(step=step, language="en", text="The link is broken.")
    Report.objects.create(step=step, language="en", text="Wrong floor.", state="seen")
    html = admin_client.get(f"/{language}/admin/").text
    address = f"/{language}/admin/onboarding/report/?state__exact=new"
    assert re.findall(rf'<a href="{re.escape(address)}">[^<]*{words}</a> <strong>(\d+)</strong>', html) == ["1"]
    assert "wpiforum/admin" in html
    assert admin_client.get(address).status_code == 200


@pytest.mark.django_db
def test_home_names_only_what_the_person_may_open(client: Client) -> None:
    Report.objects.create(step=guides.make_step(), language="en", text="The link is broken.")
    client.force_login(User.objects.create_user("guest", is_staff=True))
    html = client.get("/en/admin/").text
    assert "onboarding/report" not in html
    assert "Nothing waits." in html


@pytest.mark.django_db
def test_sign_in_wears_the_house_style_and_has_a_heading(client: Client) -> None:
    html = client.get("/ja/admin/account/login/").text
    assert "wpiforum/admin" in html
    assert html.count("<h1>ログイン</h1>") == 1
