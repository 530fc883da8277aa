"""The staff pages of guides, steps and reports: what a step lacks is said, texts stay clean, checks move one date."""

import re
from datetime import date, datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from onboarding.choices import ReportState
from onboarding.models import Guide, Report, Step
from tests.factories import onboarding as make
from tests.factories.centers import make_source
from tests.factories.publishing import make_person, publish_draft
from tests.helpers import form_data
from wpiforum.provenance.dates import Precision
from wpiforum.provenance.models import Source
from wpiforum.publishing.choices import Verb
from wpiforum.publishing.models import Event, Revision
from wpiforum.publishing.workflow import WorkflowError, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("editor", password="secret"))
    return client


def url(page: str, *args: Any, language: str = "en") -> str:
    with translation.override(language):
        return reverse(f"admin:onboarding_{page}", args=args)


def act(client: Client, page: str, row: Any, action: str) -> Any:
    """Press the button of an action on a row's page and follow to the next page."""
    data = {"CHANGE_FORM-action": action, "_selected_action": str(row.pk)}
    return client.post(url(f"{page}_change", row.pk), data, follow=True)


def buttons(response: Any) -> list[str]:
    return [name for name, _label in response.context.get("offered", [])]


def errors(response: Any) -> dict[str, list[str]]:
    with translation.override("en"):
        return {name: list(found) for name, found in response.context["adminform"].form.errors.items()}


# Guides


def test_guide_lists_its_steps_in_order_with_what_each_needs(staff: Client, japan_noon: Any) -> None:
    japan_noon(date(2026, 11, 23))
    guide = make.make_guide()
    second = make.make_step(guide=guide, order=2, title_en="Second", title_ja="二")
    first = make.make_step(guide=guide, order=1, title_en="First", body_en="", sources=[], as_of_on=date(2025, 1, 1))
    make.make_rule(step=first, confirmed=False)
    response = staff.get(url("guide_change", guide.pk))
    rows = response.context["inline_admin_formsets"][0].formset.forms
    assert [row.instance for row in rows] == [first, second]
    html = response.content.decode()
    needs = ("check due", "timing rule waits for confirmation", "not in English", "lacks: sources")
    assert "".join(f"<li>{need}</li>" for need in needs) in html
    assert re.search(rf'First\s*<a href="{url("step_change", first.pk)}" class="inlinechangelink">Change</a>', html)
    assert "<p>June 2026</p>" in html
    assert f'<a href="{url("step_add")}?guide={guide.pk}">Add a step</a>' in html
    add = staff.get(url("step_add"), {"guide": str(guide.pk)})
    assert add.context["adminform"].form.initial["order"] == 3


def test_steps_are_put_in_another_order(staff: Client) -> None:
    guide = make.make_guide(steps=2)
    first, second = guide.steps.order_by("order")
    page = url("guide_change", guide.pk)
    data = form_data(staff.get(page)) | {"steps-0-order": 2, "steps-1-order": 1}
    before = Step.objects.filter(pk=first.pk).values("title_ja", "body_en", "as_of_on", "version").get()
    assert staff.post(page, data).status_code == 302
    assert list(guide.steps.order_by("order")) == [first, second]
    publish_draft(guide)
    assert list(guide.steps.order_by("order")) == [second, first]
    assert Step.objects.filter(pk=first.pk).values("title_ja", "body_en", "as_of_on", "version").get() == before


LACKS_SOURCE = "The step “Untrusted” lacks: sources."


def test_a_public_guide_names_the_step_that_lacks_a_source(staff: Client) -> None:
    guide = make.make_guide(steps=1)
    step = make.make_step(guide=guide, title_en="Untrusted", sources=[])
    page = url("guide_change", guide.pk)
    data = form_data(staff.get(page)) | {"title_ja": "新しい題", "title_en": "New title"}
    assert LACKS_SOURCE in staff.post(page, data).content.decode()
    assert not Revision.objects.exists()
    step.sources.add(make_source())
    assert (
        staff.post(page, form_data(staff.get(page)) | {"title_ja": "新しい題", "title_en": "New title"}).status_code
        == 302
    )
    assert publish_draft(guide).title_en == "New title"


def test_a_guide_may_lack_a_source_until_it_is_to_be_public(staff: Client) -> None:
    guide = make.make_guide(published=False, title_ja="題", title_en="Title")
    step = make.make_step(guide=guide, title_ja="手順", title_en="Untrusted", sources=[])
    page = url("guide_change", guide.pk)
    assert staff.post(page, form_data(staff.get(page))).status_code == 302
    with translation.override("en"), pytest.raises(WorkflowError, match=LACKS_SOURCE):
        publish_draft(guide)
    assert Guide.objects.get().live_from is None
    step.sources.add(make_source())
    guide.refresh_from_db()
    chief = make_person("administrator")
    publish(guide, by=chief)
    assert Guide.objects.get().live_from is not None


@pytest.mark.parametrize(
    ("changes", "lacking"),
    [
        ({}, []),
        ({"check_every": 0}, ["next check"]),
        ({"as_of_on": None}, ["as of"]),
        ({"office_id": None}, ["office in charge"]),
        ({"as_of_on": None, "check_every": 0}, ["as of", "next check"]),
    ],
)
def test_what_a_step_lacks_is_named(changes: dict[str, Any], lacking: list[str]) -> None:
    step = make.make_step()
    for name, value in changes.items():
        setattr(step, name, value)
    with translation.override("en"):
        assert step.lacks() == lacking
        assert bool(step.guide.trust_problems([step])) == bool(lacking)


def test_guide_form_query_count_does_not_grow_with_steps(staff: Client) -> None:
    counts = []
    guide = make.make_guide()
    staff.get(url("guide_change", guide.pk))  # kinds of rows are looked up once
    for more in (1, 4):
        for _row in range(more):
            make.make_rule(step=make.make_step(guide=guide), confirmed=False)
        with CaptureQueriesContext(connection) as captured:
            staff.get(url("guide_change", guide.pk))
        counts.append(len(captured))
    assert counts == [30, 30]  # nine of them ask where the guide is used


# Steps


def test_both_languages_of_a_text_are_edited_side_by_side(staff: Client) -> None:
    step = make.make_step(body_en="<p>Go &amp; ask.</p>")
    html = staff.get(url("step_change", step.pk)).content.decode()
    assert 'class="form-row flex-container form-multiline field-body_ja field-body_en"' in html
    for code in ("ja", "en"):
        start = html.index(f'<textarea name="body_{code}"')
        tag = html[start : html.index(">", start)]
        assert f'lang="{code}"' in tag
        assert "data-rich-text=" in tag
    [script] = re.findall(r'<script[^>]*src="/static/wpiforum/rich-text.js"[^>]*>', html)
    assert 'type="module"' in script


@pytest.mark.parametrize(
    "text", ["<table><tr><td>1</td></tr></table>", '<p lang="fr">Oui</p>', "<blockquote>x</blockquote>"]
)
def test_a_text_that_the_editor_cannot_keep_is_edited_as_html(staff: Client, text: str) -> None:
    step = make.make_step(body_en=text)
    html = staff.get(url("step_change", step.pk)).content.decode()
    start = html.index('<textarea name="body_en"')
    assert "data-rich-text" not in html[start : html.index(">", start)]


def test_text_is_cleaned_and_stored_tidy(staff: Client) -> None:
    fact = make.make_fact(value="6000")
    step = make.make_step(body_ja="")
    page = url("step_change", step.pk)
    written = (
        f"<h3>Cost</h3><p>Pay <strong>{fact.reference}</strong> and <em>ask</em>.</p><p></p>"
        "<ul><li><p>one</p></li><li><p>two</p><ul><li><p>inner</p></li></ul></li></ul>"
        '<p><a href="https://www.example.jp/" rel="noopener" target="_blank">link</a></p>'
        '<script>alert(1)</script><p onclick="x()"><a href="javascript:x()">no</a></p>'
    )
    assert staff.post(page, form_data(staff.get(page)) | {"body_en": written}).status_code == 302
    publish_draft(step.guide)
    step.refresh_from_db()
    stored = (
        f"<h3>Cost</h3>\n<p>Pay <strong>{fact.reference}</strong> and <em>ask</em>.</p>\n"
        "<ul>\n<li>one</li>\n<li>two<ul>\n<li>inner</li>\n</ul>\n</li>\n</ul>\n"
        '<p><a href="https://www.example.jp/">link</a></p>\n<p><a>no</a></p>'
    )
    assert step.body_en == stored
    # Saving what is stored changes nothing and begins no draft.
    assert staff.post(page, form_data(staff.get(page))).status_code == 302
    step.refresh_from_db()
    assert step.body_en == stored
    assert not Revision.objects.open().exists()


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        (
            "body_en",
            "<p>{{fact:no-such}}</p>",
            "There is no value with the key “no-such”, to which {{fact:no-such}} refers.",
        ),
        ("where_ja", "{{slot:no-such}}", "There is no value with the key “no-such”, to which {{slot:no-such}} refers."),
        (
            "body_ja",
            "<p>{{fact:<strong>fee</strong>}}</p>",
            "“{{fact:<strong>fee</strong>}}” is no reference. Write {{fact:key}} or {{slot:key}}, without formatting.",
        ),
        (
            "missed_en",
            "{{fees:fee}}",
            "“{{fees:fee}}” is no reference. Write {{fact:key}} or {{slot:key}}, without formatting.",
        ),
        ("bring_en", "{{fact:fee", "A reference lacks its braces: it begins with {{ and ends with }}."),
        ("title_en", "{{fact:fee}}", "References to values are not replaced here. Write them in the text."),
    ],
)
def test_a_wrong_reference_is_refused_by_name(staff: Client, field: str, text: str, sentence: str) -> None:
    make.make_fact(key="fee", value="6000")
    step = make.make_step()
    page = url("step_change", step.pk)
    response = staff.post(page, form_data(staff.get(page)) | {field: text})
    assert errors(response) == {field: [sentence]}


def test_step_shows_the_values_and_terms_that_its_texts_refer_to(staff: Client) -> None:
    fact = make.make_fact(key="fee", label_en="Extension fee", value="6000")
    slot = make.make_slot(label_en="Guard room")
    term = make.make_term(japanese="在留期間", english="period of stay")
    make.make_term(english="other word")
    step = make.make_step(body_ja=f"<p>在留期間と{fact.reference}</p>", missed_en=f"Call {slot.reference}.")
    html = staff.get(url("step_change", step.pk)).content.decode()
    assert f'<code>{{{{fact:fee}}}}</code> <a href="{url("fact_change", fact.pk)}">Extension fee</a>: 6,000 yen' in html
    assert f'<code>{slot.reference}</code> <a href="{url("slot_change", slot.pk)}">Guard room</a>' in html
    assert f'<li><a href="{url("term_change", term.pk)}">在留期間 – period of stay</a></li>' in html
    assert "other word" not in html
    assert f'<a href="{url("fact_changelist")}">Find a value and copy its reference</a>' in html
    listed = staff.get(url("fact_changelist"), {"q": "Extension"}).content.decode()
    assert "<code>{{fact:fee}}</code>" in listed


def test_step_links_its_place_on_the_public_page(staff: Client) -> None:
    step = make.make_step()
    with translation.override("en"):
        link = f'<a href="{step.guide.get_absolute_url()}#{step.slug}" class="viewsitelink">'
    assert link in staff.get(url("step_change", step.pk)).content.decode()
    hidden = make.make_step(guide=make.make_guide(published=False))
    assert "viewsitelink" not in staff.get(url("step_change", hidden.pk)).content.decode()


def test_choices_and_readings_are_ticked_and_typed(staff: Client) -> None:
    step = make.make_step(readings={"旅券": "りょけん"})
    page = url("step_change", step.pk)
    data = form_data(staff.get(page))
    assert data["readings"] == "旅券 = りょけん"
    assert data["actors"] == ["researcher"]
    changes = {"readings": "旅券 = りょけん\n届出＝とどけで\n", "actors": ["host", "lab"], "roles": ["fellow"]}
    assert staff.post(page, data | changes).status_code == 302
    publish_draft(step.guide)
    step.refresh_from_db()
    assert step.readings == {"旅券": "りょけん", "届出": "とどけで"}
    assert (step.actors, step.roles) == (["host", "lab"], ["fellow"])
    wrong = staff.post(page, data | {"readings": "旅券", "actors": []})
    assert errors(wrong) == {
        "readings": ["Write a word, “=” and its reading in “旅券”."],
        "actors": ["This field is required."],
    }


def test_a_step_without_source_office_or_check_is_refused(staff: Client) -> None:
    step = make.make_step()
    page = url("step_change", step.pk)
    data = form_data(staff.get(page)) | {"sources": [], "office": "", "as_of_on": "", "check_every": 0}
    required = ["This field is required."]
    assert errors(staff.post(page, data)) == {
        "sources": required,
        "office": required,
        "as_of_on": required,
        "check_every": ["Say after how many months it is checked again."],
    }


def test_the_source_of_a_step_is_not_deleted(staff: Client) -> None:
    source = make.make_step().sources.get()
    with translation.override("en"):
        page = reverse("admin:provenance_source_delete", args=[source.pk])
        assert f"Statements rest on: {source}." in staff.post(page, {"post": "yes"}).content.decode()
        for delete in (source.delete, Source.objects.filter(pk=source.pk).delete):
            with pytest.raises(models.ProtectedError, match="Statements rest on"):
                delete()
        free = make_source()
        assert staff.post(reverse("admin:provenance_source_delete", args=[free.pk]), {"post": "yes"}).status_code == 302
    assert list(Source.objects.all()) == [source]


# Checks


@pytest.mark.parametrize("place", ["list", "page"])
def test_checked_still_right_moves_the_date_and_nothing_else(staff: Client, japan_noon: Any, place: str) -> None:
    step, other = make.make_step(as_of_on=date(2025, 3, 1)), make.make_step(as_of_on=date(2025, 3, 1))
    before = Step.objects.filter(pk=step.pk).values().get()
    japan_noon(date(2026, 11, 23))
    if place == "list":
        data = {"action": "mark_checked", "_selected_action": [str(step.pk)]}
        assert staff.post(url("step_changelist"), data).status_code == 302
    else:
        assert buttons(staff.get(url("step_change", step.pk))) == ["mark_checked"]
        act(staff, "step", step, "mark_checked")
    moved = {"as_of_on": date(2026, 11, 23), "as_of_precision": Precision.DAY, "next_check_on": date(2027, 11, 23)}
    assert Step.objects.filter(pk=step.pk).values().get() == before | moved
    assert list(step.sources.all()) != []
    other.refresh_from_db()
    assert other.as_of_on == date(2025, 3, 1)
    entry = Event.objects.get()
    assert (entry.object_id, entry.verb) == (str(step.pk), Verb.MARK_CHECKED)


def test_queue_lists_what_a_step_needs(staff: Client, japan_noon: Any) -> None:
    japan_noon(date(2026, 11, 23))
    make.make_rule(step=make.make_step())
    rows = {
        "check": make.make_step(as_of_on=date(2025, 11, 23)),
        "rule": make.make_rule(confirmed=False).step,
        "language": make.make_step(body_en=""),
        "source": make.make_step(sources=[]),
    }
    for needs, step in rows.items():
        found = staff.get(url("step_changelist"), {"needs": needs}).context["cl"].result_list
        assert list(found) == [step], needs
    assert len(staff.get(url("step_changelist")).context["cl"].result_list) == 5


# Reports


def test_a_report_is_closed_with_a_note_by_who_closes_it(staff: Client, japan_noon: Any) -> None:
    report = make.make_report(text="The fee is wrong.")
    japan_noon(date(2026, 11, 23))
    page = url("report_change", report.pk)
    data = form_data(staff.get(page))
    assert set(data) == {"state", "note"}
    refused = staff.post(page, {"state": "closed", "note": " "})
    assert errors(refused) == {"note": ["Write a note before you close the report."]}
    assert Report.objects.get().state == ReportState.NEW
    assert staff.post(page, {"state": "seen", "note": "", "text": "changed"}).status_code == 302
    assert (Report.objects.get().closed_by, Report.objects.get().text) == (None, "The fee is wrong.")
    assert staff.post(page, {"state": "closed", "note": "Corrected."}).status_code == 302
    closed = Report.objects.get()
    assert (closed.state, closed.note, closed.closed_by) == ("closed", "Corrected.", User.objects.get())
    assert closed.closed_at == datetime.fromisoformat("2026-11-23T12:00+09:00")
    assert staff.post(page, {"state": "new", "note": "Again."}).status_code == 302
    assert (Report.objects.get().closed_by, Report.objects.get().closed_at) == (None, None)


def test_reports_are_listed_newest_first_and_filtered_by_state(staff: Client) -> None:
    old, new = make.make_report(), make.make_report()
    Report.objects.filter(pk=old.pk).update(sent_at=datetime.fromisoformat("2020-01-01T00:00+09:00"), state="seen")
    assert list(staff.get(url("report_changelist")).context["cl"].result_list) == [new, old]
    filtered = staff.get(url("report_changelist"), {"state__exact": "seen"}).context["cl"].result_list
    assert list(filtered) == [old]
    html = staff.get(url("report_change", new.pk)).content.decode()
    with translation.override("en"):
        assert f'<a href="{new.step.get_absolute_url()}" class="viewsitelink">' in html
    assert staff.get(url("report_add")).status_code == 403


# The frame


def test_only_the_staff_pages_allow_the_editors_import_map(staff: Client) -> None:
    step = make.make_step()
    response = staff.get(url("step_change", step.pk))
    policy = dict(part.split(" ", 1) for part in response.headers["Content-Security-Policy"].split("; "))
    source, nonce = policy["script-src"].replace("'", "").split(" ")
    assert source == "self"
    [tag] = re.findall(r'<script[^>]*type="importmap"[^>]*>', response.content.decode())
    assert f'nonce="{nonce.removeprefix("nonce-")}"' in tag
    assert policy["style-src"] == "'self'"
    with translation.override("en"):
        public = staff.get(step.guide.get_absolute_url())
    assert "script-src 'self';" in public.headers["Content-Security-Policy"]
    assert "nonce" not in public.content.decode()
