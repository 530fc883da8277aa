"""Counter sheets on paper: one A4 each, every character printed, nothing beyond the edge."""

import io
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils.html import strip_tags
from playwright.sync_api import Browser, Page
from pypdf import PdfReader

from onboarding.models import Step
from onboarding.rendering import REFERENCE

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
A4 = (595, 842)  # points
HANDFUL = 6
# Fonts name a character by the radical of the same shape where they share its glyph; these have no compatibility
# mapping in Unicode.
RADICALS = str.maketrans("⺠⻁⻄⻅⻆⻑⻘⻝⻤⻨⻩⻫⻭⻯⻲", "民虎西見角長青食鬼麦黄斉歯竜亀")


@pytest.fixture
def paper(browser: Browser) -> Iterator[Page]:
    """A page for printing, which many sheets share: a context of their own for each would take minutes."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


def steps() -> list[Step]:
    """Return all steps, those with the longest texts first."""
    rows = list(Step.objects.select_related("guide__topic"))
    return sorted(rows, key=lambda step: len(words_of(step, "ja") + words_of(step, "en")), reverse=True)


def words_of(step: Step, code: str) -> str:
    """Return what the sheet prints of a step in one language, without the values that differ by day or center."""
    parts = [getattr(step, f"{name}_{code}") or "" for name in ("title", "body", "where", "bring")]
    return REFERENCE.sub(" ", strip_tags("\n".join(parts)))


def address_of(step: Step) -> str:
    return f"guides/{step.guide.topic.slug}/{step.guide.slug}/{step.slug}/sheet/"


def printed(paper: Page, site: str, step: Step, language: str = "ja") -> PdfReader:
    """Print a step's sheet on A4 and return the PDF."""
    paper.goto(f"{site}/{language}/{address_of(step)}")
    return PdfReader(io.BytesIO(paper.pdf(format="A4")))


def text_of(pdf: PdfReader) -> str:
    """Return the text in its ordinary characters (日, not the radical ⽇)."""
    return unicodedata.normalize("NFKC", "".join(page.extract_text() for page in pdf.pages)).translate(RADICALS)


def missing_characters(step: Step, text: str) -> set[str]:
    """Return the letters and digits of the step's texts that the paper lacks: a glyph that no font has is not in its
    text. Signs are left out, since fonts draw some alike and name them by another."""
    wanted = unicodedata.normalize("NFKC", words_of(step, "ja") + words_of(step, "en"))
    return {sign for sign in set(wanted) - set(text) if sign.isalnum()}


def test_longest_sheets_print_on_one_a4(paper: Page, site: str) -> None:
    found = {}
    for step in steps()[:HANDFUL]:
        pdf = printed(paper, site, step)
        box = pdf.pages[0].mediabox
        is_a4 = abs(box.width - A4[0]) <= 1 and abs(box.height - A4[1]) <= 1
        found[address_of(step)] = (len(pdf.pages), is_a4)
    assert set(found.values()) == {(1, True)}, found


def test_sheet_opened_in_english_prints_on_one_a4(paper: Page, site: str) -> None:
    assert len(printed(paper, site, steps()[0], "en").pages) == 1


def test_every_character_of_the_longest_sheets_is_printed(paper: Page, site: str) -> None:
    for step in steps()[:HANDFUL]:
        assert missing_characters(step, text_of(printed(paper, site, step))) == set(), address_of(step)


def test_title_is_printed_in_both_languages(paper: Page, site: str) -> None:
    """A title without readings above its words is one line of text in the PDF."""
    step = next(row for row in steps() if not any(word in (row.title_ja or "") for word in row.readings))
    text = re.sub(r"\s", "", text_of(printed(paper, site, step)))
    assert re.sub(r"\s", "", step.title_ja or "") in text
    assert re.sub(r"\s", "", step.title_en or "") in text


def test_address_of_the_step_stands_at_the_foot(paper: Page, site: str) -> None:
    step = steps()[0]
    text = re.sub(r"\s", "", text_of(printed(paper, site, step)))
    assert f"{site}/ja/guides/{step.guide.topic.slug}/{step.guide.slug}/#{step.slug}" in text


OUTSIDE = """() => {
  const sheet = document.querySelector('.sheet'), limit = sheet.getBoundingClientRect();
  return [...sheet.querySelectorAll('*')].filter((item) => {
    const box = item.getBoundingClientRect();
    return box.right > limit.right + 1 || box.left < limit.left - 1;
  }).map((item) => item.outerHTML.slice(0, 80));
}"""


def test_nothing_of_the_longest_sheets_lies_beyond_the_edge(paper: Page, site: str) -> None:
    paper.emulate_media(media="print")
    paper.set_viewport_size({"width": 688, "height": 1000})  # A4 without the sheet's margins at 96 dpi
    for step in steps()[:HANDFUL]:
        paper.goto(f"{site}/ja/{address_of(step)}")
        assert paper.evaluate(OUTSIDE) == [], address_of(step)


def test_menus_and_buttons_are_not_printed(paper: Page, site: str) -> None:
    text = text_of(printed(paper, site, steps()[0]))
    assert [words for words in ("手順に戻る", "メニュー", "このページのURLをコピー") if words in text] == []


@pytest.mark.slow
def test_every_sheet_prints_whole_on_one_a4(paper: Page, site: str) -> None:
    wrong: list[Any] = []
    for step in steps():
        pdf = printed(paper, site, step)
        missing = missing_characters(step, text_of(pdf))
        if len(pdf.pages) != 1 or missing:
            wrong.append((address_of(step), len(pdf.pages), missing))
    assert wrong == []
