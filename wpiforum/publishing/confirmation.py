"""Putting rows into effect as a second person, and proposing corrections of what is in effect."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wpiforum.publishing.choices import Verb
from wpiforum.publishing.log import WorkflowError, record
from wpiforum.publishing.models import Confirmable
from wpiforum.publishing.permissions import may
from wpiforum.publishing.writing import bare_fields
from wpiforum.search.documents import affected, refresh


def confirm(row: Confirmable, *, by: Any) -> None:
    """Put a row into effect as a second person; the row it corrects ends with the same act.

    Raises WorkflowError if the role does not allow it, the row is already confirmed or was entered by the same person,
    and ValidationError if it contradicts a row in effect.
    """
    with transaction.atomic():
        locked = type(row)._default_manager.select_for_update().get(pk=row.pk)
        if not may(by, Verb.CONFIRM, locked):
            raise WorkflowError(_("Your role does not allow this."))
        if locked.confirmed_at is not None:
            raise WorkflowError(_("This is already confirmed."))
        if locked.entered_by_id == by.pk:
            raise WorkflowError(_("Somebody else has to confirm what you entered."))
        replaced = locked.replaces
        shown = list(affected(replaced)) if replaced is not None else []
        locked.replaces = None
        if replaced is not None:
            locked.supersede(replaced)
            replaced.delete()
        locked.confirmed_at = timezone.now()
        locked.confirmed_by = by
        # The bare column of a bilingual field is not judged: it holds whatever language was saved last.
        locked.full_clean(exclude=bare_fields(type(locked)))
        locked.save()
        refresh([*shown, *affected(locked)])
        record(Verb.CONFIRM, locked, by=by)
    row.refresh_from_db()


def propose_correction[Row: Confirmable](row: Row, *, by: Any) -> Row:
    """Return a new unconfirmed copy of a confirmed row, to be changed and then confirmed by somebody else.

    Raises WorkflowError if the row is not in effect or a correction of it already waits.
    """
    with transaction.atomic():
        locked: Any = type(row)._default_manager.select_for_update().get(pk=row.pk)
        if locked.confirmed_at is None:
            raise WorkflowError(_("This is not confirmed yet: change it directly."))
        if locked.corrections.exists():
            raise WorkflowError(_("A correction of this already waits for confirmation."))
        correction: Row = locked.as_correction(by=by)
        correction.save(force_insert=True)
    return correction
