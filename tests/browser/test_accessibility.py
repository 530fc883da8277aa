"""axe-core over the page types: WCAG 2.2 A and AA, and its best practices."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.pages import EVERY, FEW
from tests.helpers import LANGUAGES

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]


def violations(page: Any, *, without: str = "") -> list[str]:
    """Return one line for each element that breaks a rule; `without` leaves out what is not ours."""
    context = {"exclude": [[without]]} if without else None
    options = {"runOnly": {"type": "tag", "values": TAGS}}
    found = Axe().run(page, context=context, options=options).response["violations"]
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"]]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", FEW)
def test_page_keeps_the_accessibility_rules(open_page: Any, name: str, language: str) -> None:
    assert violations(open_page(language, EVERY[name])) == []


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("light", 360), ("dark", 1280), ("dark", 360)])
def test_every_page_keeps_the_rules_in_both_schemes_and_widths(
    open_page: Any, name: str, language: str, scheme: str, width: int
) -> None:
    assert violations(open_page(language, EVERY[name], width=width, scheme=scheme)) == []


def test_opened_menu_and_facets_keep_the_rules(open_page: Any) -> None:
    page = open_page("ja", "centers/", width=360)
    page.locator("details.menu > summary").click()
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.locator("details.facets > summary").click()
    page.locator("details.facets details > summary").first.click()
    assert violations(page) == []
