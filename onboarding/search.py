"""How topics, guides, steps, terms, contacts and facts become entries of the search."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from onboarding.choices import Audience, ContactKind, Stage
from onboarding.models import ContactPoint, Fact, FactPeriod, Guide, Step, Term, Topic
from onboarding.models.texts import REFERENCE, references
from onboarding.values import value_text
from wpiforum.http import japan_midnight
from wpiforum.search.documents import CHOICES, Document, Kind, depends, in_each, plain, register

_ALWAYS = datetime(1900, 1, 1, tzinfo=UTC)


def _window(*rows: Any) -> dict[str, Any]:
    """Return the span in which all of these rows are public; none if one of them never is."""
    begins = [row.live_from for row in rows]
    ends = [row.live_until for row in rows if row.live_until]
    return {"live_from": None if None in begins else max(begins), "live_until": min(ends, default=None)}


def _filled(texts: str) -> str:
    """Return a text with its values; a value that changes by date, or by center, is left out."""
    keys = references([texts], "fact")
    periods: dict[str, list[FactPeriod]] = {key: [] for key in keys}
    if keys:
        found = FactPeriod.objects.filter(fact__key__in=keys, confirmed_at__isnull=False).select_related("fact")
        for period in found.order_by("start_on"):
            periods[period.fact.key].append(period)

    def value(match: Any) -> str:
        known = periods.get(match[2], []) if match[1] == "fact" else []
        return value_text(known[0], known[0].fact.unit) if len(known) == 1 and known[0].end_on is None else "…"

    return REFERENCE.sub(value, texts)


def _topic(row: Topic) -> list[Document]:
    return in_each(
        lambda code: Document(
            kind="topic", row=row.pk, language=code, url=row.get_absolute_url(), slug=row.slug, topic=row.slug,
            title=getattr(row, f"name_{code}") or "", body=getattr(row, f"summary_{code}") or "", **_window(row),
        )
    )  # fmt: skip


def _guide(row: Guide) -> list[Document]:
    return in_each(
        lambda code: Document(
            kind="guide", row=row.pk, language=code, url=row.get_absolute_url(), slug=row.slug,
            title=getattr(row, f"title_{code}") or "", body=getattr(row, f"summary_{code}") or "",
            context=getattr(row.topic, f"name_{code}") or "", topic=row.topic.slug, stages=row.stages,
            audiences=row.audience, as_of_on=min((step.as_of_on for step in row.steps.all()), default=None),
            **_window(row, row.topic),
        )
    )  # fmt: skip


def _step(row: Step) -> list[Document]:
    guide = row.guide

    def build(code: str) -> Document | None:
        if code in row.missing_languages():
            return None
        names = ("body", "where", "bring", "missed", "condition")
        texts = " ".join(plain(getattr(row, f"{name}_{code}")) for name in names)
        return Document(
            kind="step", row=row.pk, parent=guide.pk, language=code, url=row.get_absolute_url(), slug=row.slug,
            title=getattr(row, f"title_{code}") or "", body=_filled(texts),
            context=getattr(guide, f"title_{code}") or "", topic=guide.topic.slug, stages=guide.stages,
            audiences=guide.audience, as_of_on=row.as_of_on, as_of_precision=row.as_of_precision,
            **_window(guide, guide.topic),
        )  # fmt: skip

    return in_each(build)


def _term(row: Term) -> list[Document]:
    def build(code: str) -> Document:
        own, other = (row.japanese, row.english) if code == "ja" else (row.english, row.japanese)
        extra = f" {row.plain_japanese}" if code == "ja" else ""
        return Document(
            kind="term", row=row.pk, language=code, url=f"{reverse('onboarding:glossary')}#{row.slug}", slug=row.slug,
            title=own, names=[other, row.kana, *row.aliases, *row.wrong_names],
            body=f"{getattr(row, f'meaning_{code}') or ''}{extra}", topic=row.topic.slug if row.topic else "",
            as_of_on=row.as_of_on, as_of_precision=row.as_of_precision, **_window(row),
        )  # fmt: skip

    return in_each(build)


def _valid(row: Any) -> dict[str, Any]:
    return {
        "live_from": japan_midnight(row.start_on) if row.start_on else _ALWAYS,
        "live_until": japan_midnight(row.end_on) if row.end_on else None,
    }


def _contact(row: ContactPoint) -> list[Document]:
    return in_each(
        lambda code: Document(
            kind="contact", row=row.pk, language=code, slug=row.key,
            url=reverse("onboarding:emergency") if row.kind == ContactKind.EMERGENCY
            else f"{reverse('onboarding:contacts')}#{row.kind}",
            title=" ".join(filter(None, [getattr(row, f"name_{code}"), row.number])),
            names=[value for value in (row.number, row.number_abroad) if value],
            body=" ".join(filter(None, (getattr(row, f"{name}_{code}") for name in ("note", "hours", "languages")))),
            is_emergency=row.kind == ContactKind.EMERGENCY, as_of_on=row.as_of_on,
            as_of_precision=row.as_of_precision, **_valid(row),
        )
    )  # fmt: skip


def _fact(row: FactPeriod) -> list[Document]:
    """A value is found under its label and shown in the guide that uses it; one that no public guide uses is not."""
    steps = [use for use in row.fact.uses() if isinstance(use, Step)]
    guides = [step.guide for step in steps if step.guide.is_published()]
    if not guides or row.is_planned:
        return []
    guide = min(guides, key=lambda one: one.code)
    return in_each(
        lambda code: Document(
            kind="fact", row=row.pk, language=code, url=f"{guide.get_absolute_url()}#fact-{row.fact.key}",
            title=f"{getattr(row.fact, f'label_{code}') or ''}: {value_text(row, row.fact.unit)}",
            names=[getattr(row.fact, f"label_{code}") or ""],
            context=getattr(guide, f"title_{code}") or "", topic=guide.topic.slug, as_of_on=row.as_of_on,
            as_of_precision=row.as_of_precision, **_valid(row),
        )
    )  # fmt: skip


_PUBLIC_GUIDE = Q(guide__live_from__isnull=False, guide__topic__live_from__isnull=False)


def _of_topic(row: Topic) -> Iterator[tuple[str, Any]]:
    yield from (("guide", pk) for pk in row.guides.values_list("pk", flat=True))
    yield from (("step", pk) for pk in Step.objects.filter(guide__topic=row).values_list("pk", flat=True))
    yield from (("term", pk) for pk in row.terms.values_list("pk", flat=True))


def _of_guide(row: Guide) -> Iterator[tuple[str, Any]]:
    steps = list(row.steps.all())
    yield from (("step", step.pk) for step in steps)
    keys = {key for step in steps for key in step.references("fact")}
    yield from (("fact", pk) for pk in FactPeriod.objects.filter(fact__key__in=keys).values_list("pk", flat=True))


def _of_step(row: Step) -> Iterator[tuple[str, Any]]:
    yield "guide", row.guide_id
    keys = row.references("fact")
    yield from (("fact", pk) for pk in FactPeriod.objects.filter(fact__key__in=keys).values_list("pk", flat=True))


def _of_fact(row: Fact) -> Iterator[tuple[str, Any]]:
    yield from (("fact", pk) for pk in row.periods.values_list("pk", flat=True))
    yield from (("step", use.pk) for use in row.uses() if isinstance(use, Step))


register(Kind("topic", _("Topics"), Topic, lambda: Topic.objects.filter(live_from__isnull=False), _topic))
register(
    Kind(
        "guide",
        _("Guides"),
        Guide,
        lambda: (
            Guide.objects.filter(live_from__isnull=False, topic__live_from__isnull=False)
            .select_related("topic")
            .prefetch_related("steps")
        ),
        _guide,
    )
)
register(
    Kind("step", _("Steps"), Step, lambda: Step.objects.filter(_PUBLIC_GUIDE).select_related("guide__topic"), _step)
)
register(
    Kind(
        "term",
        _("Terms"),
        Term,
        lambda: Term.objects.filter(live_from__isnull=False).select_related("topic"),
        _term,
    )
)
register(
    Kind(
        "contact",
        _("Contacts"),
        ContactPoint,
        lambda: ContactPoint.objects.filter(confirmed_at__isnull=False),
        _contact,
    )
)
register(
    Kind(
        "fact",
        _("Facts"),
        FactPeriod,
        lambda: FactPeriod.objects.filter(confirmed_at__isnull=False).select_related("fact"),
        _fact,
    )
)
depends(Topic, _of_topic)
depends(Guide, _of_guide)
depends(Step, _of_step)
depends(Fact, _of_fact)
depends(FactPeriod, lambda row: _of_fact(row.fact))
CHOICES["stage"] = list(Stage.choices)
CHOICES["audience"] = list(Audience.choices)
