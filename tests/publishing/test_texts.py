"""Texts for translators: out in two columns, back as drafts, never over something newer and never by halves."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from centers.models import Center
from onboarding.models import Guide, Step
from tests.factories import centers as make
from tests.factories import onboarding as guides
from tests.factories.publishing import make_assignment, make_person
from tests.helpers import LANGUAGES, page
from wpiforum import tables
from wpiforum.publishing import texts
from wpiforum.publishing.models import Event, Revision
from wpiforum.publishing.workflow import open_revision

pytestmark = pytest.mark.django_db
URL = "/en/admin/texts/"


@pytest.fixture
def guide() -> Guide:
    guide: Guide = guides.make_guide(steps=1, title_ja="住民登録", title_en="Registration")
    Step.objects.filter(guide=guide).update(title_ja="届出", title_en="File a notice")
    return guide


def out(client: Client, row: Any, kind: str = "csv") -> list[tables.Line]:
    answer = client.get(f"{URL}download/", {"row": f"{row._meta.label_lower}:{row.pk}", "format": kind})
    assert answer.status_code == 200
    return tables.read(answer.content, texts.COLUMNS, texts.REQUIRED)


def back(client: Client, lines: list[tables.Line]) -> str:
    file = tables.xlsx([list(texts.COLUMNS), *([line.cells[name] for name in texts.COLUMNS] for line in lines)])
    return str(client.post(URL, {"file": SimpleUploadedFile("texts.xlsx", file)}).content.decode())


def confirm(client: Client, html: str) -> str:
    found = re.search(r'name="lines" value="([^"]+)"', html)
    assert found is not None
    return str(client.post(URL, {"lines": found[1]}, follow=True).content.decode())


def problems(html: str) -> list[str]:
    return re.findall(r'class="errornote">([^<]+)<', html)


def change(lines: list[tables.Line], text: str, new: str, column: str = "en") -> list[tables.Line]:
    """Return the lines with one cell that held `text` changed."""
    assert [line.cells[column] for line in lines].count(text) == 1
    return [line._replace(cells={**line.cells, column: new}) if line.cells[column] == text else line for line in lines]


def test_translator_sends_a_step_out_and_back_into_a_draft(client: Client, guide: Guide) -> None:
    translator = make_person("translator_en")
    client.force_login(translator)
    html = back(client, change(out(client, guide), "File a notice", "File a moving-in notice"))
    assert "Texts that change: 1. Rows with a problem: 0." in html
    assert "File a <ins>moving-in </ins>notice" in html
    assert Revision.objects.count() == 0
    assert "1 text was put into drafts." in confirm(client, html)
    step = Step.objects.get(guide=guide)
    revision = open_revision(guide)
    assert revision is not None
    assert step.title_en == "File a notice"
    assert revision.data["children"]["steps"][str(step.pk)]["fields"]["title_en"] == "File a moving-in notice"
    assert (revision.status, revision.author) == ("draft", translator)
    verbs = list(Event.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["export", "save_draft", "import"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_file_that_nobody_touched_changes_nothing(kind: str, client: Client, guide: Guide) -> None:
    Guide.objects.filter(pk=guide.pk).update(title_en="=1+1", title_ja="'住民登録")
    client.force_login(make_person("editor"))
    html = back(client, out(client, guide, kind))
    assert "Texts that change: 0. Rows with a problem: 0." in html
    assert 'name="lines"' not in html


def test_text_that_changed_since_the_file_was_made_is_not_overwritten(client: Client, guide: Guide) -> None:
    client.force_login(make_person("editor"))
    lines = change(out(client, guide), "Registration", "Register your address")
    Guide.objects.filter(pk=guide.pk).update(title_ja="住民登録の手続")
    html = back(client, lines)
    assert problems(html) == ["This text has changed since the file was made. Please make a new file for it."]
    assert 'name="lines"' not in html


def test_change_between_preview_and_confirmation_saves_nothing(client: Client, guide: Guide) -> None:
    client.force_login(make_person("editor"))
    html = back(client, change(out(client, guide), "Registration", "Register your address"))
    Guide.objects.filter(pk=guide.pk).update(title_en="Registering")
    assert "Nothing was saved: the texts changed meanwhile." in confirm(client, html)
    assert Revision.objects.count() == 0


def test_one_bad_row_keeps_all_out(client: Client, guide: Guide) -> None:
    client.force_login(make_person("editor"))
    lines = change(change(out(client, guide), "Registration", ""), "File a notice", "Notify")
    html = back(client, lines)
    assert problems(html) == ["An empty cell would delete a text. Delete it in the form if it has to go."]
    assert 'name="lines"' not in html
    assert Revision.objects.count() == 0


@pytest.mark.parametrize("place", ["", "x:y", "onboarding.guide:no-key:::title", "auth.user:1:::username"])
def test_row_whose_id_names_nothing_is_said(place: str, client: Client, guide: Guide) -> None:
    client.force_login(make_person("editor"))
    cells = {"id": place, "field": "", "ja": "あ", "en": "a", "digest": "x"}
    html = back(client, [tables.Line(2, cells)])
    assert problems(html) == ["The id of this row names no text. Leave that column as it is, each id once."]


def test_translator_changes_no_text_of_the_other_language(client: Client, guide: Guide) -> None:
    client.force_login(make_person("translator_en"))
    html = back(client, change(out(client, guide), "住民登録", "転入届", "ja"))
    assert problems(html) == ["Your role does not allow a change of this text."]


def test_center_editor_sends_out_the_own_center_only(client: Client) -> None:
    own, other = make.make_center(), make.make_center()
    client.force_login(make_assignment(subject=own).user)
    assert out(client, own)[0].cells["id"].startswith(f"centers.center:{own.pk}")
    assert client.get(f"{URL}download/", {"row": f"centers.center:{other.pk}"}).status_code == 403
    html = page(client, URL)
    assert [str(center.pk) in html for center in Center.objects.order_by("pk")] == [
        center == own for center in Center.objects.order_by("pk")
    ]


@pytest.mark.parametrize("role", ["reviewer", "publisher"])
@pytest.mark.parametrize("path", ["", "download/?row=onboarding.guide:{pk}"])
def test_role_without_the_act_is_refused(role: str, path: str, client: Client, guide: Guide) -> None:
    client.force_login(make_person(role))
    for method in (client.get, client.post):
        assert method(URL + path.format(pk=guide.pk)).status_code == 403


def test_rich_text_comes_back_cleaned(client: Client, guide: Guide) -> None:
    step = Step.objects.get(guide=guide)
    Step.objects.filter(pk=step.pk).update(body_en="<p>Go to the desk.</p>")
    client.force_login(make_person("editor"))
    new = "<p>Go to the <strong>ward office</strong>.<script>alert(1)</script></p>"
    confirm(client, back(client, change(out(client, guide), "<p>Go to the desk.</p>", new)))
    revision = open_revision(guide)
    assert revision is not None
    kept = revision.data["children"]["steps"][str(step.pk)]["fields"]["body_en"]
    assert kept == "<p>Go to the <strong>ward office</strong>.</p>"


def test_script_in_a_cell_does_not_reach_the_page(client: Client, guide: Guide) -> None:
    client.force_login(make_person("editor"))
    html = back(client, change(out(client, guide), "Registration", "<script>alert(1)</script>Register"))
    assert "<script>alert" not in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_opens_under_the_policy(language: str, client: Client, guide: Guide) -> None:
    client.force_login(make_person("editor"))
    html = page(client, f"/{language}/admin/texts/")
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*(\ssrc=|\snonce=|json))", html)
    assert f'<html lang="{language}' in html


@pytest.mark.parametrize(("role", "expected"), [("translator_en", True), ("reviewer", False)])
def test_home_leads_to_the_page_for_who_may_use_it(role: str, expected: bool, client: Client) -> None:
    client.force_login(make_person(role))
    assert ('href="/en/admin/texts/"' in page(client, "/en/admin/")) == expected
