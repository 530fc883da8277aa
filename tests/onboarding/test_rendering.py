"""Texts of steps as readers see them: values by date, slots, glossary links, and nothing that could run."""

from datetime import date
from typing import Any

import pytest
from django.utils import translation

from onboarding.choices import FactUnit
from onboarding.models import Slot
from onboarding.models.texts import references
from onboarding.pages import renderers
from onboarding.rendering import Renderer, TermName
from tests.factories.centers import make_center
from tests.factories.onboarding import (
    make_fact,
    make_period,
    make_slot,
    make_slot_value,
    make_step,
    make_term,
)

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 23)


def rendered(text: str, *, code: str = "en", day: date = DAY, center: Any = None, links: bool = True) -> str:
    """Return a step's text in one language as `pages` loads it: facts, slots and terms come from the database."""
    step = make_step(**{f"body_{code}": text})
    made, _periods, _slots = renderers([step], day, (code,), center, links=links)
    with translation.override(code):
        return made[code].html(text)


def line(text: str, *, code: str = "en") -> str:
    step = make_step(**{f"where_{code}": text})
    made, _periods, _slots = renderers([step], DAY, (code,), None)
    with translation.override(code):
        return made[code].line(text)


def linked(text: str, *terms: TermName, code: str = "en") -> str:
    """Return a text with links to these terms, without a database."""
    with translation.override(code):
        return Renderer(code, DAY, periods={}, slots={}, terms=list(terms)).html(text)


@pytest.mark.parametrize(
    ("day", "value"),
    [
        (date(2019, 2, 5), "4,000 yen"),
        (date(2025, 3, 31), "4,000 yen"),
        (date(2025, 4, 1), "6,000 yen"),
    ],
)
def test_fact_has_the_value_of_the_day(day: date, value: str) -> None:
    make_fact(key="fee", periods=[(None, date(2025, 4, 1), "4000"), (date(2025, 4, 1), None, "6000")])
    html = rendered("<p>Pay {{fact:fee}}.</p>", day=day)
    assert html == f'<p>Pay <a class="fact" href="#fact-fee">{value}</a>.</p>'


@pytest.mark.parametrize(("code", "name"), [("ja", "入国管理局"), ("en", "Immigration Bureau")])
def test_fact_in_words_reads_in_the_language_of_the_text(code: str, name: str) -> None:
    fact = make_fact(key="office-name", unit=FactUnit.TEXT)
    make_period(fact=fact, text_ja="入国管理局", text_en="Immigration Bureau")
    assert name in rendered("<p>{{fact:office-name}}</p>", code=code)


@pytest.mark.parametrize(("code", "words"), [("ja", "不明"), ("en", "not known")])
def test_fact_without_a_value_on_the_day_is_not_known(code: str, words: str) -> None:
    make_fact(key="fee", periods=[(date(2027, 1, 1), None, "9000")])
    html = rendered("<p>{{fact:fee}}</p>", code=code)
    assert html == f'<p><a class="fact" href="#fact-fee">{words}</a></p>'


def test_fact_that_does_not_exist_is_not_known() -> None:
    assert ">not known</a>" in rendered("<p>{{fact:nowhere}}</p>")


def test_space_inside_a_reference_does_not_matter() -> None:
    make_fact(key="fee", value="6000")
    assert "6,000 yen" in rendered("<p>{{ fact:fee }}</p>")


def test_references_are_found_by_kind() -> None:
    texts = ["{{fact:a}} {{slot:b}}", None, "", "{{ fact:c }} {{term:d}}"]
    assert (references(texts, "fact"), references(texts, "slot")) == ({"a", "c"}, {"b"})


def test_slot_that_the_center_filled_shows_its_value() -> None:
    slot = make_slot(key="guard-room")
    value = make_slot_value(slot=slot, value_ja="内線110", value_en="extension 110")
    found = {code: rendered("<p>{{slot:guard-room}}</p>", code=code, center=value.center) for code in ("ja", "en")}
    assert found == {
        "ja": '<p><span class="slot">内線110</span></p>',
        "en": '<p><span class="slot">extension 110</span></p>',
    }


def test_slot_of_another_center_is_not_shown() -> None:
    make_slot_value(slot=make_slot(key="guard-room", label_en="Guard room"), value_en="extension 110")
    html = rendered("<p>{{slot:guard-room}}</p>", center=make_center())
    assert "extension 110" not in html
    assert "Guard room (your center has not filled this in yet)" in html


def test_slot_without_a_chosen_center_says_whom_to_ask() -> None:
    make_slot_value(slot=make_slot(key="guard-room", label_en="Guard room"), value_en="extension 110")
    html = rendered("<p>{{slot:guard-room}}</p>")
    sentence = "Guard room (differs by center: ask your host office)"
    assert html == f'<p><span class="slot slot--empty">{sentence}</span></p>'


def test_term_is_linked_once_in_a_page() -> None:
    make_term(slug="residence-card", english="residence card")
    step = make_step(body_en="<p>Your residence card.</p>", missed_en="")
    made, _periods, _slots = renderers([step], DAY, ("en",), None)
    with translation.override("en"):
        first = made["en"].html("<p>Your Residence card and residence card.</p>")
        second = made["en"].html("<p>The residence card.</p>")
    link = '<a class="term" href="/en/glossary/#residence-card">Residence card</a>'
    assert (first, second) == (f"<p>Your {link} and residence card.</p>", "<p>The residence card.</p>")


def test_hidden_term_is_not_linked() -> None:
    make_term(english="residence card", published=False)
    assert rendered("<p>residence card</p>") == "<p>residence card</p>"


@pytest.mark.parametrize(
    ("code", "text", "slug"), [("ja", "特定在留カード", "combined"), ("en", "combined residence card", "combined")]
)
def test_longest_name_of_a_term_wins(code: str, text: str, slug: str) -> None:
    short = TermName("card", "在留カード", "residence card")
    long = TermName("combined", "特定在留カード", "combined residence card")
    html = linked(f"<p>{text}</p>", short, long, code=code)
    assert html == f'<p><a class="term" href="/{code}/glossary/#{slug}">{text}</a></p>'


def test_words_inside_links_and_headings_are_not_linked() -> None:
    html = linked('<h3>visa</h3><p><a href="/x">visa</a></p>', TermName("visa", "ビザ", "visa"))
    assert 'class="term"' not in html


@pytest.mark.parametrize("text", ["<p>visas</p>", "<p>revisa</p>", "<p>non-visa</p>"])
def test_english_term_matches_whole_words_only(text: str) -> None:
    assert 'class="term"' not in linked(text, TermName("visa", "ビザ", "visa"))


def test_english_term_that_ends_with_a_bracket_is_linked() -> None:
    name = "Certificate of Eligibility (COE)"
    html = linked(f"<p>The {name} is free.</p>", TermName("coe", "在留資格認定証明書", name))
    assert f'<a class="term" href="/en/glossary/#coe">{name}</a>' in html


def test_japanese_term_is_found_inside_a_sentence() -> None:
    html = linked("<p>国民年金に入る</p>", TermName("pension", "年金", "pension"), code="ja")
    assert html == '<p>国民<a class="term" href="/ja/glossary/#pension">年金</a>に入る</p>'


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("<p>a<script>alert(1)</script></p>", "<p>a</p>"),
        ('<p onclick="x()">a</p>', "<p>a</p>"),
        ('<img src="x" onerror="alert(1)">', ""),
        ('<a href="javascript:alert(1)">a</a>', '<a rel="noreferrer">a</a>'),
        ('<a href="data:text/html,x">a</a>', '<a rel="noreferrer">a</a>'),
        ('<p style="color:red" class="x">a</p>', "<p>a</p>"),
        ("<p>1 < 2 & 3</p>", "<p>1 &lt; 2 &amp; 3</p>"),
    ],
)
def test_text_that_could_run_is_taken_out(text: str, left: str) -> None:
    assert linked(text) == left


def test_value_of_a_fact_is_escaped() -> None:
    make_period(fact=make_fact(key="name", unit=FactUnit.TEXT), text_en="<b>x</b>", text_ja="x")
    assert ">&lt;b&gt;x&lt;/b&gt;</a>" in rendered("<p>{{fact:name}}</p>")


def test_value_of_a_slot_is_escaped() -> None:
    value = make_slot_value(slot=make_slot(key="desk"), value_en="<i>x</i>")
    assert '<span class="slot">&lt;i&gt;x&lt;/i&gt;</span>' in rendered("<p>{{slot:desk}}</p>", center=value.center)


def test_plain_line_is_escaped_around_its_references() -> None:
    make_fact(key="fee", value="6000")
    html = line('<b>Pay</b> {{fact:fee}} & "go"')
    assert html == ('&lt;b&gt;Pay&lt;/b&gt; <a class="fact" href="#fact-fee">6,000 yen</a> &amp; &quot;go&quot;')


def test_number_to_dial_may_be_a_fact() -> None:
    make_fact(key="phone-police", unit=FactUnit.PHONE, value="110")
    html = rendered('<p><a href="tel:{{fact:phone-police}}">Call {{fact:phone-police}}</a></p>')
    assert html == '<p><a href="tel:110" rel="noreferrer">Call 110</a></p>'


def test_fact_inside_an_address_cannot_bring_a_scheme_that_runs() -> None:
    make_period(fact=make_fact(key="trap", unit=FactUnit.TEXT), text_en="javascript:alert(1)", text_ja="x")
    assert rendered('<a href="{{fact:trap}}">a</a>') == '<a rel="noreferrer">a</a>'


def test_fact_inside_an_address_cannot_leave_its_attribute() -> None:
    make_period(fact=make_fact(key="trap", unit=FactUnit.TEXT), text_en='"><script>x</script>', text_ja="x")
    assert "<script" not in rendered('<a href="/{{fact:trap}}">a</a>')


def test_paper_has_values_but_no_links() -> None:
    make_fact(key="fee", value="6000")
    make_term(english="passport")
    html = rendered("<p>passport, {{fact:fee}}</p>", links=False)
    assert html == '<p>passport, <strong class="fact">6,000 yen</strong></p>'


def test_slot_that_nobody_defined_shows_its_key() -> None:
    assert Slot.objects.count() == 0
    assert rendered("<p>{{slot:nowhere}}</p>") == '<p><span class="slot">nowhere</span></p>'
