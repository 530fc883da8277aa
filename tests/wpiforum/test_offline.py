"""The service worker and the manifest as the server writes them; tests/browser/test_offline.py runs them."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import User
from django.test import Client

from tests.factories.notices import make_notice
from tests.factories.onboarding import make_card, make_contact, make_phrase
from tests.helpers import page
from wpiforum.notices.models import forget

pytestmark = pytest.mark.django_db


def kept(client: Client, **headers: Any) -> dict[str, Any]:
    """Return what the worker says it keeps."""
    return json.loads(page_of_worker(client, **headers).split(";\n", 1)[0].removeprefix("const KEPT = "))


def page_of_worker(client: Client, **headers: Any) -> str:
    response = client.get("/sw.js", headers=headers)
    assert (response.status_code, response["Content-Type"]) == (200, "text/javascript; charset=utf-8")
    assert response["Cache-Control"] == "no-cache"
    return response.content.decode()


def test_worker_keeps_the_emergency_page_and_its_files_and_nothing_else(client: Client) -> None:
    found = kept(client)
    assert found["pages"] == ["/ja/emergency/", "/en/emergency/"]
    loaded = re.findall(r'(?:href|src)="(/static/[^"]+)"', page(client, "/en/emergency/"))
    assert found["files"] == sorted(set(loaded))
    assert "/static/wpiforum/site.css" in found["files"]


def test_files_of_the_emergency_page_load_nothing_more() -> None:
    """The worker keeps what the page names; a style that loads a font would be lost without a network."""
    folder = Path(django_settings.BASE_DIR) / "wpiforum/static/wpiforum"
    for path in folder.glob("*.css"):
        urls = re.findall(r"url\(\s*[\"']?([^)\"']+)|@import", path.read_text(encoding="utf-8"))
        assert [url for url in urls if not url.startswith("data:")] == [], path


def test_worker_is_the_same_until_the_page_changes(client: Client) -> None:
    version = kept(client)["version"]
    assert kept(client)["version"] == version
    card = make_card()
    changed = kept(client)["version"]
    card.items_en = "Something else"
    card.save()
    assert len({version, changed, kept(client)["version"]}) == 3


@pytest.mark.parametrize("make", [make_contact, make_phrase, make_notice])
def test_worker_changes_with_every_part_of_the_page(client: Client, make: Any) -> None:
    version = kept(client)["version"]
    make()
    forget()
    assert kept(client)["version"] != version


def test_worker_is_the_same_for_everybody(client: Client) -> None:
    version = kept(client)["version"]
    assert kept(client, **{"Accept-Language": "en"})["version"] == version
    client.force_login(User.objects.create_superuser("editor", password="secret"))
    assert kept(client)["version"] == version


def test_reader_who_has_the_worker_is_told_that_it_is_the_same(client: Client) -> None:
    tag = client.get("/sw.js")["ETag"]
    assert client.get("/sw.js", headers={"If-None-Match": tag}).status_code == 304


def test_switch_sends_a_worker_that_leaves(client: Client, settings: Any) -> None:
    assert 'data-worker="/sw.js"' in page(client, "/ja/about/")
    settings.OFFLINE_PAGES = False
    text = page_of_worker(client)
    assert ("registration.unregister()" in text, 'addEventListener("fetch"' in text) == (True, False)
    assert "data-worker" not in page(client, "/ja/about/")


def test_worker_costs_as_many_queries_as_the_pages_it_keeps(client: Client, django_assert_num_queries: Any) -> None:
    make_card()
    with django_assert_num_queries(10):
        kept(client)


def test_manifest_names_icons_that_exist_and_pages_that_open(client: Client) -> None:
    response = client.get("/manifest.webmanifest")
    assert (response.status_code, response["Content-Type"]) == (200, "application/manifest+json")
    found = response.json()
    assert (found["name"], found["lang"], found["start_url"], found["scope"]) == ("WPI Forum", "ja", "/", "/")
    sizes = []
    for icon in found["icons"]:
        path = Path(django_settings.BASE_DIR) / "wpiforum" / icon["src"].lstrip("/")
        assert path.is_file()
        sizes.append((icon["sizes"], path.suffix))
    assert sizes == [("any", ".svg"), ("192x192", ".png"), ("512x512", ".png")]
    assert [client.get(row["url"]).status_code for row in found["shortcuts"]] == [200, 200]


def test_manifest_is_the_same_whatever_language_is_asked_for(client: Client) -> None:
    answers = [client.get("/manifest.webmanifest", headers={"Accept-Language": code}) for code in ("ja", "en")]
    assert answers[0].content == answers[1].content
    assert answers[0]["Content-Language"] == answers[1]["Content-Language"] == "ja, en"


@pytest.mark.parametrize("language", ["ja", "en"])
def test_page_links_the_manifest(client: Client, language: str) -> None:
    assert '<link rel="manifest" href="/manifest.webmanifest">' in page(client, f"/{language}/")
