"""Every forbidden cell of the table of roles and acts is tried, by the verb, by direct POST and on every page."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import translation

from tests.factories import centers
from tests.factories.publishing import make_assignment, make_person, make_revision
from wpiforum.http import JAPAN
from wpiforum.publishing import workflow
from wpiforum.publishing.choices import Status, Verb
from wpiforum.publishing.models import Event, Revision
from wpiforum.publishing.permissions import BY_NAME, ROLES, may, table
from wpiforum.publishing.snapshot import take
from wpiforum.publishing.workflow import WorkflowError

pytestmark = pytest.mark.django_db

LATER = datetime(2999, 4, 1, 9, tzinfo=JAPAN)
# How each act is tried on a row in the state where it would otherwise be right.
ACTS: dict[Verb, tuple[str | None, Callable[[Any, Any], Any]]] = {
    Verb.SAVE_DRAFT: (None, lambda row, by: workflow.save_draft(row, data=_other(row), by=by)),
    Verb.SUBMIT: (Status.DRAFT, lambda row, by: workflow.submit(row, by=by)),
    Verb.SEND_BACK: (Status.SUBMITTED, lambda row, by: workflow.send_back(row, by=by, note="Why?")),
    Verb.APPROVE: (Status.SUBMITTED, lambda row, by: workflow.approve(row, by=by)),
    Verb.PUBLISH: (Status.APPROVED, lambda row, by: workflow.publish(row, by=by)),
    Verb.SCHEDULE: (Status.APPROVED, lambda row, by: workflow.publish(row, by=by, at=LATER)),
    Verb.UNSCHEDULE: (Status.SCHEDULED, lambda row, by: workflow.unschedule(row, by=by)),
    Verb.UNPUBLISH: (None, lambda row, by: workflow.unpublish(row, by=by, reason_ja="終了", reason_en="Over.")),
    Verb.RESTORE: (None, lambda row, by: workflow.restore(row, version=_version(row), by=by)),
    Verb.DISCARD: (Status.DRAFT, lambda row, by: workflow.discard(row, by=by)),
    Verb.WAIVE: (
        Status.SUBMITTED,
        lambda row, by: workflow.waive(row, by=by, owner=row, fingerprint="x", sentence="y", reason="z"),
    ),
}
FORBIDDEN = [(role.name, verb) for role in ROLES for verb in ACTS if verb not in role.acts]
# A translator's own draft is tested with its language (workflow/).
ALLOWED = [
    (role.name, verb)
    for role in ROLES
    for verb in ACTS
    if verb in role.acts and not (role.language and verb == Verb.SAVE_DRAFT)
]


def _other(row: Any) -> Any:
    data = take(row)
    data["root"]["title_en"] = data["root"]["title_ja"] = "Other"
    return data


def _version(row: Any) -> Revision:
    return make_revision(subject=row, status=Status.PUBLISHED, number=1, data=_other(row))


def _row(state: str | None) -> Any:
    row = centers.make_practice(center=centers.make_center(), title_ja="Title", title_en="Title")
    if state is not None:
        moment = {"publish_at": "2030-01-01T00:00:00Z"} if state == Status.SCHEDULED else {}
        make_revision(subject=row, status=state, **moment)
    return row


def _person(role: str, row: Any) -> Any:
    person = make_person(role)
    if BY_NAME[role].is_assigned:
        make_assignment(user=person, subject=row.center)
    return person


@pytest.mark.parametrize(("role", "verb"), FORBIDDEN, ids=[f"{role}-{verb}" for role, verb in FORBIDDEN])
def test_forbidden_act_is_refused(client: Client, role: str, verb: Verb) -> None:
    state, act = ACTS[verb]
    row = _row(state)
    person = _person(role, row)
    before = take(row), list(Revision.objects.order_by("pk").values("pk", "status", "data"))
    with pytest.raises(WorkflowError, match="あなたの役割"):
        act(row, person)
    Revision.objects.filter(status=Status.PUBLISHED).delete()
    assert (take(row), list(Revision.objects.order_by("pk").values("pk", "status", "data"))) == before
    client.force_login(person)
    with translation.override("en"):
        desk = reverse("admin:centers_practice_desk", args=[row.pk])
    # The desk schedules with the button that publishes.
    posted = Verb.PUBLISH if verb == Verb.SCHEDULE else verb
    data = {
        "verb": posted,
        "at": f"{LATER:%Y-%m-%dT%H:%M}" if verb == Verb.SCHEDULE else "",
        "note": "x",
        "reason_ja": "x",
        "reason_en": "x",
        "reason": "x",
        "finding": "x",
    }
    assert client.post(desk, data).status_code == 403
    assert (take(row), list(Revision.objects.order_by("pk").values("pk", "status", "data"))) == before


@pytest.mark.parametrize(("role", "verb"), ALLOWED, ids=[f"{role}-{verb}" for role, verb in ALLOWED])
def test_allowed_act_is_done(role: str, verb: Verb) -> None:
    state, act = ACTS[verb]
    row = _row(state)
    if verb == Verb.RESTORE:
        _version(row)
        Revision.objects.all().delete()
    act(row, _person(role, row))
    assert Event.objects.filter(verb=verb).count() == 1


@pytest.mark.parametrize("role", [role.name for role in ROLES if "change" not in role.actions])
def test_role_that_only_reads_cannot_save_a_form(client: Client, role: str) -> None:
    row = _row(None)
    client.force_login(_person(role, row))
    with translation.override("en"):
        change = reverse("admin:centers_practice_change", args=[row.pk])
        add = reverse("admin:centers_practice_add")
    assert client.get(change).status_code == 200
    assert (client.post(change, {"title_en": "Other"}).status_code, client.get(add).status_code) == (403, 403)


@pytest.mark.parametrize("name", ["change", "history", "desk"])
def test_pages_of_a_row_are_closed_to_whoever_has_no_role(client: Client, name: str) -> None:
    row = _row(Status.DRAFT)
    with translation.override("en"):
        address = reverse(f"admin:centers_practice_{name}", args=[row.pk])
    client.force_login(make_person())
    assert client.get(address).status_code == 403
    outsider = Client()
    assert outsider.get(address).status_code == 302


@pytest.mark.parametrize("role", [role.name for role in ROLES if role.name != "administrator"])
def test_people_and_their_roles_are_the_administrators(client: Client, role: str) -> None:
    client.force_login(make_person(role))
    for page in ("auth_user_changelist", "auth_user_add", "auth_group_changelist", "publishing_assignment_add"):
        with translation.override("en"):
            assert client.get(reverse(f"admin:{page}")).status_code == 403, page


@pytest.mark.parametrize("action", ["delete_selected", "mark_checked", "export", "confirm_rows"])
def test_bulk_action_of_another_role_does_nothing(client: Client, action: str) -> None:
    row = _row(None)
    client.force_login(make_person("publisher"))
    with translation.override("en"):
        address = reverse("admin:centers_practice_changelist")
    client.post(address, {"action": action, "_selected_action": [str(row.pk)], "post": "yes"})
    row.refresh_from_db()
    assert not Event.objects.exists()


def test_autocomplete_is_closed_to_whoever_has_no_role(client: Client) -> None:
    client.force_login(make_person())
    query = {"app_label": "centers", "model_name": "practice", "field_name": "source", "term": ""}
    with translation.override("en"):
        assert client.get(reverse("admin:autocomplete"), query).status_code == 403


def test_roles_are_seeded_as_groups() -> None:
    assert set(Group.objects.values_list("name", flat=True)) == set(BY_NAME)


def test_somebody_who_left_the_staff_has_no_role() -> None:
    person = make_person("administrator", is_active=False)
    assert not may(person, Verb.PUBLISH)


def test_table_in_the_readme_says_what_the_roles_say() -> None:
    path = Path(settings.BASE_DIR) / "wpiforum" / "publishing" / "README.md"
    printed = path.read_text(encoding="utf-8").split("<!-- roles -->\n")[1].split("<!-- /roles -->")[0]
    names = [role.name for role in ROLES]
    rows = [f"| act | {' | '.join(names)} |", f"| --- {'| --- ' * len(names)}|"]
    for verb, allowed in table():
        rows.append(f"| {verb.value} | {' | '.join('yes' if allowed[name] else '' for name in names)} |")
    assert printed.strip().splitlines() == rows
