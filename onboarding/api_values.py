"""What the open data interface says of values kept once, offices, contact points and words."""

from datetime import date

from django.http import HttpRequest

from onboarding.choices import Certainty, ContactKind, FactUnit
from onboarding.models import ContactPoint, Fact, FactPeriod, Office, Term
from onboarding.models.facts import period_on
from onboarding.values import value_text
from wpiforum.opendata.schemas import Evidence, Item, Proof, Span, Text, evidence, in_both, links, span, text


class PeriodOut(Proof):
    """One value of a fact while it holds. Only confirmed values are public."""

    id: str
    value: str | None
    words: Text
    validity: Span
    certainty: Certainty
    is_planned: bool


class FactOut(Item):
    """A value kept once; `now` is what holds on the asked day, null where that is not known."""

    key: str
    label: Text
    unit: FactUnit
    now: PeriodOut | None
    periods: list[PeriodOut]


class OfficeOut(Item):
    key: str
    name: Text


class ContactOut(Evidence):
    """A number to call: what for, when, in which languages."""

    id: str
    key: str
    kind: ContactKind
    name: Text
    number: str | None
    number_abroad: str | None
    url: str | None
    note: Text
    hours: Text
    languages: Text
    is_free: bool | None
    certainty: Certainty
    validity: Span


class TermOut(Evidence):
    """A word of the offices with its reading; `wrong_names` are what people say instead."""

    slug: str
    japanese: str
    kana: str
    english: str
    meaning: Text
    plain_japanese: str
    aliases: list[str]
    wrong_names: list[str]
    topic: str | None


def _period_out(row: FactPeriod, unit: str, day: date) -> PeriodOut:
    return PeriodOut(
        **evidence(row),
        id=str(row.pk),
        value=row.value or None,
        words=in_both(lambda: value_text(row, unit)),
        validity=span(row, day),
        certainty=Certainty(row.certainty),
        is_planned=row.is_planned,
    )


def fact_out(row: Fact, day: date, request: HttpRequest) -> FactOut:
    periods = list(row.periods.all())  # loaded: the confirmed ones only
    now = period_on(periods, day)
    return FactOut(
        page=links(request, "onboarding:guides"),
        key=row.key,
        label=text(row, "label"),
        unit=FactUnit(row.unit),
        now=_period_out(now, row.unit, day) if now else None,
        periods=[_period_out(period, row.unit, day) for period in periods],
    )


def office_out(row: Office, request: HttpRequest) -> OfficeOut:
    return OfficeOut(page=links(request, "onboarding:contacts"), key=row.key, name=text(row, "name"))


def contact_out(row: ContactPoint, day: date, request: HttpRequest) -> ContactOut:
    return ContactOut(
        **evidence(row),
        page=links(request, "onboarding:contacts"),
        id=str(row.pk),
        key=row.key,
        kind=ContactKind(row.kind),
        name=text(row, "name"),
        number=row.number or None,
        number_abroad=row.number_abroad or None,
        url=row.url or None,
        note=text(row, "note"),
        hours=text(row, "hours"),
        languages=text(row, "languages"),
        is_free=row.is_free,
        certainty=Certainty(row.certainty),
        validity=span(row, day),
    )


def term_out(row: Term, request: HttpRequest) -> TermOut:
    return TermOut(
        **evidence(row),
        page=links(request, "onboarding:glossary", anchor=row.slug),
        slug=row.slug,
        japanese=row.japanese,
        kana=row.kana,
        english=row.english,
        meaning=text(row, "meaning"),
        plain_japanese=row.plain_japanese,
        aliases=row.aliases,
        wrong_names=row.wrong_names,
        topic=row.topic.slug if row.topic else None,
    )
