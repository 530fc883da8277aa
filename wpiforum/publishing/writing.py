"""Writing changes of a snapshot into the rows: for a moment, to draw a form or a preview, or for good."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from modeltranslation.fields import TranslationField

from wpiforum.publishing.models import Revision
from wpiforum.publishing.snapshot import MISSING, WHOLE, Change, changes, content_fields, patch, relation, take
from wpiforum.remembering import within


def bare_fields(model: type[models.Model]) -> set[str]:
    """Return the bare columns of bilingual fields, which hold whatever language was saved last and are not judged."""
    fields: Any = model._meta.concrete_fields
    return {field.translated_field.name for field in fields if isinstance(field, TranslationField)}


def _assign(row: Any, values: dict[str, Any]) -> set[str]:
    """Set columns from plain values; return the names of the fields."""
    touched = set()
    for field in content_fields(type(row)):
        if field.attname in values:
            value = values[field.attname]
            if value is None and not field.null and field.empty_strings_allowed:
                value = ""
            target = field.target_field if field.is_relation else field
            setattr(row, field.attname, target.to_python(value))
            touched.add(field.name)
    return touched


def _link(row: Any, many: dict[str, list[str]]) -> list[str]:
    """Set many-to-many keys; return those that no longer name a row."""
    gone = []
    for name, keys in many.items():
        model = row._meta.get_field(name).related_model
        found = {str(key) for key in model._base_manager.filter(pk__in=keys).values_list("pk", flat=True)}
        gone += [key for key in keys if key not in found]
        getattr(row, name).set([key for key in keys if key in found])
    return gone


def _save(row: Any, touched: set[str], *, is_checked: bool) -> None:
    if is_checked:
        names = {field.name for field in row._meta.concrete_fields}
        untouched = set() if row._state.adding else names - touched
        row.full_clean(exclude=untouched | bare_fields(type(row)))
    row.save()


def write(root: Any, found: Iterable[Change], *, is_checked: bool) -> list[str]:
    """Make the changes in the database, in the caller's transaction; return keys of linked rows that are gone.

    With `is_checked` each row is validated in what changes. Raises ValidationError.
    """
    own: dict[str, Any] = {}
    rows: dict[tuple[str, str], dict[str, Any]] = defaultdict(dict)
    added: list[Change] = []
    for change in found:
        if not change.relation:
            own[change.field] = change.after
        elif change.field != WHOLE:
            rows[change.relation, change.key][change.field] = change.after
        elif change.after is MISSING:
            related = relation(root, change.relation).related_model
            related._base_manager.filter(pk=change.key).delete()
        else:
            added.append(change)
    gone: list[str] = []
    if own:
        gone += _write_row(root, own, is_checked=is_checked)
    for change in added:
        gone += _add(root, change, is_checked=is_checked)
    keys: dict[str, list[str]] = defaultdict(list)
    for name, key in rows:
        keys[name].append(key)
    for name, wanted in keys.items():
        model = relation(root, name).related_model
        for row in model._base_manager.select_for_update().filter(pk__in=wanted).order_by("pk"):
            if hasattr(row, "remember_stored"):
                row.remember_stored()  # read and locked here: nobody has to ask again for each row
            gone += _write_row(row, rows[name, str(row.pk)], is_checked=is_checked)
    return gone


def _write_row(row: Any, values: dict[str, Any], *, is_checked: bool) -> list[str]:
    many = {field.name for field in row._meta.many_to_many}
    touched = _assign(row, {name: value for name, value in values.items() if name not in many})
    if touched:
        _save(row, touched, is_checked=is_checked)
    return _link(row, {name: value for name, value in values.items() if name in many})


def _add(root: Any, change: Change, *, is_checked: bool) -> list[str]:
    related = relation(root, change.relation)
    row = related.related_model(pk=change.key)
    setattr(row, related.field.attname, root.pk)
    _assign(row, change.after["fields"])
    _save(row, set(), is_checked=is_checked)
    return _link(row, change.after["many"])


class _Undo(Exception):
    """Ends a pretended transaction."""


@contextmanager
def pretended() -> Iterator[None]:
    """Undo everything that the block does to the database."""
    try:
        with within(None), transaction.atomic():  # what is made here is of nobody else's page
            yield
            raise _Undo
    except _Undo:
        pass


def pretend_draft(root: Any, revision: Revision | None) -> None:
    """Put a draft's content into the rows, over what is public now; only inside `pretended()`."""
    if revision is not None:
        write(root, changes(revision.base, revision.data), is_checked=False)


def merged(root: Any, revision: Revision | None) -> Any:
    """Return the snapshot that editors work on: what is public now with the draft's changes."""
    live = take(root)
    return live if revision is None else patch(live, changes(revision.base, revision.data))


def sentences(error: ValidationError, row: models.Model) -> list[str]:
    """Return what a validation found, each with the name of its field."""
    if not hasattr(error, "error_dict"):
        return list(error.messages)
    found = []
    for name, messages in error.message_dict.items():
        field = next((field for field in row._meta.concrete_fields if field.name == name), None)
        found += [f"{field.verbose_name}: {message}" if field else message for message in messages]
    return found
