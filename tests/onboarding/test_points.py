"""The points calculator: how rows count, and what its page shows."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import translation

from onboarding.choices import PointCounting, PointMeasure
from onboarding.models import PointGroup, PointItem
from onboarding.points import Reason, Told, in_force, reason_text, tally
from tests.factories.onboarding import make_fact
from tests.factories.status import make_point_group, make_point_item
from tests.helpers import LANGUAGES, main_text, page
from wpiforum.provenance.dates import Precision

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 23)
HIDDEN = "HIDDEN-MARK"


@pytest.fixture(autouse=True)
def _day(japan_noon: Callable[[date], None]) -> None:
    japan_noon(DAY)


def count(told: Told, day: date = DAY) -> tuple[int, set[str], dict[str, Reason]]:
    """Return the sum, the keys that counted, and why other true rows did not."""
    made = tally(PointGroup.objects.for_page(), told, day=day)
    counted = {item.key for group in made.groups for item in group.counted}
    return made.total, counted, {left.item.key: left.reason for group in made.groups for left in group.left}


def ticked(*keys: str) -> Told:
    return Told({}, frozenset(keys))


def test_nothing_told_is_nothing_counted() -> None:
    make_point_item()
    assert count(Told()) == (0, set(), {})


def test_only_the_highest_row_counts_where_the_group_says_so() -> None:
    group = make_point_group(counting=PointCounting.HIGHEST)
    for key, points in (("low", 10), ("high", 30), ("middle", 20)):
        make_point_item(group=group, key=key, points=points)
    assert count(ticked("low", "middle", "high")) == (30, {"high"}, {"low": Reason.LOWER, "middle": Reason.LOWER})
    assert count(ticked("low")) == (10, {"low"}, {})


def test_several_rows_give_the_points_of_two_or_more() -> None:
    group = make_point_group(counting=PointCounting.SEVERAL, several_points=25)
    for key in "abc":
        make_point_item(group=group, key=key, points=20)
    assert [count(ticked(*keys))[0] for keys in ("", "a", "ab", "abc")] == [0, 20, 25, 25]


def test_row_is_lost_beside_another_only_while_that_is_in_the_table() -> None:
    make_point_item(key="n1", points=15, end_on=date(2026, 1, 1))
    make_point_item(key="n2", points=10, not_with=["n1"])
    assert count(ticked("n1", "n2"), date(2025, 12, 31)) == (15, {"n1"}, {"n2": Reason.NOT_WITH})
    assert count(ticked("n1", "n2")) == (10, {"n2"}, {"n1": Reason.NOT_IN_FORCE})


def test_row_that_needs_another_counts_only_with_it() -> None:
    make_point_item(key="support", points=10)
    make_point_item(key="small", points=10, only_with=["support", "other"])
    assert count(ticked("small")) == (0, set(), {"small": Reason.ONLY_WITH})
    assert count(ticked("small", "support")) == (20, {"small", "support"}, {})


def make_bands() -> None:
    group = make_point_group(counting=PointCounting.HIGHEST, measure=PointMeasure.PAY)
    make_point_item(group=group, key="eight", points=30, minimum=8_000_000)
    make_point_item(group=group, key="seven", points=25, minimum=7_000_000, max_age=39)
    make_point_item(group=group, key="five", points=15, minimum=5_000_000, max_age=34)


@pytest.mark.parametrize(
    ("pay", "age", "expected"),
    [
        (8_000_000, None, (30, {"eight"}, {})),
        (7_999_999, 39, (25, {"seven"}, {})),
        (7_000_000, 40, (0, set(), {"seven": Reason.AGE, "five": Reason.AGE})),
        (7_000_000, None, (0, set(), {"seven": Reason.AGE_NOT_TOLD, "five": Reason.AGE_NOT_TOLD})),
        (6_999_999, 34, (15, {"five"}, {})),
        (6_999_999, 35, (0, set(), {"five": Reason.AGE})),
        (4_999_999, 20, (0, set(), {})),
    ],
)
def test_band_of_pay_counts_up_to_its_age(pay: int, age: int | None, expected: Any) -> None:
    make_bands()
    numbers: dict[str, int] = {PointMeasure.PAY: pay}
    if age is not None:
        numbers[PointMeasure.AGE] = age
    assert count(Told(numbers)) == expected


def test_points_change_on_their_day_without_a_save() -> None:
    make_point_item(key="bonus", points=5, end_on=date(2027, 4, 1))
    make_point_item(key="bonus", points=10, start_on=date(2027, 4, 1))
    assert [count(ticked("bonus"), day)[0] for day in (date(2027, 3, 31), date(2027, 4, 1))] == [5, 10]


def test_row_with_an_unknown_start_counts_only_once_there_is_evidence() -> None:
    item = make_point_item(key="later", absent_on=date(2019, 12, 31), as_of_on=date(2026, 6, 1))
    days = {
        date(2019, 12, 31): Reason.NOT_IN_FORCE,
        date(2020, 1, 1): Reason.START_UNKNOWN,
        date(2026, 5, 31): Reason.START_UNKNOWN,
    }
    for day, reason in days.items():
        assert count(ticked("later"), day) == (0, set(), {"later": reason})
        assert in_force([item], day) == []
    assert count(ticked("later"), date(2026, 6, 1)) == (10, {"later"}, {})


def test_reason_is_told_in_words() -> None:
    make_bands()
    make_point_item(key="n1", label_en="Test N1")
    make_point_item(key="n2", not_with=["n1"])
    made = tally(PointGroup.objects.for_page(), Told({"pay": 7_000_000, "age": 50}, frozenset({"n1", "n2"})), day=DAY)
    with translation.override("en"):
        words = {
            left.item.key: reason_text(left, lambda item: item.label_en or "")
            for group in made.groups
            for left in group.left
        }
    assert words == {
        "seven": "counts only up to age 39",
        "five": "counts only up to age 34",
        "n2": "does not count together with: Test N1",
    }


# Rules of the rows


def test_row_does_not_overlap_itself() -> None:
    row = make_point_item(key="bonus")
    with pytest.raises((ValidationError, IntegrityError)), transaction.atomic():
        make_point_item(key="bonus", group=row.group)


def test_row_names_only_other_rows() -> None:
    row = make_point_item(key="n2", not_with=["n1"])
    for keys in (["n1"], ["n2"]):
        row.not_with = keys
        with pytest.raises(ValidationError) as caught:
            row.full_clean()
        assert list(caught.value.message_dict) == ["not_with"]
    make_point_item(key="n1")
    row.not_with = ["n1"]
    row.full_clean()


def test_points_for_several_rows_belong_to_their_way_of_counting() -> None:
    for fields in ({"counting": PointCounting.SEVERAL}, {"counting": PointCounting.SUM, "several_points": 25}):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_point_group(**fields)


# The page


@pytest.fixture
def table() -> None:
    make_fact(key="hsp-pass-mark", value="40")
    ages = make_point_group(counting=PointCounting.HIGHEST, measure=PointMeasure.AGE)
    make_point_item(group=ages, key="young", points=15, maximum=29)
    degrees = make_point_group(counting=PointCounting.HIGHEST)
    make_point_item(group=degrees, key="doctorate", points=30, label_ja="博士", label_en="Doctorate")
    make_point_item(group=degrees, key="master", points=20, label_ja="修士", label_en="Master's degree")


@pytest.mark.parametrize("language", LANGUAGES)
def test_points_page_shows_sum_rows_and_reasons(client: Client, table: None, language: str) -> None:
    text = main_text(page(client, f"/{language}/status/points/?age=29&has=doctorate&has=master"))
    for part in {
        "ja": ("合計45点", "合格点の40点", "博士 (30)", "修士", "最も高い", "決定ではありません"),
        "en": ("add up to 45 points", "pass mark is 40", "Doctorate (30)", "only the highest row", "no decision"),
    }[language]:
        assert part in text, part


def test_points_page_says_how_many_points_are_missing(client: Client, table: None) -> None:
    assert "The pass mark is 40: 25 points are missing." in main_text(page(client, "/en/status/points/?age=20"))


def test_points_page_without_a_pass_mark_says_so(client: Client) -> None:
    make_point_item(key="bonus")
    assert "pass mark of this day is not known" in page(client, "/en/status/points/?has=bonus")


def test_points_page_without_a_table_says_so(client: Client) -> None:
    assert "not published at the moment" in page(client, "/en/status/points/")


def test_points_page_never_gives_a_verdict(client: Client, table: None) -> None:
    text = main_text(page(client, "/en/status/points/?age=20&has=doctorate")).lower()
    assert [word for word in ("eligible", "approved", "you qualify", "you pass") if word in text] == []


@pytest.mark.parametrize(
    ("typed", "is_read"),
    [("29", True), ("２９", True), (" 29 ", True), ("8,000,000", False), ("abc", False), ("-3", False), ("五", False),
     ("2.5", False), ("999", False), ("9" * 400, False), ("0", True)],
)  # fmt: skip
def test_number_is_read_or_asked_for_again(client: Client, table: None, typed: str, is_read: bool) -> None:
    response = client.get("/en/status/points/", {"age": typed})
    assert response.status_code == (200 if is_read else 400)
    assert ("Write a whole number in digits" in response.content.decode()) is not is_read
    assert ("Your rows add up to" in response.content.decode()) is is_read


def test_pay_may_be_typed_with_separators(client: Client) -> None:
    make_bands()
    assert "add up to 30 points" in page(client, "/en/status/points/?pay=8,000,000")
    assert "add up to 30 points" in page(client, "/en/status/points/?pay=%EF%BC%98%2C000%2C000")


@pytest.mark.parametrize("query", ["has=gone", "has=young", "has=%00", "has=doctorate&has=%3Cb%3E"])
def test_unknown_row_gets_a_sentence_and_the_form(client: Client, table: None, query: str) -> None:
    html = page(client, f"/en/status/points/?{query}", status=400)
    assert "names a row that this table does not have" in html
    assert "<form" in html
    assert "Your rows add up to" not in html


def test_form_keeps_what_was_told(client: Client, table: None) -> None:
    html = page(client, "/en/status/points/?age=29&has=master")
    assert 'name="age" value="29"' in html
    assert 'value="master" checked' in html
    assert 'value="doctorate" checked' not in html


def test_table_of_a_day_is_shown_on_demand(client: Client, table: None) -> None:
    make_point_item(key="new", label_en="A new bonus", start_on=date(2027, 4, 1))
    make_point_item(key="late", label_en="A late bonus", absent_on=date(2019, 12, 31))
    assert "A new bonus" not in page(client, "/en/status/points/")
    assert "A new bonus" in page(client, "/en/status/points/?as_of=2027-04-01")
    assert "A late bonus" not in page(client, "/en/status/points/?as_of=2019-02-05")
    assert "its first day is not known" in page(client, "/en/status/points/?as_of=2021-01-01")
    assert page(client, "/en/status/points/?as_of=2021-13-01", status=400)


def test_hidden_group_leaks_nowhere(client: Client, table: None) -> None:
    hidden = make_point_group(published=False, title_ja=HIDDEN, title_en=HIDDEN)
    make_point_item(group=hidden, key="secret", label_ja=HIDDEN, label_en=HIDDEN)
    for query, status in (("", 200), ("?age=20", 200), ("?has=secret", 400)):
        for language in LANGUAGES:
            assert HIDDEN not in page(client, f"/{language}/status/points/{query}", status=status)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rows", [1, 3])
def test_points_page_opens_in_four_queries(
    client: Client, table: None, django_assert_num_queries: Any, rows: int, language: str
) -> None:
    for number in range(rows):
        make_point_item(key=f"bonus-{number}")
    with django_assert_num_queries(4):
        page(client, f"/{language}/status/points/?age=29&has=doctorate&has=bonus-0")


def test_imprecise_start_is_not_counted_before_its_span(client: Client) -> None:
    make_point_item(key="bonus", start_on=date(2026, 1, 1), start_precision=Precision.YEAR)
    assert count(ticked("bonus"), date(2025, 12, 31)) == (0, set(), {"bonus": Reason.NOT_IN_FORCE})
    assert PointItem.objects.count() == 1
