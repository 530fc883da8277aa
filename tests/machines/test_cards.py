"""The images that other sites show beside a link: one for each kind of page and language, whole and small."""

import re
import struct
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from tests.addresses import FILES, NAMES, address
from tests.helpers import LANGUAGES, page

CARDS = sorted((Path(settings.BASE_DIR) / "wpiforum/static/wpiforum/cards").glob("*.png"))
OWN = {
    "home": "site", "centers:program": "program", "centers:list": "centers", "centers:detail": "center",
    "centers:director": "people", "onboarding:guides": "guides", "onboarding:guide": "guide",
    "onboarding:emergency": "emergency", "onboarding:plan": "plan", "data": "data",
}  # fmt: skip


def shown(html: str) -> dict[str, str]:
    """Return what a page says to sites that show a link to it."""
    return dict(re.findall(r'<meta (?:property|name)="((?:og|twitter):[a-z:_]+)" content="([^"]*)">', html))


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [name for name in NAMES if name not in FILES])
def test_page_shows_the_image_of_its_kind_and_language(client: Client, settings: Any, name: str, language: str) -> None:
    path = address(name, language)
    settings.SITE_ORIGIN = "https://portal.example"
    found = shown(page(client, path))
    kind = re.fullmatch(rf"https://portal\.example/static/wpiforum/cards/([a-z]+)-{language}\.png", found["og:image"])
    assert kind is not None
    assert kind[1] == OWN.get(name, kind[1])
    assert finders.find(f"wpiforum/cards/{kind[1]}-{language}.png")
    assert (found["twitter:card"], found["og:image:type"]) == ("summary_large_image", "image/png")
    assert found["og:image:alt"]


def test_every_kind_has_an_image_in_every_language() -> None:
    assert {path.stem for path in CARDS} == {f"{kind}-{code}" for kind in OWN.values() for code in LANGUAGES}


@pytest.mark.parametrize("path", CARDS, ids=lambda path: path.stem)
def test_image_is_a_png_of_the_size_that_sites_ask_for_and_small(path: Path) -> None:
    data = path.read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", data[16:24]) == (1200, 630)
    assert len(data) < 60_000
