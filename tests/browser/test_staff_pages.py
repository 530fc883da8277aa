"""axe-core and the width of the staff pages: at 1280 and on a tablet, in both languages and schemes."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from playwright.sync_api import Page

from centers.models import Center
from onboarding.models import Step
from tests.browser.staff import address, enter, row_page
from tests.browser.test_accessibility import violations
from tests.factories.links import listed
from tests.factories.publishing import make_person
from tests.helpers import LANGUAGES
from wpiforum.links.models import Link
from wpiforum.publishing import workflow
from wpiforum.publishing.snapshot import take

# The field that Django's own widget for choosing several rows makes has no label.
DJANGOS = ".select2-search__field"
FEW = ("home", "steps", "step", "desk", "replace")
pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def addresses(site: str, language: str) -> dict[str, str]:
    """Return one address for each type of staff page."""
    step = Step.objects.get(slug="report-your-address")
    kind = ContentType.objects.get_for_model(step).pk
    names = {
        "home": "admin:index",
        "steps": "admin:onboarding_step_changelist",
        "translations": "admin:translations",
        "texts": "admin:publishing_texts",
        "load": "admin:centers_observation_load",
        "factors": "mfa_index",
        "handbook": "admin:handbook",
        "links": "admin:links_link_changelist",
        "digest": "account_digest",
    }
    link = Link.objects.get(url="https://jrecin.jst.go.jp/")
    return {name: address(site, language, page) for name, page in names.items()} | {
        "step": row_page(site, language, step),
        "history": row_page(site, language, step, "history"),
        "desk": row_page(site, language, step.guide, "desk"),
        "translation": address(site, language, "admin:translation", kind, step.pk, "en"),
        "center": row_page(site, language, Center.objects.get(slug="aimr")),
        "link": row_page(site, language, link),
        "replace": address(site, language, "admin:links_link_replace", link.pk),
        "chapter": address(site, language, "admin:handbook_chapter", "review"),
    }


@pytest.fixture
def staff(open_page: Any, site: str, db: None) -> Iterator[Callable[..., Page]]:
    """Sign somebody in who may do everything; a draft waits that the checks would stop."""
    if connection.vendor != "sqlite":
        pytest.skip("The server sees this transaction only where it shares the connection: on SQLite in memory.")
    step = Step.objects.get(slug="report-your-address")
    data = take(step.guide)
    data["children"]["steps"][str(step.pk)]["fields"]["title_ja"] = "10日以内に届け出る"
    editor = make_person("editor")
    workflow.save_draft(step.guide, data=data, by=editor)
    workflow.submit(step.guide, by=editor)
    listed("https://jrecin.jst.go.jp/")
    pages: list[Page] = []

    def sign_in(language: str, **options: Any) -> Page:
        pages.append(enter(open_page, site, language, "administrator", "administrator", **options))
        return pages[-1]

    yield sign_in
    for page in pages:
        page.wait_for_load_state("networkidle")  # the rows go with the transaction that the server still reads


def flaws(page: Page, site: str, language: str, *, names: tuple[str, ...] = ()) -> dict[str, list[str]]:
    """Return what breaks a rule, by page: accessibility, and anything wider than the window."""
    found = {}
    for name, url in addresses(site, language).items():
        if names and name not in names:
            continue
        page.goto(url)
        wrong = violations(page, without=DJANGOS)
        width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        if width[0] > width[1]:
            wrong.append(f"{width[0]} px wide in a window of {width[1]}")
        if wrong:
            found[name] = wrong
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_staff_pages_keep_the_rules(staff: Any, site: str, language: str) -> None:
    assert flaws(staff(language), site, language, names=FEW) == {}


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 820), ("dark", 820)])
def test_every_staff_page_keeps_the_rules_in_both_schemes_and_on_a_tablet(
    staff: Any, site: str, language: str, scheme: str, width: int
) -> None:
    assert flaws(staff(language, scheme=scheme, width=width), site, language) == {}
