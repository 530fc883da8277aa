"""How a row's translation stands, by digests of the normalised source text; and the acts that move it.

The source is the language a row was written in, Japanese unless its state says otherwise. Slugs, order, widths of
characters, spaces and unchanged saves leave a translation up to date; so does putting the confirmed text back.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from modeltranslation.translator import translator

from wpiforum import languages
from wpiforum.localization.choices import State
from wpiforum.localization.models import TranslationState

Texts = dict[str, str]


def bilingual(model: type[models.Model]) -> list[str]:
    """Return the names of a model's bilingual fields."""
    if model not in translator.get_registered_models():
        return []
    return sorted(translator.get_options_for_model(model).all_fields)


def texts(row: Any, code: str) -> Texts:
    """Return a row's texts in a language, the empty ones left out."""
    found = {name: getattr(row, f"{name}_{code}") or "" for name in bilingual(type(row))}
    return {name: text for name, text in found.items() if text.strip()}


def normal(text: str) -> str:
    """Return a text with the widths of characters and the spaces folded: what changes no meaning."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip()


def digest(found: Texts) -> str:
    """Return the digest of a row's texts in one language."""
    content = json.dumps({name: normal(text) for name, text in found.items()}, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()[:32]


def targets(source: str) -> tuple[str, ...]:
    """Return the languages that are translated into, where `source` is the source."""
    return tuple(code for code in languages.CODES if code != source)


def state(row: Any, code: str, known: TranslationState | None, *, drafted: bool = False) -> State:
    """Tell how a row's text stands in a language that is not its source.

    `drafted`: an open draft changes texts of that language.
    """
    source = texts(row, known.source_language if known else languages.DEFAULT)
    own = texts(row, code)
    if drafted:
        return State.IN_PROGRESS
    if set(source) - set(own):
        return State.MISSING
    if known is None or known.digest != digest(source):
        return State.OUTDATED
    return State.UP_TO_DATE


def known_states(rows: Iterable[Any]) -> dict[tuple[Any, str], TranslationState]:
    """Return the stored states of rows of one model by key and language, in one query."""
    return {(found.object_id, found.language): found for found in TranslationState.objects.about(rows)}


def is_item(row: Any) -> bool:
    """Tell whether a row has texts to translate."""
    return any(texts(row, code) for code in languages.CODES)


def stamp(rows: Iterable[Any], *, by: Any = None, languages_: Iterable[str] = (), source: str = "") -> int:
    """Confirm that the texts of rows of one model agree now; return how many states were written.

    Nobody in `by` means "as loaded". Only rows that have the text in both languages are stamped.
    """
    rows = [row for row in rows if is_item(row)]
    if not rows:
        return 0
    known = known_states(rows)
    kind = ContentType.objects.get_for_model(rows[0])
    moment = timezone.now() if by is not None else None
    fresh, changed = [], []
    for row in rows:
        for code in languages.CODES:
            found = known.get((row.pk, code))
            origin = source or (found.source_language if found else languages.DEFAULT)
            if code == origin or (languages_ and code not in languages_):
                continue
            original = texts(row, origin)
            if not texts(row, code) or not original:
                continue
            values = {"source_language": origin, "digest": digest(original), "source": original, "is_wrong": False}
            values |= {"confirmed_at": moment, "confirmed_by": by}
            if found is None:
                fresh.append(TranslationState(content_type=kind, object_id=row.pk, language=code, **values))
            else:
                for name, value in values.items():
                    setattr(found, name, value)
                changed.append(found)
    TranslationState.objects.bulk_create(fresh)
    TranslationState.objects.bulk_update(
        changed, ["source_language", "digest", "source", "is_wrong", "confirmed_at", "confirmed_by"]
    )
    return len(fresh) + len(changed)


def warn(rows: Iterable[Any], *, source: str) -> int:
    """Mark the translations of rows as wrong: readers are warned until somebody confirms them anew."""
    found = TranslationState.objects.about(rows).filter(source_language=source)
    return found.update(is_wrong=True)


def wrong(label: str, code: str) -> models.Exists:
    """Return the condition "readers of this language are warned" for rows of a model, given as app_label.model."""
    app, model = label.split(".")
    return models.Exists(
        TranslationState.objects.filter(
            content_type__app_label=app,
            content_type__model=model,
            object_id=models.OuterRef("pk"),
            language=code,
            is_wrong=True,
        )
    )


def wrong_languages(rows: Iterable[Any]) -> dict[Any, set[str]]:
    """Return, by key, the languages in which readers of these rows of one model are warned; one query."""
    found: dict[Any, set[str]] = {}
    for row in TranslationState.objects.about(rows).filter(is_wrong=True):
        found.setdefault(row.object_id, set()).add(row.language)
    return found
