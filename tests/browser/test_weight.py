"""The budget of a first view: at most 6 requests and 90 KB compressed, of which CSS 25 KB and script 15 KB."""

import gzip
from collections import Counter
from typing import Any

import pytest

from tests.browser.pages import FEW, TYPES
from tests.helpers import LANGUAGES

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
KILO = 1024
KINDS = {"text/html": "page", "text/css": "css", "text/javascript": "script"}


def weigh(page: Any, address: str) -> tuple[int, Counter[str]]:
    """Return the number of requests and the compressed bytes by kind."""
    answers: list[Any] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(address, wait_until="networkidle")
    sizes: Counter[str] = Counter()
    for answer in answers:
        kind = answer.headers.get("content-type", "").split(";")[0]
        sizes[KINDS.get(kind, "other")] += len(gzip.compress(answer.body(), 6))
    return sum(not answer.url.startswith("data:") for answer in answers), sizes


def keeps_the_budget(open_page: Any, address: str) -> None:
    page = open_page("en", "about/").context.browser.new_page()  # a context of its own: nothing is cached
    requests, sizes = weigh(page, address)
    page.close()
    assert requests <= 6
    assert sizes["css"] <= 25 * KILO
    assert sizes["script"] <= 15 * KILO
    assert sum(sizes.values()) <= 90 * KILO


@pytest.mark.parametrize("name", FEW)
def test_page_keeps_the_budget(open_page: Any, site: str, name: str) -> None:
    keeps_the_budget(open_page, f"{site}/ja/{TYPES[name]}")


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", TYPES)
def test_every_page_keeps_the_budget(open_page: Any, site: str, name: str, language: str) -> None:
    keeps_the_budget(open_page, f"{site}/{language}/{TYPES[name]}")
