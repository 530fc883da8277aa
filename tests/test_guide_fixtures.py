"""The guides' fixtures: whole in both languages, sourced and dated, and right on the days they speak of."""

import html
import json
import re
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from modeltranslation.translator import translator

from onboarding import pages
from onboarding.choices import Certainty
from onboarding.content import review
from onboarding.models import (
    ContactPoint,
    EmergencyCard,
    Fact,
    Guide,
    Phrase,
    Slot,
    Step,
    Term,
    TimingRule,
    Topic,
)
from onboarding.models.facts import period_on
from onboarding.models.texts import REFERENCE, columns
from tests.helpers import LANGUAGES, page
from tests.numbers import numbers

pytestmark = [pytest.mark.usefixtures("loaded_fixtures"), pytest.mark.django_db]

TODAY, SNAPSHOT = date(2026, 11, 23), date(2019, 2, 5)
# Where a step's text may refer to facts and slots.
TEXTS = ("title", "body", "where", "bring", "missed", "condition", "unconfirmed")
TIMED = {f"H{number:02}" for number in range(1, 20)} | {f"R{number:02}" for number in range(1, 32)}


@pytest.fixture(autouse=True)
def _day(japan_noon: Callable[[date], None]) -> None:
    japan_noon(TODAY)


def steps() -> list[Step]:
    return list(Step.objects.select_related("guide__topic", "office").prefetch_related("sources", "rules"))


def path_of(code: str) -> str:
    """Return the address, below the language, of the guide with this code."""
    guide = Guide.objects.select_related("topic").get(code=code)
    return f"guides/{guide.topic.slug}/{guide.slug}/"


def value_shown(client: Client, guide: str, fact: str, day: date | None, language: str = "en") -> str:
    """Return the value that a guide's table of values shows for a fact, today or on a day."""
    query = f"?as_of={day}" if day else ""
    text = page(client, f"/{language}/{path_of(guide)}{query}")
    found = re.search(rf'<tr id="fact-{fact}">.*?<span class="figure">(.*?)</span>', text, re.DOTALL)
    assert found is not None, (guide, fact, day)
    return found[1]


def test_counts_of_the_content() -> None:
    assert Topic.objects.published().count() == 8
    assert Guide.objects.published().count() >= 58
    assert Term.objects.published().count() >= 90
    assert TimingRule.objects.filter(confirmed_at__isnull=False).count() >= 50
    assert Phrase.objects.count() == 27


def test_all_fifty_timed_steps_are_there() -> None:
    """H18 has two parts with a rule each (insurance, employment insurance)."""
    found = {step.code for step in steps() if step.code}
    assert {code[:3] for code in found} == TIMED
    assert found - TIMED == {"H18a", "H18b"}


def test_every_timed_step_has_a_rule_in_effect() -> None:
    assert [step.code for step in steps() if step.code and step.rule is None] == []


def test_every_guide_has_three_steps_or_more() -> None:
    few = Guide.objects.annotate(number=models.Count("steps")).filter(number__lt=3)
    assert list(few.values_list("code", "number")) == []


def test_every_bilingual_text_is_filled_in_both_languages_or_in_none() -> None:
    gaps = []
    for model in translator.get_registered_models():
        if model._meta.app_label == "onboarding":
            for row in model._default_manager.all():
                for field in translator.get_options_for_model(model).all_fields:
                    halves = [bool(getattr(row, f"{field}_{code}")) for code in LANGUAGES]
                    if halves[0] != halves[1]:
                        gaps.append((str(row), field))
    assert gaps == []


def test_every_guide_and_step_is_written_in_both_languages() -> None:
    gaps = [guide.code for guide in Guide.objects.all() if not (guide.title_ja and guide.title_en)]
    gaps += [str(step) for step in steps() if not all(pages.is_written(step, code) for code in LANGUAGES)]
    assert gaps == []


def test_every_term_has_reading_meanings_and_plain_japanese() -> None:
    needed = ("japanese", "kana", "english", "meaning_ja", "meaning_en", "plain_japanese")
    assert [(term.slug, name) for term in Term.objects.all() for name in needed if not getattr(term, name)] == []


def test_every_step_has_source_office_as_of_and_next_check() -> None:
    lacking = [
        str(step)
        for step in steps()
        if not (step.sources.all() and step.office and step.as_of_on and step.next_check_on > step.as_of_on)
    ]
    assert lacking == []


def test_every_step_says_where_and_what_follows_if_it_is_missed() -> None:
    """What to bring and by when may be nothing, and the page then says so; place and consequence are never nothing."""
    fields = [f"{name}_{code}" for name in ("where", "missed") for code in LANGUAGES]
    assert [(str(step), field) for step in steps() for field in fields if not getattr(step, field)] == []


def test_no_step_claims_evidence_later_than_june_2026() -> None:
    assert [str(step) for step in steps() if step.as_of.first > date(2026, 6, 30)] == []


def test_overdue_checks_say_so_on_the_day_of_loading(client: Client) -> None:
    due = next(step for step in steps() if step.is_check_due(TODAY))
    text = page(client, f"/en/guides/{due.guide.topic.slug}/{due.guide.slug}/")
    assert "The check of this step is overdue." in text


def test_every_reference_names_a_fact_or_slot_that_exists() -> None:
    known = {
        "fact": set(Fact.objects.values_list("key", flat=True)),
        "slot": set(Slot.objects.values_list("key", flat=True)),
    }
    unknown = [
        (str(row), field, kind, key)
        for row in every_row()
        for field, text in texts_of(row)
        for kind, key in REFERENCE.findall(text)
        if key not in known[kind]
    ]
    assert unknown == []


def every_row() -> list[Any]:
    """Return every row of the guides' app."""
    found: list[Any] = []
    for model in apps.get_app_config("onboarding").get_models():
        found += model._default_manager.all()
    return found


def texts_of(row: Any) -> list[tuple[str, str]]:
    """Return the row's own texts by column; a bilingual field's bare column is nobody's text."""
    bare: set[str] = set()
    if type(row) in translator.get_registered_models():
        bare = set(translator.get_options_for_model(type(row)).all_fields)
    fields = [field for field in row._meta.concrete_fields if isinstance(field, models.CharField | models.TextField)]
    return [
        (field.name, row.__dict__[field.name])
        for field in fields
        if field.name not in bare and row.__dict__[field.name]
    ]


def test_braces_stand_only_where_pages_replace_them() -> None:
    stray = [
        (str(row), field)
        for row in every_row()
        for field, text in texts_of(row)
        if "{{" in REFERENCE.sub("", text)
        or ("{{" in text and field not in columns(getattr(row, "referring_fields", ())))
    ]
    assert stray == []


def test_every_fact_that_a_text_uses_has_a_value_today() -> None:
    used = {
        key
        for step in steps()
        for _name, text in texts_of(step)
        for kind, key in REFERENCE.findall(text)
        if kind == "fact"
    }
    facts = Fact.objects.filter(key__in=used).prefetch_related("periods")
    assert [fact.key for fact in facts if period_on(fact.periods.all(), TODAY) is None] == []


def test_both_halves_of_a_step_refer_to_the_same_values() -> None:
    different = []
    for step in steps():
        for name in TEXTS:
            halves = [sorted(REFERENCE.findall(getattr(step, f"{name}_{code}") or "")) for code in LANGUAGES]
            if halves[0] != halves[1]:
                different.append((str(step), name, halves))
    assert different == []


@pytest.mark.content
def test_numbers_of_each_step_agree_in_both_languages() -> None:
    different = []
    for step in steps():
        for name in TEXTS:
            ja, en = (numbers(getattr(step, f"{name}_{code}"), code) for code in LANGUAGES)
            if ja != en:
                different.append((step.guide.code, step.slug, name, ja - en, en - ja))
    assert different == []


@pytest.mark.parametrize(
    ("language", "old", "new", "online"),
    [
        ("en", "4,000 yen", "6,000 yen", "5,500 yen"),
        ("ja", "4,000円", "6,000円", "5,500円"),
    ],
)
def test_fee_of_an_extension_then_and_now(client: Client, language: str, old: str, new: str, online: str) -> None:
    path = f"/{language}/{path_of('G4-5')}"
    found = []
    for query in ("?as_of=2019-02-05", ""):
        text = page(client, f"{path}{query}")
        step = text[text.index('id="pay-the-fee"') : text.index('<section aria-labelledby="values">')]
        found.append([value in step for value in (old, new, online)])
    assert found == [[True, False, False], [False, True, True]]


@pytest.mark.parametrize(
    ("day", "en", "ja"),
    [
        (date(2019, 3, 31), "regional immigration bureau", "地方入国管理局"),
        (date(2019, 4, 1), "regional immigration services bureau", "地方出入国在留管理局"),
        (None, "regional immigration services bureau", "地方出入国在留管理局"),
    ],
)
def test_name_of_the_immigration_office_changes_on_its_date(client: Client, day: date | None, en: str, ja: str) -> None:
    found = [value_shown(client, "G4-5", "regional-immigration-office", day, code) for code in ("en", "ja")]
    assert found == [en, ja]


@pytest.mark.parametrize(
    ("day", "value"),
    [
        (date(2019, 3, 31), "Immigration Bureau of the Ministry of Justice"),
        (date(2019, 4, 1), "Immigration Services Agency (ISA)"),
    ],
)
def test_name_of_the_immigration_authority_changes_on_its_date(client: Client, day: date, value: str) -> None:
    step = next(step for step in steps() if "{{fact:immigration-authority}}" in (step.body_en or ""))
    assert value_shown(client, step.guide.code, "immigration-authority", day) == value


@pytest.mark.parametrize(("day", "value"), [(SNAPSHOT, "36 months"), (None, "60 months")])
def test_ceiling_of_the_pension_lump_sum_then_and_now(client: Client, day: date | None, value: str) -> None:
    assert value_shown(client, "G5-4", "pension-lump-sum-cap", day) == value


@pytest.mark.parametrize("guide", ["G4-6", "G6-13"])
@pytest.mark.parametrize(
    ("day", "value"),
    [
        (SNAPSHOT, "1,000 yen"),
        (date(2026, 6, 30), "1,000 yen"),
        (date(2026, 7, 1), "3,000 yen"),
        (None, "3,000 yen"),
    ],
)
def test_departure_tax_then_and_now(client: Client, guide: str, day: date | None, value: str) -> None:
    assert value_shown(client, guide, "departure-tax", day) == value


@cache
def opened(language: str, query: str = "") -> list[tuple[str, int, str]]:
    """Return (code, number of queries, page) of every guide; made once, as no test here changes the content."""
    client, found = Client(), []
    for guide in Guide.objects.select_related("topic"):
        with CaptureQueriesContext(connection) as queries:
            text = page(client, f"/{language}/guides/{guide.topic.slug}/{guide.slug}/{query}")
        found.append((guide.code, len(queries), text))
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_guide_opens_in_ten_queries_or_fewer(language: str) -> None:
    assert [(code, queries) for code, queries, _text in opened(language) if queries > 10] == []


@pytest.mark.content
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_shows_braces_or_an_unknown_value(language: str) -> None:
    gaps = ("{{", ">not known<", ">不明<", ">None<")
    assert [code for code, _queries, text in opened(language) if any(gap in text for gap in gaps)] == []


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("query", ["?view=both", "?as_of=2019-02-05", "?center=aimr"])
def test_every_view_of_a_guide_opens_in_ten_queries_or_fewer(query: str, language: str) -> None:
    assert [(code, queries) for code, queries, _text in opened(language, query) if queries > 10] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sheet_of_every_guide_opens(client: Client, language: str) -> None:
    for guide in Guide.objects.select_related("topic"):
        page(client, f"/{language}/guides/{guide.topic.slug}/{guide.slug}/{guide.steps.all()[0].slug}/sheet/")


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("part", ["sheet", "report"])
def test_every_sheet_and_report_form_opens(client: Client, part: str, language: str) -> None:
    for step in steps():
        page(client, f"/{language}/guides/{step.guide.topic.slug}/{step.guide.slug}/{step.slug}/{part}/")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_other_page_opens(client: Client, language: str) -> None:
    paths = ["guides/", "glossary/", "contacts/", "emergency/"]
    paths += [f"guides/{slug}/" for slug in Topic.objects.values_list("slug", flat=True)]
    paths += [f"guides/?{facet}" for facet in ("actor=host", "audience=family", "stage=leaving")]
    for path in paths:
        page(client, f"/{language}/{path}")


@pytest.mark.content
def test_anchors_of_a_guide_are_unique() -> None:
    for code, _queries, text in opened("en", "?view=both"):
        ids = re.findall(r'\sid="([^"]+)"', text)
        assert sorted(ids) == sorted(set(ids)), code


@pytest.mark.content
def test_review_of_the_content_finds_nothing_to_mend() -> None:
    state = review(TODAY)
    assert {heading: lines for heading, lines in state.errors.items() if lines} == {}
    assert state.counts["guides"] >= 58


def test_slugs_equal_the_published_list() -> None:
    listed = json.loads((Path(settings.FIXTURE_DIRS[0]) / "slugs.json").read_text(encoding="utf-8"))["guides"]
    rows = Guide.objects.values_list("code", "topic__slug", "slug")
    assert {code: {"topic": topic, "slug": slug} for code, topic, slug in rows} == listed


@pytest.mark.parametrize("language", LANGUAGES)
def test_emergency_page_fits_in_fifty_kilobytes(client: Client, language: str) -> None:
    assert len(client.get(f"/{language}/emergency/").content) <= 50 * 1024


@pytest.mark.parametrize("language", LANGUAGES)
def test_emergency_page_has_every_phrase_and_card_in_both_languages(client: Client, language: str) -> None:
    text = html.unescape(page(client, f"/{language}/emergency/"))
    wanted = [words for row in Phrase.objects.all() for words in (row.japanese, row.reading, row.english)]
    wanted += [words for row in EmergencyCard.objects.all() for words in (row.title_ja, row.title_en) if words]
    assert [words for words in wanted if words not in text] == []


@pytest.mark.parametrize(("query", "opened"), [("", []), ("?center=aimr", ["aimr"])])
def test_emergency_page_opens_only_the_chosen_center(client: Client, query: str, opened: list[str]) -> None:
    text = page(client, f"/en/emergency/{query}")
    assert text.count('<details id="center-') == 13
    assert re.findall(r'<details id="center-([\w-]+)" open>', text) == opened


def test_unconfirmed_contacts_are_marked_on_the_emergency_page(client: Client) -> None:
    rows = ContactPoint.objects.filter(certainty=Certainty.UNCONFIRMED).exclude(number="")
    shown = page(client, "/en/emergency/")
    assert rows
    for row in rows:
        if row.number in shown:
            item = next(part for part in shown.split("<li>") if f">{row.number}<" in part)
            assert "unconfirmed" in item, row.key


@pytest.mark.content
def test_every_row_keeps_every_rule() -> None:
    for row in every_row():
        row.full_clean()
