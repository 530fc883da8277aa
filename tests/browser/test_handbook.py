"""The pictures of the handbook: taken here, and held to the pages they show, so that none ages unseen.

HANDBOOK=take make browser ARGS="-k handbook" takes them anew after a page has changed.
"""

import base64
import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from playwright.sync_api import Page

from centers.models import Center, Indicator
from onboarding.models import Report, Step
from tests.browser.staff import PASSWORD, address, enter, row_page
from tests.factories import onboarding as make
from tests.factories.links import listed
from tests.factories.publishing import make_person
from tests.helpers import LANGUAGES
from wpiforum import handbook
from wpiforum.provenance.models import Source
from wpiforum.publishing import workflow
from wpiforum.publishing.snapshot import take
from wpiforum.tables import xlsx

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
IS_TAKING = os.environ.get("HANDBOOK") == "take"
WIDTH = 1100
# What a page asks and offers: if that changes, its picture is old. Contents and figures may differ.
WORDS = """() => [...document.querySelectorAll(
    '#content h1, #content h2, #content h3, #content label, #content legend, #content th, #content button,' +
    '#content [type=submit], #user-tools a')].map((found) => found.value || found.textContent)"""


def shot(page: Page, language: str, name: str, *, top: str = "#content", height: int = 720) -> None:
    """Take a picture from an element on downwards, or hold the page to the one that was taken."""
    file = f"{language}/{name}.webp"
    words = re.sub(r"[\s\d]+", " ", " ".join(page.evaluate(WORDS)))
    digest = hashlib.sha256(words.encode()).hexdigest()[:16]
    if not IS_TAKING:
        known = handbook.pictures().get(file, {}).get("words")
        assert known == digest, f"{file} shows an old page; take the pictures anew (see the top of this file): {words}"
        return
    above = page.locator(top).first.evaluate("found => found.getBoundingClientRect().top + scrollY")
    below = page.evaluate("document.documentElement.scrollHeight")
    height = int(min(height, below - above))
    clip = {"x": 0, "y": max(0, above - 8), "width": WIDTH, "height": height, "scale": 1}
    devtools = page.context.new_cdp_session(page)
    options = {"format": "webp", "quality": 60, "clip": clip, "captureBeyondViewport": True}
    path = handbook.FOLDER / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(base64.b64decode(devtools.send("Page.captureScreenshot", options)["data"]))
    store = handbook.FOLDER / "pictures.json"
    known = json.loads(store.read_text(encoding="utf-8")) if store.exists() else {}
    known[file] = {"width": WIDTH, "height": height, "words": digest}
    store.write_text(json.dumps(dict(sorted(known.items())), indent=1) + "\n", encoding="utf-8")


@pytest.fixture
def step(db: None) -> Step:
    """A step of the real content, with a draft by an editor, half of it wrong."""
    if connection.vendor != "sqlite":
        pytest.skip("The server sees this transaction only where it shares the connection: on SQLite in memory.")
    step = Step.objects.select_related("guide__topic").get(slug="report-your-address")
    make.make_report(step=step, language="en", text="The counter closed at 17:00, not at 17:15.")
    return step


@pytest.fixture
def signed_in(open_page: Any, site: str) -> Iterator[Callable[[str, str], Page]]:
    pages: list[Page] = []

    def sign_in(language: str, role: str) -> Page:
        pages.append(enter(open_page, site, language, role, role, width=WIDTH))
        return pages[-1]

    yield sign_in
    for page in pages:
        page.wait_for_load_state("networkidle")  # the rows go with the transaction that the server still reads


def draft(step: Step, **fields: str) -> None:
    data = take(step.guide)
    data["children"]["steps"][str(step.pk)]["fields"].update(fields)
    workflow.save_draft(step.guide, data=data, by=make_person("editor", username=f"editor-{len(fields)}"))


def without_side_bar(page: Page) -> None:
    """Take away the bar of all lists: it differs by role and takes the room."""
    page.evaluate("document.querySelectorAll('#nav-sidebar, #toggle-nav-sidebar').forEach((found) => found.remove())")


def bare(page: Page, to: str) -> Page:
    page.goto(to)
    without_side_bar(page)
    return page


@pytest.mark.parametrize("language", LANGUAGES)
def test_pictures_of_signing_in_are_new(open_page: Any, site: str, step: Step, settings: Any, language: str) -> None:
    settings.SECOND_FACTOR = "required"
    make_person("editor", username="editor", password=PASSWORD)
    page = open_page(language, "admin/login/", width=WIDTH)
    shot(page, language, "entrance", top="#header", height=460)
    page.locator("#id_login").fill("editor")
    page.locator("#id_password").fill(PASSWORD)
    page.locator("form[action$='/login/'] [type=submit]").click()
    page.wait_for_url("**/factors/")
    shot(page, language, "factors", top="#header", height=480)
    page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("language", LANGUAGES)
def test_pictures_of_correcting_and_reporting_are_new(signed_in: Any, site: str, step: Step, language: str) -> None:
    page = signed_in(language, "editor")
    shot(bare(page, row_page(site, language, step)), language, "step")
    draft(step, title_en="Report your address (moving-in report) in person")
    shot(bare(page, row_page(site, language, step.guide, "desk")), language, "submit", height=540)
    shot(bare(page, row_page(site, language, Report.objects.get())), language, "report")


@pytest.mark.parametrize("language", LANGUAGES)
def test_pictures_of_translating_are_new(signed_in: Any, site: str, step: Step, language: str) -> None:
    page = signed_in(language, "translator_en")
    Step.objects.filter(pk=step.pk).update(title_ja=f"{step.title_ja}（本人が行います）")
    shot(bare(page, address(site, language, "admin:translations")), language, "board")
    kind = ContentType.objects.get_for_model(step).pk
    shot(bare(page, address(site, language, "admin:translation", kind, step.pk, "en")), language, "translation")


@pytest.mark.parametrize("language", LANGUAGES)
def test_pictures_of_reviewing_and_publishing_are_new(signed_in: Any, site: str, step: Step, language: str) -> None:
    draft(step, title_ja="10日以内に住居地を届け出る", title_en="Report your address within 14 days")
    author = workflow.open_revision(step.guide).author  # type: ignore[union-attr]
    workflow.submit(step.guide, by=author)
    desk = row_page(site, language, step.guide, "desk")
    page = signed_in(language, "reviewer")
    shot(bare(page, desk), language, "review")
    page.wait_for_load_state("networkidle")
    draft(
        step,
        title_ja="14日以内に住居地を届け出る",
        title_en="Report your address within 14 days",
        where_en="City office",
    )
    workflow.submit(step.guide, by=author)
    workflow.approve(step.guide, by=make_person("reviewer"))
    publisher = signed_in(language, "publisher")
    shot(bare(publisher, desk), language, "publish", top="#acts", height=340)


@pytest.mark.parametrize("language", LANGUAGES)
def test_picture_of_loading_figures_is_new(signed_in: Any, site: str, step: Step, language: str) -> None:
    page = signed_in(language, "editor")
    bare(page, address(site, language, "admin:centers_observation_load"))
    center, indicator, source = Center.objects.get(slug="aimr"), Indicator.objects.first(), Source.objects.first()
    rows = [
        ["center", "indicator", "fiscal_year", "value", "source"],
        [center.slug, indicator.key, "2025", "123", source.key],  # type: ignore[union-attr]
        ["aimr-2", indicator.key, "2025", "about 90", source.key],  # type: ignore[union-attr]
    ]
    page.locator("[type=file]").set_input_files(
        {"name": "figures.xlsx", "mimeType": "application/octet-stream", "buffer": xlsx(rows)}
    )
    page.locator("#content [type=submit]").last.click()
    page.wait_for_load_state("networkidle")
    without_side_bar(page)
    shot(page, language, "figures")


@pytest.mark.parametrize("language", LANGUAGES)
def test_picture_of_mending_a_link_is_new(signed_in: Any, site: str, step: Step, language: str) -> None:
    link = listed("https://jrecin.jst.go.jp/")
    page = signed_in(language, "editor")
    shot(bare(page, address(site, language, "admin:links_link_replace", link.pk)), language, "links", height=460)


@pytest.mark.parametrize("language", LANGUAGES)
def test_picture_of_adding_a_synonym_is_new(signed_in: Any, site: str, step: Step, language: str) -> None:
    page = signed_in(language, "editor")
    asked = {"ja": "外国人登録証", "en": "alien card"}[language]
    bare(page, address(site, language, "admin:search_synonym_add") + f"?typed={asked}")
    shot(page, language, "synonym", height=280)
