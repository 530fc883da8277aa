"""The stock staff form as the form of a draft: what the public sees stays, and nothing typed is lost."""

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import translation

from centers.models import Center, Practice
from onboarding.models import Guide, Step
from tests.factories import centers, onboarding
from tests.factories.publishing import make_assignment, make_person, make_revision, publish_draft
from tests.helpers import LANGUAGES, form_data, page
from wpiforum.publishing import preview, workflow
from wpiforum.publishing.choices import Status
from wpiforum.publishing.models import Event, Revision
from wpiforum.publishing.snapshot import take

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("editor", password="secret"))
    return client


def url(row: Any, name: str = "change", *args: Any) -> str:
    with translation.override("en"):
        return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{name}", args=[row.pk, *args])


def save(client: Client, row: Any, **fields: Any) -> Any:
    address = url(row)
    return client.post(address, form_data(client.get(address)) | fields)


def drafted(row: Any) -> dict[str, Any]:
    found = workflow.open_revision(row)
    assert found is not None
    return found.data


def test_saving_a_public_row_makes_a_draft_and_the_page_stays(staff: Client) -> None:
    practice = centers.make_practice(title_en="Before")
    assert save(staff, practice, title_en="After").status_code == 302
    assert drafted(practice)["root"]["title_en"] == "After"
    html = page(Client(), "/en/program/practices/")
    assert ("Before" in html, "After" in html) == (True, False)


def test_form_of_a_draft_shows_the_draft(staff: Client) -> None:
    practice = centers.make_practice(title_en="Before")
    save(staff, practice, title_en="After")
    html = staff.get(url(practice)).content.decode()
    assert 'value="After"' in html
    assert "What is public stays as it is" in html


def test_row_that_was_never_public_is_saved_as_it_is(staff: Client) -> None:
    practice = centers.make_practice(published=False, title_en="Before")
    assert save(staff, practice, title_en="After").status_code == 302
    assert (Practice.objects.get().title_en, Revision.objects.count()) == ("After", 0)


def test_invalid_form_keeps_what_was_typed_and_makes_no_draft(staff: Client) -> None:
    practice = centers.make_practice(title_en="Before")
    response = save(staff, practice, title_en="Typed", slug="")
    assert response.status_code == 200
    assert 'value="Typed"' in response.content.decode()
    assert not Revision.objects.exists()


def test_children_edited_in_the_form_are_drafted(staff: Client) -> None:
    center = centers.make_center()
    centers.make_section(center=center, body_en="Before")
    assert save(staff, center, **{"sections-0-body_en": "After"}).status_code == 302
    assert [row["fields"]["body_en"] for row in drafted(center)["children"]["sections"].values()] == ["After"]
    assert center.sections.get().body_en == "Before"


def test_dated_rows_of_the_same_form_take_effect_and_the_text_does_not(staff: Client) -> None:
    center = centers.make_center(city_en="Before")
    centers.make_standing(center=center)
    fields = {"city_en": "After", "standings-0-ending": "date", "standings-0-end_on": "2030-04-01"}
    assert save(staff, center, **fields).status_code == 302
    assert center.standings.get().end_on == date(2030, 4, 1)
    assert (Center.objects.get().city_en, drafted(center)["root"]["city_en"]) == ("Before", "After")


def test_step_is_drafted_in_its_guide(staff: Client) -> None:
    step = onboarding.make_step(title_en="Before")
    assert save(staff, step, title_en="After").status_code == 302
    assert Step.objects.get().title_en == "Before"
    assert drafted(step.guide)["children"]["steps"][str(step.pk)]["fields"]["title_en"] == "After"


def test_new_step_of_a_public_guide_is_seen_by_nobody_until_it_is_published(staff: Client) -> None:
    guide = onboarding.make_guide(steps=1, title_ja="題", title_en="Title")
    step = guide.steps.get()
    with translation.override("en"):
        add = f"{reverse('admin:onboarding_step_add')}?guide={guide.pk}"
    data = form_data(staff.get(url(step))) | {
        "guide": guide.pk,
        "slug": "new-step",
        "title_en": "New",
        "title_ja": "新",
    }
    assert staff.post(add, data).status_code == 302
    assert guide.steps.count() == 1
    [key] = set(drafted(guide)["children"]["steps"]) - {str(step.pk)}
    with translation.override("en"):
        again = reverse("admin:onboarding_step_change", args=[key])
    assert 'value="New"' in staff.get(again).content.decode()
    publish_draft(guide)
    assert sorted(guide.steps.values_list("slug", flat=True)) == sorted(["new-step", step.slug])


def test_step_taken_out_of_a_draft_stays_public(staff: Client) -> None:
    guide = onboarding.make_guide(steps=2, title_ja="題", title_en="Title")
    step = guide.steps.order_by("order")[0]
    assert staff.post(url(step, "delete"), {"post": "yes"}).status_code == 302
    assert guide.steps.count() == 2
    publish_draft(guide)
    assert guide.steps.count() == 1


def test_moments_of_publication_are_not_typed(staff: Client) -> None:
    practice = centers.make_practice(published=False)
    save(staff, practice, live_from_0="2020-01-01", live_from_1="00:00:00")
    assert Practice.objects.get().live_from is None


# Two people at once


def test_save_over_somebody_elses_is_refused_with_both_texts(staff: Client) -> None:
    practice = centers.make_practice(title_en="Before")
    data = form_data(staff.get(url(practice)))
    token = _token(staff.get(url(practice)))
    other = Client()
    other.force_login(User.objects.create_superuser("other", password="secret"))
    save(other, practice, title_en="Theirs")
    response = staff.post(url(practice), data | {"title_en": "Mine", "_drawn_from": token})
    html = response.content.decode()
    assert response.status_code == 409
    assert 'value="Mine"' in html
    assert "<del>Theirs</del><ins>Mine</ins>" in html
    assert drafted(practice)["root"]["title_en"] == "Theirs"
    again = staff.post(url(practice), data | {"title_en": "Mine", "_drawn_from": _token(response)})
    assert again.status_code == 302
    assert drafted(practice)["root"]["title_en"] == "Mine"


def _token(response: Any) -> str:
    html = response.content.decode()
    start = html.index('name="_drawn_from" value="') + len('name="_drawn_from" value="')
    return html[start : html.index('"', start)]


def test_form_without_its_token_is_refused(staff: Client) -> None:
    practice = centers.make_practice(title_en="Before")
    data = form_data(staff.get(url(practice))) | {"title_en": "After"}
    del data["_drawn_from"]
    assert staff.post(url(practice), data).status_code == 409
    assert not Revision.objects.exists()


def test_save_of_a_row_nobody_sees_is_refused_too_when_somebody_else_saved(staff: Client) -> None:
    practice = centers.make_practice(published=False, title_en="Before")
    data = form_data(staff.get(url(practice)))
    save(staff, practice, title_en="Theirs")
    staff.get(url(practice))  # reads the message about that save
    response = staff.post(url(practice), data | {"title_en": "Mine"})
    html = response.content.decode()
    assert (response.status_code, 'value="Mine"' in html, "was changed successfully" in html) == (409, True, False)
    practice.refresh_from_db()
    assert practice.title_en == "Theirs"


def test_dates_that_somebody_else_saved_are_not_put_back(staff: Client) -> None:
    center = centers.make_center(city_en="Before")
    centers.make_standing(center=center)
    data = form_data(staff.get(url(center)))
    save(staff, center, **{"standings-0-ending": "date", "standings-0-end_on": "2030-04-01"})
    assert staff.post(url(center), data | {"city_en": "After"}).status_code == 409
    assert center.standings.get().end_on == date(2030, 4, 1)


# Roles in the form


def test_translator_sees_the_other_fields_and_changes_none(client: Client) -> None:
    practice = centers.make_practice(title_ja="前", title_en="Before", order=1)
    client.force_login(make_person("translator_en"))
    response = client.get(url(practice))
    assert set(response.context["adminform"].form.fields) == {"title_en", "body_en"}
    data = form_data(response) | {"title_en": "After", "body_en": "<p>Text</p>"}
    data |= {"title_ja": "後", "order": 99, "slug": "x"}
    assert client.post(url(practice), data).status_code == 302
    root = drafted(practice)["root"]
    assert (root["title_en"], root["title_ja"], root["order"]) == ("After", "前", 1)


def test_center_editor_opens_the_own_center_for_change_only(client: Client) -> None:
    own, other = centers.make_center(), centers.make_center()
    client.force_login(make_assignment(subject=own).user)
    assert save(client, own, website="https://own.example.ac.jp/").status_code == 302
    assert client.post(url(other), {"website": "https://x.example.ac.jp/"}).status_code == 403
    assert workflow.open_revision(other) is None


# The desk


def test_desk_leads_a_draft_to_the_public(client: Client) -> None:
    practice = centers.make_practice(title_ja="前", title_en="Before")
    steps = (
        ("editor", {"verb": "submit", "weight": "content"}),
        ("reviewer", {"verb": "approve"}),
        ("publisher", {"verb": "publish", "which": "", "at": ""}),
    )
    client.force_login(make_person("editor"))
    save(client, practice, title_ja="後", title_en="After")
    for role, data in steps:
        client.force_login(make_person(role))
        assert client.post(url(practice, "desk"), data).status_code == 302, role
    assert Practice.objects.get().title_en == "After"


def test_desk_shows_the_change_word_by_word(staff: Client) -> None:
    practice = centers.make_practice(title_en="Go to the office")
    save(staff, practice, title_en="Go to the city office")
    assert "Go to the <ins>city </ins>office" in staff.get(url(practice, "desk")).content.decode()


def test_desk_keeps_what_was_typed_when_it_refuses(client: Client) -> None:
    practice = centers.make_practice()
    make_revision(subject=practice, status=Status.APPROVED)
    client.force_login(make_person("publisher"))
    response = client.post(url(practice, "desk"), {"verb": "publish", "which": "ja", "at": "2001-01-01T09:00"})
    html = response.content.decode()
    assert response.status_code == 422
    assert "This moment has passed" in html
    assert 'value="2001-01-01T09:00"' in html


def test_version_is_shown_and_restored(staff: Client) -> None:
    practice = centers.make_practice(title_ja="一", title_en="First")
    save(staff, practice, title_ja="二", title_en="Second")
    publish_draft(practice)
    version = Revision.objects.published().get()
    html = staff.get(url(practice, "version", version.pk)).content.decode()
    assert "<del>First</del><ins>Second</ins>" in html
    Practice.objects.update(title_en="Third")
    assert staff.post(url(practice, "version", version.pk)).status_code == 302
    assert drafted(practice)["root"]["title_en"] == "Second"


def test_log_is_exported_by_administrators_only(client: Client) -> None:
    make_revision()
    workflow.discard(Practice.objects.get(), by=make_person("editor"))
    data = {"action": "export", "_selected_action": [str(Event.objects.get().pk)]}
    with translation.override("en"):
        address = reverse("admin:publishing_event_changelist")
    client.force_login(make_person("editor"))
    assert "attachment" not in client.post(address, data).get("Content-Disposition", "")
    client.force_login(make_person("administrator"))
    assert "draft discarded" in client.post(address, data).content.decode("utf-8-sig")


# Previews


@pytest.mark.parametrize("language", LANGUAGES)
def test_preview_shows_the_draft_to_whoever_holds_its_address(staff: Client, language: str) -> None:
    guide = onboarding.make_guide(steps=1, title_ja="前の題", title_en="Before")
    save(staff, guide, title_ja="後の題", title_en="After")
    response = Client().get(f"/{language}/preview/{preview.token(guide)}/")
    html = response.content.decode()
    assert ("後の題" if language == "ja" else "After") in html
    assert (response["Cache-Control"], response["X-Robots-Tag"]) == ("no-store", "noindex")
    assert Guide.objects.get().title_en == "Before"


def test_preview_shows_a_row_that_was_never_public() -> None:
    center = centers.make_center(published=False, acronym="NEWC")
    assert "NEWC" in page(Client(), f"/en/preview/{preview.token(center)}/")
    assert not Center.objects.get().is_published()
    page(Client(), f"/en/centers/{center.slug}/", status=404)


def test_preview_ends_and_cannot_be_forged(monkeypatch: pytest.MonkeyPatch) -> None:
    token = preview.token(centers.make_center())
    page(Client(), f"/en/preview/{token[:-2]}xx/", status=404)
    page(Client(), f"/en/preview/{signing.dumps([1, 'x'], salt='other')}/", status=404)
    monkeypatch.setattr(preview, "MAX_AGE", -1)
    page(Client(), f"/en/preview/{token}/", status=404)


def test_snapshot_of_a_form_saved_unchanged_is_what_is_public(staff: Client) -> None:
    guide = onboarding.make_guide(steps=2)
    onboarding.make_change(guide=guide)
    before = take(guide)
    assert save(staff, guide).status_code == 302
    assert (take(guide), Revision.objects.count()) == (before, 0)
