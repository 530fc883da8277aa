"""The counter sheet: one step in Japanese with checked readings, English under it, and its address as text and code."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import segno
from django.test import Client, override_settings

from onboarding.models import Step
from onboarding.qr import qr_svg
from onboarding.templatetags.onboarding import ruby
from tests.factories.onboarding import make_fact, make_guide, make_office, make_rule, make_step, make_term, make_topic
from tests.helpers import LANGUAGES, main_text, page

READINGS = {"転入届": "てんにゅうとどけ", "届": "とどけ"}


def annotated(word: str, reading: str) -> str:
    return f"<ruby>{word}<rp>（</rp><rt>{reading}</rt><rp>）</rp></ruby>"


def make_sheet_step(**fields: Any) -> Step:
    guide = make_guide(slug="move", topic=make_topic(slug="immigration"))
    return make_step(**{"guide": guide, "slug": "report", **fields})


def sheet(client: Client, code: str = "ja") -> str:
    return page(client, f"/{code}/guides/immigration/move/report/sheet/")


def test_checked_word_gets_its_reading() -> None:
    assert ruby("転入届を出す", READINGS) == f"{annotated('転入届', 'てんにゅうとどけ')}を出す"


def test_word_without_a_checked_reading_stays_bare() -> None:
    assert ruby("転出証明書を出す", READINGS) == "転出証明書を出す"


def test_kana_that_equals_its_reading_stays_bare() -> None:
    assert ruby("カードを出す", {"カード": "カード"}) == "カードを出す"


def test_word_whose_reading_follows_in_brackets_gets_no_second_one() -> None:
    assert ruby("届（とどけ）を出す", READINGS) == "届（とどけ）を出す"


def test_reading_and_text_are_escaped() -> None:
    assert ruby("<b>届", {"届": "<i>"}) == f"&lt;b&gt;{annotated('届', '&lt;i&gt;')}"


@pytest.mark.django_db
def test_readings_stand_in_title_text_place_and_papers(client: Client) -> None:
    make_sheet_step(
        readings=READINGS,
        title_ja="題の転入届",
        body_ja="<p>文の転入届</p>",
        where_ja="所の転入届",
        bring_ja="物の転入届",
    )
    html, word = sheet(client), annotated("転入届", "てんにゅうとどけ")
    assert [part for part in "題文所物" if f"{part}の{word}" not in html] == []


@pytest.mark.django_db
def test_term_of_the_glossary_does_not_keep_a_word_from_its_reading(client: Client) -> None:
    make_term(japanese="転入届")
    make_sheet_step(readings=READINGS, body_ja="<p>転入届を出す</p>")
    assert f"{annotated('転入届', 'てんにゅうとどけ')}を出す" in sheet(client)


@pytest.mark.django_db
@pytest.mark.parametrize("code", LANGUAGES)
def test_sheet_shows_both_languages_whatever_the_address(client: Client, code: str) -> None:
    make_rule(
        step=make_sheet_step(
            title_ja="転入届を出す",
            title_en="Report your address",
            office=make_office(name_ja="区役所", name_en="Ward"),
        )
    )
    text = main_text(sheet(client, code))
    wanted = ("転入届を出す", "Report your address", "役所の窓口", "The desk of the city office", "旅券", "passport",
              "住み始めた日から14日以内", "within 14 days after moving in", "区役所", "Ward")  # fmt: skip
    assert [word for word in wanted if word not in text] == []


@pytest.mark.django_db
@pytest.mark.parametrize("code", LANGUAGES)
def test_dates_stand_in_both_forms(client: Client, japan_noon: Callable[[date], None], code: str) -> None:
    make_sheet_step()
    japan_noon(date(2026, 4, 17))
    text = re.sub(r"\s", "", main_text(sheet(client, code)))
    assert ("印刷日令和8年4月17日（2026年4月17日）" in text, "Printed17April2026" in text) == (True, True)


@pytest.mark.django_db
def test_source_and_as_of_stand_in_both_languages(client: Client) -> None:
    source = make_sheet_step().sources.get()
    text = re.sub(r"\s", "", main_text(sheet(client)))
    assert f"2026年6月時点の情報です。出典:{source.title_ja}。" in text
    assert f"AsofJune2026.Source:{source.title_en}.".replace(" ", "") in text


@pytest.mark.django_db
def test_missing_half_is_a_gap_and_papers_of_the_other_half_stay(client: Client) -> None:
    make_sheet_step(title_ja="", body_ja="", bring_ja="", bring_en="passport")
    text = main_text(sheet(client))
    assert "この手順の日本語版はまだありません。" in text
    assert ("passport" in text, "なし" in text) == (True, False)


@pytest.mark.django_db
def test_step_without_papers_says_nothing_in_both_languages(client: Client) -> None:
    make_sheet_step(bring_ja="", bring_en="")
    assert "なし / nothing" in main_text(sheet(client))


@pytest.mark.django_db
def test_sheet_has_values_without_links(client: Client) -> None:
    make_fact(key="fee", value="6000")
    make_sheet_step(body_ja="<p>{{fact:fee}}</p>", body_en="<p>{{fact:fee}}</p>")
    html = sheet(client)
    assert html.count('<strong class="fact">') == 2
    assert 'href="#fact-fee"' not in html


@pytest.mark.django_db
@pytest.mark.parametrize("code", LANGUAGES)
def test_address_is_printed_and_is_what_the_code_holds(client: Client, code: str) -> None:
    make_sheet_step()
    html = sheet(client, code)
    address = f"http://testserver/{code}/guides/immigration/move/#report"
    assert f"<p>{address}</p>" in html
    assert str(qr_svg(address)) in html


@pytest.mark.django_db
@override_settings(SITE_ORIGIN="https://portal.example")
def test_code_names_the_site_s_own_address(client: Client) -> None:
    make_sheet_step()
    assert str(qr_svg("https://portal.example/ja/guides/immigration/move/#report")) in sheet(client)


@pytest.mark.parametrize("address", ["https://portal.example/ja/guides/a/b/#c", "https://例.jp/" + "x" * 200])
def test_drawing_has_exactly_the_modules_of_the_code(address: str) -> None:
    drawn = {(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", str(qr_svg(address)))}
    matrix = segno.make(address, error="m", micro=False).matrix_iter(border=4)
    wanted = {(x, y) for y, row in enumerate(matrix) for x, module in enumerate(row) if module}
    assert drawn == wanted


def test_drawing_has_a_quiet_zone_of_four_modules() -> None:
    svg = str(qr_svg("https://portal.example/"))
    points = [int(number) for pair in re.findall(r"M(\d+) (\d+)", svg) for number in pair]
    [size] = re.findall(r'viewBox="0 0 (\d+) ', svg)
    assert (min(points), max(points)) == (4, int(size) - 5)


def test_address_in_the_label_is_escaped() -> None:
    assert 'aria-label="QR: https://x/?a=1&amp;b=&quot;"' in str(qr_svg('https://x/?a=1&b="'))


@pytest.mark.django_db
def test_sheet_is_not_indexed(client: Client) -> None:
    make_sheet_step()
    assert '<meta name="robots" content="noindex">' in sheet(client)
