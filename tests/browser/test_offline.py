"""The emergency page without a network, its card on paper, and notices that come and leave, in a real Chromium."""

import io
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Error, Page, expect
from pypdf import PdfReader

from onboarding.models import EmergencyCard
from onboarding.views import EmergencyView
from tests.factories.notices import make_notice, make_notice_elsewhere
from tests.helpers import LANGUAGES
from wpiforum.notices.models import forget

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
EVERYTHING_KEPT = """async () => {
    const found = {};
    for (const name of await caches.keys()) {
        found[name] = (await (await caches.open(name)).keys()).map((request) => new URL(request.url).pathname).sort();
    }
    return found;
}"""
MINUTE = 60


@pytest.fixture
def reader(site: str, browser: Browser) -> Iterator[Page]:
    """A browser that was never here."""
    context = browser.new_context(base_url=site)
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


@pytest.fixture(autouse=True)
def _ask_the_database() -> Iterator[None]:
    """What a test writes is undone with its transaction; what the server remembers of it is not."""
    forget()
    yield
    forget()


def visit(page: Page, path: str) -> None:
    """Open a page and wait until the worker has kept what it keeps."""
    page.goto(path)
    page.evaluate("navigator.serviceWorker.ready.then((found) => found.active.state)")
    page.wait_for_function("navigator.serviceWorker.controller?.state === 'activated'")


def wait_for(page: Page, script: str, wanted: Callable[[Any], bool]) -> Any:
    """Ask the page until the answer is the wanted one."""
    found = None
    for _try in range(100):
        found = page.evaluate(script)
        if wanted(found):
            return found
        page.wait_for_timeout(100)
    raise AssertionError(f"still {found}")


def assert_is_the_emergency_page(page: Page, language: str) -> None:
    expect(page.locator("html")).to_have_attribute("lang", language)
    for number in ("110", "119"):
        expect(page.get_by_role("link", name=number, exact=True)).to_be_visible()
    # Styled by its own file, in a color of the design.
    assert page.locator(".call li").first.evaluate("(box) => getComputedStyle(box).borderTopWidth") == "2px"
    expect(page.get_by_text("As of", exact=False).last).to_be_visible()


@pytest.mark.parametrize("first", ["/ja/", "/en/centers/", "/en/emergency/"])
def test_emergency_page_opens_without_network_after_one_visit(reader: Page, first: str) -> None:
    visit(reader, first)
    reader.context.set_offline(True)
    for language in LANGUAGES:
        reader.goto(f"/{language}/emergency/")
        assert_is_the_emergency_page(reader, language)
        reader.reload()
        assert_is_the_emergency_page(reader, language)
    reader.goto("/en/emergency/?center=aimr")
    assert_is_the_emergency_page(reader, "en")


@pytest.mark.parametrize("path", ["/ja/", "/ja/guides/", "/en/centers/", "/en/contacts/", "/sw.js"])
def test_nothing_else_opens_without_network(reader: Page, path: str) -> None:
    visit(reader, "/ja/guides/")
    reader.goto("/ja/emergency/")
    reader.context.set_offline(True)
    with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
        reader.goto(path)


def test_worker_keeps_two_pages_and_their_files(reader: Page) -> None:
    visit(reader, "/en/emergency/")
    loaded = reader.evaluate(
        """[...document.querySelectorAll("link[rel=stylesheet], script[src]")].map(
            (it) => new URL(it.href || it.src).pathname
        )"""
    )
    kept = reader.evaluate(EVERYTHING_KEPT)
    assert list(kept.values()) == [sorted(["/ja/emergency/", "/en/emergency/", *loaded])]


def test_change_replaces_the_kept_page_at_the_next_visit(reader: Page) -> None:
    visit(reader, "/en/emergency/")
    before = reader.evaluate(EVERYTHING_KEPT)
    card = EmergencyCard.objects.order_by("order")[0]
    card.items_ja, card.items_en = "新しい指示", "A new instruction"
    card.save()
    reader.goto("/en/emergency/")
    expect(reader.get_by_text("A new instruction")).to_be_visible()
    # Another name: a new worker; one name: the old one is gone.
    wait_for(reader, EVERYTHING_KEPT, lambda kept: len(kept) == 1 and list(kept) != list(before))
    reader.context.set_offline(True)
    for language, text in (("ja", "新しい指示"), ("en", "A new instruction")):
        reader.goto(f"/{language}/emergency/")
        expect(reader.get_by_text(text)).to_be_visible()


def test_visit_of_any_page_replaces_the_kept_page(reader: Page) -> None:
    visit(reader, "/ja/")
    before = reader.evaluate(EVERYTHING_KEPT)
    EmergencyCard.objects.update(items_en="A new instruction")
    reader.goto("/ja/about/")
    wait_for(reader, EVERYTHING_KEPT, lambda kept: len(kept) == 1 and list(kept) != list(before))
    reader.context.set_offline(True)
    reader.goto("/en/emergency/")
    expect(reader.get_by_text("A new instruction").first).to_be_visible()


def test_switch_makes_the_worker_leave_with_all_it_kept(reader: Page, settings: Any) -> None:
    visit(reader, "/ja/")
    assert reader.evaluate("navigator.serviceWorker.getRegistrations().then((found) => found.length)") == 1
    settings.OFFLINE_PAGES = False
    reader.goto("/ja/about/")
    wait_for(
        reader,
        """async () => [(await navigator.serviceWorker.getRegistrations()).length, (await caches.keys()).length]""",
        lambda found: found == [0, 0],
    )
    reader.context.set_offline(True)
    with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
        reader.goto("/ja/emergency/")


def test_kept_page_stands_in_for_a_broken_server(reader: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    visit(reader, "/ja/")

    def broken(*args: Any, **kwargs: Any) -> Any:
        raise RuntimeError("made by the test")

    monkeypatch.setattr(EmergencyView, "get_context_data", broken)
    reader.goto("/en/emergency/")
    assert_is_the_emergency_page(reader, "en")


def test_kept_page_stands_in_for_a_network_that_does_not_answer(reader: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    visit(reader, "/ja/")
    stock = EmergencyView.get_context_data

    def slow(*args: Any, **kwargs: Any) -> Any:
        time.sleep(7)
        return stock(*args, **kwargs)

    monkeypatch.setattr(EmergencyView, "get_context_data", slow)
    began = time.monotonic()
    reader.goto("/en/emergency/")
    assert_is_the_emergency_page(reader, "en")
    assert time.monotonic() - began < 6


@pytest.mark.parametrize("path", ["/ja/emergency/", "/en/emergency/", "/en/emergency/?center=aimr"])
def test_emergency_page_prints_as_a_card_of_one_sheet(reader: Page, path: str) -> None:
    reader.goto(path)
    pages = PdfReader(io.BytesIO(reader.pdf(format="A4", prefer_css_page_size=True))).pages
    text = pages[0].extract_text()
    assert len(pages) == 1
    assert [word in text for word in ("110", "119", "As of", "個室")] == [True] * 4
    assert ("AIMR" in text) == ("aimr" in path)


@pytest.mark.parametrize("language", LANGUAGES)
def test_emergency_page_weighs_at_most_50_kilobytes(reader: Page, language: str) -> None:
    assert len(reader.request.get(f"/{language}/emergency/").body()) <= 50 * 1024


def test_notice_leaves_an_open_page_at_its_end(reader: Page) -> None:
    make_notice(ends_at=timezone.now() + timedelta(seconds=4))
    forget()
    reader.goto("/en/about/")
    expect(reader.get_by_text("Power cut")).to_be_visible()
    expect(reader.get_by_text("Power cut")).to_have_count(0, timeout=8_000)


def test_notice_that_ended_is_not_on_the_kept_page(reader: Page) -> None:
    make_notice(ends_at=timezone.now() + timedelta(seconds=6))
    forget()
    visit(reader, "/en/emergency/")
    reader.context.set_offline(True)
    reader.reload()
    expect(reader.get_by_text("Power cut")).to_be_visible()
    reader.wait_for_timeout(6_000)
    reader.reload()
    assert_is_the_emergency_page(reader, "en")
    expect(reader.get_by_text("Power cut")).to_have_count(0)


@pytest.mark.slow
def test_notice_of_another_process_reaches_a_page_in_the_browsers_cache_within_a_minute(
    reader: Page,
) -> None:
    forget()
    reader.goto("/en/about/")
    make_notice_elsewhere()
    began = time.monotonic()
    while time.monotonic() - began < MINUTE:
        reader.goto("about:blank")
        reader.goto("/en/about/")
        if reader.get_by_text("Power cut").count():
            break
        reader.wait_for_timeout(1_000)
    taken = time.monotonic() - began
    assert 1 < taken < MINUTE  # the process remembered that there were none, and not for too long
