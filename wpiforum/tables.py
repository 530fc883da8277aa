"""Tables that people send in: CSV in the encodings of Japanese offices, and XLSX, read as rows of text.

Nothing here trusts the file: its size, what it unpacks to, and its formulas are checked before anything is used.
"""

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _
from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

MAX_BYTES = 2_000_000
MAX_UNPACKED_BYTES = 30_000_000
MAX_ROWS = 2_000
MAX_COLUMNS = 60
MAX_CELL = 20_000
# A cell that starts like this is run as a formula by spreadsheets (CSV injection, CWE-1236).
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class TableError(Exception):
    """A file that cannot be taken, with the sentence its sender reads."""

    def __init__(self, sentence: Any) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Line(NamedTuple):
    """One row: its number as a spreadsheet shows it, and its cells by the names of the columns that the file has."""

    number: int
    cells: dict[str, str]


def disarm(cell: object) -> object:
    """Return a cell that no spreadsheet runs: text that would be a formula gets an apostrophe in front."""
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip("'").startswith(FORMULA) else cell


def arm(cell: str) -> str:
    """Undo `disarm` in what comes back."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(FORMULA) else cell


def read(content: bytes, columns: Mapping[str, Sequence[str]], required: Sequence[str]) -> list[Line]:
    """Return the filled rows below the heading; raise TableError.

    `columns` gives for each name the headings it may have, in whatever language; others are left alone.
    """
    if len(content) > MAX_BYTES:
        raise TableError(_("The file is larger than 2 MB. Please send it in parts."))
    rows = _xlsx(content) if content.startswith(b"PK\x03\x04") else _csv(content)
    if not rows:
        raise TableError(_("The file is empty."))
    known = {heading.strip().casefold(): name for name, headings in columns.items() for heading in (name, *headings)}
    names = [known.get(cell.strip().casefold()) for cell in rows[0]]
    for name in required:
        if name not in names:
            raise TableError(_("The column “%(name)s” is missing from the first row.") % {"name": columns[name][0]})
    if len([name for name in names if name]) != len({name for name in names if name}):
        raise TableError(_("Two columns have the same heading."))
    lines = []
    for number, cells in enumerate(rows[1:], start=2):
        filled = [*cells, *[""] * (len(names) - len(cells))]
        named = {name: arm(cell.strip()) for name, cell in zip(names, filled, strict=False) if name}
        if any(named.values()):
            lines.append(Line(number, named))
    return lines


def _check_width(rows: list[list[str]]) -> list[list[str]]:
    if len(rows) > MAX_ROWS + 1:
        raise TableError(_("The file has more than 2,000 rows. Please send it in parts."))
    if any(len(row) > MAX_COLUMNS for row in rows):
        raise TableError(_("The file has more than 60 columns."))
    if any(len(cell) > MAX_CELL for row in rows for cell in row):
        raise TableError(_("A cell holds more than 20,000 characters."))
    return rows


def _decode(content: bytes) -> str:
    """Return the text: UTF-8 or UTF-16 where it says so, UTF-8, or what Excel writes in Japan (CP932)."""
    encodings = ["utf-8-sig", "cp932"]
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise TableError(_("We cannot read the letters of this file. Save it as “CSV UTF-8” or as XLSX and send it again."))


def _csv(content: bytes) -> list[list[str]]:
    text = _decode(content)
    heading = text.split("\n", 1)[0]
    delimiter = max(",\t;", key=heading.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        raise TableError(_("This is no table that we can read. Send CSV or XLSX.")) from None
    return _check_width(rows)


def _xlsx(content: bytes) -> list[list[str]]:
    broken = TableError(_("This XLSX file is damaged or not a table. Save it again and send it."))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            # A few kilobytes can unpack to gigabytes; zipfile reads no more than what each entry declares.
            if sum(entry.file_size for entry in packed.infolist()) > MAX_UNPACKED_BYTES:
                raise TableError(_("This XLSX file unpacks to more than 30 MB and is refused."))
            book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError, SyntaxError):
        raise broken from None
    try:
        sheet: Any = book.worksheets[0] if book.worksheets else None
        if sheet is None:
            raise broken
        rows = []
        # What the sheet declares as its size is the sender's word; the limits are applied to what comes.
        sheet.reset_dimensions()
        for row in sheet.iter_rows(max_row=MAX_ROWS + 2, max_col=MAX_COLUMNS + 1):
            cells = [_cell(cell) for cell in row]
            while cells and not cells[-1]:
                cells.pop()
            rows.append(cells)
    except (KeyError, ValueError, SyntaxError, zipfile.BadZipFile):
        raise broken from None
    finally:
        book.close()
    while rows and not rows[-1]:
        rows.pop()
    return _check_width(rows)


def _cell(cell: Any) -> str:
    if cell.data_type == "f":
        place = f"{cell.column_letter}{cell.row}"
        raise TableError(_("Cell %(place)s is a formula. Paste its value instead.") % {"place": place})
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def xlsx(rows: Sequence[Sequence[object]]) -> bytes:
    """Return rows as a workbook of text and numbers, without formulas."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append([disarm(cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
