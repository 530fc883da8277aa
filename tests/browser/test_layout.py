"""How pages fit: narrow screens, zoom, forced colors, paper; and that they say nothing to the console."""

import io
from typing import Any

import pytest
from pypdf import PdfReader

from tests.browser.pages import EVERY, FEW, TYPES
from tests.helpers import LANGUAGES

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def cut_off(page: Any) -> list[str]:
    """Return what sticks out of the window, outside of regions made to scroll."""
    return page.evaluate(
        """() => [...document.querySelectorAll("main *, header *, footer *")].filter((element) => {
            const box = element.getBoundingClientRect();
            return box.width && box.right > innerWidth + 1 && !element.closest(".table, svg, .visually-hidden");
        }).map((element) => element.outerHTML.slice(0, 120))"""
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", FEW)
def test_page_fits_320_pixels(open_page: Any, name: str, language: str) -> None:
    page = open_page(language, EVERY[name], width=320)
    assert (page.evaluate(SIDEWAYS), cut_off(page)) == (0, [])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["register", "board"])
def test_long_table_shows_its_last_column(open_page: Any, name: str, language: str) -> None:
    """On a wide screen its box does not scroll, so that the head can stick: what sticks out would be cut off."""
    page = open_page(language, EVERY[name])
    assert page.evaluate("(t => t.scrollWidth - t.clientWidth)(document.querySelector('.table--long'))") == 0


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("width", [320, 640])  # 640: a window of 1280 at 200 %
def test_every_page_fits_a_phone_and_zoom(open_page: Any, name: str, language: str, width: int) -> None:
    page = open_page(language, EVERY[name], width=width)
    assert (page.evaluate(SIDEWAYS), cut_off(page)) == (0, [])


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", EVERY)
def test_every_page_fits_with_text_twice_as_large(open_page: Any, name: str, language: str) -> None:
    page = open_page(language, EVERY[name], width=640)
    page.evaluate("document.documentElement.style.setProperty('font-size', '200%')")
    assert page.evaluate(SIDEWAYS) == 0


@pytest.mark.parametrize("language", ["ja"])
@pytest.mark.parametrize("name", TYPES)
def test_page_is_silent_and_keeps_its_policy(open_page: Any, site: str, name: str, language: str) -> None:
    page = open_page(language, "about/")
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.add_init_script("addEventListener('securitypolicyviolation', (e) => console.error(e.violatedDirective))")
    page.goto(f"{site}/{language}/{TYPES[name]}")
    assert heard == []


@pytest.mark.parametrize("path", ["", "centers/?view=timeline", "centers/kavli-ipmu/"])
def test_nothing_moves_while_a_page_loads(open_page: Any, site: str, path: str) -> None:
    page = open_page("ja", "about/", width=360)
    page.add_init_script(
        """window.moved = 0; new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) window.moved += entry.value;
        }).observe({ type: "layout-shift", buffered: true });"""
    )
    page.goto(f"{site}/ja/{path}")
    page.wait_for_timeout(300)
    assert page.evaluate("window.moved") < 0.001


def test_forced_colors_keep_marks_and_choices_apart(open_page: Any) -> None:
    """What is drawn with a fill alone must not vanish when the system chooses the colors."""
    page = open_page("en", "centers/?view=timeline", forced_colors="active")
    colors = page.evaluate(
        """() => ({
            bar: getComputedStyle(document.querySelector(".span--grant")).fill,
            chosen: getComputedStyle(document.querySelector(".views [aria-current]")).backgroundColor,
            other: getComputedStyle(document.querySelector(".views a:not([aria-current])")).backgroundColor,
            page: getComputedStyle(document.body).backgroundColor,
        })"""
    )
    assert colors["bar"] != colors["page"]
    assert colors["chosen"] != colors["other"]


def printed(page: Any) -> str:
    return " ".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(page.pdf())).pages)


def test_print_has_sources_and_address_but_no_navigation(open_page: Any) -> None:
    page = open_page("en", "centers/kavli-ipmu/")
    text = printed(page)
    assert "Requirement board" not in text.replace("All centers on the requirement board", "")
    for word in ("Skip to the content", "Privacy", "Copy this page", "On this page", "Menu"):
        assert word not in text, word
    for word in ("as of", "https://www.ipmu.jp/", "/en/centers/kavli-ipmu/", "1 /"):
        assert word in text, word


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", TYPES)
def test_every_page_prints_without_navigation(open_page: Any, name: str, language: str) -> None:
    page = open_page(language, TYPES[name])
    page.emulate_media(media="print")
    for part in (".site-header", ".site-footer", ".crumbs", ".skip", ".facets", ".views", ".tools"):
        assert not page.locator(part).first.is_visible() if page.locator(part).count() else True, part
    assert page.evaluate(SIDEWAYS) == 0
