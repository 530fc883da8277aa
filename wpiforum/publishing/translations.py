"""The translations of all root rows and their children: where each stands, confirmed anew, stamped as loaded."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.apps import apps
from django.db import transaction
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from wpiforum import languages
from wpiforum.localization import status
from wpiforum.localization.choices import State
from wpiforum.localization.models import TranslationState
from wpiforum.publishing.choices import Verb
from wpiforum.publishing.log import WorkflowError, record
from wpiforum.publishing.models import Publishable, Revision
from wpiforum.publishing.permissions import may
from wpiforum.publishing.snapshot import WHOLE, changes, language_of, model_of
from wpiforum.wording_diff import word_diff


class Item(NamedTuple):
    """One row's text in one language that is not its source."""

    group: str
    root: Any
    row: Any
    language: str
    state: State
    known: TranslationState | None

    @property
    def source_language(self) -> str:
        return self.known.source_language if self.known else languages.DEFAULT


def roots() -> list[type[Publishable]]:
    """Return the models of root rows."""
    return [model for model in apps.get_models() if issubclass(model, Publishable)]


def _rows() -> Iterator[tuple[list[Any], dict[Any, Any]]]:
    """Yield rows of one model, with the root of each by its key."""
    for model in roots():
        loaded = model._base_manager.order_by("pk")
        found = list(loaded.select_related(*model.group_relations) if model.group_relations else loaded)
        if status.bilingual(model):
            yield found, {row.pk: row for row in found}
        by_key = {row.pk: row for row in found}
        for name in model.owned:
            relation: Any = model._meta.get_field(name)
            if status.bilingual(relation.related_model):
                rows = list(relation.related_model._base_manager.order_by("pk"))
                yield rows, {row.pk: by_key[getattr(row, relation.field.attname)] for row in rows}


def _drafted() -> set[tuple[str, str]]:
    """Return key and language of every text that an open draft changes."""
    found = set()
    for revision in Revision.objects.open().prefetch_related("subject"):
        root = revision.subject
        if root is None:
            continue
        for change in changes(revision.base, revision.data):
            if change.field == WHOLE:
                continue
            code = language_of(model_of(root, change.relation), change.field)
            if code:
                found.add((change.key or str(root.pk), code))
    return found


def items() -> list[Item]:
    """Return every translation, in a number of queries that depends on the kinds of rows alone."""
    drafted = _drafted()
    found = []
    for rows, owners in _rows():
        known = status.known_states(rows)
        for row in rows:
            if not status.is_item(row):
                continue
            root = owners[row.pk]
            for code in languages.CODES:
                stored = known.get((row.pk, code))
                if code == (stored.source_language if stored else languages.DEFAULT):
                    continue
                state = status.state(row, code, stored, drafted=(str(row.pk), code) in drafted)
                found.append(Item(root.group(), root, row, code, state, stored))
    return found


def board(found: list[Item]) -> list[tuple[str, Counter[State]]]:
    """Return the number of translations in each state by group; the totals are counts over the items."""
    groups: dict[str, Counter[State]] = {}
    for item in found:
        groups.setdefault(item.group, Counter())[item.state] += 1
    return sorted(groups.items())


def source_diff(item: Item) -> list[tuple[str, SafeString, str]]:
    """Return for each text of an item its name, the source with what changed since the confirmation, and the text."""
    before = item.known.source if item.known else {}
    source, own = status.texts(item.row, item.source_language), status.texts(item.row, item.language)
    fields = item.row._meta
    return [
        (
            str(fields.get_field(name).verbose_name),
            word_diff(before.get(name, source.get(name)), source.get(name)),
            own.get(name, ""),
        )
        for name in status.bilingual(type(item.row))
        if name in source or name in own
    ]


def confirm_translation(row: Any, *, root: Any, language: str, by: Any) -> None:
    """Say that a text still says what its source says; logged with the source it was confirmed against."""
    with transaction.atomic():
        if not may(by, Verb.CONFIRM_TRANSLATION, root, language=language):
            raise WorkflowError(_("Your role does not allow this."))
        if not status.stamp([row], by=by, languages_=[language]):
            raise WorkflowError(_("There is no text to confirm in this language."))
        record(
            Verb.CONFIRM_TRANSLATION,
            row,
            by=by,
            language=language,
            source=status.digest(status.texts(row, languages.DEFAULT)),
        )


def stamp_loaded() -> int:
    """Stamp what was loaded in both languages and has no state yet; nobody confirmed it, and the state says so."""
    number = 0
    for rows, _owners in _rows():
        known = {key for key, _language in status.known_states(rows)}
        number += status.stamp([row for row in rows if row.pk not in known])
    return number
