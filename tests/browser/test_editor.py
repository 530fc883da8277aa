"""The editor of rich texts on the staff pages, under the content security policy."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from django.db import connection
from playwright.sync_api import Locator, Page, expect

from tests.factories import onboarding as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.fixture
def edit(open_page: Any, site: str, db: None) -> Iterator[Callable[[str], tuple[Page, list[str]]]]:
    """Open the page of a step that no reader sees, signed in; with what the console says from then on."""
    if connection.vendor != "sqlite":
        pytest.skip("The server sees this transaction only where it shares the connection: on SQLite in memory.")
    User.objects.create_superuser("browser", password="secret")
    step = make.make_step(guide=make.make_guide(published=False), body_en="<p>Go to the desk.</p>")
    pages: list[Page] = []

    def open_(language: str) -> tuple[Page, list[str]]:
        page: Page = open_page(language, f"admin/login/?next=/{language}/admin/onboarding/step/{step.pk}/change/")
        pages.append(page)
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.locator("#id_login").fill("browser")
        page.locator("#id_password").fill("secret")
        page.locator("[type=submit]").click()
        expect(page.locator(".prose-editor button").first).to_be_attached()
        return page, said

    yield open_
    for page in pages:
        page.wait_for_load_state("networkidle")  # the rows go with the transaction that the server still reads


def settle(page: Page) -> None:
    """Wait until the editor has read the browser's selection; it does so a task later than the key or the click."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50)))")


def to_the_end(page: Page, editor: Locator) -> None:
    """Put the cursor behind the last word."""
    editor.click()
    settle(page)
    press(page, "Control+End")


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)
        settle(page)


def test_text_is_edited_and_saved_without_a_word_from_the_policy(edit: Any) -> None:
    page, said = edit("en")
    editor = page.get_by_role("textbox", name="Text (English)")
    expect(editor).to_have_text("Go to the desk.")
    expect(editor).to_have_attribute("lang", "en")
    to_the_end(page, editor)
    press(page, "Enter")
    page.keyboard.type("Bring it")
    press(page, "Shift+Home")
    toolbar = page.locator(".fieldBox.field-body_en")
    toolbar.get_by_role("button", name="Bold").click()
    expect(editor.locator("strong")).to_have_text("Bring it")
    press(page, "End", "Enter", "Control+b")
    page.keyboard.type("Costs")
    toolbar.get_by_role("button", name="Heading", exact=True).click()
    press(page, "Enter")
    page.keyboard.type("desk")
    press(page, "Shift+Home")
    toolbar.get_by_role("button", name="Link: select words first").click()
    page.get_by_label("URL").fill("https://www.example.jp/")
    page.get_by_role("button", name="Update").click()
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    stored = page.locator("#id_body_en").input_value()
    assert stored == (
        "<p>Go to the desk.</p>\n<p><strong>Bring it</strong></p>\n<h3>Costs</h3>\n"
        '<p><a href="https://www.example.jp/">desk</a></p>'
    )
    expect(page.get_by_role("textbox", name="Text (English)").locator("h3")).to_have_text("Costs")
    assert said == []


def test_typed_references_survive_and_unknown_ones_are_named(edit: Any) -> None:
    page, said = edit("en")
    editor = page.get_by_role("textbox", name="Text (English)")
    to_the_end(page, editor)
    page.keyboard.type(" {{fact:no-such}}")
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.locator(".fieldBox.field-body_en .errorlist")).to_have_text(
        "There is no value with the key “no-such”, to which {{fact:no-such}} refers."
    )
    expect(page.get_by_role("textbox", name="Text (English)")).to_have_text("Go to the desk. {{fact:no-such}}")
    assert said == []


def test_editor_speaks_japanese(edit: Any) -> None:
    page, said = edit("ja")
    buttons = page.locator(".fieldBox.field-body_ja .prose-editor button")
    labels = buttons.evaluate_all("found => found.map((button) => button.getAttribute('aria-label'))")
    assert len(labels) == 11
    assert [label for label in labels if label.isascii()] == []
    assert said == []


def test_enter_in_a_field_saves_and_presses_no_other_button(edit: Any) -> None:
    page, _said = edit("en")
    as_of = page.locator("#id_as_of_on").input_value()
    page.locator("#id_title_en").fill("New title")
    page.locator("#id_title_en").press("Enter")
    expect(page.locator(".messagelist .success")).to_contain_text("New title")
    page.go_back()
    page.reload()
    expect(page.locator("#id_as_of_on")).to_have_value(as_of)


def test_step_page_has_no_accessibility_error_of_ours(edit: Any) -> None:
    page, _said = edit("en")
    expect(page.get_by_role("textbox", name="Text (English)")).to_be_visible()
    found = Axe().run(page, context=".prose-editor, .object-tools").response["violations"]
    assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == []
