"""Message catalogues without the gettext tools: extract, compare and compile with Babel."""

import re
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.reloader import translation_file_changed
from django.utils.translation.template import templatize

KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
FOLDERS = ("wpiforum", "centers", "onboarding", "templates")


def catalogue_path(language: str) -> Path:
    return Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / "django.po"


def extracted() -> Catalog:
    """Return every marked string of the code and the templates; source strings are English."""
    catalogue = Catalog(project="WPI Forum", charset="utf-8")
    base = Path(settings.BASE_DIR)
    for folder in FOLDERS:
        for path in sorted((base / folder).rglob("*")):
            if path.suffix not in {".py", ".html", ".txt"} or "migrations" in path.parts:
                continue
            text = path.read_text(encoding="utf-8")
            # Django turns a template into Python-like text in which only the marked strings are calls.
            # Indentation goes, since that of a template is none of Python's; a marked string is always one line of it.
            source = text if path.suffix == ".py" else re.sub(r"(?m)^[ \t]+", "", templatize(text, origin=str(path)))
            name = path.relative_to(base).as_posix()
            for _line, message, _comments, context in extract(
                "python", BytesIO(source.encode()), keywords=KEYWORDS, options={"encoding": "utf-8"}
            ):
                catalogue.add(message, locations=[(name, 0)], context=context)
    return catalogue


def load(language: str) -> Catalog:
    """Return the catalogue of a language, empty if there is no file yet."""
    path = catalogue_path(language)
    if not path.exists():
        return Catalog(locale=language, project="WPI Forum", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def update(language: str) -> None:
    """Write the catalogue with every string of the code: new ones empty, vanished ones dropped."""
    catalogue = load(language)
    catalogue.update(extracted(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    with catalogue_path(language).open("wb") as file:
        write_po(file, catalogue, omit_header=False, sort_output=True, width=110, no_location=True)


def problems(language: str) -> list[str]:
    """Return one line per string that is missing, empty, fuzzy or no longer used."""
    catalogue, wanted = load(language), extracted()
    lines = []
    for message in wanted:
        if not message.id:
            continue
        found = catalogue.get(message.id, message.context)
        if found is None:
            lines.append(f"missing: {_label(message)}")
        elif found.fuzzy:
            lines.append(f"fuzzy: {_label(message)}")
        elif not all(found.string if isinstance(found.string, (tuple, list)) else [found.string]):
            lines.append(f"empty: {_label(message)}")
    lines += [
        f"no longer used: {_label(message)}"
        for message in catalogue
        if message.id and wanted.get(message.id, message.context) is None
    ]
    return lines


def _label(message: Message) -> str:
    text = message.id if isinstance(message.id, str) else message.id[0]
    return f"[{message.context}] {text}" if message.context else text


def compile_catalogues() -> None:
    """Write the compiled catalogue beside each .po file where it is newer, and let this process read it."""
    for language, _name in settings.LANGUAGES:
        path = catalogue_path(language)
        target = path.with_suffix(".mo")
        if path.exists() and (not target.exists() or target.stat().st_mtime < path.stat().st_mtime):
            with target.open("wb") as file:
                write_mo(file, load(language))
            # What was read before, also that there was no file, is remembered and handed on to the server's workers.
            translation_file_changed(None, target)
