"""How dates and their certainty read, in the active language."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from wpiforum import languages
from wpiforum.provenance.dates import PartialDate, Precision, Validity, fiscal_year
from wpiforum.provenance.models import Dated

MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
# First day and short name of each era since Meiji adopted the Gregorian calendar (Era Name Act and cabinet orders).
_ERAS = (
    (date(2019, 5, 1), "令和", "Reiwa"),
    (date(1989, 1, 8), "平成", "Heisei"),
    (date(1926, 12, 25), "昭和", "Showa"),
    (date(1912, 7, 30), "大正", "Taisho"),
    (date(1873, 1, 1), "明治", "Meiji"),
)


def day_text(day: date) -> str:
    """Return a whole date: 2019年2月5日, 5 February 2019."""
    if languages.current() == "ja":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def era_text(day: date) -> str:
    """Return the date in the Japanese calendar as forms ask for it (令和8年4月17日); the first year is 元年."""
    for first, ja, en in _ERAS:
        if day >= first:
            year = day.year - first.year + 1
            if languages.current() == "ja":
                return f"{ja}{'元' if year == 1 else year}年{day.month}月{day.day}日"
            return f"{en} {year}, {day.day} {MONTHS[day.month - 1]}"
    return day_text(day)


def when(partial: PartialDate) -> str:
    """Return a date as exactly as it is known: 2013年, February 2019, FY2017."""
    day = partial.value
    match partial.precision:
        case Precision.YEAR:
            return f"{day.year}年" if languages.current() == "ja" else str(day.year)
        case Precision.FISCAL_YEAR:
            return fiscal_year_text(fiscal_year(day))
        case Precision.MONTH:
            if languages.current() == "ja":
                return f"{day.year}年{day.month}月"
            return f"{MONTHS[day.month - 1]} {day.year}"
    return day_text(day)


def fiscal_year_text(year: int) -> str:
    return f"{year}年度" if languages.current() == "ja" else f"FY{year}"


def machine_date(partial: PartialDate) -> str:
    """Return the value for a `datetime` attribute; a fiscal year has none (HTML, 4.5.14 the time element)."""
    match partial.precision:
        case Precision.DAY:
            return partial.value.isoformat()
        case Precision.MONTH:
            return f"{partial.value:%Y-%m}"
        case Precision.YEAR:
            return f"{partial.value:%Y}"
    return ""


def last_day(end: PartialDate) -> PartialDate:
    """Return the last valid day of a half-open interval where the end is exact; an imprecise end stays as it is."""
    if end.precision != Precision.DAY:
        return end
    return PartialDate(date.fromordinal(end.value.toordinal() - 1), Precision.DAY)


def span_text(row: Dated) -> str:
    """Return a row's validity: "since April 2012", "October 2007 to March 2012"."""
    start = when(row.start) if row.start else ""
    end = when(last_day(row.end)) if row.end else ""
    if start and end:
        return _("%(start)s to %(end)s") % {"start": start, "end": end}
    if start:
        return _("since %(start)s") % {"start": start}
    if end:
        return _("until %(end)s") % {"end": end}
    return ""


def certainty_text(row: Dated, day: date) -> str:
    """Return how surely the row holds on `day`; empty if it is in force for certain."""
    match row.validity_on(day):
        case Validity.STARTING if row.start:
            return _("starts during %(span)s") % {"span": when(row.start)}
        case Validity.ENDING if row.end:
            return _("ends during %(span)s") % {"span": when(row.end)}
        case Validity.LAST_KNOWN if row.as_of:
            return _("last known %(day)s") % {"day": when(row.as_of)}
        case Validity.LAST_KNOWN:
            return _("last known, source undated")
        case Validity.PLANNED if row.as_of:
            return _("planned as of %(day)s") % {"day": when(row.as_of)}
        case Validity.PLANNED:
            return pgettext("announced term", "planned")
    return ""
