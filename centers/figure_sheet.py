"""Figures of centers from a spreadsheet and back: one row per observation, checked by the rules of the model itself."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from centers.choices import Qualifier
from centers.models import Center, Indicator, Observation
from wpiforum.provenance.dates import Precision
from wpiforum.provenance.models import Source
from wpiforum.tables import Line

# Each column with the headings it may have; the first is shown where it is missing.
COLUMNS: dict[str, tuple[str, ...]] = {
    "center": ("center", "拠点"),
    "indicator": ("indicator", "指標"),
    "fiscal_year": ("fiscal_year", "fiscal year", "年度"),
    "value": ("value", "値"),
    "exactness": ("exactness", "正確さ"),
    "as_of": ("as_of", "as of", "時点"),
    "source": ("source", "出典"),
    "note_ja": ("note_ja", "注記（日本語）"),
    "note_en": ("note_en", "注記（英語）"),
}
REQUIRED = ("center", "indicator", "fiscal_year", "value", "source")
# The words of both languages, besides the keys.
_EXACTNESS = {
    "": Qualifier.EXACT,
    "exact": Qualifier.EXACT,
    "正確": Qualifier.EXACT,
    "about": Qualifier.ABOUT,
    "約": Qualifier.ABOUT,
    "more_than": Qualifier.MORE_THAN,
    "more than": Qualifier.MORE_THAN,
    "超": Qualifier.MORE_THAN,
}
_DATES: tuple[tuple[str, str], ...] = (
    (r"(?:FY|fy)(\d{4})|(\d{4})年度", Precision.FISCAL_YEAR),
    (r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})|(\d{4})年(\d{1,2})月(\d{1,2})日", Precision.DAY),
    (r"(\d{4})[-/.](\d{1,2})|(\d{4})年(\d{1,2})月", Precision.MONTH),
    (r"(\d{4})年?", Precision.YEAR),
)


class Change(NamedTuple):
    """One field that a row would change."""

    label: str
    before: str
    after: str


class SheetRow:
    """One row of the file: the figure it makes, what that changes, or what is wrong with it."""

    def __init__(self, number: int, row: Observation | None, problems: list[str], changes: list[Change]) -> None:
        self.number, self.row, self.problems, self.changes = number, row, problems, changes

    @property
    def is_new(self) -> bool:
        return self.row is not None and self.row._state.adding

    @property
    def is_same(self) -> bool:
        return self.row is not None and not self.is_new and not self.changes and not self.problems


def read_date(text: str) -> tuple[date | None, str]:
    """Return the first day and the precision of 2019-02-05, 2019年2月, 2018, FY2018 or 2018年度; raise ValueError."""
    text = unicodedata.normalize("NFKC", text).strip()
    if not text:
        return None, Precision.DAY
    for pattern, precision in _DATES:
        if found := re.fullmatch(pattern, text):
            parts = [int(part) for part in found.groups() if part]
            if precision == Precision.FISCAL_YEAR:
                return date(parts[0], 4, 1), precision
            return date(*[*parts, 1, 1][:3]), precision
    raise ValueError(text)


def write_date(day: date | None, precision: str) -> str:
    """Return a date as `read_date` reads it."""
    if day is None:
        return ""
    match precision:
        case Precision.FISCAL_YEAR:
            return f"FY{day.year}"
        case Precision.YEAR:
            return f"{day.year}"
        case Precision.MONTH:
            return f"{day:%Y-%m}"
    return day.isoformat()


def rows_of(observations: Iterable[Observation]) -> Iterator[list[object]]:
    """Return the heading and a row per figure, as `read_lines` takes them; loads nothing by itself."""
    yield list(COLUMNS)
    for row in observations:
        yield [
            row.center.slug,
            row.indicator.key,
            row.fiscal_year,
            f"{row.value.normalize():f}",
            row.qualifier,
            write_date(row.as_of_on, row.as_of_precision),
            row.source.key,
            row.note_ja or "",
            row.note_en or "",
        ]


def read_lines(lines: list[Line]) -> list[SheetRow]:
    """Return what each row would do. A row about the same center, indicator, year, source and day is a correction."""
    centers = {center.slug: center for center in Center.objects.all()}
    centers |= {center.acronym.casefold(): center for center in centers.values() if center.acronym}
    indicators = {indicator.key: indicator for indicator in Indicator.objects.all()}
    sources = {source.key: source for source in Source.objects.all()}
    existing = {_identity(row): row for row in Observation.objects.prefetch_related("center", "indicator", "source")}
    seen: dict[Any, int] = {}
    found = []
    for number, cells in lines:
        problems: list[str] = []
        center = centers.get(cells["center"]) or centers.get(cells["center"].casefold())
        indicator, source = indicators.get(cells["indicator"]), sources.get(cells["source"])
        for name, row in (("center", center), ("indicator", indicator), ("source", source)):
            if row is None:
                problems.append(_unknown(name, cells[name]))
        values = _values(cells, problems)
        if problems or center is None or indicator is None or source is None:
            found.append(SheetRow(number, None, problems, []))
            continue
        draft = Observation(center=center, indicator=indicator, source=source, **values)
        draft.normalize()
        identity = _identity(draft)
        if identity in seen:
            problems.append(_("Row %(number)d speaks of the same figure.") % {"number": seen[identity]})
        seen.setdefault(identity, number)
        target, changes = draft, []
        if before := existing.get(identity):
            target, changes = before, _changes(before, values)
            for field, value in values.items():
                setattr(target, field, value)
        try:
            target.full_clean(exclude={"center", "indicator", "source"})
        except ValidationError as error:
            problems += error.messages
        found.append(SheetRow(number, target, problems, changes))
    return found


@transaction.atomic
def save(rows: list[SheetRow]) -> list[Observation]:
    """Save every new and changed figure, or none; raise ValueError where a row has a problem."""
    if any(row.problems for row in rows):
        raise ValueError("a sheet with problems is never saved")
    saved = [row.row for row in rows if row.row is not None and not row.is_same]
    for observation in saved:
        observation.save()
    return saved


def digest(rows: list[SheetRow]) -> str:
    """Return what a preview shows as one short word, to see whether it is still true."""
    shown = [(row.number, row.is_new, row.changes, row.problems) for row in rows]
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:32]


def _identity(row: Observation) -> tuple[Any, ...]:
    day = (row.as_of_on, row.as_of_precision) if row.as_of_on else None
    return row.center_id, row.indicator_id, row.fiscal_year, row.source_id, day


def _values(cells: dict[str, str], problems: list[str]) -> dict[str, Any]:
    year = re.fullmatch(r"(?:FY)?(\d{4})(?:年度)?", unicodedata.normalize("NFKC", cells["fiscal_year"]))
    if not year:
        problems.append(_("“%(text)s” is no fiscal year. Write 2018.") % {"text": cells["fiscal_year"]})
    number = unicodedata.normalize("NFKC", cells["value"]).replace(",", "").removesuffix("%").strip()
    value = Decimal(0)
    if re.fullmatch(r"-?\d+(\.\d+)?", number):
        value = Decimal(number)
    else:
        problems.append(_("“%(text)s” is no figure. Write digits only.") % {"text": cells["value"]})
    day, precision, as_of = None, Precision.DAY.value, cells.get("as_of", "")
    try:
        day, precision = read_date(as_of)
    except ValueError:
        problems.append(_("“%(text)s” is no date. Write 2019-02-05, 2019-02, 2019 or FY2018.") % {"text": as_of})
    found: dict[str, Any] = {
        "fiscal_year": int(year[1]) if year else 0,
        "value": value,
        "as_of_on": day,
        "as_of_precision": precision,
    }
    # A column that the file does not have changes nothing.
    found |= {name: cells[name] for name in ("note_ja", "note_en") if name in cells}
    if "exactness" in cells:
        found["qualifier"] = _EXACTNESS.get(cells["exactness"].casefold())
        if found["qualifier"] is None:
            text = {"text": cells["exactness"]}
            problems.append(_("“%(text)s” is no exactness. Write exact, about or more_than.") % text)
    return found


def _unknown(name: str, text: str) -> str:
    if name == "center":
        return _("There is no center “%(text)s”. Write its slug or acronym.") % {"text": text}
    if name == "indicator":
        return _("There is no indicator “%(text)s”. Write its key.") % {"text": text}
    return _("There is no source “%(text)s”. Enter the source first and write its key.") % {"text": text}


def _changes(row: Observation, values: dict[str, Any]) -> list[Change]:
    changes = []
    for name in [name for name in ("value", "qualifier", "note_ja", "note_en") if name in values]:
        before, after = getattr(row, name) or "", values[name] or ""
        if before != after:
            field: Any = row._meta.get_field(name)
            label = str(field.verbose_name)
            changes.append(Change(label, str(before), str(after)))
    return changes


def summary(rows: list[SheetRow]) -> str:
    """Return in one sentence what the file would do."""
    new = sum(row.is_new and not row.problems for row in rows)
    changed = sum(bool(row.changes) and not row.problems for row in rows)
    same = sum(row.is_same for row in rows)
    wrong = sum(bool(row.problems) for row in rows)
    return " ".join(
        (
            ngettext("%(count)d new figure.", "%(count)d new figures.", new) % {"count": new},
            ngettext("%(count)d changed figure.", "%(count)d changed figures.", changed) % {"count": changed},
            ngettext("%(count)d figure as it is.", "%(count)d figures as they are.", same) % {"count": same},
            ngettext("%(count)d row with a problem.", "%(count)d rows with problems.", wrong) % {"count": wrong},
        )
    )
