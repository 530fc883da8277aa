"""Limits inside a role: one language for translators, one center for its editors, on every page that saves rows."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import translation

from centers.models import Observation
from onboarding.models import EmergencyCard, Step
from tests.factories import centers, onboarding, status
from tests.factories.publishing import make_assignment, make_person, make_revision
from tests.helpers import form_data, page
from wpiforum.publishing.choices import Status

pytestmark = pytest.mark.django_db


def url(row: Any, name: str = "change", *args: Any) -> str:
    with translation.override("en"):
        return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{name}", args=[row.pk, *args])


def of_model(model: Any, name: str = "changelist") -> str:
    with translation.override("en"):
        return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}")


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def full_form(row: Any) -> dict[str, Any]:
    """Return what the form of somebody without limits posts: more than a limited person's form offers."""
    boss = signed_in(User.objects.create_superuser("boss", password="secret"))
    return form_data(boss.get(url(row)))


@pytest.fixture
def translator() -> Client:
    return signed_in(make_person("translator_en"))


@pytest.fixture
def center_editor() -> Any:
    """Somebody who edits one center."""
    return make_assignment(subject=centers.make_center()).user


def own_center(person: Any) -> Any:
    return person.assignments.get().subject


# One language


def test_translator_cannot_change_a_figure(translator: Client) -> None:
    row = centers.make_observation(value=5)
    translator.post(url(row), full_form(row) | {"value": "77", "note_en": "Note"})
    row.refresh_from_db()
    assert (row.value, row.note_en) == (5, "Note")


def test_translator_cannot_change_the_other_language_of_a_plain_row(translator: Client) -> None:
    row = onboarding.make_office(name_ja="前", name_en="Before")
    translator.post(url(row), full_form(row) | {"name_ja": "後", "name_en": "After", "key": "other"})
    row.refresh_from_db()
    assert (row.name_ja, row.name_en) == ("前", "After")


def test_translator_cannot_change_dates_in_the_form_of_a_center(translator: Client) -> None:
    center = centers.make_center()
    centers.make_directorship(center=center)
    before = list(center.directorships.values("start_on", "end_on", "person"))
    data = full_form(center) | {"directorships-0-start_on": "2001-02-03", "directorships-0-title_en": "Chief"}
    data["_drawn_from"] = form_data(translator.get(url(center)))["_drawn_from"]
    assert translator.post(url(center), data).status_code == 302
    assert list(center.directorships.values("start_on", "end_on", "person")) == before
    assert center.directorships.get().title_en == "Chief"


def test_translator_cannot_reorder_the_steps_of_a_guide(translator: Client) -> None:
    guide = onboarding.make_guide(steps=2, title_ja="題", title_en="Title")
    before = sorted(guide.steps.values_list("order", "slug"))
    translator.post(url(guide), full_form(guide) | {"steps-0-order": "99"})
    assert sorted(guide.steps.values_list("order", "slug")) == before
    assert not guide.steps.filter(order=99).exists()


# One center


def test_center_editor_adds_a_figure_to_the_own_center_only(center_editor: Any) -> None:
    client = signed_in(center_editor)
    own, other = own_center(center_editor), centers.make_center()
    seed = centers.make_observation(center=other)
    data = full_form(seed)
    seed.delete()
    response = client.post(of_model(Observation, "add"), data)
    assert "would not be yours to edit" in response.content.decode()
    assert not Observation.objects.exists()
    assert client.post(of_model(Observation, "add"), data | {"center": str(own.pk)}).status_code == 302
    assert Observation.objects.get().center == own


def test_center_editor_cannot_move_a_figure_to_another_center(center_editor: Any) -> None:
    row = centers.make_observation(center=own_center(center_editor), value=5)
    client = signed_in(center_editor)
    data = form_data(client.get(url(row))) | {"center": str(centers.make_center().pk), "value": "6"}
    html = client.post(url(row), data).content.decode()
    assert 'value="6"' in html  # nothing typed is lost
    row.refresh_from_db()
    assert (row.center, row.value) == (own_center(center_editor), 5)


def test_center_editor_cannot_move_a_practice_to_another_center(center_editor: Any) -> None:
    row = centers.make_practice(center=own_center(center_editor), published=False, title_en="Title")
    client = signed_in(center_editor)
    client.post(url(row), form_data(client.get(url(row))) | {"center": str(centers.make_center().pk)})
    row.refresh_from_db()
    assert row.center == own_center(center_editor)


def test_center_editor_adds_no_rows_that_belong_to_no_center(center_editor: Any) -> None:
    client = signed_in(center_editor)
    for row in (onboarding.make_office(), onboarding.make_fact()):
        assert client.get(of_model(type(row), "add")).status_code == 403


def test_center_editor_cannot_check_steps_of_others(center_editor: Any) -> None:
    step = onboarding.make_step()
    before = step.as_of_on
    data = {"action": "mark_checked", "_selected_action": [str(step.pk)]}
    response = signed_in(center_editor).post(of_model(Step), data, follow=True)
    assert "Nothing was changed: these are not yours to check" in response.content.decode()
    step.refresh_from_db()
    assert step.as_of_on == before


def test_center_editor_cannot_propose_a_correction_of_a_contact(center_editor: Any) -> None:
    row = onboarding.make_contact()
    signed_in(center_editor).post(
        url(row), {"change_form-action": "propose_correction", "action": "propose_correction"}
    )
    assert not row.corrections.exists()


def test_center_editor_reads_no_draft_of_others(center_editor: Any) -> None:
    row = centers.make_practice(center=centers.make_center(), title_ja="題", title_en="Title")
    version = make_revision(subject=row, status=Status.PUBLISHED, number=1)
    make_revision(subject=row)
    client = signed_in(center_editor)
    found = [client.get(url(row, name)).status_code for name in ("change", "history", "desk", "delete")]
    found.append(client.get(url(row, "version", version.pk)).status_code)
    assert found == [403] * 5


# What takes effect only by two


def test_editor_alone_does_not_change_the_emergency_page() -> None:
    row = onboarding.make_card(items_en="Get under a desk.")
    client = signed_in(make_person("editor"))
    assert client.post(url(row), form_data(client.get(url(row))) | {"items_en": "Run."}).status_code == 302
    html = page(Client(), "/en/emergency/")
    assert ("Get under a desk." in html, "Run." in html) == (True, False)


def test_editor_does_not_delete_a_block_of_the_emergency_page() -> None:
    row = onboarding.make_card()
    client = signed_in(make_person("editor"))
    client.post(of_model(EmergencyCard), {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"})
    client.post(url(row, "delete"), {"post": "yes"})
    assert EmergencyCard.objects.get() == row


def test_unpublished_block_is_not_on_the_emergency_page() -> None:
    onboarding.make_card(published=False, items_en="Leaked sentence.", title_en="Leaked title")
    html = page(Client(), "/en/emergency/")
    assert "Leaked" not in html


def test_points_wait_for_a_second_person() -> None:
    group = status.make_point_group(title_en="Group")
    status.make_point_item(group=group, label_en="In effect", points=10)
    status.make_point_item(group=group, label_en="Leaked row", points=99, confirmed=False)
    html = page(Client(), "/en/status/points/")
    assert ("In effect" in html, "Leaked row" in html) == (True, False)


def test_value_of_a_center_waits_for_a_second_person() -> None:
    slot, center = onboarding.make_slot(key="guard-room-phone", label_en="Guard room"), centers.make_center()
    value = onboarding.make_slot_value(slot=slot, center=center, value_en="03-9999-0000", confirmed=False)
    assert "03-9999-0000" not in page(Client(), f"/en/emergency/?center={center.slug}")
    value.confirmed_at = onboarding.LONG_AGO
    value.save()
    assert "03-9999-0000" in page(Client(), f"/en/emergency/?center={center.slug}")
