"""News of the register: dated events of every kind, newest first, in pages, read only as far as shown."""

from datetime import date
from itertools import islice
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from centers.choices import StandingKind
from centers.news import events
from tests.factories.centers import make_center, make_directorship, make_host, make_name, make_standing
from tests.helpers import LANGUAGES, main_text, page
from wpiforum.provenance.dates import Ending, Precision

pytestmark = pytest.mark.django_db
DAY = date(2019, 2, 5)


def told(**options: Any) -> list[tuple[str, str]]:
    return [(event.on.value.isoformat(), event.text) for event in events(DAY, **options)]


def make_ended(**fields: Any) -> Any:
    """Make a term of support that began before the record."""
    return make_standing(**{"start_on": None, "kind": StandingKind.GRANT, "ending": Ending.DATE, **fields})


@pytest.mark.parametrize("chunk", [1, 2, 60])
def test_events_of_every_kind_stand_newest_first(chunk: int) -> None:
    center = make_center(name_ja="")
    make_standing(center=center, kind=StandingKind.GRANT, start_on=date(2007, 10, 1))
    make_ended(center=make_center(host=center.host), end_on=date(2017, 4, 1))
    make_ended(center=make_center(host=center.host), end_on=date(2017, 3, 1), end_precision=Precision.MONTH)
    make_directorship(center=center, start_on=date(2018, 10, 15))
    make_name(center=center, name_en="Old", start_on=date(2007, 10, 1), ending=Ending.DATE, end_on=date(2012, 4, 1))
    make_name(center=center, name_en="New", start_on=date(2012, 4, 1))
    assert [day for day, _text in told(chunk=chunk)] == [
        "2018-10-15", "2017-03-31", "2017-03-01", "2012-04-01", "2007-10-01",
    ]  # fmt: skip


def test_events_of_other_days_and_of_hidden_centers_are_left_out() -> None:
    make_standing(start_on=date(2019, 2, 6))
    make_ended(end_on=date(2019, 2, 7))
    make_standing(center=make_center(published=False), start_on=date(2018, 1, 1))
    shown = make_ended(end_on=date(2019, 2, 6))
    assert [event.row for event in events(DAY)] == [shown.pk]


def test_renaming_of_a_host_is_an_event_of_each_of_its_public_centers() -> None:
    host = make_host(name_ja="")
    make_name(host=host, name_en="Before", start_on=None, ending=Ending.DATE, end_on=date(2018, 4, 1))
    make_name(host=host, name_en="After", start_on=date(2018, 4, 1))
    centers = {make_center(host=host).slug, make_center(host=host).slug}
    make_center(host=host, published=False)
    assert {event.center.slug for event in events(DAY)} == centers


@pytest.mark.parametrize(("name_ja", "events_told"), [("同じ", 0), ("別", 1)])
@pytest.mark.parametrize("name_en", ["Same", None])
def test_name_that_goes_on_under_another_row_is_no_event(name_ja: str, events_told: int, name_en: str | None) -> None:
    center = make_center(name_ja="")
    names = {"center": center, "name_en": name_en}
    make_name(name_ja="同じ", start_on=None, ending=Ending.DATE, end_on=date(2018, 4, 1), **names)
    make_name(name_ja=name_ja, start_on=date(2018, 4, 1), **names)
    with translation.override("ja"):
        assert len(told()) == events_told


def test_plans_are_left_out_where_only_what_happened_is_asked_for() -> None:
    make_standing(start_on=date(2018, 4, 1), as_of_on=date(2017, 12, 1))
    make_standing(start_on=date(2015, 4, 1), as_of_on=date(2010, 1, 1))
    known = make_standing(start_on=date(2016, 4, 1), as_of_on=date(2019, 2, 5))
    assert [event.row for event in events(DAY, is_certain=True)] == [known.pk]


def test_few_events_take_the_same_queries_whatever_there_is(django_assert_num_queries: Any) -> None:
    for year in range(2000, 2012):
        make_standing(start_on=date(year, 4, 1))
    with django_assert_num_queries(5):
        assert len(list(islice(events(DAY), 12))) == 12


def make_news(number: int) -> None:
    """Make events on so many days in a row, the newest on 1 March 2018."""
    first = make_center()
    for count in range(number):
        center = make_center(host=first.host, cohort=first.cohort, field=first.field, source=first.source)
        day = date.fromordinal(date(2018, 3, 1).toordinal() - count)
        make_standing(center=center, kind=StandingKind.ACADEMY, start_on=day, source=first.source)


@pytest.mark.parametrize("language", LANGUAGES)
def test_second_page_goes_on_where_the_first_one_ends(client: Client, language: str) -> None:
    make_news(51)
    first, second = page(client, f"/{language}/news/"), page(client, f"/{language}/news/?page=2")
    event = {"ja": "WPIアカデミー", "en": "Becomes a member of the WPI Academy."}[language]
    assert (main_text(first).count(event), main_text(second).count(event)) == (50, 1)
    assert {"ja": "2018年1月10日", "en": "10 January 2018"}[language] in main_text(second)
    assert ('rel="next"' in first, 'rel="next"' in second, 'rel="prev"' in second) == (True, False, True)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("number", ["0", "3", "x", "9" * 30])
def test_page_that_is_none_is_answered_so(client: Client, number: str, language: str) -> None:
    make_news(51)
    html = page(client, f"/{language}/news/?page={number}", status=404)
    assert {"ja": "このアドレスのページはありません", "en": "There is no page at this address"}[language] in html
