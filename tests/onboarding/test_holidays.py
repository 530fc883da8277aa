"""Days on which offices are closed: national holidays and the turn of the year."""

from datetime import date, timedelta

import pytest

from onboarding.timing import is_closed, national_holidays

ONE_DAY = timedelta(days=1)

# Days of the Act on National Holidays as the Cabinet Office lists them.
HOLIDAYS = {
    2026: "01-01 01-12 02-11 02-23 03-20 04-29 05-03 05-04 05-05 05-06 07-20 08-11 09-21 09-22 09-23 10-12 11-03 11-23",
    2027: "01-01 01-11 02-11 02-23 03-21 03-22 04-29 05-03 05-04 05-05 07-19 08-11 09-20 09-23 10-11 11-03 11-23",
}


@pytest.mark.parametrize("year", HOLIDAYS)
def test_library_knows_the_published_holidays(year: int) -> None:
    assert " ".join(f"{day:%m-%d}" for day in sorted(national_holidays(year))) == HOLIDAYS[year]


@pytest.mark.parametrize("year", [2019, 2026, 2028, 2150])
def test_year_end_is_closed_from_29_december_to_3_january(year: int) -> None:
    days = [date(year, 12, 28) + n * ONE_DAY for n in range(8)]
    assert [is_closed(day) for day in days[1:7]] == [True] * 6
    assert [is_closed(day) for day in (days[0], days[7])] == [days[0].weekday() >= 5, days[7].weekday() >= 5]
