"""A real Chromium over the site with its fixtures loaded, once for all tests of this folder."""

import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

# Playwright runs an event loop in this thread; without this Django refuses every query.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
# As a full path: Playwright does not look along PATH.
CHROMIUM = (
    shutil.which(os.environ["CHROMIUM"])
    if os.environ.get("CHROMIUM")
    else shutil.which("chromium-headless-shell") or shutil.which("chromium")
)
Open = Callable[..., Page]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    if not CHROMIUM:
        pytest.skip("No Chromium on this machine (sh tools/chromium.sh installs Debian's).")
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": ["--disable-dev-shm-usage"]}


@pytest.fixture(scope="package")
def _one_request_at_a_time() -> Iterator[None]:
    """The threads of the server share one connection to a database in memory: two at once mix up their rows."""
    answer, lock = WSGIHandler.get_response, threading.Lock()

    def wait_and_answer(self: WSGIHandler, request: Any) -> Any:
        with lock:
            return answer(self, request)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WSGIHandler, "get_response", wait_and_answer)
        yield


@pytest.fixture(scope="package")
def site(django_db_setup: None, django_db_blocker: Any, _one_request_at_a_time: None) -> Iterator[str]:
    """Serve the site with the content of the fixtures; nothing here writes, so it is loaded once."""
    with django_db_blocker.unblock():
        # pytest-django makes a test database only where a test is marked with django_db.
        assert re.search("memory|^test_", str(connection.settings_dict["NAME"])), "not a test database"
        call_command("load_fixtures", quiet_claims=True, verbosity=0)
        server = LiveServer("127.0.0.1")
        yield server.url
        # Not stop(): threads of kept-alive requests still hold the shared connection and would fail on closing it.
        server.thread.terminate()
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def open_page(site: str, browser: Browser) -> Iterator[Open]:
    """Open an address in a fresh context: open_page("en", "centers/", width=360, scheme="dark", …)."""
    contexts: list[BrowserContext] = []

    def open_(language: str, path: str = "", *, width: int = 1280, scheme: str = "light", **options: Any) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 800},
            color_scheme=scheme,  # type: ignore[arg-type]  # light or dark
            **options,
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{site}/{language}/{path}")
        return page

    yield open_
    for context in contexts:
        context.close()
