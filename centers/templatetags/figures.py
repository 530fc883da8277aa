"""Filters that print the register's figures in words."""

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from centers import board
from centers.choices import AmountQualifier
from centers.figures import Verdict
from centers.models import Cohort, Donation, Observation, Requirement
from wpiforum import languages

register = template.Library()
_CURRENCY = {"JPY": ("{}円", "¥{}"), "USD": ("{}ドル", "US${}")}


@register.filter
def figure(row: Observation) -> str:
    """Print a figure with its exactness."""
    return board.figure_text(row)


@register.filter
def asked(row: Requirement) -> str:
    """Print what a requirement asks."""
    return board.asked_text(row)


@register.filter
def verdict(value: Verdict) -> str:
    """Print a verdict in words."""
    return board.verdict_text(value)


@register.filter
def verdict_sign(value: Verdict) -> str:
    """Return the sign beside a verdict's word, as each language marks right and wrong (○ and × in Japan)."""
    is_japanese = languages.current() == "ja"
    return {
        Verdict.MET: "○" if is_japanese else "✓",
        Verdict.NOT_MET: "×",
        Verdict.NOT_KNOWN: "?",
        Verdict.TOO_OLD: "…",
        Verdict.SHOWN: "≈",
        Verdict.NOT_COMPUTED: "–",
    }[value]


def money(amount: int, currency: str) -> str:
    """Return an amount as each language writes it: 14億円, ¥1.4 billion; 750万ドル, US$7.5 million."""
    ja, en = _CURRENCY.get(currency, (f"{{}} {currency}", f"{currency} {{}}"))
    if languages.current() == "ja":
        oku, rest = divmod(amount, 100_000_000)
        man, ones = divmod(rest, 10_000)
        words = (f"{oku:,}億" if oku else "") + (f"{man:,}万" if man else "") + (f"{ones:,}" if ones else "")
        return ja.format(words or "0")
    for size, word in ((1_000_000_000, "billion"), (1_000_000, "million")):
        if amount >= size:
            return en.format(f"{amount / size:,.10g} {word}")
    return en.format(f"{amount:,}")


@register.filter
def amount(row: Donation) -> str:
    """Print a donation's amount, or that it is not known."""
    return money(row.amount, row.currency) if row.amount is not None else _("not known")


@register.filter
def annual_support(row: Cohort) -> str:
    """Print a cohort's yearly support with its exactness."""
    if row.annual_amount is None:
        return _("not known")
    value = money(row.annual_amount, "JPY")
    if row.annual_amount_qualifier == AmountQualifier.ABOUT:
        return pgettext("approximate figure", "about %(figure)s") % {"figure": value}
    if row.annual_amount_qualifier == AmountQualifier.UP_TO:
        return _("up to %(figure)s") % {"figure": value}
    return value
