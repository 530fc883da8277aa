"""Changing an address everywhere at once: all chosen uses or none, and nothing public changes in silence.

What is drafted gets a draft, what a second person confirms gets a proposed correction, other rows are changed as on
their own page.
"""

from dataclasses import dataclass, field
from typing import Any

from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from wpiforum.links import checking, finding
from wpiforum.links.finding import addresses_in
from wpiforum.markup import replace_link
from wpiforum.publishing import workflow
from wpiforum.publishing.choices import Status, Verb
from wpiforum.publishing.confirmation import propose_correction
from wpiforum.publishing.log import WorkflowError, record
from wpiforum.publishing.models import Confirmable, Revision
from wpiforum.publishing.permissions import may, writable_languages
from wpiforum.publishing.snapshot import Change, Snapshot, language_of, model_of, patch
from wpiforum.publishing.writing import merged, sentences


class How(models.TextChoices):
    """What happens to a row whose text holds the address."""

    DRAFT = "draft", gettext_lazy("becomes a draft; what is public stays until it is published")
    JOINS = "joins", gettext_lazy("goes into the open draft, which then has to be submitted again")
    CORRECTION = "correction", gettext_lazy("becomes a proposed correction, which somebody else confirms")
    DIRECT = "direct", gettext_lazy("is changed at once, as on its own page")
    WAITS = "waits", gettext_lazy("nothing to do: the open draft or a waiting correction no longer holds it")


_RESULTS = {
    How.DRAFT: gettext_lazy("a draft was saved; what is public changes once it is published"),
    How.JOINS: gettext_lazy("the open draft was changed; it has to be submitted again"),
    How.CORRECTION: gettext_lazy("a correction was proposed; it takes effect once somebody else confirms it"),
    How.DIRECT: gettext_lazy("changed"),
    How.WAITS: gettext_lazy("nothing was to do"),
}


@dataclass
class Item:
    """A row to change: how, in which fields, and why not, if so."""

    row: Any
    how: How
    changes: list[Change] = field(default_factory=list)
    refusal: str = ""

    @property
    def key(self) -> str:
        return f"{self.row._meta.label_lower}:{self.row.pk}"

    @property
    def fields(self) -> list[str]:
        """The names of the fields in words, each once."""
        names = (_field_label(self.row, change) for change in self.changes)
        return list(dict.fromkeys(names))

    @property
    def result(self) -> str:
        """What was done, in words."""
        return str(_RESULTS[self.how])

    @property
    def is_open(self) -> bool:
        """Tell whether it can be chosen."""
        return not self.refusal and self.how != How.WAITS


def _field_label(row: Any, change: Change) -> str:
    model = model_of(row, change.relation)
    label = str(model._meta.get_field(change.field).verbose_name)  # type: ignore[union-attr]
    return f"{model._meta.verbose_name}: {label}" if change.relation else label


def plan(old: str, new: str, *, by: Any) -> list[Item]:
    """Return what putting `new` in the place of `old` would do, row by row, for this person."""
    found: dict[tuple[type, Any], Any] = {}
    for place in finding.rows_with(old):
        root = finding.root_of(place.row)
        row = root if root is not None and _is_drafted(root) else place.row
        found.setdefault((type(row), row.pk), row)
    for revision in Revision.objects.open().prefetch_related("subject").order_by("pk"):
        row = revision.subject  # its draft may hold an address that is not public yet
        if row is not None and (type(row), row.pk) not in found and _changes_of_draft(row, old, new):
            found[type(row), row.pk] = row
    return [_item(row, old, new, by=by) for row in found.values()]


def _is_drafted(root: Any) -> bool:
    """Tell whether a change goes into a draft, as on the staff page of the row."""
    return root.is_published() or workflow.open_revision(root) is not None


def _item(row: Any, old: str, new: str, *, by: Any) -> Item:
    root = finding.root_of(row)
    if root is not None and root.pk == row.pk and _is_drafted(root):
        how = How.JOINS if workflow.open_revision(root) else How.DRAFT
        item = Item(row, how, _changes_of_draft(row, old, new))
    else:
        how = How.CORRECTION if isinstance(row, Confirmable) and row.is_confirmed() else How.DIRECT
        item = Item(row, how, _changes_of_row(row, old, new))
        if how == How.CORRECTION and row.corrections.exists():
            item.how = How.WAITS
            return item
    if not item.changes:
        item.how = How.WAITS
        return item
    item.refusal = _refusal(item, root or row, by=by)
    return item


def _refusal(item: Item, root: Any, *, by: Any) -> str:
    """Return why this person may not make the change, or why the new address does not fit; else nothing."""
    opts, is_plain = item.row._meta, item.how in {How.DIRECT, How.CORRECTION}
    if finding.root_of(item.row) is not None and not may(by, Verb.SAVE_DRAFT, root):
        return _("Your role does not allow this.")
    if is_plain and not by.has_perm(f"{opts.app_label}.change_{opts.model_name}", item.row):
        return _("Your role does not allow this.")
    allowed = writable_languages(by, root)
    for change in item.changes:
        model = model_of(item.row, change.relation)
        if allowed is not None and language_of(model, change.field) not in allowed:
            return _("Your role changes the texts of one language only.")
        try:
            model._meta.get_field(change.field).clean(change.after, None)  # type: ignore[union-attr]
        except ValidationError as error:
            return " ".join(error.messages)
    return ""


def _changed(model: Any, name: str, value: Any, old: str, new: str) -> str | None:
    """Return a field's value with the new address; None if it does not hold the old one."""
    if not isinstance(value, str) or old not in addresses_in(model, name, value):
        return None
    return new if name in finding.address_fields(model) else replace_link(value, old, new)


def _changes_in(model: Any, relation: str, key: str, values: dict[str, Any], old: str, new: str) -> list[Change]:
    return [
        Change(relation, key, name, values[name], after)
        for name in (*finding.address_fields(model), *finding.rich_fields(model))
        if (after := _changed(model, name, values.get(name), old, new)) is not None
    ]


def _changes_of_row(row: Any, old: str, new: str) -> list[Change]:
    return _changes_in(type(row), "", "", vars(row), old, new)


def _changes_of_draft(root: Any, old: str, new: str, *, now: Snapshot | None = None) -> list[Change]:
    """Return the changes in what editors work on: what is public with the draft's changes."""
    now = now or merged(root, workflow.open_revision(root))
    found = _changes_in(type(root), "", "", now["root"], old, new)
    for relation, rows in now["children"].items():
        for key, kept in rows.items():
            found += _changes_in(model_of(root, relation), relation, key, kept["fields"], old, new)
    return found


class _NotAll(Exception):
    """One of the rows was refused: none is changed."""


def replace(old: str, new: str, *, by: Any, chosen: set[str]) -> tuple[bool, list[Item]]:
    """Change the address in the chosen rows, all or none; return whether it was done, and what became of each row."""
    items: list[Item] = []
    try:
        with transaction.atomic():
            items = [item for item in plan(old, new, by=by) if item.key in chosen]
            for item in items:
                if item.is_open:
                    _try(item, old, new, by=by)
            if not items or any(item.refusal for item in items):
                raise _NotAll
            checking.refresh()
    except _NotAll:
        return False, items
    return True, items


def _try(item: Item, old: str, new: str, *, by: Any) -> None:
    try:
        with transaction.atomic():
            if item.how in {How.DRAFT, How.JOINS}:
                _draft(item.row, old, new, by=by)
            else:
                _change(item, old, new, by=by)
    except WorkflowError as error:
        item.refusal = str(error)
    except ValidationError as error:
        item.refusal = " ".join(sentences(error, item.row))
    except IntegrityError:
        item.refusal = _("Someone else changed the same rows meanwhile. Please check and try again.")


def _draft(root: Any, old: str, new: str, *, by: Any) -> None:
    list(type(root)._base_manager.select_for_update().filter(pk=root.pk))
    revision = workflow.open_revision(root, lock=True)
    now = merged(root, revision)
    workflow.save_draft(root, data=patch(now, _changes_of_draft(root, old, new, now=now)), by=by)


def _change(item: Item, old: str, new: str, *, by: Any) -> None:
    """Change a row that is not drafted, or propose its correction; its history, and the log of its root, say who."""
    is_new = item.how == How.CORRECTION
    if is_new:
        row = propose_correction(item.row, by=by)
    else:
        row = type(item.row)._base_manager.select_for_update().get(pk=item.row.pk)
        if isinstance(row, Confirmable):
            row.entered_by = by  # somebody else confirms it
    names = []
    for change in _changes_of_row(row, old, new):  # what it holds now, under the lock
        setattr(row, change.field, change.after)
        names.append(change.field)
    fields: list[Any] = row._meta.concrete_fields
    row.full_clean(exclude={field.name for field in fields if field.name not in names})
    row.save()
    with override(None):  # in words of the catalogue, which the history page translates
        labels = [
            str(getattr(field, "translated_field", field).verbose_name) for field in fields if field.name in names
        ]
    log: list[dict[str, Any]] = [{"added": {}}] if is_new else [{"changed": {"fields": list(dict.fromkeys(labels))}}]
    LogEntry.objects.log_actions(by.pk, [row], ADDITION if is_new else CHANGE, change_message=log, single_object=True)
    if (root := finding.root_of(row)) is not None:
        record(Verb.SAVE_DRAFT, root, by=by)  # whoever wrote it does not approve it


def has_waiting_draft(item: Item) -> bool:
    """Tell whether the change takes a draft back from review or the schedule."""
    revision = workflow.open_revision(item.row) if item.how == How.JOINS else None
    return revision is not None and revision.status != Status.DRAFT
