"""How a fact's value reads in each language, with its unit."""

from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from onboarding.choices import FactUnit
from onboarding.models import FactPeriod
from wpiforum import languages
from wpiforum.http import today
from wpiforum.publishing.quantities import Quantity, japanese

# Singular, plural, Japanese.
_UNITS = {
    FactUnit.YEN: ("{amount} yen", "{amount} yen", "{amount}円"),
    FactUnit.YEN_A_MONTH: ("{amount} yen a month", "{amount} yen a month", "月{amount}円"),
    FactUnit.PERCENT: ("{n}%", "{n}%", "{n}%"),
    FactUnit.HOUR: ("{n} hour", "{n} hours", "{n}時間"),
    FactUnit.DAY: ("{n} day", "{n} days", "{n}日"),
    FactUnit.WEEK: ("{n} week", "{n} weeks", "{n}週間"),
    FactUnit.MONTH: ("{n} month", "{n} months", "{n}か月"),
    FactUnit.YEAR: ("{n} year", "{n} years", "{n}年"),
    FactUnit.PERSON: ("{n} person", "{n} people", "{n}人"),
    FactUnit.QUESTION: ("{n} question", "{n} questions", "{n}問"),
    FactUnit.POINT: ("{n} point", "{n} points", "{n}点"),
}


def _amount_ja(value: Decimal) -> str:
    """Return a round amount with 億 and 万 as Japanese texts write it, others with separators."""
    number = int(value)
    if number >= 10_000 and number % 10_000 == 0:
        oku, man = divmod(number // 10_000, 10_000)
        return (f"{oku:,}億" if oku else "") + (f"{man:,}万" if man else "")
    return f"{number:,}"


def _amount_en(value: Decimal) -> str:
    number = int(value)
    if number >= 1_000_000 and number % 100_000 == 0:
        return f"{number / 1_000_000:,.10g} million"
    return f"{number:,}"


def value_text(period: FactPeriod, unit: str) -> str:
    """Return the value with its unit in the active language: 6,000 yen, 6,000円, 36 months, 36か月."""
    code = languages.current()
    words = getattr(period, f"text_{code}") or ""
    if words or not period.value:
        return words or period.text_ja or period.text_en or ""
    if unit in {FactUnit.PHONE, FactUnit.TEXT}:
        return period.value
    try:
        number = Decimal(period.value)
    except InvalidOperation:
        return period.value
    amount = (_amount_ja if code == "ja" else _amount_en)(number)
    singular, plural, japanese = _UNITS[FactUnit(unit)]
    pattern = japanese if code == "ja" else singular if number == 1 else plural
    return pattern.format(amount=amount, n=f"{number.normalize():,f}")


def unknown_text() -> str:
    """Return what a date without a value shows."""
    return _("not known")


def kept_once() -> dict[Quantity, str]:
    """Return the amounts and telephone numbers of facts in effect today, with the reference to write in their place.

    Numbers of days, hours and percent are left out: the same small number stands for many things.
    """
    units = (FactUnit.YEN, FactUnit.YEN_A_MONTH, FactUnit.PHONE)
    rows = FactPeriod.objects.valid_on(today()).filter(confirmed_at__isnull=False, fact__unit__in=units)
    found: dict[Quantity, str] = {}
    for row in rows.select_related("fact").order_by("fact__key"):
        text = row.value if row.fact.unit == FactUnit.PHONE else f"{row.value}円"
        for quantity in japanese(text):
            if quantity.kind in {"phone", "yen"}:
                found.setdefault(quantity, row.fact.reference)
    return found
