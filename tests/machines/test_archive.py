"""The archive: valid by the standard, the same bytes for the same data, nothing hidden, served whole or in parts."""

import csv
import io
import json
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from tests.api.test_lists import LISTS, _hidden_rows
from tests.factories import centers, onboarding
from tests.helpers import main_text, page
from wpiforum import archive
from wpiforum.http import today

pytestmark = pytest.mark.django_db
DAY = date(2026, 4, 3)
ADDRESS = "/data/wpi-forum.zip"


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    settings.SITE_ORIGIN = "https://portal.example"


def _export(day: date = DAY) -> bytes:
    call_command("export_open_data", as_of=day.isoformat(), stdout=io.StringIO())
    return archive.path().read_bytes()


def _unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def test_every_list_of_the_interface_is_in_it() -> None:
    assert set(archive.lists()) == {path for path, _make, _number in LISTS} | {"claims"}
    names = set(_unpacked(_export()))
    assert {f"wpi-forum/{kind}/{name}.{kind}" for kind in ("csv", "jsonl") for name in archive.lists()} < names


def test_lines_are_what_the_interface_answers(client: Client) -> None:
    for _number in range(3):
        centers.make_practice()
    lines = _unpacked(_export())["wpi-forum/jsonl/practices.jsonl"].decode().splitlines()
    assert [json.loads(line) for line in lines] == client.get("/api/v1/practices").json()["items"]


def test_all_pages_of_a_list_are_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "LARGEST_LIMIT", 2)
    made = {centers.make_practice().slug for _number in range(5)}
    lines = _unpacked(_export())["wpi-forum/jsonl/practices.jsonl"].decode().splitlines()
    assert [json.loads(line)["slug"] for line in lines] == sorted(made)


def test_table_takes_objects_apart_and_keeps_lists_as_json() -> None:
    center = centers.make_center(slug="aimr", acronym="AIMR", city_en="Sendai", website="")
    centers.make_standing(center=center)
    text = _unpacked(_export())["wpi-forum/csv/centers.csv"].decode()
    [row] = csv.DictReader(io.StringIO(text))
    assert (row["slug"], row["place_city_en"], row["website"]) == ("aimr", "Sendai", "")
    assert row["page_ja"] == "https://portal.example/ja/centers/aimr/"
    assert json.loads(row["statuses"])[0]["status"] == "funded"
    assert text.startswith("slug,")


def test_without_a_fixed_origin_addresses_name_the_host_by_https(settings: Any) -> None:
    settings.SITE_ORIGIN = ""
    centers.make_practice()
    call_command("export_open_data", host="localhost", stdout=io.StringIO())
    text = _unpacked(archive.path().read_bytes())["wpi-forum/csv/practices.csv"].decode()
    assert "https://localhost/ja/program/practices/" in text


def test_values_are_those_of_the_asked_day() -> None:
    fact = onboarding.make_fact(key="fee")
    onboarding.make_period(fact=fact, value="4000", start_on=date(2010, 1, 1), end_on=date(2020, 1, 1))
    onboarding.make_period(fact=fact, value="6000", start_on=date(2020, 1, 1))
    for day, value in ((date(2019, 2, 5), "4000"), (DAY, "6000")):
        [row] = csv.DictReader(io.StringIO(_unpacked(_export(day))["wpi-forum/csv/facts.csv"].decode()))
        assert row["now_value"] == value


def test_same_data_give_the_same_bytes_and_keep_their_moment() -> None:
    onboarding.make_rule()
    centers.make_directorship()
    first, moment = _export(), archive.path().stat().st_mtime_ns
    assert (_export() == first, archive.path().stat().st_mtime_ns) == (True, moment)
    centers.make_practice()
    assert _export() != first


def test_hidden_rows_do_not_leak() -> None:
    _hidden_rows()
    for name, data in _unpacked(_export()).items():
        assert [word for word in ("LEAK", "leak-", "66666") if word in data.decode()] == [], name


def test_command_refuses_what_is_no_day() -> None:
    with pytest.raises(CommandError, match="2026-13-01"):
        call_command("export_open_data", as_of="2026-13-01")


def test_whole_file_has_tag_moment_and_type(client: Client) -> None:
    data = _export()
    response = client.get(ADDRESS)
    assert (response.status_code, response.content == data) == (200, True)
    assert response["Content-Type"] == "application/zip"
    assert (response["Accept-Ranges"], response["Content-Length"]) == ("bytes", str(len(data)))
    assert "wpi-forum.zip" in response["Content-Disposition"]
    assert response["Access-Control-Allow-Origin"] == "*"
    for header, sent in (("if-none-match", "ETag"), ("if-modified-since", "Last-Modified")):
        assert client.get(ADDRESS, headers={header: response[sent]}).status_code == 304


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("bytes=0-99", slice(0, 100)),
        ("bytes=100-", slice(100, None)),
        ("bytes=-50", slice(-50, None)),
        ("bytes=10-99999999", slice(10, None)),
        ("bytes=-99999999", slice(0, None)),
    ],
)
def test_part_is_answered_with_206(client: Client, asked: str, part: slice) -> None:
    data = _export()
    response = client.get(ADDRESS, headers={"range": asked})
    assert (response.status_code, response.content == data[part]) == (206, True)
    start = range(len(data))[part][0]
    assert response["Content-Range"] == f"bytes {start}-{start + len(response.content) - 1}/{len(data)}"


@pytest.mark.parametrize("asked", ["bytes=0-1,5-6", "lines=0-1", "bytes=5-2", "bytes=-", "bytes=x-1", "bytes=１-２"])
def test_form_we_do_not_know_is_answered_with_the_whole(client: Client, asked: str) -> None:
    data = _export()
    response = client.get(ADDRESS, headers={"range": asked.encode().decode("latin-1")})
    assert (response.status_code, response.content == data) == (200, True)


@pytest.mark.parametrize("asked", ["bytes=99999999-", "bytes=-0"])
def test_part_beyond_the_end_is_answered_with_416(client: Client, asked: str) -> None:
    data = _export()
    response = client.get(ADDRESS, headers={"range": asked})
    assert (response.status_code, response.content, response["Content-Range"]) == (416, b"", f"bytes */{len(data)}")


def test_download_goes_on_only_in_the_same_file(client: Client) -> None:
    _export()
    first = client.get(ADDRESS)
    for header in ("ETag", "Last-Modified"):
        part = client.get(ADDRESS, headers={"range": "bytes=5-9", "if-range": first[header]})
        assert (part.status_code, part.content) == (206, first.content[5:10])
    centers.make_practice()
    data = _export()
    again = client.get(ADDRESS, headers={"range": "bytes=5-9", "if-range": first["ETag"]})
    assert (again.status_code, again.content == data) == (200, True)
    weak = client.get(ADDRESS, headers={"range": "bytes=5-9", "if-range": f"W/{again['ETag']}"})
    assert weak.status_code == 200


def test_archive_that_was_never_written_is_not_there_and_not_linked(client: Client) -> None:
    assert client.get(ADDRESS).status_code == 404
    for language in ("ja", "en"):
        assert ADDRESS not in page(client, f"/{language}/about/data/")
    _export()
    for language in ("ja", "en"):
        assert f'href="{ADDRESS}"' in page(client, f"/{language}/about/data/")


def test_list_as_csv_opens_in_a_spreadsheet_and_runs_nothing(client: Client) -> None:
    centers.make_practice(slug="mentors", title_ja="=1+1", title_en="Mentors")
    response = client.get("/data/practices.csv")
    assert (response["Content-Type"], response.content[:3]) == ("text/csv; charset=utf-8", b"\xef\xbb\xbf")
    [row] = csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")))
    assert (row["slug"], row["title_en"], row["title_ja"]) == ("mentors", "Mentors", "'=1+1")
    assert f"practices-{today()}.csv" in response["Content-Disposition"]


@pytest.mark.parametrize("name", [path for path, _make, _number in LISTS])
def test_every_list_has_a_csv_linked_from_the_page_about_data(client: Client, name: str) -> None:
    assert client.get(f"/data/{name}.csv").status_code == 200
    for language in ("ja", "en"):
        assert f'href="/data/{name}.csv"' in page(client, f"/{language}/about/data/")


def test_wrong_question_for_a_csv_is_answered_in_words(client: Client) -> None:
    assert client.get("/data/nothing.csv").status_code == 404
    assert client.get("/data/centers.csv?as_of=x").status_code == 400
    assert client.get("/data/practices.csv?as_of=2019-02-05").status_code == 400
    assert "There is no parameter “as_off” here." in main_text(
        client.get("/data/centers.csv?as_off=1", headers={"accept-language": "en"}).content.decode()
    )
