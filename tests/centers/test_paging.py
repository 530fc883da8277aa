"""The lists of the register in pages: each page its rows, filters and day kept, what is no page said so."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from centers import views
from tests.factories.centers import (
    make_center,
    make_cohort,
    make_directorship,
    make_field,
    make_host,
    make_institution,
    make_person,
    make_satellite,
    make_source,
    make_standing,
)
from tests.helpers import LANGUAGES, main_text, page
from wpiforum import paging
from wpiforum.provenance.dates import Ending

pytestmark = pytest.mark.django_db

SIZES = {"centers/": 50, "directors/": 50, "satellites/": 50}
NO_PAGE = {"ja": "このアドレスのページはありません", "en": "There is no page at this address"}


@pytest.fixture
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a page have 20 rows: fewer to make."""
    for view in (views.CenterListView, views.DirectorListView, views.SatelliteListView):
        monkeypatch.setattr(view, "paginate_by", 20)


def make_list(path: str, number: int) -> None:
    """Make the rows of a list, in the order of their names: R01, R02, …"""
    source = make_source()
    names = [f"R{count:02}" for count in range(1, number + 1)]
    host, cohort, field = make_host(), make_cohort(), make_field()
    if path == "centers/":
        for name in names:
            center = make_center(acronym=name, host=host, cohort=cohort, field=field, source=source)
            grant = {"start_on": date(2017, 10, 1), "ending": Ending.DATE, "end_on": date(2027, 4, 1)}
            make_standing(center=center, source=source, **grant)
        return
    center = make_center(host=host, cohort=cohort, field=field, source=source)
    for count, name in enumerate(names):
        both: Any = {"name_ja": name, "name_en": name}
        if path == "directors/":
            term = {"start_on": date(1960 + count, 4, 1), "ending": Ending.DATE, "end_on": date(1961 + count, 4, 1)}
            person = make_person(kana=name, sort_en=name, **both)
            make_directorship(center=center, person=person, source=source, **term)
        else:
            make_satellite(center=center, institution=make_institution(slug=name.lower(), **both), source=source)


def shown(html: str) -> list[str]:
    """Return the names in the order of their first place on the page."""
    return list(dict.fromkeys(re.findall(r"\bR\d\d\b", main_text(html))))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("path", "size"), SIZES.items())
def test_second_page_goes_on_where_the_first_one_ends(client: Client, path: str, size: int, language: str) -> None:
    make_list(path, size + 1)
    first, second = page(client, f"/{language}/{path}"), page(client, f"/{language}/{path}?page=2")
    assert shown(first) == [f"R{count:02}" for count in range(1, size + 1)]
    assert shown(second) == [f"R{size + 1}"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", SIZES)
@pytest.mark.parametrize("number", ["0", "2", "-1", "two", "9" * 30])
def test_page_that_is_none_is_answered_so(client: Client, path: str, number: str, language: str) -> None:
    make_list(path, 1)
    assert NO_PAGE[language] in page(client, f"/{language}/{path}?page={number}", status=404)


@pytest.mark.usefixtures("_short")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("view", ["table", "cards", "map", "timeline"])
def test_links_between_pages_of_the_register_keep_filters_day_and_view(
    client: Client, view: str, language: str
) -> None:
    make_list("centers/", 21)
    query = f"as_of=2019-02-05&prefecture=JP-13&view={view}"
    first, second = (page(client, f"/{language}/centers/?{query}{more}") for more in ("", "&page=2"))
    kept = query.replace("&", "&amp;")
    assert f'<a href="?{kept}&amp;page=2" rel="next">' in first
    assert f'<a href="?{kept}&amp;page=1" rel="prev">' in second
    assert shown(second) == ["R21"]


@pytest.mark.usefixtures("_short")
@pytest.mark.parametrize("path", ["directors/", "satellites/"])
def test_links_between_pages_keep_the_day(client: Client, path: str) -> None:
    make_list(path, 25)
    assert '<a href="?as_of=2019-02-05&amp;page=2" rel="next">' in page(client, f"/en/{path}?as_of=2019-02-05")


@pytest.mark.parametrize(("path", "size"), SIZES.items())
def test_second_page_has_an_address_of_its_own_in_both_languages(client: Client, path: str, size: int) -> None:
    make_list(path, size + 1)
    html = page(client, f"/en/{path}?page=2")
    assert f'<link rel="canonical" href="http://testserver/en/{path}?page=2">' in html
    assert f'hreflang="ja" href="http://testserver/ja/{path}?page=2"' in html


@pytest.mark.usefixtures("_short")
@pytest.mark.parametrize("view", ["map", "timeline"])
def test_map_and_timeline_show_the_centers_of_the_page(client: Client, view: str) -> None:
    make_list("centers/", 21)
    assert shown(page(client, f"/en/centers/?view={view}&page=2")) == ["R21"]


@pytest.mark.usefixtures("_short")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("path", "number"), [("satellites/", 25), ("centers/?view=map", 21)])
def test_map_of_a_long_list_says_that_it_shows_one_page(client: Client, path: str, number: int, language: str) -> None:
    said = {
        "ja": "このページに載っているものだけを図に示しています",
        "en": "Only what this page lists is drawn.",
    }[language]
    make_list(path.partition("?")[0], number)
    assert said in main_text(page(client, f"/{language}/{path}"))


def test_map_of_a_short_list_says_nothing_of_pages(client: Client) -> None:
    make_list("satellites/", 1)
    assert "Only what this page lists" not in page(client, "/en/satellites/")


@pytest.mark.usefixtures("_short")
@pytest.mark.parametrize("language", LANGUAGES)
def test_long_register_is_counted_no_further_and_opened_to_its_end(
    client: Client, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setattr(paging, "MOST_COUNTED", 20)
    make_list("centers/", 41)
    html = page(client, f"/{language}/centers/?page=3")
    assert {"ja": "20拠点超", "en": "More than 20 centers"}[language] in main_text(html)
    assert shown(html) == ["R41"]
    page(client, f"/{language}/centers/?page=4", status=404)


@pytest.mark.parametrize("rows", [1, 30])
@pytest.mark.parametrize(("path", "number"), [("centers/", 11), ("directors/", 3), ("satellites/", 2)])
def test_list_takes_the_same_queries_however_long_it_is(
    client: Client, django_assert_num_queries: Any, path: str, number: int, rows: int
) -> None:
    make_list(path, rows)
    with django_assert_num_queries(number):
        page(client, f"/en/{path}")


def test_person_with_terms_at_several_centers_is_listed_once(client: Client) -> None:
    person = make_person(kana="R01", sort_en="R01", name_en="R01")
    for _count in range(2):
        make_directorship(person=person)
    assert main_text(page(client, "/en/directors/")).count("R01") == 1
