"""The guides' public pages: what they show, what they hide, what bad input gets."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils.html import strip_tags

from onboarding.choices import Actor, Audience, ContactKind, Stage
from onboarding.models import Guide, Step
from tests.factories.centers import make_center
from tests.factories.onboarding import (
    make_card,
    make_case,
    make_change,
    make_contact,
    make_fact,
    make_guide,
    make_material,
    make_office,
    make_period,
    make_phrase,
    make_rule,
    make_slot,
    make_slot_value,
    make_step,
    make_term,
    make_topic,
)
from tests.helpers import LANGUAGES, main_text, page

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
HIDDEN = "HIDDEN-MARK"
GAP = "This step does not exist in this language yet."


def make_full_guide(*, steps: int = 1, **fields: Any) -> Guide:
    """Make a guide with one row of every kind that its page may show, and that many full steps."""
    fact, slot, term = make_fact(value="6000"), make_slot(), make_term()
    guide = make_guide(related=[make_guide(steps=1)], next=make_guide(steps=1), **fields)
    for number in range(1, steps + 1):
        step = make_step(
            guide=guide,
            slug=f"do-{number}",
            order=number,
            body_ja=f"<p>{term.japanese}: {{{{fact:{fact.key}}}}}, {{{{slot:{slot.key}}}}}</p>",
            body_en=f"<p>{term.english}: {{{{fact:{fact.key}}}}}, {{{{slot:{slot.key}}}}}</p>",
        )
        make_rule(step=step)
    make_change(guide=guide)
    make_case(guides=[guide])
    make_material(guides=[guide])
    make_contact()
    make_card()
    make_phrase()
    return guide


def address(guide: Guide, query: str = "") -> str:
    return f"guides/{guide.topic.slug}/{guide.slug}/{query}"


def step_address(step: Step, part: str) -> str:
    return f"{address(step.guide)}{step.slug}/{part}/"


COUNTS = {
    "guides/": 2,
    "guides/?actor=researcher": 3,
    "guides/immigration/": 3,
    "guides/immigration/stay/": 10,
    "guides/immigration/stay/?view=both": 10,
    "guides/immigration/stay/?as_of=2019-02-05": 10,
    "guides/immigration/stay/?center=aimr": 10,
    "guides/immigration/stay/do-1/sheet/": 5,
    "guides/immigration/stay/do-1/report/": 3,
    "glossary/": 1,
    "contacts/": 1,
    "emergency/": 6,
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rows", [1, 4])
@pytest.mark.parametrize(("path", "number"), COUNTS.items())
def test_page_opens_under_its_query_count(
    client: Client, django_assert_num_queries: Any, path: str, number: int, rows: int, language: str
) -> None:
    topic = make_topic(slug="immigration")
    make_full_guide(slug="stay", topic=topic, steps=rows)
    make_slot_value(slot=make_slot(key="guard-room-phone"), center=make_center(slug="aimr"))
    for _ in range(rows - 1):
        make_full_guide(topic=topic)
    with django_assert_num_queries(number):
        page(client, f"/{language}/{path}")


def test_overview_lists_guides_by_stage_and_by_topic(client: Client) -> None:
    topic = make_topic(name_en="Immigration")
    make_guide(topic=topic, title_en="Landing", stages=[Stage.BEFORE_ARRIVAL, Stage.FIRST_14_DAYS])
    make_guide(topic=topic, title_en="Going home", stages=[Stage.LEAVING])
    text = main_text(page(client, "/en/guides/"))
    stages = text[text.index("By stage") : text.index("By topic")]
    assert "Before arrival First 14 days" in stages
    assert "Immigration It explains the procedures in order. Landing Going home" in text[text.index("By topic") :]


def listed(client: Client, query: str) -> list[str]:
    """Return the titles of the guides that a query leaves, in order."""
    html = page(client, f"/en/guides/?{query}")
    return re.findall(r"<h3><a [^>]*>(Guide [A-Z])</a>", html)


def test_a_repeated_facet_means_or_and_two_facets_mean_and(client: Client) -> None:
    researcher, family, host = Audience.RESEARCHER, Audience.FAMILY, Audience.HOST
    for order, (title, audience, stages) in enumerate(
        [
            ("Guide A", [researcher], [Stage.LIVING]),
            ("Guide B", [family], [Stage.LIVING, Stage.LEAVING]),
            ("Guide C", [host, researcher], [Stage.LEAVING]),
        ]
    ):
        make_guide(title_en=title, audience=audience, stages=stages, topic=make_topic(order=order))
    assert listed(client, "audience=researcher") == ["Guide A", "Guide C"]
    assert listed(client, "audience=researcher&audience=family") == ["Guide A", "Guide B", "Guide C"]
    assert listed(client, "audience=researcher&stage=leaving") == ["Guide C"]


def test_facet_who_acts_lists_the_steps_of_that_actor(client: Client) -> None:
    guide = make_guide(title_en="Guide A")
    make_step(guide=guide, title_en="Host step", actors=[Actor.HOST])
    make_step(guide=guide, title_en="Family step", actors=[Actor.FAMILY])
    make_step(guide=make_guide(title_en="Guide B"), actors=[Actor.FAMILY])
    text = main_text(page(client, "/en/guides/?actor=host"))
    assert [word in text for word in ("Guide A", "Host step", "Family step", "Guide B")] == [True, True, False, False]


def test_facets_without_a_match_say_so(client: Client) -> None:
    make_guide(audience=[Audience.HOST])
    assert "No guide matches. Take away a filter." in main_text(page(client, "/en/guides/?audience=family"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "path",
    [
        "guides/?audience=nobody",
        "guides/?stage=x",
        "guides/?actor=%00",
        "guides/?audience=researcher&audience=x",
        "guides/t/g/?as_of=yesterday",
        "guides/t/g/?as_of=2019-02-30",
        "guides/t/g/?as_of=2019-2-5",
        "guides/t/g/?as_of=2019-02-05&as_of=2018-01-01",
        "guides/t/g/?view=three",
        "guides/t/g/?center=nowhere",
        "guides/t/g/?center=%00",
        "guides/t/g/?center=hidden",
        "emergency/?center=nowhere",
        "emergency/?center=hidden",
    ],
)
def test_bad_parameter_gets_a_clear_page(client: Client, path: str, language: str) -> None:
    make_guide(slug="g", topic=make_topic(slug="t"), steps=1)
    make_center(slug="hidden", published=False)
    text = main_text(page(client, f"/{language}/{path}", status=400))
    assert ("We could not read this address" if language == "en" else "このアドレスを読み取れませんでした") in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "path",
    [
        "guides/nowhere/",
        "guides/t/nowhere/",
        "guides/other/g/",
        "guides/t/g/nowhere/sheet/",
        "guides/t/g/nowhere/report/",
        "guides/other/g/do/sheet/",
        "guides/other/g/do/report/",
    ],
)
def test_address_that_names_nothing_is_not_found(client: Client, path: str, language: str) -> None:
    make_topic(slug="other")
    make_step(guide=make_guide(slug="g", topic=make_topic(slug="t")), slug="do")
    page(client, f"/{language}/{path}", status=404)


def test_empty_date_means_today(client: Client, japan_noon: Callable[[date], None]) -> None:
    make_fact(key="fee", periods=[(None, TODAY, "4000"), (TODAY, None, "6000")])
    step = make_step(body_en="<p>{{fact:fee}}</p>")
    japan_noon(TODAY)
    assert "6,000 yen" in page(client, f"/en/{address(step.guide, '?as_of=')}")


def test_topic_lists_its_guides_in_order(client: Client) -> None:
    topic = make_topic(slug="t")
    for order, title in ((2, "Guide B"), (1, "Guide A"), (3, "Guide C")):
        make_guide(topic=topic, order=order, title_en=title)
    make_guide(title_en="Guide D")
    assert re.findall(r"Guide [A-D]", main_text(page(client, "/en/guides/t/"))) == ["Guide A", "Guide B", "Guide C"]


def make_told_step(**fields: Any) -> Step:
    """Make a step with a text in every field, in words that no other part of the page has."""
    told: dict[str, Any] = {}
    for name in ("title", "where", "bring", "missed", "law", "condition", "unconfirmed"):
        told |= {f"{name}_ja": f"日本語の{name}", f"{name}_en": f"English {name}"}
    told |= {"body_ja": "<p>日本語のbody</p>", "body_en": "<p>English body</p>"}
    return make_step(**told | {"office": make_office(name_ja="日本語のoffice", name_en="English office")} | fields)


PARTS = ("title", "body", "where", "bring", "missed", "law", "condition", "unconfirmed", "office")


@pytest.mark.parametrize(
    ("language", "query", "ja", "en"),
    [
        ("ja", "", True, False),
        ("en", "", False, True),
        ("ja", "?view=both", True, True),
        ("en", "?view=both", True, True),
    ],
)
def test_guide_shows_every_part_of_a_step_in_the_chosen_languages(
    client: Client, language: str, query: str, ja: bool, en: bool
) -> None:
    html = page(client, f"/{language}/{address(make_told_step().guide, query)}")
    steps = html[html.index('<ol class="steps">') :]
    found = {(f"日本語の{part}" in steps, f"English {part}" in steps) for part in PARTS}
    assert found == {(ja, en)}


@pytest.mark.parametrize(("language", "first"), [("ja", "ja"), ("en", "en")])
def test_reader_s_own_language_comes_first_in_both(client: Client, language: str, first: str) -> None:
    html = page(client, f"/{language}/{address(make_told_step().guide, '?view=both')}")
    assert re.findall(r'<div class="pair__side" lang="(\w+)">', html)[0] == first


def test_steps_pair_by_identity_whatever_their_order(client: Client) -> None:
    """Both halves of a pair lie in one list item: a reordered step takes both its languages along."""
    guide = make_guide()
    rows = [make_step(guide=guide, title_ja=f"第{n}の手順", title_en=f"Task {n}", order=n) for n in (1, 2, 3)]
    for row, order in zip(rows, (3, 1, 2), strict=True):
        row.order = order
        row.save()
    html = page(client, f"/en/{address(guide, '?view=both')}")
    items = html.split('<li class="step"')[1:]
    pairs = [(re.findall(r"第(\d)の手順", item), re.findall(r"Task (\d)", item)) for item in items]
    assert pairs == [(["2"], ["2"]), (["3"], ["3"]), (["1"], ["1"])]


MISSING = [{"title_en": ""}, {"body_en": ""}, {"title_en": None, "body_en": None}]


@pytest.mark.parametrize("missing", MISSING)
def test_step_missing_in_english_is_a_gap_in_both(client: Client, missing: dict[str, Any]) -> None:
    guide = make_guide()
    make_step(guide=guide, title_ja="和文の題", body_ja="<p>和文の文</p>", **missing)
    html = page(client, f"/en/{address(guide, '?view=both')}")
    english, japanese = html.split('<div class="pair__side"')[1:3]
    assert (GAP in english, "和文" in english, "<details" in english) == (True, False, False)
    assert "和文の文" in japanese


@pytest.mark.parametrize("missing", MISSING)
def test_step_missing_in_english_shows_the_original_in_closed_details(client: Client, missing: dict[str, Any]) -> None:
    guide = make_guide()
    make_step(guide=guide, title_ja="和文の題", body_ja="<p>和文の文</p>", **missing)
    html = page(client, f"/en/{address(guide)}")
    details = re.search(r"<details>.*?</details>", html[html.index(GAP) :], re.DOTALL)
    assert details is not None
    assert '<div lang="ja"><h3>和文の題</h3>' in details[0]
    assert "和文" not in html.replace(details[0], "")


def test_guide_with_one_missing_step_is_not_called_a_fallback(client: Client) -> None:
    guide = make_guide(steps=1)
    make_step(guide=guide, title_en="", body_en="")
    assert "You are reading the original." not in page(client, f"/en/{address(guide)}")


def test_guide_with_one_missing_step_has_no_alternate(client: Client) -> None:
    guide = make_guide(steps=1)
    whole = page(client, f"/en/{address(guide)}").count("hreflang=")
    make_step(guide=guide, title_en="", body_en="")
    assert page(client, f"/en/{address(guide)}").count('rel="alternate" hreflang') == 0
    assert whole > 0


def test_guide_wholly_missing_in_english_shows_the_original_and_says_so(client: Client) -> None:
    guide = make_guide(title_ja="案内", title_en="", summary_en="")
    make_step(guide=guide, title_ja="和文の題", title_en="", body_ja="<p>和文の文</p>", body_en="")
    html = page(client, f"/en/{address(guide)}")
    assert "You are reading the original." in html
    assert '<div class="pair__side" lang="ja">' in html
    assert f'<link rel="canonical" href="http://testserver/ja/{address(guide)}">' in html


@pytest.mark.parametrize(("day", "value"), [("2019-02-05", "4,000 yen"), ("2026-11-23", "6,000 yen")])
def test_guide_shows_the_facts_of_the_asked_day(client: Client, day: str, value: str) -> None:
    change = date(2025, 4, 1)
    make_fact(key="fee", periods=[(None, change, "4000"), (change, None, "6000")])
    step = make_step(body_en="<p>Pay {{fact:fee}} now</p>")
    assert f"Pay {value} now" in main_text(page(client, f"/en/{address(step.guide, f'?as_of={day}')}"))


@pytest.mark.parametrize(("day", "heading"), [("2025-03-31", "Announced or later"), ("2025-04-01", "In force")])
def test_change_note_stands_under_the_heading_of_the_asked_day(client: Client, day: str, heading: str) -> None:
    guide = make_guide(steps=1)
    make_change(guide=guide, happened_on=date(2025, 4, 1))
    text = main_text(page(client, f"/en/{address(guide, f'?as_of={day}')}"))
    assert f"What changed {heading} 1 April 2025 Before: It was 4,000 yen." in text


def test_change_that_is_only_announced_never_counts_as_in_force(client: Client) -> None:
    guide = make_guide(steps=1)
    make_change(guide=guide, happened_on=date(2025, 4, 1), is_planned=True)
    text = main_text(page(client, f"/en/{address(guide, '?as_of=2030-01-01')}"))
    assert "What changed Announced or later 1 April 2025 planned" in text


def test_trust_line_names_source_as_of_office_and_next_check(client: Client) -> None:
    step = make_step(office=make_office(name_en="Ward office"), check_every=12)
    source = step.sources.get()
    text = main_text(page(client, f"/en/{address(step.guide)}"))
    assert "Office in charge Ward office" in text
    assert f"Source: {source.title_en} As of: June 2026 · Next check: 1 June 2027" in text


OVERDUE = "The check of this step is overdue."


@pytest.mark.parametrize(("day", "is_said"), [(date(2027, 5, 31), False), (date(2027, 6, 1), True)])
def test_overdue_check_is_said_by_the_clock_without_a_save(
    client: Client, japan_noon: Callable[[date], None], day: date, is_said: bool
) -> None:
    step = make_step(check_every=12)
    japan_noon(day)
    assert (OVERDUE in page(client, f"/en/{address(step.guide)}")) is is_said


@pytest.mark.parametrize(("day", "asked"), [(date(2027, 6, 1), "2019-02-05"), (date(2027, 5, 31), "2030-01-01")])
def test_overdue_check_does_not_depend_on_the_asked_day(
    client: Client, japan_noon: Callable[[date], None], day: date, asked: str
) -> None:
    step = make_step(check_every=12)
    japan_noon(day)
    pages = [page(client, f"/en/{address(step.guide, query)}") for query in ("", f"?as_of={asked}")]
    assert (OVERDUE in pages[0]) is (OVERDUE in pages[1])


def test_disclaimer_stands_in_both_languages_in_the_view_of_both(client: Client) -> None:
    guide = make_guide(steps=1)
    ja, en = "このページは一般的な情報です。", "This page gives general information."
    found = [
        (ja in html, en in html)
        for html in (
            page(client, f"/{path}")
            for path in (f"ja/{address(guide)}", f"en/{address(guide)}", f"en/{address(guide, '?view=both')}")
        )
    ]
    assert found == [(True, False), (False, True), (True, True)]


def test_step_without_a_rule_says_that_no_deadline_is_counted(client: Client) -> None:
    step = make_step()
    assert "By when No deadline is counted for this step; see the text." in main_text(
        page(client, f"/en/{address(step.guide)}")
    )


def test_step_without_papers_says_nothing_to_bring(client: Client) -> None:
    step = make_step(bring_ja="", bring_en="")
    assert "Bring nothing" in main_text(page(client, f"/en/{address(step.guide)}"))


@pytest.mark.parametrize(("confirmed", "is_shown"), [(True, True), (False, False)])
def test_rule_is_shown_once_it_is_confirmed(client: Client, confirmed: bool, is_shown: bool) -> None:
    step = make_rule(confirmed=confirmed).step
    text = main_text(page(client, f"/en/{address(step.guide)}"))
    assert ("within 14 days after moving in statutory deadline" in text) is is_shown


def test_chosen_center_s_value_is_shown(client: Client) -> None:
    value = make_slot_value(slot=make_slot(key="desk"), center=make_center(slug="aimr"), value_en="Room 101")
    step = make_step(body_en="<p>Go to {{slot:desk}}.</p>")
    shown = [
        f"Go to {value.value_en}" in main_text(page(client, f"/en/{address(step.guide, query)}"))
        for query in ("?center=aimr", "")
    ]
    assert shown == [True, False]


def test_passage_without_a_japanese_title_does_not_break_the_page(client: Client) -> None:
    guide = make_guide(steps=1)
    make_case(guides=[guide], title_ja=None, body_ja=None, title_en="Walking together")
    make_case(guides=[guide], title_en="Second case")
    text = main_text(page(client, f"/en/{address(guide)}"))
    assert ("Walking together" in text, "Second case" in text) == (True, True)
    assert "Walking together" not in page(client, f"/ja/{address(guide)}")


def make_hidden_guide(topic: Any = None, **fields: Any) -> Guide:
    """Make a guide with one row of every kind, each marked."""
    guide = make_full_guide(
        **{
            "slug": "secret",
            "topic": topic or make_topic(slug="t2"),
            "audience": [Audience.FAMILY],
            "title_ja": HIDDEN,
            "title_en": HIDDEN,
            "summary_ja": HIDDEN,
            "summary_en": HIDDEN,
            **fields,
        }
    )
    text = {name + code: HIDDEN for name in ("title_", "body_", "where_", "missed_") for code in LANGUAGES}
    make_step(guide=guide, slug="secret-step", actors=list(Actor), **text)
    make_change(guide=guide, after_ja=HIDDEN, after_en=HIDDEN)
    make_case(guides=[guide], title_ja=HIDDEN, title_en=HIDDEN)
    return guide


PUBLIC = [
    "",
    "guides/",
    "guides/?actor=researcher",
    "guides/?audience=family",
    "guides/t/",
    "guides/t2/",
    "guides/t/open/",
    "guides/t/open/?view=both",
    "guides/t/open/?as_of=2019-02-05",
    "guides/t/open/do-1/sheet/",
    "guides/t/open/do-1/report/",
    "guides/t2/secret/",
    "guides/t2/secret/?view=both",
    "guides/t2/secret/secret-step/sheet/",
    "guides/t2/secret/secret-step/report/",
    "glossary/",
    "contacts/",
    "emergency/",
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("what", ["guide", "topic"])
def test_hidden_guide_or_topic_leaks_nowhere(client: Client, what: str, language: str) -> None:
    """A public guide names the hidden one as related and as next: the mark must still reach no page."""
    topic = make_topic(slug="t2", published=what != "topic", name_en=HIDDEN if what == "topic" else "Topic")
    hidden = make_hidden_guide(topic=topic, published=what != "guide")
    guide = make_full_guide(slug="open", topic=make_topic(slug="t"), audience=[Audience.FAMILY])
    guide.related.add(hidden)
    guide.next = hidden
    guide.save()
    for path in PUBLIC:
        gone = "secret" in path or (what == "topic" and "t2" in path)
        response = client.get(f"/{language}/{path}")
        assert response.status_code == (404 if gone else 200), path
        assert HIDDEN not in response.content.decode(), path


def test_marked_guide_would_be_seen_if_it_were_public(client: Client) -> None:
    """The proof that the test above has something to find."""
    make_hidden_guide()
    assert [path for path in PUBLIC if "t2" in path and HIDDEN not in page(client, f"/en/{path}")] == []


@pytest.mark.parametrize("at", ["guide", "topic"])
def test_guide_knows_whether_it_is_public_as_the_query_does(at: str) -> None:
    guide = make_guide(topic=make_topic(published=at != "topic"), published=at != "guide")
    assert (guide.is_published(), Guide.objects.published().exists()) == (False, False)
    shown = make_guide()
    assert (shown.is_published(), list(Guide.objects.published())) == (True, [shown])


def test_hidden_term_case_and_material_leak_nowhere(client: Client) -> None:
    guide = make_full_guide(slug="open", topic=make_topic(slug="t"))
    make_term(published=False, japanese=HIDDEN, english=HIDDEN)
    make_case(published=False, guides=[guide], title_en=HIDDEN, title_ja=HIDDEN)
    make_material(published=False, guides=[guide], title_en=HIDDEN, title_ja=HIDDEN)
    for path in PUBLIC:
        if "t2" not in path:
            assert HIDDEN not in page(client, f"/en/{path}"), path


def test_unconfirmed_contact_and_value_leak_nowhere(client: Client) -> None:
    guide = make_full_guide(slug="open", topic=make_topic(slug="t"))
    make_contact(confirmed=False, name_ja=HIDDEN, name_en=HIDDEN, kind=ContactKind.EMERGENCY)
    make_contact(confirmed=False, name_ja=HIDDEN, name_en=HIDDEN, number=HIDDEN)
    make_period(fact=make_fact(key="fee"), text_ja=HIDDEN, text_en=HIDDEN, confirmed=False)
    make_step(guide=guide, body_ja="<p>{{fact:fee}}</p>", body_en="<p>{{fact:fee}}</p>")
    for path in PUBLIC:
        if "t2" not in path:
            assert HIDDEN not in page(client, f"/en/{path}"), path


@pytest.mark.parametrize("path", [path for path in PUBLIC if "t2" not in path])
def test_public_pages_set_no_cookie_and_name_their_language(client: Client, path: str) -> None:
    make_full_guide(slug="open", topic=make_topic(slug="t"))
    for code in LANGUAGES:
        response = client.get(f"/{code}/{path}")
        assert (response.cookies.output(), response["Content-Language"]) == ("", code)
        assert "Cookie" not in response.headers.get("Vary", "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_language_switch_stays_on_the_page_and_keeps_the_query(client: Client, language: str) -> None:
    guide = make_guide(slug="g", topic=make_topic(slug="t"), steps=1)
    html = page(client, f"/{language}/{address(guide, '?view=both&as_of=2019-02-05')}")
    for code in LANGUAGES:
        assert f'href="/{code}/guides/t/g/?view=both&amp;as_of=2019-02-05"' in html


@pytest.mark.parametrize("path", [path for path in PUBLIC if "t2" not in path])
def test_page_has_one_h1_and_its_stylesheet(client: Client, path: str) -> None:
    make_full_guide(slug="open", topic=make_topic(slug="t"))
    for code in LANGUAGES:
        html = page(client, f"/{code}/{path}")
        assert html.count("<h1") == 1
        assert ("wpiforum/guides.css" in html) is (path != "")


def test_each_id_is_used_once_on_a_guide(client: Client) -> None:
    guide = make_full_guide(steps=3)
    for query in ("", "?view=both"):
        ids = re.findall(r'\sid="([^"]+)"', page(client, f"/en/{address(guide, query)}"))
        assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize(("code", "names"), [("ja", ["印鑑", "在留カード"]), ("en", ["在留カード", "印鑑"])])
def test_glossary_is_in_the_order_in_which_a_reader_looks_words_up(client: Client, code: str, names: list[str]) -> None:
    make_term(japanese="在留カード", kana="ざいりゅうかーど", english="residence card", slug="residence-card")
    make_term(japanese="印鑑", kana="いんかん", english="Seal", slug="seal")
    html = page(client, f"/{code}/glossary/")
    assert re.findall(r'<tr id="[a-z-]+"><th scope="row" lang="ja">([^<]+)<', html) == names
    assert 'id="residence-card"' in html


def test_glossary_shows_reading_meaning_and_plain_japanese(client: Client) -> None:
    make_term(
        japanese="印鑑", kana="いんかん", english="seal", meaning_en="A stamp.", plain_japanese="はんこの ことです。"
    )
    assert "印鑑 いんかん seal A stamp. ( June 2026 ) はんこの ことです。" in main_text(page(client, "/en/glossary/"))


def test_contacts_are_grouped_by_subject_with_number_hours_and_languages(client: Client) -> None:
    make_contact(kind=ContactKind.LEGAL, name_en="Houterasu", number="0570-078377")
    text = main_text(page(client, "/en/contacts/"))
    assert "Legal help" in text
    assert "Houterasu For any trouble 0570-078377 Weekdays 9:00 to 17:00 Japanese, English" in text


@pytest.mark.parametrize(("day", "is_shown"), [(date(2026, 3, 31), True), (date(2026, 4, 1), False)])
def test_contact_is_shown_until_its_end(
    client: Client, japan_noon: Callable[[date], None], day: date, is_shown: bool
) -> None:
    make_contact(name_en="Old desk", end_on=date(2026, 4, 1))
    japan_noon(day)
    assert ("Old desk" in page(client, "/en/contacts/")) is is_shown


def test_unconfirmed_number_is_marked(client: Client) -> None:
    make_contact(certainty="C", name_en="Night desk")
    assert "Night desk unconfirmed" in main_text(page(client, "/en/contacts/"))


def test_text_from_the_database_is_escaped(client: Client) -> None:
    bad = "<script>alert(1)</script>"
    guide = make_guide(title_en=bad, summary_en=bad)
    make_step(guide=guide, title_en=bad, body_en=bad, where_en=bad, bring_en=bad, missed_en=bad, law_en=bad)
    make_change(guide=guide, before_en=bad, after_en=bad)
    make_term(english=bad, meaning_en=bad, slug="bad")
    make_contact(name_en=bad, number=bad)
    for path in (address(guide), address(guide, "?view=both"), "guides/", "glossary/", "contacts/", "emergency/"):
        html = page(client, f"/en/{path}")
        assert "<script>alert" not in html, path
        assert strip_tags(html)
