"""Verbs that change several rows: keyword-only, with the actor, in one transaction, raising WorkflowError."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wpiforum.publishing.models import Confirmable


class WorkflowError(Exception):
    """An act that the rules refuse; carries a translated sentence for the person who tried."""


def confirm(row: Confirmable, *, by: Any) -> None:
    """Put a row into effect as a second person; the row it corrects ends with the same act.

    Raises WorkflowError if the row is already confirmed or was entered by the same person.
    """
    with transaction.atomic():
        locked = type(row)._default_manager.select_for_update().get(pk=row.pk)
        if locked.confirmed_at is not None:
            raise WorkflowError(_("This is already confirmed."))
        if locked.entered_by_id == by.pk:
            raise WorkflowError(_("Somebody else has to confirm what you entered."))
        replaced = locked.replaces
        locked.replaces = None
        if replaced is not None:
            replaced.delete()
        locked.confirmed_at = timezone.now()
        locked.confirmed_by = by
        locked.full_clean()
        locked.save()
    row.refresh_from_db()
