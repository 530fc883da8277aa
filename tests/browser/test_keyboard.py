"""The way through a page without a mouse, and what the script adds."""

from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def focused(page: Any) -> str:
    return page.evaluate("document.activeElement.textContent.trim()")


def test_first_stop_skips_to_the_content(open_page: Any) -> None:
    page = open_page("en", "centers/")
    page.keyboard.press("Tab")
    assert focused(page) == "Skip to the content"
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_header_is_walked_in_reading_order(open_page: Any) -> None:
    page = open_page("en", "centers/")
    stops = []
    for _ in range(18):
        page.keyboard.press("Tab")
        stops.append(focused(page) or page.evaluate("document.activeElement.id"))
    names = ["Skip to the content", "Emergency", "日本語", "English", "search-box", "Search", "Guides", "Centers"]
    names += ["Requirement board", "About"]
    places = [next(i for i, stop in enumerate(stops) if stop == name) for name in names]
    assert places == sorted(places)


def test_language_switch_keeps_the_page_and_its_query(open_page: Any, site: str) -> None:
    page = open_page("en", "centers/?as_of=2019-02-05&view=cards")
    page.get_by_role("link", name="日本語").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site}/ja/centers/?as_of=2019-02-05&view=cards")
    expect(page.locator("html")).to_have_attribute("lang", "ja")


def test_facet_applies_at_once_and_keeps_the_focus(open_page: Any) -> None:
    page = open_page("en", "centers/?view=cards")
    page.locator("details.facets details > summary").first.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.locator("#result")).to_have_text("5 centers")
    assert "cohort=2007" in page.url
    assert "view=cards" in page.url
    assert page.evaluate("document.activeElement.name") == "cohort"
    expect(page.get_by_role("link", name="日本語")).to_have_attribute("href", "/ja/centers/?view=cards&cohort=2007")
    page.go_back()
    expect(page.locator("#result")).to_have_text("13 centers")


def test_facets_and_menu_work_without_script(open_page: Any) -> None:
    page = open_page("en", "centers/", width=360, java_script_enabled=False)
    page.locator("details.menu > summary").click()
    expect(page.get_by_role("link", name="Directors")).to_be_visible()
    page.locator("details.facets > summary").click()
    page.locator("details.facets details > summary").first.click()
    page.get_by_label("FY2007").check()
    page.get_by_role("button", name="Apply").click()
    expect(page.locator("#result")).to_have_text("5 centers")


def test_escape_closes_the_menu_and_returns_the_focus(open_page: Any) -> None:
    page = open_page("en", "", width=360)
    page.locator("details.menu > summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.locator("details.menu")).not_to_have_attribute("open", "")
    assert focused(page) == "Menu"


def test_board_scrolls_by_keyboard(open_page: Any) -> None:
    page = open_page("en", "centers/requirements/", width=800)
    region = page.get_by_role("group", name="Requirement board")
    region.focus()
    for _ in range(8):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelector('.table--matrix').scrollLeft > 0")


def test_marker_of_the_world_map_leads_to_its_row(open_page: Any) -> None:
    page = open_page("en", "satellites/")
    page.locator(".map .for-wide a").first.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.querySelector(location.hash).tagName") == "TH"


def test_address_is_copied(open_page: Any) -> None:
    page = open_page("en", "centers/", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy this page’s address").click()
    expect(page.locator("#copied")).to_have_text("Copied.")
    assert page.evaluate("navigator.clipboard.readText()") == page.url
