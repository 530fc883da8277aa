"""Snapshots of a root row with its children as plain JSON: taken, compared, merged, and written back.

    {"root": {field: value}, "many": {field: [key]}, "children": {relation: {key: {"fields": …, "many": …}}}}

Bilingual fields are kept by column (`title_ja`); the bare column, moments of publication and what the system counts
by itself (versions, next checks) are no content and are left out.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from copy import deepcopy
from typing import Any, NamedTuple

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from modeltranslation.fields import TranslationField
from modeltranslation.translator import translator

from wpiforum import languages

Snapshot = dict[str, Any]
_NO_CONTENT = {"id", "live_from", "live_until"}


class Change(NamedTuple):
    """One field that differs: of the root (`relation` empty) or of a child."""

    relation: str
    key: str
    field: str
    before: Any
    after: Any


class Missing:
    """Stands for "there is no such row" on one side of a change of a child as a whole."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING = Missing()
WHOLE = ""  # the field of a change that adds or removes a child


def content_fields(model: type[models.Model], *, owner: str = "") -> list[Any]:
    """Return the columns that are content: what people write, without the link to the owner."""
    bare = set()
    if model in translator.get_registered_models():
        bare = set(translator.get_options_for_model(model).all_fields)
    return [
        field
        for field in model._meta.concrete_fields
        if field.editable and field.name not in bare and field.name not in _NO_CONTENT and field.name != owner
    ]


def _plain(value: Any) -> Any:
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder))


def _fields(row: models.Model, owner: str = "") -> dict[str, Any]:
    # An empty text and no text are the same text; modeltranslation stores either.
    return {
        field.attname: None if (value := field.value_from_object(row)) == "" else _plain(value)
        for field in content_fields(type(row), owner=owner)
    }


def _many(row: Any) -> dict[str, list[str]]:
    return {
        field.name: sorted(str(other.pk) for other in getattr(row, field.name).all())
        for field in row._meta.many_to_many
    }


def relation(root: models.Model, name: str) -> Any:
    """Return the relation of a root's children."""
    return root._meta.get_field(name)


def take(root: Any) -> Snapshot:
    """Return the snapshot of a row as the database has it now, whatever the instance holds."""
    root = type(root)._base_manager.get(pk=root.pk)
    children = {}
    for name in root.owned:
        related = relation(root, name)
        many = [field.name for field in related.related_model._meta.many_to_many]
        rows = related.related_model._base_manager.filter(**{related.field.name: root.pk}).prefetch_related(*many)
        children[name] = {
            str(row.pk): {"fields": _fields(row, related.field.name), "many": _many(row)} for row in rows.order_by("pk")
        }
    return {"root": _fields(root), "many": _many(root), "children": children}


def digest(*snapshots: Any) -> str:
    """Return a short digest by which two states of the same content are told apart."""
    text = json.dumps(snapshots, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def _flat(record: dict[str, Any]) -> dict[str, Any]:
    return {**record["fields"], **record["many"]}


def changes(before: Snapshot, after: Snapshot) -> list[Change]:
    """Return what differs between two snapshots; a field that one side does not know yet counts as unchanged."""
    return list(_changes(before, after))


def _changes(before: Snapshot, after: Snapshot) -> Iterator[Change]:
    for part in ("root", "many"):
        old, new = before.get(part, {}), after.get(part, {})
        yield from (
            Change("", "", name, old[name], new[name]) for name in new if name in old and old[name] != new[name]
        )
    for name, rows in after.get("children", {}).items():
        known = before.get("children", {}).get(name, {})
        for key, record in rows.items():
            if key not in known:
                yield Change(name, key, WHOLE, MISSING, record)
                continue
            old, new = _flat(known[key]), _flat(record)
            for field in new:
                if field in old and old[field] != new[field]:
                    yield Change(name, key, field, old[field], new[field])
        yield from (Change(name, key, WHOLE, record, MISSING) for key, record in known.items() if key not in rows)


def value_of(snapshot: Snapshot, change: Change) -> Any:
    """Return what a snapshot holds where a change is; MISSING if there is no such row."""
    if not change.relation:
        part = "many" if change.field in snapshot.get("many", {}) else "root"
        return snapshot[part].get(change.field)
    record = snapshot["children"].get(change.relation, {}).get(change.key)
    if record is None:
        return MISSING
    return record if change.field == WHOLE else _flat(record).get(change.field)


def conflicts(live: Snapshot, found: Iterable[Change], *, ignore: frozenset[str] = frozenset()) -> list[Change]:
    """Return the changes whose place has become something else in `live` than they began from, and than they want."""
    wrong = []
    for change in found:
        now = value_of(live, change)
        if change.field == WHOLE and now is not MISSING and change.before is not MISSING:
            same = {**_flat(now), **dict.fromkeys(ignore)} == {**_flat(change.before), **dict.fromkeys(ignore)}
        else:
            same = now == change.before or now is change.before
        if not same and now != change.after and now is not change.after:
            wrong.append(change)
    return wrong


def patch(snapshot: Snapshot, found: Iterable[Change]) -> Snapshot:
    """Return the snapshot with changes made; a change of a child that is gone is left out."""
    result = deepcopy(snapshot)
    for change in found:
        if not change.relation:
            part = "many" if change.field in result["many"] else "root"
            result[part][change.field] = change.after
            continue
        rows = result["children"].setdefault(change.relation, {})
        if change.field == WHOLE:
            if change.after is MISSING:
                rows.pop(change.key, None)
            else:
                rows[change.key] = deepcopy(change.after)
        elif change.key in rows:
            record = rows[change.key]
            record["many" if change.field in record["many"] else "fields"][change.field] = change.after
    return result


def language_of(model: type[models.Model], field: str) -> str:
    """Return the language of a bilingual column; empty for what belongs to both."""
    found = next((row for row in model._meta.concrete_fields if row.attname == field), None)
    return found.language if isinstance(found, TranslationField) else ""


def model_of(root: Any, name: str) -> type[models.Model]:
    """Return the model of the root (empty name) or of its children."""
    return relation(root, name).related_model if name else type(root)


def in_languages(root: Any, found: Iterable[Change], codes: Iterable[str]) -> list[Change]:
    """Keep changes of these languages and of what belongs to none; of a new child only its texts in them."""
    kept, chosen = [], set(codes)
    left_out = set(languages.CODES) - chosen
    for change in found:
        model = model_of(root, change.relation)
        if change.field == WHOLE:
            if change.after is not MISSING:
                fields = {
                    name: None if language_of(model, name) in left_out else value
                    for name, value in change.after["fields"].items()
                }
                change = change._replace(after={**change.after, "fields": fields})
            kept.append(change)
        elif language_of(model, change.field) not in left_out:
            kept.append(change)
    return kept


def changed_languages(root: Any, found: Iterable[Change]) -> set[str]:
    """Return the languages whose texts change; a new or removed child changes those it has a text in."""
    codes = set()
    for change in found:
        model = model_of(root, change.relation)
        if change.field == WHOLE:
            record = change.before if change.after is MISSING else change.after
            codes |= {language_of(model, name) for name, value in record["fields"].items() if value}
        else:
            codes.add(language_of(model, change.field))
    return codes - {""}
