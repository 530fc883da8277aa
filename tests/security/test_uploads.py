"""Files that staff send: tables alone, read and never kept; whatever else is sent gets a sentence."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from openpyxl import Workbook

from centers.models import Observation
from tests.centers.test_figure_sheet import known, problems, send, staff  # noqa: F401  fixtures
from tests.helpers import LANGUAGES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("known")]
SVG = '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
EXTERNAL = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
LAUGHS = '<!DOCTYPE x [<!ENTITY a "{}">{}]>'.format(
    "ha" * 50,
    "".join(f'<!ENTITY {name} "{f"&{before};" * 20}">' for before, name in zip("abcde", "bcdef", strict=True)),
)


def zipped(name: str = "picture.svg", content: str = SVG) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, content)
    return out.getvalue()


def workbook_with(doctype: str, entity: str) -> bytes:
    """Return a workbook whose first cell is an entity of the sender."""
    book, made, out = Workbook(), io.BytesIO(), io.BytesIO()
    book.worksheets[0]["A1"] = "center"
    book.save(made)
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name).decode()
            if name.endswith("sheet1.xml"):
                text = doctype + text[text.index("<worksheet") :].replace("center", f"&{entity};")
            new.writestr(name, text)
    return out.getvalue()


SENT = {
    "a picture": PNG,
    "a picture with script": SVG.encode(),
    "a picture that is an archive, too": b"GIF89a/*" + zipped(),
    "an archive of something else": zipped(),
    "an archive that leads out": zipped("../../../tmp/evil.xlsx"),
    "a table that reads a file": workbook_with(EXTERNAL, "e"),
    "a table that grows without end": workbook_with(LAUGHS, "f"),
    "a page": b"<!doctype html><script>alert(1)</script>",
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", SENT)
def test_file_that_is_no_table_gets_a_sentence_and_is_not_kept(
    staff: Client,  # noqa: F811
    settings: Any,
    tmp_path: Path,
    kind: str,
    language: str,
) -> None:
    settings.MEDIA_ROOT = tmp_path
    html = send(staff, SENT[kind], name="figures.xlsx", url=f"/{language}/admin/centers/observation/load/")
    assert len(problems(html)) == 1
    assert ("alert(1)</script>" in html, "root:" in html) == (False, False)
    assert (list(tmp_path.iterdir()), Observation.objects.count()) == ([], 0)


def test_no_row_keeps_a_file() -> None:
    """Whoever adds one checks its content, writes it anew, and serves it apart, as an attachment of a fixed type."""
    kept = [field for model in apps.get_models() for field in model._meta.fields if isinstance(field, models.FileField)]
    assert kept == []
