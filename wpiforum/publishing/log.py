"""Writing the log of acts, and the one error of all verbs."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models

from wpiforum.publishing.choices import Verb
from wpiforum.publishing.models import Event, Revision


class WorkflowError(Exception):
    """An act that the rules refuse; carries a translated sentence for the person who tried."""


def record(
    verb: Verb,
    row: models.Model | None,
    *,
    by: Any,
    revision: Revision | None = None,
    note: str = "",
    **details: Any,
) -> Event:
    """Add one act to the log, in the caller's transaction; nobody in `by` means a scheduled command."""
    return Event.objects.create(
        verb=verb,
        actor=by,
        content_type=ContentType.objects.get_for_model(row) if row is not None else None,
        object_id=str(row.pk) if row is not None else "",
        label=str(row)[:300] if row is not None else "",
        revision=revision,
        note=note,
        details=details,
    )
