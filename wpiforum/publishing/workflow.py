"""Verbs that change several rows: keyword-only, with the actor, in one transaction, raising WorkflowError."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from modeltranslation.fields import TranslationField

from wpiforum.publishing.models import Confirmable


class WorkflowError(Exception):
    """An act that the rules refuse; carries a translated sentence for the person who tried."""


def _bilingual(row: Confirmable) -> set[str]:
    """Return the names of the row's bilingual fields."""
    fields: Any = row._meta.fields
    return {field.translated_field.name for field in fields if isinstance(field, TranslationField)}


def confirm(row: Confirmable, *, by: Any) -> None:
    """Put a row into effect as a second person; the row it corrects ends with the same act.

    Raises WorkflowError if the row is already confirmed or was entered by the same person, and ValidationError if
    it contradicts a row in effect.
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
            locked.supersede(replaced)
            replaced.delete()
        locked.confirmed_at = timezone.now()
        locked.confirmed_by = by
        # The bare column of a bilingual field is not judged: it holds whatever language was saved last.
        locked.full_clean(exclude=_bilingual(locked))
        locked.save()
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
