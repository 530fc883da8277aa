"""Trusted Types on public pages: no text becomes markup, and what our scripts do still works."""

from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
SINKS = {
    "innerHTML": "document.body.innerHTML = '<b>x</b>'",
    "DOMParser": "new DOMParser().parseFromString('<b>x</b>', 'text/html')",
    "script": "document.createElement('script').src = '/x.js'",
    "another worker": "navigator.serviceWorker.register('/x.js')",
    "another policy": "trustedTypes.createPolicy('evil', {})",
    "the worker's policy twice": "trustedTypes.createPolicy('worker', {})",
}


@pytest.mark.parametrize("sink", SINKS)
def test_text_becomes_neither_markup_nor_script(open_page: Any, sink: str) -> None:
    page = open_page("en", "about/")
    error = page.evaluate(
        f"async () => {{ try {{ await ({SINKS[sink]}); return ''; }} catch (e) {{ return e.name; }} }}"
    )
    assert error == "TypeError"


def test_facets_and_worker_break_no_rule(open_page: Any) -> None:
    page = open_page("en", "about/")
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.goto(page.url.replace("about/", "search/?q=residence+card"))
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    # A mark that a page loaded anew would not have: the results were exchanged in place.
    page.evaluate("window.isSamePage = true")
    page.get_by_label("Terms (").check()
    page.wait_for_url("**kind=term**")
    assert (page.evaluate("window.isSamePage"), said) == (True, [])
