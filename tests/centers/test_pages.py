"""The register's public pages: what they show, what they hide, what bad input gets."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from centers.choices import StandingKind, Unit
from tests.factories.centers import (
    make_center,
    make_claim,
    make_cohort,
    make_directorship,
    make_donation,
    make_host,
    make_indicator,
    make_name,
    make_observation,
    make_person,
    make_practice,
    make_program_item,
    make_program_page,
    make_requirement,
    make_satellite,
    make_section,
    make_standing,
)
from tests.helpers import LANGUAGES, main_text, page

pytestmark = pytest.mark.django_db

LISTS = {
    "": 7,
    "program/": 5,
    "program/practices/": 1,
    "centers/": 11,
    "centers/?as_of=2019-02-05": 11,
    "centers/compare/?from=2018-10-01&to=2019-02-05": 6,
    "centers/requirements/": 4,
    "centers/requirements.csv": 4,
    "directors/": 3,
    "satellites/": 2,
    "sources/": 4,
    "news/": 5,
    "about/": 0,
    "about/privacy/": 0,
    "about/terms/": 0,
    "about/accessibility/": 0,
    "about/contact/": 0,
    "about/data/": 1,
}


def make_full_center(**fields: Any) -> Any:
    """Make a center with one row of every kind that a page may show."""
    center = make_center(**fields)
    make_standing(center=center)
    make_directorship(center=center)
    make_satellite(center=center)
    make_section(center=center)
    make_practice(center=center)
    make_donation(center=center)
    make_requirement(cohort=center.cohort, key="overseas_ratio")
    indicator = make_indicator(unit=Unit.PERCENT)
    make_observation(center=center, indicator=indicator, value=40)
    make_claim(subject=center, value="A", is_chosen=True)
    make_claim(subject=center, value="B")
    return center


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("path", "number"), LISTS.items())
def test_page_opens_under_its_query_count(
    client: Client, django_assert_num_queries: Any, path: str, number: int, rows: int, language: str
) -> None:
    for _ in range(rows):
        make_full_center()
    make_program_item(page=make_program_page(slug="program"))
    page(client, f"/{language}/{path}")  # content types are cached after the first request of a process
    with django_assert_num_queries(number):
        page(client, f"/{language}/{path}")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rows", [1, 3])
def test_center_page_opens_in_eight_queries_whatever_it_holds(
    client: Client, django_assert_num_queries: Any, rows: int, language: str
) -> None:
    center = make_full_center(slug="aimr")
    for number in range(rows - 1):
        make_satellite(center=center)
        make_practice(center=center)
        make_observation(center=center)
        make_directorship(center=center, start_on=date(2000 + number, 4, 1), end_on=date(2001 + number, 4, 1))
    with django_assert_num_queries(8):
        page(client, f"/{language}/centers/aimr/")


@pytest.mark.parametrize("rows", [1, 3])
def test_director_page_opens_in_two_queries(client: Client, django_assert_num_queries: Any, rows: int) -> None:
    person = make_person(slug="kei-hirose")
    for _ in range(rows):
        make_directorship(person=person)
    with django_assert_num_queries(2):
        page(client, "/en/directors/kei-hirose/")


HIDDEN = "HIDDEN-MARK"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", [*LISTS, "directors/secret-person/", "centers/secret/"])
def test_unpublished_center_leaks_nowhere(client: Client, path: str, language: str) -> None:
    """Everything a hidden center owns carries a mark that must not reach any page."""
    hidden = make_full_center(slug="secret", acronym=HIDDEN, published=False, name_ja=HIDDEN, name_en=HIDDEN)
    make_satellite(center=hidden, note_ja=HIDDEN, note_en=HIDDEN)
    make_practice(center=hidden, title_ja=HIDDEN, title_en=HIDDEN)
    make_donation(center=hidden, donor_ja=HIDDEN, donor_en=HIDDEN)
    make_claim(subject=hidden, value=HIDDEN)
    person = make_person(slug="secret-person", name_ja=HIDDEN, name_en=HIDDEN)
    make_directorship(center=hidden, person=person, start_on=date(2000, 4, 1), end_on=date(2001, 4, 1))
    make_full_center()
    response = client.get(f"/{language}/{path}")
    assert response.status_code == (404 if "secret" in path else 200)
    assert HIDDEN not in response.content.decode()


def test_unpublished_person_and_practice_leak_nowhere(client: Client) -> None:
    center = make_full_center(slug="aimr")
    person = make_person(published=False, name_ja=HIDDEN, name_en=HIDDEN)
    make_directorship(center=center, person=person, start_on=date(2000, 4, 1), end_on=date(2001, 4, 1))
    make_practice(center=center, published=False, title_ja=HIDDEN, title_en=HIDDEN, body_en=HIDDEN)
    for path in [
        *LISTS,
        "centers/aimr/",
        "centers/?as_of=2000-05-01",
        "centers/compare/?from=2000-05-01&to=2019-01-01",
    ]:
        assert HIDDEN not in page(client, f"/en/{path}"), path


def test_facet_does_not_name_the_host_of_a_hidden_center(client: Client) -> None:
    make_full_center(published=False, host=make_host(name_ja=HIDDEN, name_en=HIDDEN))
    assert HIDDEN not in page(client, "/en/centers/")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "query",
    [
        "as_of=yesterday",
        "as_of=2019-2-5",
        "as_of=2019-02-30",
        "as_of=20190205",
        "as_of=２０１９-02-05",
        "as_of=0001-01-01",
        "as_of=9999-12-31",
        "as_of=2019-02-05&as_of=2018-01-01",
        "cohort=1999",
        "cohort=x",
        "status=closed",
        "host=%00",
        "prefecture=JP-99",
        "field=none&field=again",
    ],
)
def test_bad_parameter_gets_a_clear_page(client: Client, language: str, query: str) -> None:
    make_full_center()
    response = client.get(f"/{language}/centers/?{query}")
    text = main_text(response.content.decode())
    assert response.status_code == 400
    assert ("We could not read this address" if language == "en" else "このアドレスを読み取れませんでした") in text


@pytest.mark.parametrize("number", ["0", "-1", "2", "x", "99999999999999999999", "１x"])
def test_bad_page_number_is_not_found(client: Client, number: str) -> None:
    make_full_center()
    page(client, f"/en/centers/?page={number}", status=404)


def test_empty_date_means_today(client: Client) -> None:
    make_full_center()
    assert "1 center" in main_text(page(client, "/en/centers/?as_of="))


def test_dates_the_wrong_way_round_are_said(client: Client) -> None:
    html = page(client, "/en/centers/compare/?from=2019-02-05&to=2018-10-01", status=400)
    assert "The first date (5 February 2019) is after the second (1 October 2018)." in main_text(html)


def test_a_repeated_facet_means_or_and_two_facets_mean_and(client: Client) -> None:
    early, late = make_cohort(fiscal_year=2007), make_cohort(fiscal_year=2017)
    for acronym, cohort, prefecture in (("AAA", early, "JP-04"), ("BBB", late, "JP-04"), ("CCC", late, "JP-13")):
        make_standing(center=make_center(acronym=acronym, cohort=cohort, prefecture=prefecture))

    def shown(query: str) -> str:
        text = main_text(page(client, f"/en/centers/?{query}"))
        return "".join(name for name in ("AAA", "BBB", "CCC") if name in text)

    found = [shown(q) for q in ("cohort=2007", "cohort=2007&cohort=2017", "cohort=2017&prefecture=JP-04")]
    assert found == ["AAA", "AAABBBCCC", "BBB"]


def test_status_facet_asks_for_the_day(client: Client) -> None:
    center = make_center(acronym="AAA")
    make_standing(center=center, start_on=date(2007, 10, 1), end_on=date(2017, 4, 1))
    make_standing(center=center, kind=StandingKind.EXTENSION, start_on=date(2017, 4, 1), end_on=date(2022, 4, 1))
    make_standing(center=center, kind=StandingKind.ACADEMY, start_on=date(2017, 4, 1))
    found = {
        (status, day): "AAA" in main_text(page(client, f"/en/centers/?status={status}&as_of={day}"))
        for status in ("funded", "extended", "academy")
        for day in ("2016-01-01", "2019-02-05", "2023-01-01")
    }
    assert [key for key, value in found.items() if value] == [
        ("funded", "2016-01-01"),
        ("funded", "2019-02-05"),
        ("extended", "2019-02-05"),
        ("academy", "2019-02-05"),
        ("academy", "2023-01-01"),
    ]


def test_before_its_adoption_a_center_is_not_in_the_register(client: Client) -> None:
    make_standing(center=make_center(acronym="AAA", slug="aaa"), start_on=date(2017, 10, 1))
    assert "AAA" not in main_text(page(client, "/en/centers/?as_of=2017-09-30"))
    assert "had not been adopted" in main_text(page(client, "/en/centers/aaa/?as_of=2017-09-30"))


def test_name_of_the_day_is_shown(client: Client) -> None:
    center = make_center(slug="ipmu", name_ja="")
    make_standing(center=center, start_on=date(2007, 10, 1))
    make_name(center=center, name_en="Old Institute", start_on=date(2007, 10, 1), end_on=date(2012, 4, 1))
    make_name(center=center, name_en="New Institute", start_on=date(2012, 4, 1))
    for day, name in (("2012-03-31", "Old Institute"), ("2012-04-01", "New Institute")):
        html = page(client, f"/en/centers/ipmu/?as_of={day}")
        assert name in html[html.index("<h1") : html.index("</h1>")]


def test_missing_half_shows_a_gap_and_the_original_in_closed_details(client: Client) -> None:
    center = make_center(slug="aimr")
    make_standing(center=center)
    make_section(center=center, body_ja="数学と材料科学を結びます。", body_en="")
    html = page(client, "/en/centers/aimr/")
    gap = html.index("This part is not available in your language yet.")
    original = html.index('<span lang="ja">数学と材料科学を結びます。</span>')
    assert html[gap:original].count("<details>") == 1


def test_text_from_the_database_is_escaped(client: Client) -> None:
    center = make_center(slug="aimr", name_en="<script>alert(1)</script>")
    make_standing(center=center)
    make_section(center=center, body_en='<img src="x" onerror="y">')
    html = page(client, "/en/centers/aimr/")
    assert "<script>alert" not in html
    assert "<img src" not in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_language_switch_stays_on_the_page_and_keeps_the_query(client: Client, language: str) -> None:
    make_full_center()
    html = page(client, f"/{language}/centers/?as_of=2019-02-05&status=funded")
    for code in LANGUAGES:
        assert f'href="/{code}/centers/?as_of=2019-02-05&amp;status=funded"' in html


@pytest.mark.parametrize("path", [*LISTS, "centers/aimr/"])
def test_public_pages_set_no_cookie_and_name_their_languages(client: Client, path: str) -> None:
    make_full_center(slug="aimr")
    for code in LANGUAGES:
        response = client.get(f"/{code}/{path}")
        assert (response.cookies.output(), response["Content-Language"]) == ("", code)
        assert "Cookie" not in response.headers.get("Vary", "")


@pytest.mark.parametrize("path", [path for path in LISTS if not path.endswith(".csv")])
def test_head_has_one_h1_canonical_and_mutual_alternates(client: Client, path: str) -> None:
    make_full_center()
    plain = path.split("?")[0]
    for code in LANGUAGES:
        html = page(client, f"/{code}/{path}")
        assert html.count("<h1") == 1
        assert f'<link rel="canonical" href="http://testserver/{code}/{plain}">' in html
        for other in LANGUAGES:
            assert f'<link rel="alternate" hreflang="{other}" href="http://testserver/{other}/{plain}">' in html


def test_policy_allows_no_inline_script_or_style(client: Client) -> None:
    policy = client.get("/en/")["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


def test_csv_equals_the_table_and_opens_in_excel(client: Client) -> None:
    cohort = make_cohort(fiscal_year=2012)
    make_requirement(cohort=cohort, key="overseas_ratio", name_ja="外国からの研究者の割合", minimum=30)
    indicator = make_indicator(key="overseas_ratio", name_ja="外国からの研究者", unit=Unit.PERCENT)
    for acronym, value in (("AAA", "30.0"), ("BBB", "29.9")):
        center = make_center(acronym=acronym, cohort=cohort)
        make_standing(center=center)
        make_observation(center=center, indicator=indicator, value=value)
    response = client.get("/ja/centers/requirements.csv?as_of=2019-02-05")
    rows = [line.split(",") for line in response.content.decode("utf-8-sig").split("\r\n")]
    assert response.content.startswith(b"\xef\xbb\xbf")
    assert [(row[0], row[4], row[6]) for row in rows[1:3]] == [("AAA", "30%", "充足"), ("BBB", "29.9%", "未充足")]
    table = page(client, "/ja/centers/requirements/?as_of=2019-02-05")
    assert (table.count(">充足<"), table.count(">未充足<")) == (1, 1)


def test_csv_cell_cannot_start_a_formula(client: Client) -> None:
    cohort = make_cohort()
    make_requirement(cohort=cohort, name_en="=1+1", name_ja="=1+1")
    make_standing(center=make_center(cohort=cohort))
    assert ",'=1+1," in client.get("/en/centers/requirements.csv").content.decode("utf-8-sig")
