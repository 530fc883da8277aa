"""Two dated rows of one owner share no day, on either database."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from centers.choices import StandingKind
from centers.models import Directorship, Standing
from tests.factories.centers import make_center, make_directorship, make_person, make_standing
from wpiforum.provenance.dates import Precision
from wpiforum.provenance.models import valid_q

pytestmark = pytest.mark.django_db
REFUSED = (ValidationError, IntegrityError)


def directors(center: Any, first: tuple[Any, Any], second: tuple[Any, Any]) -> None:
    for start, end in (first, second):
        make_directorship(center=center, start_on=start, end_on=end)


def test_two_directors_on_one_day_are_refused_by_the_database() -> None:
    center = make_center()
    with pytest.raises(REFUSED), transaction.atomic():
        directors(center, (date(2010, 4, 1), date(2015, 4, 1)), (date(2015, 3, 31), None))
    assert Directorship.objects.count() == 0


def test_a_successor_may_begin_on_the_day_the_term_ends() -> None:
    directors(make_center(), (date(2010, 4, 1), date(2015, 4, 1)), (date(2015, 4, 1), None))
    assert Directorship.objects.count() == 2


def test_an_open_end_blocks_every_later_director() -> None:
    center = make_center()
    with pytest.raises(REFUSED), transaction.atomic():
        directors(center, (date(2010, 4, 1), None), (date(2020, 4, 1), None))


def test_an_unknown_start_reaches_back_without_limit() -> None:
    center = make_center()
    with pytest.raises(REFUSED), transaction.atomic():
        directors(center, (None, date(2010, 4, 1)), (date(2000, 4, 1), date(2001, 4, 1)))


def test_two_centers_may_have_a_director_each() -> None:
    make_directorship(start_on=date(2010, 4, 1))
    make_directorship(start_on=date(2010, 4, 1))
    assert Directorship.objects.count() == 2


def test_extension_may_not_overlap_the_grant_but_membership_may() -> None:
    center = make_center()
    make_standing(center=center, start_on=date(2007, 4, 1), end_on=date(2017, 4, 1))
    make_standing(center=center, kind=StandingKind.ACADEMY, start_on=date(2010, 4, 1))
    with pytest.raises(REFUSED), transaction.atomic():
        make_standing(center=center, kind=StandingKind.EXTENSION, start_on=date(2016, 4, 1))
    assert Standing.objects.filter(center=center).count() == 2


def test_the_editor_reads_the_sentence_of_the_rule() -> None:
    center = make_center()
    make_directorship(center=center, start_on=date(2010, 4, 1))
    second = Directorship(center=center, person=make_person(), start_on=date(2012, 4, 1), source=center.source)
    with translation.override("en"), pytest.raises(ValidationError) as caught:
        second.full_clean()
    assert caught.value.messages == [
        "Another director of this center is listed for part of this time. End that term first."
    ]


def test_an_end_before_the_start_is_refused_with_its_sentence() -> None:
    row = Directorship(
        center=make_center(),
        person=make_person(),
        source=make_center().source,
        start_on=date(2012, 4, 1),
        end_on=date(2011, 4, 1),
        ending="date",
    )
    with translation.override("en"), pytest.raises(ValidationError) as caught:
        row.full_clean()
    assert "The end must be after the start." in caught.value.messages


def test_saving_stores_imprecise_dates_as_the_first_day_of_their_span() -> None:
    row = make_directorship(start_on=date(2013, 7, 9), start_precision=Precision.YEAR)
    assert Directorship.objects.get(pk=row.pk).start_on == date(2013, 1, 1)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.dates(date(2010, 1, 1), date(2016, 1, 1)),
    st.one_of(st.none(), st.dates(date(2010, 1, 1), date(2014, 1, 1))),
    st.one_of(st.none(), st.dates(date(2015, 2, 1), date(2016, 1, 1))),
    st.sampled_from(Precision.values),
    st.sampled_from(Precision.values),
)
def test_query_and_row_agree_on_validity(
    day: date, start: date | None, end: date | None, start_precision: str, end_precision: str
) -> None:
    """`valid_on` and `is_valid_on` are twins: whatever the precision, they give the same answer."""
    row = make_standing(start_on=start, start_precision=start_precision, end_on=end, end_precision=end_precision)
    assert Standing.objects.filter(valid_q(day), pk=row.pk).exists() == row.is_valid_on(day)
