"""The search box: names while one types, chosen by keyboard or mouse; and the same without the script."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def typed(open_page: Any, text: str = "residence c", language: str = "en") -> Any:
    """Return a page with a text typed into the box and the list open."""
    page = open_page(language, "about/")
    page.get_by_role("combobox").press_sequentially(text)
    expect(page.get_by_role("listbox")).to_be_visible()
    return page


def test_arrows_choose_a_name_and_enter_searches_for_it(open_page: Any) -> None:
    page = typed(open_page)
    box = page.get_by_role("combobox")
    expect(box).to_have_attribute("aria-expanded", "true")
    box.press("ArrowDown")
    first = page.get_by_role("option").first
    expect(first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", first.get_attribute("id"))
    expect(box).to_be_focused()
    name = first.text_content()
    box.press("Enter")
    page.wait_for_url("**/en/search/?q=*")
    expect(page.get_by_role("combobox")).to_have_value(name)
    expect(page.locator(".results > li").first).to_contain_text(name, ignore_case=True)


def test_arrow_up_goes_to_the_last_name_and_on_to_what_was_typed(open_page: Any) -> None:
    page = typed(open_page, "res")
    box = page.get_by_role("combobox")
    box.press("ArrowUp")
    expect(page.get_by_role("option").last).to_have_attribute("aria-selected", "true")
    box.press("ArrowDown")
    expect(page.locator("[role=option][aria-selected=true]")).to_have_count(0)
    expect(box).not_to_have_attribute("aria-activedescendant", "suggestion-0")


def test_escape_closes_the_list_and_keeps_what_was_typed(open_page: Any) -> None:
    page = typed(open_page)
    box = page.get_by_role("combobox")
    box.press("ArrowDown")
    box.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_have_value("residence c")
    expect(box).to_be_focused()


def test_enter_without_a_choice_searches_for_what_was_typed(open_page: Any) -> None:
    page = typed(open_page, "在留", "ja")
    page.get_by_role("combobox").press("Enter")
    page.wait_for_url("**/ja/search/?q=*")
    expect(page.get_by_role("combobox")).to_have_value("在留")


def test_name_is_taken_with_the_mouse(open_page: Any) -> None:
    page = typed(open_page)
    name = page.get_by_role("option").first.text_content()
    page.get_by_role("option").first.click()
    page.wait_for_url("**/en/search/?q=*")
    expect(page.get_by_role("combobox")).to_have_value(name)


def test_number_of_names_is_announced(open_page: Any) -> None:
    page = typed(open_page)
    number = page.get_by_role("option").count()
    expect(page.locator("form.search [role=status]")).to_have_text(f"Suggestions: {number}")


def test_list_fits_320_pixels(open_page: Any) -> None:
    page = open_page("en", "about/", width=320)
    page.get_by_role("combobox").press_sequentially("re")
    box = page.get_by_role("listbox").bounding_box()
    assert box is not None
    assert (box["x"] >= 0, box["x"] + box["width"] <= 320) == (True, True)


def test_search_works_without_script(open_page: Any) -> None:
    page = open_page("en", "about/", java_script_enabled=False)
    page.get_by_role("searchbox").fill("residence card")
    page.get_by_role("searchbox").press("Enter")
    expect(page.locator(".results > li").first).to_contain_text("residence card", ignore_case=True)
    page.get_by_label("Terms (").check()
    page.get_by_role("button", name="Apply").click()
    expect(page).to_have_url(re.compile("kind=term"))
    expect(page.locator(".results > li").first).to_contain_text("Terms")


def test_facet_of_the_search_applies_at_once(open_page: Any) -> None:
    page = open_page("en", "search/?q=residence+card")
    page.get_by_label("Terms (").check()
    page.wait_for_url("**kind=term**")
    expect(page.locator(".results > li").first).to_contain_text("Terms")
    expect(page.get_by_label("Steps (")).to_be_visible()  # its number stays
