"""A guide of ours inside another site's page, and data blocks under the security policy, as a browser sees them."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import quote, unquote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
GUIDE = "guides/immigration/residence-card-and-address-report/"


class _Elsewhere(BaseHTTPRequestHandler):
    """Another site: a page that frames the address it is asked with."""

    def do_GET(self) -> None:
        address = unquote(self.path.partition("?")[2])
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        html = f'<!doctype html><title>A center</title><iframe src="{address}" width="360" height="600"></iframe>'
        self.wfile.write(html.encode())

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """Serve the other site: at localhost, which is not 127.0.0.1 to a browser."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Elsewhere)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}/"
    server.shutdown()
    server.server_close()


def _framed(page: Any, elsewhere: str, address: str) -> list[str]:
    """Open a page of another site that frames an address of ours; return what the browser complains of."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{elsewhere}?{quote(address)}")
    return [text for text in said if "favicon" not in text]


@pytest.mark.parametrize(("language", "word"), [("ja", "出典"), ("en", "Source:")])
def test_another_site_shows_a_guide_in_its_page(
    open_page: Any, site: str, elsewhere: str, language: str, word: str
) -> None:
    page = open_page("en", "about/")
    said = _framed(page, elsewhere, f"{site}/embed/{language}/{GUIDE}")
    frame = page.frame_locator("iframe")
    expect(frame.locator("h1")).to_be_visible()
    expect(frame.locator("main")).to_contain_text(word)
    # Nothing sticks out sideways in a narrow frame.
    assert frame.locator("html").evaluate("element => element.scrollWidth <= element.clientWidth")
    with page.context.expect_page() as opened:  # links open outside the frame
        frame.get_by_role("link", name="WPI Forum").first.click()
    assert opened.value.url == f"{site}/{language}/{GUIDE}"
    assert (page.context.cookies(), said) == ([], [])


def test_no_other_site_shows_our_own_pages(open_page: Any, site: str, elsewhere: str) -> None:
    page = open_page("en", "about/")
    said = _framed(page, elsewhere, f"{site}/en/{GUIDE}")
    expect(page.frame_locator("iframe").locator("main")).to_have_count(0)
    assert any("frame-ancestors" in text or "X-Frame-Options" in text for text in said)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_frame_is_accessible(open_page: Any, site: str, scheme: str) -> None:
    page = open_page("en", "about/", scheme=scheme, width=360)
    page.goto(f"{site}/embed/en/{GUIDE}")
    found = Axe().run(page).response["violations"]
    assert [(row["id"], row["nodes"][0]["html"]) for row in found] == []


@pytest.mark.parametrize("path", ["", "centers/kavli-ipmu/", GUIDE, "about/data/"])
def test_data_block_is_read_and_the_policy_does_not_complain(open_page: Any, path: str, site: str) -> None:
    page = open_page("en", "about/")
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{site}/en/{path}")
    graph = page.evaluate("() => JSON.parse(document.querySelector('script[type=\"application/ld+json\"]').text)")
    assert (graph["@context"], len(graph["@graph"]) > 0, said) == ("https://schema.org", True, [])
