"""The gate for pairs: what two language halves of one text must agree on, and what neither may hold.

Errors block a publication unless somebody waives them with a reason; warnings ask. The same checks run over everything
as the command `check_pairs`.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from django.db import models
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from wpiforum import languages
from wpiforum.publishing.quantities import Quantity, differences, read


class Level(StrEnum):
    ERROR = "error"
    WARNING = "warning"


class Problem(NamedTuple):
    """One finding: its rule, how much it weighs, the field, and a sentence for the editor."""

    rule: str
    level: Level
    field: str
    sentence: str


_PLACEHOLDER = re.compile(
    r"\b(?:TODO|FIXME|XXX+|TBD|lorem ipsum)\b|●●|△△|\?\?\?|（要確認）|\[ja\]|\[en\]", re.IGNORECASE
)
_KANA = re.compile(r"[\u3040-\u30ff]")
_JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]")
_ITEM = re.compile(r"<li[\s>]", re.IGNORECASE)
_HREF = re.compile(r'href="(/[^"#?]*)', re.IGNORECASE)
_IMAGE = re.compile(r"<img\b(?![^>]*\balt=\"[^\"]+\")[^>]*>", re.IGNORECASE)


def _plain(text: str) -> str:
    return strip_tags(re.sub(r"<(?:/?(?:p|li|ul|ol|h\d|td|th|tr|br)[^>]*)>", " \n ", text))


def check_pair(field: str, ja: str, en: str) -> Iterator[Problem]:
    """Yield what is wrong with one bilingual field; both halves empty is nothing to say."""
    if not ja and not en:
        return
    if not ja or not en:
        missing = languages.other("ja" if ja else "en")
        yield Problem("empty-half", Level.WARNING, field, _half_text(missing))
    else:
        yield from _compare(field, ja, en)
    for code, text in (("ja", ja), ("en", en)):
        if text:
            yield from _check_half(field, code, text)


def _half_text(code: str) -> str:
    name = next(language.own_name for language in languages.LANGUAGES if language.code == code)
    return _("The half in %(language)s is empty.") % {"language": name}


def _compare(field: str, ja: str, en: str) -> Iterator[Problem]:
    only_ja, only_en = differences(_plain(ja), _plain(en))
    if only_ja or only_en:
        yield Problem(
            "quantities",
            Level.ERROR,
            field,
            _("The languages state different figures: only in Japanese %(ja)s; only in English %(en)s.")
            % {"ja": ", ".join(map(str, only_ja)) or "–", "en": ", ".join(map(str, only_en)) or "–"},
        )
    items = len(_ITEM.findall(ja)), len(_ITEM.findall(en))
    if items[0] != items[1]:
        yield Problem(
            "list-items",
            Level.ERROR,
            field,
            _("The lists differ: %(ja)d items in Japanese, %(en)d in English.") % {"ja": items[0], "en": items[1]},
        )


def _check_half(field: str, code: str, text: str) -> Iterator[Problem]:
    plain = _plain(text)
    found = _PLACEHOLDER.search(plain)
    if found:
        yield Problem("placeholder", Level.ERROR, field, _("“%(text)s” looks left over.") % {"text": found[0]})
    if _is_wrong_language(code, plain):
        yield Problem("language", Level.ERROR, field, _("This half looks written in the other language."))
    for path in _HREF.findall(text):
        try:
            with translation.override(languages.from_path(path) or code):  # a prefix only resolves in its language
                resolve(path)
        except Resolver404:
            yield Problem(
                "dead-link", Level.ERROR, field, _("The link to %(path)s leads nowhere on this site.") % {"path": path}
            )
    if _IMAGE.search(text):
        yield Problem("image-text", Level.ERROR, field, _("An image has no text in place of it."))


def _is_wrong_language(code: str, plain: str) -> bool:
    """Tell whether a half is plainly in the other language; names and short labels are left alone."""
    plain = re.sub(r"https?://\S+|\{\{[^}]*\}\}", " ", plain)
    japanese, latin = len(_JAPANESE.findall(plain)), len(_LATIN.findall(plain))
    if code == "ja":
        return latin > 60 and not _KANA.search(plain)
    return japanese > 20 and japanese > latin


def bilingual_fields(model: type[models.Model]) -> list[str]:
    """Return the names of a model's bilingual fields."""
    names = {field.name for field in model._meta.get_fields()}
    first = languages.CODES[0]
    bases = [name.removesuffix(f"_{first}") for name in names if name.endswith(f"_{first}")]
    return sorted(base for base in bases if all(f"{base}_{code}" in names for code in languages.CODES))


# Apps that keep values in one place say which: each states a quantity, and what texts write in its place.
KEPT_ONCE: list[Callable[[], Mapping[Quantity, str]]] = []


def kept_once() -> dict[Quantity, str]:
    """Return the values that are kept once today; ask once for a whole run."""
    return {quantity: reference for values in KEPT_ONCE for quantity, reference in values().items()}


def _typed(field: str, halves: Mapping[str, str], kept: Mapping[Quantity, str]) -> Iterator[Problem]:
    found = {quantity for code, text in halves.items() for quantity in read(_plain(text), code)}
    for quantity in sorted(found & kept.keys()):
        yield Problem(
            "kept-once",
            Level.WARNING,
            field,
            _("%(figure)s is also a value that is kept once. If it is that value, write %(reference)s.")
            % {"figure": quantity, "reference": kept[quantity]},
        )


# Rules about what the halves say to each other; the others speak of one half alone.
BETWEEN_LANGUAGES = frozenset({"quantities", "list-items"})


def check_fields(
    model: type[models.Model], columns: Mapping[str, Any], kept: Mapping[Quantity, str] | None = None
) -> list[Problem]:
    """Return the problems of all bilingual fields of one row, given its columns; `kept` as `kept_once` returns it."""
    found = []
    referring = getattr(model, "referring_fields", ())
    for field in bilingual_fields(model):
        halves = {code: str(columns.get(f"{field}_{code}") or "") for code in languages.CODES}
        found += [
            *check_pair(field, halves["ja"], halves["en"]),
            *_typed(field, halves, kept if kept and field in referring else {}),
        ]
    return found


def check_row(row: Any, kept: Mapping[Quantity, str] | None = None) -> list[Problem]:
    """Return the problems of all bilingual fields of one row."""
    return check_fields(type(row), vars(row), kept)
