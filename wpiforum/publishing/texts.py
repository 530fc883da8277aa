"""Texts for translators outside, in two columns, and back: compared with what stands now, and taken in as drafts.

Each row carries the digest of both texts as they were when the file was made, so that a translation of an older
text is seen (rule: a translation is of one state of its source).
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _
from modeltranslation.translator import translator

from wpiforum import languages
from wpiforum.markup import tidy
from wpiforum.publishing.choices import Verb
from wpiforum.publishing.log import record
from wpiforum.publishing.models import Publishable
from wpiforum.publishing.permissions import may, writable_languages
from wpiforum.publishing.snapshot import Change, Snapshot, digest, model_of, patch
from wpiforum.publishing.workflow import open_revision, save_draft
from wpiforum.publishing.writing import merged
from wpiforum.tables import Line

COLUMNS: dict[str, tuple[str, ...]] = {"id": (), "field": (), "ja": ("日本語",), "en": ("English",), "digest": ()}
REQUIRED = ("id", "ja", "en", "digest")


class TextRow:
    """One row of a file that comes back: what it changes, or what is wrong with it."""

    def __init__(self, number: int, root: Any = None) -> None:
        self.number, self.root = number, root
        self.label = ""
        self.problems: list[str] = []
        self.changes: list[tuple[str, Change]] = []


def kinds() -> list[type[models.Model]]:
    """Return the models whose rows have drafts."""
    return [model for model in apps.get_models() if issubclass(model, Publishable) and hasattr(model, "owned")]


def rows_of(root: Any) -> Iterator[list[object]]:
    """Return id, name, both texts and their digest for every text of a row and of the rows it owns, drafts included."""
    now = merged(root, open_revision(root))
    for relation, key, fields in _records(now):
        model = model_of(root, relation)
        for name in _bilingual(model):
            texts = [fields.get(f"{name}_{code}") or "" for code in languages.CODES]
            if any(texts) and all(isinstance(text, str) for text in texts):
                place = f"{root._meta.label_lower}:{root.pk}:{relation}:{key}:{name}"
                yield [place, str(model._meta.get_field(name).verbose_name), *texts, digest(*texts)]  # type: ignore[union-attr]


def _records(snapshot: Snapshot) -> Iterator[tuple[str, str, dict[str, Any]]]:
    yield "", "", snapshot["root"]
    for relation, rows in snapshot["children"].items():
        for key, found in rows.items():
            yield relation, key, found["fields"]


def _bilingual(model: type[models.Model]) -> list[str]:
    if model not in translator.get_registered_models():
        return []
    return list(translator.get_options_for_model(model).all_fields)


def read_lines(lines: list[Line], *, by: Any) -> list[TextRow]:
    """Return what each row would change in the drafts, for this person; writes nothing."""
    roots: dict[str, tuple[Any, Snapshot] | None] = {}
    seen: set[str] = set()
    found = []
    for number, cells in lines:
        parts = cells["id"].split(":")
        name = ":".join(parts[:2])
        if name not in roots:
            roots[name] = _root(parts)
        row = TextRow(number)
        found.append(row)
        known = roots[name]
        if len(parts) != 5 or known is None or cells["id"] in seen:
            row.problems.append(_("The id of this row names no text. Leave that column as it is, each id once."))
            continue
        seen.add(cells["id"])
        row.root = known[0]
        _compare(row, known[1], parts[2], parts[3], parts[4], cells, by=by)
    return found


def _root(parts: list[str]) -> tuple[Any, Snapshot] | None:
    model = next((kind for kind in kinds() if kind._meta.label_lower == parts[0]), None)
    if model is None or len(parts) < 2:
        return None
    try:
        root = model._base_manager.filter(pk=parts[1]).first()
    except ValidationError:
        return None
    return None if root is None else (root, merged(root, open_revision(root)))


def _compare(
    row: TextRow, now: Snapshot, relation: str, key: str, name: str, cells: dict[str, str], *, by: Any
) -> None:
    fields = next((found for place, child, found in _records(now) if (place, child) == (relation, key)), None)
    if fields is None or name not in _bilingual(model_of(row.root, relation)):
        row.problems.append(_("This text is no longer there."))
        return
    model: Any = model_of(row.root, relation)
    row.label = f"{row.root}: {model._meta.get_field(name).verbose_name}"
    standing = {code: fields.get(f"{name}_{code}") or "" for code in languages.CODES}
    wanted = {code: cells[code].replace("\r\n", "\n") for code in languages.CODES}
    changed = [code for code in languages.CODES if wanted[code] != standing[code].replace("\r\n", "\n").strip()]
    if not changed:
        return
    if cells["digest"] != digest(*standing.values()):
        row.problems.append(_("This text has changed since the file was made. Please make a new file for it."))
        return
    allowed = writable_languages(by, row.root)
    for code in changed:
        column = f"{name}_{code}"
        if not may(by, Verb.IMPORT, row.root, language=code) or (allowed is not None and code not in allowed):
            row.problems.append(_("Your role does not allow a change of this text."))
        elif not wanted[code]:
            row.problems.append(_("An empty cell would delete a text. Delete it in the form if it has to go."))
        else:
            try:
                text = tidy(wanted[code]) if name in getattr(model, "rich_fields", ()) else wanted[code]
                value = model._meta.get_field(column).clean(text, model())
            except ValidationError as error:
                row.problems += error.messages
            else:
                row.changes.append((code, Change(relation, key, column, fields.get(column), value)))


@transaction.atomic
def save(lines: list[Line], shown: str, *, by: Any) -> int | None:
    """Put the changes into drafts, all or none; return how many, or None if they are no longer what was shown.

    Raises WorkflowError where the workflow refuses.
    """
    for label, keys in _keys(lines).items():
        model: Any = next((kind for kind in kinds() if kind._meta.label_lower == label), None)
        if model is not None:
            list(model._base_manager.select_for_update().filter(pk__in=keys).order_by("pk"))
    rows = read_lines(lines, by=by)
    if fingerprint(rows) != shown or any(row.problems for row in rows):
        return None
    by_root: dict[Any, list[Change]] = {}
    for row in rows:
        if row.changes:
            by_root.setdefault(row.root, []).extend(change for _code, change in row.changes)
    for root, found in by_root.items():
        revision = save_draft(root, data=patch(merged(root, open_revision(root)), found), by=by)
        record(Verb.IMPORT, root, by=by, revision=revision, texts=len(found))
    return sum(map(len, by_root.values()))


def _keys(lines: list[Line]) -> dict[str, set[str]]:
    keys: dict[str, set[str]] = {}
    for line in lines:
        label, _colon, rest = line.cells["id"].partition(":")
        keys.setdefault(label, set()).add(rest.partition(":")[0])
    return keys


def fingerprint(rows: list[TextRow]) -> str:
    """Return what a preview shows as one short word, to see whether it is still true."""
    return digest([[row.number, row.problems, [list(change) for _code, change in row.changes]] for row in rows])
