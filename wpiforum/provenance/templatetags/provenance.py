"""Tags that print when and how surely a statement holds."""

import re
from datetime import date
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from wpiforum.provenance import wording
from wpiforum.provenance.dates import PartialDate
from wpiforum.provenance.models import Dated

register = template.Library()


@register.filter
def when(value: PartialDate | date | None) -> str | SafeString:
    """Print a date as a `time` element, as exactly as it is known."""
    if value is None:
        return ""
    partial = value if isinstance(value, PartialDate) else PartialDate(value, "day")
    machine = wording.machine_date(partial)
    if not machine:
        return wording.when(partial)
    return format_html('<time datetime="{}">{}</time>', machine, wording.when(partial))


@register.filter
def era(value: date) -> str:
    """Print a date in the Japanese calendar."""
    return wording.era_text(value)


_DATES = re.compile(
    r"(\d{4}年(?:度|\d{1,2}月(?:\d{1,2}日)?)?|(?:\d{1,2} )?(?:" + "|".join(wording.MONTHS) + r") \d{4}|FY\d{4})"
)


def unbroken(text: str) -> SafeString:
    """Keep each date inside a sentence on one line."""
    parts = _DATES.split(text)  # every second part is a date
    marked = (format_html('<span class="nowrap">{}</span>', part) if i % 2 else part for i, part in enumerate(parts))
    return format_html_join("", "{}", ((part,) for part in marked))


@register.filter
def span(row: Dated) -> SafeString:
    """Print from when until when a dated row holds."""
    return unbroken(wording.span_text(row))


@register.simple_tag
def certainty(row: Dated, day: date) -> SafeString:
    """Print how surely a dated row holds on a day; nothing if it does."""
    return unbroken(wording.certainty_text(row, day))


@register.filter
def fiscal_year(value: int) -> str:
    """Print a fiscal year: 2018年度, FY2018."""
    return wording.fiscal_year_text(value)


@register.filter
def is_unverified(row: Any, field: str) -> bool:
    """Tell whether no readable source confirms a field of the row."""
    return field in row.unverified
