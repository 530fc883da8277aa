"""The acts that are done on pages of their own, tried by every role that the table forbids them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse
from django.utils import translation

from tests.factories import centers, onboarding, status
from tests.factories.publishing import make_assignment, make_person
from tests.publishing import test_roles
from wpiforum.publishing.choices import Verb
from wpiforum.publishing.confirmation import confirm
from wpiforum.publishing.models import Event
from wpiforum.publishing.permissions import BY_NAME, ROLES, table
from wpiforum.publishing.translations import confirm_translation
from wpiforum.publishing.workflow import WorkflowError
from wpiforum.tables import xlsx

pytestmark = pytest.mark.django_db


def address(name: str, *args: Any) -> str:
    with translation.override("en"):
        return reverse(f"admin:{name}", args=args)


def _practice() -> Any:
    return centers.make_practice(center=centers.make_center(), title_ja="題", title_en="Title")


def _mark_checked(client: Client, _person: Any) -> None:
    row = status.make_result()
    before = row.as_of_on
    for page in (
        address("onboarding_statusresult_changelist"),
        address("onboarding_statusresult_change", row.pk),
    ):
        client.post(
            page, {"action": "mark_checked", "change_form-action": "mark_checked", "_selected_action": [row.pk]}
        )
    row.refresh_from_db()
    assert row.as_of_on == before


def _confirm(client: Client, person: Any) -> None:
    row = onboarding.make_contact(confirmed=False)
    with pytest.raises(WorkflowError, match="あなたの役割"):
        confirm(row, by=person)
    client.post(address("onboarding_contactpoint_changelist"), {"action": "confirm_rows", "_selected_action": [row.pk]})
    row.refresh_from_db()
    assert row.confirmed_at is None


def _confirm_translation(client: Client, person: Any) -> None:
    row = _practice()
    with pytest.raises(WorkflowError, match="あなたの役割"):
        confirm_translation(row, root=row, language="en", by=person)
    kind = ContentType.objects.get_for_model(row).pk
    client.post(address("translation", kind, row.pk, "en"))


def _share_preview(client: Client, person: Any) -> None:
    row = _practice()
    if BY_NAME[person.groups.get().name].is_assigned:
        make_assignment(user=person, subject=row.center)
    response = client.get(address("centers_practice_desk", row.pk))
    assert (response.status_code, response.context["preview_urls"]) == (200, None)


def _export(client: Client, _person: Any) -> None:
    row = _practice()
    page = f"{address('publishing_texts_download')}?row=centers.practice:{row.pk}"
    assert client.get(page).status_code == 403


def _import(client: Client, _person: Any) -> None:
    _practice()
    page = address("publishing_texts")
    assert client.post(page, {"lines": "x"}).status_code == 403
    assert client.post(page, {"file": xlsx([["id"]])}).status_code == 403


PAGES: dict[Verb, Callable[[Client, Any], None]] = {
    Verb.MARK_CHECKED: _mark_checked,
    Verb.CONFIRM: _confirm,
    Verb.CONFIRM_TRANSLATION: _confirm_translation,
    Verb.SHARE_PREVIEW: _share_preview,
    Verb.EXPORT: _export,
    Verb.IMPORT: _import,
}
FORBIDDEN = [(role.name, verb) for role in ROLES for verb in PAGES if verb not in role.acts]


@pytest.mark.parametrize(("role", "verb"), FORBIDDEN, ids=[f"{role}-{verb}" for role, verb in FORBIDDEN])
def test_forbidden_act_is_refused_on_its_page(client: Client, role: str, verb: Verb) -> None:
    person = make_person(role)
    client.force_login(person)
    PAGES[verb](client, person)
    assert not Event.objects.filter(verb=verb).exists()


def test_every_forbidden_cell_of_the_table_is_tried() -> None:
    cells = {(name, verb) for verb, allowed in table() for name, may_do in allowed.items() if not may_do}
    assert cells == {*FORBIDDEN, *test_roles.FORBIDDEN}
    assert len(cells) == 66
