"""One text from the translator's desk to the public page, by five people in five browsers."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.staff import act, enter, row_page
from tests.factories import onboarding as make
from wpiforum.http import JAPAN
from wpiforum.localization import status
from wpiforum.publishing import translations, workflow
from wpiforum.publishing.choices import Weight

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.fixture
def step(db: None) -> Any:
    """A public step whose two languages agree on 14 days."""
    if connection.vendor != "sqlite":
        pytest.skip("The server sees this transaction only where it shares the connection: on SQLite in memory.")
    guide = make.make_guide(steps=0, title_ja="住所の届出", title_en="Reporting your address")
    step = make.make_step(guide=guide, title_ja="14日以内に届け出る", title_en="Report until 14 days")
    status.stamp([guide])
    status.stamp([step])
    return step


def states(step: Any) -> dict[str, str]:
    """Return how the translations of the step stand, by language."""
    return {item.language: item.state for item in translations.items() if item.row.pk == step.pk}


def public_texts(page: Page, site: str, step: Any) -> list[str]:
    """Return the step as a reader without an account sees it, in both languages."""
    found = []
    for language in ("ja", "en"):
        page.goto(f"{site}/{language}/guides/{step.guide.topic.slug}/{step.guide.slug}/")
        text = page.locator(f"#{step.slug}").inner_text()
        found.append(text.replace("\N{NO-BREAK SPACE}", " "))
    page.wait_for_load_state("networkidle")
    return found


def shows(page: Page, site: str, step: Any, titles: list[str]) -> bool:
    """Tell whether readers see these titles, the Japanese first."""
    found = public_texts(page, site, step)
    assert [title for title, text in zip(titles, found, strict=True) if title not in text] == [], found
    return True


def test_step_goes_from_the_translator_to_the_public(open_page: Any, site: str, step: Any) -> None:
    before = ["14日以内に届け出る", "Report until 14 days"]
    reader = open_page("en", "about/")
    assert shows(reader, site, step, before)
    assert states(step) == {"en": "up_to_date"}

    # A translator mends the English words.
    translator = enter(open_page, site, "en", "translator_en", "translator")
    translator.goto(row_page(site, "en", step))
    expect(translator.locator("#id_title_ja")).to_have_count(0)
    translator.locator("#id_title_en").fill("Report within 14 days")
    translator.get_by_role("button", name="Save and continue editing").click()
    expect(translator.locator(".messagelist .success")).to_contain_text("The draft is saved")

    assert states(step) == {"en": "in_progress"}

    # An editor changes the Japanese deadline in the same draft, and asks for a review.
    editor = enter(open_page, site, "ja", "editor", "editor")
    editor.goto(row_page(site, "ja", step))
    expect(editor.locator("#id_title_en")).to_have_value("Report within 14 days")
    editor.locator("#id_title_ja").fill("10日以内に届け出る")
    editor.get_by_role("button", name="保存して編集を続ける").click()
    expect(editor.locator(".messagelist .success")).to_contain_text("下書きを保存しました")
    editor.goto(row_page(site, "ja", step.guide, "desk"))
    expect(editor.locator(".finding--error")).to_contain_text("10")
    act(editor, "submit", weight=Weight.WRONG)
    expect(editor.locator("#state + ul, #state ~ ul").first).to_contain_text("確認待ち")
    assert shows(reader, site, step, before)

    # The reviewer sees what differs and sends it back; the gate would stop it anyway.
    reviewer = enter(open_page, site, "en", "reviewer", "reviewer")
    reviewer.goto(row_page(site, "en", step.guide, "desk"))
    expect(reviewer.locator(".finding--error")).to_contain_text("This stops the publication.")
    expect(reviewer.locator("ins", has_text="10")).to_be_visible()
    act(reviewer, "send_back", note="English still says 14 days.")
    expect(reviewer.get_by_text("English still says 14 days.").first).to_be_visible()

    # The translator follows, the editor submits again, and now it is approved.
    translator.goto(row_page(site, "en", step))
    expect(translator.locator(".draft-note")).to_contain_text("English still says 14 days.")
    translator.locator("#id_title_en").fill("Report within 10 days")
    translator.get_by_role("button", name="Save and continue editing").click()
    expect(translator.locator(".messagelist .success")).to_be_visible()
    editor.goto(row_page(site, "ja", step.guide, "desk"))
    expect(editor.locator(".finding")).to_have_count(0)
    act(editor, "submit", weight=Weight.CONTENT)
    expect(editor.locator("form.act--approve")).to_have_count(0)
    reviewer.goto(row_page(site, "en", step.guide, "desk"))
    act(reviewer, "approve")
    expect(reviewer.locator(".messagelist .success")).to_be_visible()

    # A publisher sets the moment; until it comes, readers see what they saw.
    publisher = enter(open_page, site, "ja", "publisher", "publisher")
    publisher.goto(row_page(site, "ja", step.guide, "desk"))
    moment = (timezone.now().astimezone(JAPAN) + timedelta(hours=2)).replace(second=0, microsecond=0)
    act(publisher, "publish", at=moment.strftime("%Y-%m-%dT%H:%M"))
    expect(publisher.get_by_text(f"{moment:%Y-%m-%d %H:%M} JST").first).to_be_visible()
    publisher.wait_for_load_state("networkidle")
    assert workflow.publish_due(at=moment - timedelta(minutes=1)) == []
    assert shows(reader, site, step, before)
    assert states(step) == {"en": "in_progress"}

    [(version, problem)] = workflow.publish_due(at=moment)
    assert (problem, version.languages) == ("", ["ja", "en"])
    after = ["10日以内に届け出る", "Report within 10 days"]
    assert shows(reader, site, step, after)
    assert states(step) == {"en": "up_to_date"}
