"""Rows of publication for tests: people with roles, and one row of each kind of record."""

from datetime import UTC, datetime
from itertools import count
from typing import Any

from django.contrib.auth.models import Group, User

from tests.factories.centers import make_center, make_practice
from wpiforum.localization.models import TranslationState
from wpiforum.publishing import workflow
from wpiforum.publishing.choices import Status, Verb
from wpiforum.publishing.models import Assignment, Event, Redirect, Revision, Waiver, Withdrawal
from wpiforum.publishing.snapshot import take

LONG_AGO = datetime(2026, 1, 5, tzinfo=UTC)
_numbers = count(1)


def make_person(*roles: str, **fields: Any) -> User:
    """Make somebody on the staff with these roles."""
    name = f"{'-'.join(roles) or 'staff'}-{next(_numbers)}"
    user = User.objects.create_user(**{"username": name, "password": "secret", "is_staff": True, **fields})
    # The migration has made them; a test that empties the database has taken them away.
    user.groups.set([Group.objects.get_or_create(name=role)[0] for role in roles])
    return user


def make_revision(**fields: Any) -> Revision:
    subject = fields.pop("subject", None) or make_practice()
    author = fields.pop("author", None) or make_person("editor")
    data = take(subject)
    return Revision.objects.create(
        **{
            "subject": subject,
            "author": author,
            "last_editor": author,
            "edited_at": LONG_AGO,
            "base": data,
            "data": data,
            "status": Status.DRAFT,
            **fields,
        }
    )


def make_event(**fields: Any) -> Event:
    subject = make_practice()
    return Event.objects.create(
        **{"verb": Verb.SAVE_DRAFT, "actor": make_person("editor"), "subject": subject, "label": str(subject), **fields}
    )


def make_waiver(**fields: Any) -> Waiver:
    return Waiver.objects.create(
        **{
            "subject": make_practice(),
            "fingerprint": f"{next(_numbers):040d}",
            "sentence": "The languages state different figures.",
            "reason": "Said in words.",
            "by": make_person("reviewer"),
            **fields,
        }
    )


def make_withdrawal(**fields: Any) -> Withdrawal:
    return Withdrawal.objects.create(
        **{"subject": make_practice(), "reason_ja": "終了しました。", "reason_en": "It ended.", **fields}
    )


def make_redirect(**fields: Any) -> Redirect:
    return Redirect.objects.create(**{"target": make_center(), "slug": f"old-{next(_numbers)}", **fields})


def make_assignment(**fields: Any) -> Assignment:
    return Assignment.objects.create(
        **{"user": fields.pop("user", None) or make_person("center_editor"), "subject": make_center(), **fields}
    )


def make_translation_state(**fields: Any) -> TranslationState:
    return TranslationState.objects.create(
        **{
            "subject": make_practice(),
            "language": "en",
            "source_language": "ja",
            "digest": "0" * 32,
            "source": {"title": "題"},
            "confirmed_at": LONG_AGO,
            "confirmed_by": make_person("translator_en"),
            **fields,
        }
    )


def publish_draft(row: Any) -> Any:
    """Take the open draft of a row, or a row that was never public, to the public; return the row as it is then."""
    chief = make_person("administrator")
    found = workflow.open_revision(row)
    if found is None or found.status == Status.DRAFT:
        workflow.submit(row, by=make_person("editor"))
    workflow.approve(row, by=chief)
    workflow.publish(row, by=chief)
    return type(row)._base_manager.get(pk=row.pk)
