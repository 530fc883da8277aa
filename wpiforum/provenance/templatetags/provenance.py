"""Tags that print when and how surely a statement holds."""

from datetime import date
from typing import Any

from django import template
from django.utils.html import format_html
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


@register.filter
def span(row: Dated) -> str:
    """Print from when until when a dated row holds."""
    return wording.span_text(row)


@register.simple_tag
def certainty(row: Dated, day: date) -> str:
    """Print how surely a dated row holds on a day; nothing if it does."""
    return wording.certainty_text(row, day)


@register.filter
def fiscal_year(value: int) -> str:
    """Print a fiscal year: 2018年度, FY2018."""
    return wording.fiscal_year_text(value)


@register.filter
def is_unverified(row: Any, field: str) -> bool:
    """Tell whether no readable source confirms a field of the row."""
    return field in row.unverified
