"""Figures from a spreadsheet: what is read, what is refused in words, and that nothing is taken by halves."""

import io
import re
import zipfile
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook

from centers.figure_sheet import read_date, write_date
from centers.models import Observation
from tests.factories import centers as make
from tests.factories.publishing import make_assignment, make_person
from tests.helpers import LANGUAGES
from wpiforum import tables

pytestmark = pytest.mark.django_db
HEAD = "center,indicator,fiscal_year,value,exactness,as_of,source,note_ja,note_en\n"
URL = "/en/admin/centers/observation/load/"


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("editor", password="secret"))
    return client


@pytest.fixture
def known() -> None:
    make.make_center(slug="ircn", acronym="IRCN")
    make.make_indicator(key="researchers")
    make.make_source(key="report-2024")


def send(client: Client, content: str | bytes, name: str = "figures.csv", url: str = URL) -> str:
    data = content if isinstance(content, bytes) else content.encode()
    return str(client.post(url, {"file": SimpleUploadedFile(name, data)}).content.decode())


def confirm(client: Client, html: str) -> Any:
    found = re.search(r'name="lines" value="([^"]+)"', html)
    assert found is not None
    return client.post(URL, {"lines": found[1]}, follow=True)


def problems(html: str) -> list[str]:
    found = re.findall(r'class="errornote">([^<]+)<|<ul class="errorlist"[^>]*><li>([^<]+)<', html)
    return [one or other for one, other in found]


def rows() -> list[tuple[Any, ...]]:
    return list(
        Observation.objects.order_by("fiscal_year").values_list(
            "center__slug", "indicator__key", "fiscal_year", "value", "qualifier", "as_of_on", "as_of_precision"
        )
    )


def test_file_is_shown_first_and_saved_when_confirmed(staff: Client, known: None) -> None:
    text = (
        HEAD
        + "ircn,researchers,2023,42,about,2024-03,report-2024,,\nIRCN,researchers,FY2024,1,,2024年度,report-2024,,\n"
    )
    html = send(staff, text)
    assert "2 new figures. 0 changed figures. 0 figures as they are. 0 rows with problems." in html
    assert rows() == []
    assert "2 figures were saved." in confirm(staff, html).content.decode()
    assert rows() == [
        ("ircn", "researchers", 2023, Decimal(42), "about", date(2024, 3, 1), "month"),
        ("ircn", "researchers", 2024, Decimal(1), "exact", date(2024, 4, 1), "fiscal_year"),
    ]


def test_one_bad_row_keeps_all_out_and_every_problem_names_its_row(staff: Client, known: None) -> None:
    bad = "nowhere,researchers,2023,42,,,report-2024,,\nircn,researchers,twenty,many,most,soon,report-2024,,\n"
    html = send(staff, HEAD + "ircn,researchers,2022,1,,,report-2024,,\n" + bad)
    assert problems(html) == [
        "There is no center “nowhere”. Write its slug or acronym.",
        "“twenty” is no fiscal year. Write 2018.",
        "“many” is no figure. Write digits only.",
        "“soon” is no date. Write 2019-02-05, 2019-02, 2019 or FY2018.",
        "“most” is no exactness. Write exact, about or more_than.",
    ]
    assert re.findall(r"<td>(\d+)</td>", html) == ["2", "3", "4"]
    assert 'name="lines"' not in html
    assert rows() == []


def test_rules_of_the_model_hold_in_a_sheet(staff: Client, known: None) -> None:
    make.make_indicator(key="share", unit="percent")
    text = "ircn,share,2023,101,,,report-2024,,\nircn,researchers,2023,-1,,,report-2024,,\n"
    assert problems(send(staff, HEAD + text)) == ["A share cannot be above 100 %.", "A figure cannot be below zero."]


def test_same_figure_twice_is_named(staff: Client, known: None) -> None:
    row = "ircn,researchers,2023,4,,,report-2024,,\n"
    assert problems(send(staff, HEAD + row + row)) == ["Row 2 speaks of the same figure."]


def test_correction_shows_old_and_new_and_keeps_what_the_file_does_not_name(staff: Client, known: None) -> None:
    confirm(staff, send(staff, HEAD + "ircn,researchers,2023,42,about,,report-2024,注,Note\n"))
    html = send(staff, "center,indicator,fiscal_year,value,source\nircn,researchers,2023,43,report-2024\n")
    assert re.findall(r"<del>([^<]*)</del> <ins>([^<]*)</ins>", html) == [("42.00", "43")]
    confirm(staff, html)
    kept = Observation.objects.get()
    assert (kept.value, kept.qualifier, kept.note_en) == (43, "about", "Note")


def test_preview_that_is_no_longer_true_is_shown_again(staff: Client, known: None) -> None:
    confirm(staff, send(staff, HEAD + "ircn,researchers,2023,42,,,report-2024,,\n"))
    html = send(staff, HEAD + "ircn,researchers,2023,43,,,report-2024,,\n")
    Observation.objects.update(value=50)
    assert "the figures changed meanwhile" in confirm(staff, html).content.decode()
    assert Observation.objects.get().value == 50


def test_forged_preview_is_refused(staff: Client, known: None) -> None:
    answer = staff.post(URL, {"lines": "forged"}, follow=True).content.decode()
    assert "This preview is no longer valid. Please send the file again." in answer
    assert rows() == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_headings_and_notes_in_japanese_are_read_in_every_usual_encoding(
    encoding: str, staff: Client, known: None
) -> None:
    heading = "拠点,指標,年度,値,正確さ,時点,出典,注記（日本語）\n"
    text = heading + "ircn,researchers,2023年度,４２,約,2024年3月31日,report-2024,常勤①\n"
    confirm(staff, send(staff, text.encode(encoding)))
    row = Observation.objects.get()
    assert (row.value, row.qualifier, row.as_of_on, row.note_ja) == (42, "about", date(2024, 3, 31), "常勤①")


def workbook(*cells: list[object]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    for row in cells:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def test_workbook_is_read_with_numbers_and_dates_as_they_are(staff: Client, known: None) -> None:
    file = workbook(
        ["center", "indicator", "fiscal_year", "value", "as_of", "source"],
        ["ircn", "researchers", 2023, 42.5, date(2024, 3, 31), "report-2024"],
    )
    confirm(staff, send(staff, file, "figures.xlsx"))
    assert rows() == [("ircn", "researchers", 2023, Decimal("42.5"), "exact", date(2024, 3, 31), "day")]


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * (tables.MAX_UNPACKED_BYTES + 1))
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The submitted file is empty."),
        (
            b"\xff\xfe\x00\xd8",
            "We cannot read the letters of this file. Save it as “CSV UTF-8” or as XLSX and send it again.",
        ),
        (
            b"center\x00,indicator",
            "We cannot read the letters of this file. Save it as “CSV UTF-8” or as XLSX and send it again.",
        ),
        (b"\x81", "We cannot read the letters of this file. Save it as “CSV UTF-8” or as XLSX and send it again."),
        (b"center,indicator\n", "The column “fiscal_year” is missing from the first row."),
        (HEAD.encode(), "The file has no rows below its first one."),
        (b"center,center,indicator,fiscal_year,value,source\n", "Two columns have the same heading."),
        (b"x" * 2_000_001, "The file is larger than 2 MB. Please send it in parts."),
        (b"a\n" * 2_002, "The file has more than 2,000 rows. Please send it in parts."),
        (b"PK\x03\x04 no zip", "This XLSX file is damaged or not a table. Save it again and send it."),
        (bomb(), "This XLSX file unpacks to more than 30 MB and is refused."),
        (workbook(["center"], ["=1+1"]), "Cell A2 is a formula. Paste its value instead."),
    ],
    ids=["empty", "utf16", "nul", "cp932", "column", "rows", "twice", "large", "long", "zip", "bomb", "formula"],
)
def test_bad_file_gets_a_sentence(content: bytes, sentence: str, staff: Client, known: None) -> None:
    assert problems(send(staff, content)) == [sentence]
    assert rows() == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentence_is_in_the_language_of_the_page(language: str, staff: Client) -> None:
    html = send(staff, b"center\n", url=f"/{language}/admin/centers/observation/load/")
    said = {"ja": "列「indicator」が1行目にありません。", "en": "The column “indicator” is missing from the first row."}
    assert problems(html) == [said[language]]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_is_downloaded_changes_nothing_when_sent_back_and_runs_no_formula(
    kind: str, staff: Client, known: None
) -> None:
    confirm(staff, send(staff, HEAD + "ircn,researchers,2023,42,about,2024,report-2024,,\n"))
    Observation.objects.update(note_en="=HYPERLINK(1)", note_ja="-注")
    content = staff.get(f"/en/admin/centers/observation/sheet.{kind}").content
    table = tables.read(content, {"note_en": (), "note_ja": ()}, ())
    raw = content.decode("utf-8-sig") if kind == "csv" else ""
    assert ("'=HYPERLINK(1)" in raw) == (kind == "csv")
    assert table == [tables.Line(2, {"note_ja": "-注", "note_en": "=HYPERLINK(1)"})]
    assert "0 new figures. 0 changed figures. 1 figure as it is." in send(staff, content)


@pytest.mark.parametrize("text", ["=1", "'=1", "''-x", "'plain", "plain", "@x", "+81 3"])
def test_disarmed_cell_comes_back_as_it_was_and_starts_no_formula(text: str) -> None:
    sent = str(tables.disarm(text))
    assert (tables.arm(sent), sent.startswith(tables.FORMULA)) == (text, False)


@pytest.mark.parametrize(
    ("text", "value", "precision"),
    [
        ("2019-02-05", date(2019, 2, 5), "day"),
        ("２０１９年２月５日", date(2019, 2, 5), "day"),
        ("2019/2", date(2019, 2, 1), "month"),
        ("2019年2月", date(2019, 2, 1), "month"),
        ("2019", date(2019, 1, 1), "year"),
        ("FY2018", date(2018, 4, 1), "fiscal_year"),
        ("2018年度", date(2018, 4, 1), "fiscal_year"),
        ("", None, "day"),
    ],
)
def test_date_keeps_its_precision_both_ways(text: str, value: date | None, precision: str) -> None:
    assert read_date(text) == (value, precision)
    assert read_date(write_date(value, precision)) == (value, precision)


@pytest.mark.parametrize("text", ["2019-02-30", "2019-13", "平成31年", "soon", "20190205"])
def test_date_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="month|" + text):
        read_date(text)


@pytest.mark.parametrize("path", ["load/", "sheet.csv", "sheet.xlsx"])
def test_person_without_the_right_is_refused(path: str, client: Client, known: None) -> None:
    user = User.objects.create_user("guest", is_staff=True)
    client.force_login(user)
    for method in (client.get, client.post):
        assert method(f"/en/admin/centers/observation/{path}").status_code == 403
    assert client.get("/ja/admin/centers/observation/load/").status_code == 403
    assert Permission.objects.filter(user=user).count() == 0


def test_editor_of_a_center_loads_figures_of_that_center_only(client: Client, known: None) -> None:
    own = make.make_center(slug="aimr", acronym="AIMR")
    client.force_login(make_assignment(subject=own).user)
    row = "{},researchers,2023,42,,,report-2024,,\n"
    assert problems(send(client, HEAD + row.format("ircn"))) == ["You may not edit the figures of this center."]
    confirm(client, send(client, HEAD + row.format("aimr")))
    assert [found[:3] for found in rows()] == [("aimr", "researchers", 2023)]


def test_translator_loads_nothing(client: Client, known: None) -> None:
    client.force_login(make_person("translator_en"))
    assert client.get(URL).status_code == 403


@pytest.mark.parametrize("language", LANGUAGES)
def test_load_page_opens_under_the_policy(language: str, staff: Client) -> None:
    html = staff.get(f"/{language}/admin/centers/observation/load/").content.decode()
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*(\ssrc=|\snonce=|json))", html)
    assert f'<html lang="{language}"' in html
