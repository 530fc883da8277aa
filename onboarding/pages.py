"""Everything a guide's page shows, loaded in ten queries whatever the number of steps."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from django.db.models import F, FilteredRelation, Q, Value
from django.utils import translation
from django.utils.html import strip_tags
from django.utils.safestring import SafeString

from centers.models import Center
from onboarding.choices import RuleKind
from onboarding.models import Case, ChangeNote, FactPeriod, Guide, Material, Slot, Step, Term
from onboarding.models.facts import next_change, period_on
from onboarding.models.texts import references
from onboarding.rendering import Renderer, TermName
from onboarding.rules import counting_text, when_text
from onboarding.values import value_text
from wpiforum import languages
from wpiforum.http import today
from wpiforum.provenance.models import Source

_TEXTS = ("body", "where", "bring", "missed", "condition", "unconfirmed")


class StepView(NamedTuple):
    """One step in one language, ready to print; `is_missing` leaves all texts empty."""

    code: str
    step: Step
    is_missing: bool
    title: str
    body: SafeString
    where: SafeString
    bring: list[SafeString]
    missed: SafeString
    condition: SafeString
    unconfirmed: SafeString
    law: str
    when: str
    counting: str
    kind: str
    is_check_due: bool
    is_wrong: bool  # the source has changed so that this text misleads

    @property
    def sources(self) -> list[Source]:
        return list(self.step.sources.all())


class Pair(NamedTuple):
    """The halves of one step, paired by its identity."""

    step: Step
    sides: list[StepView]
    original: StepView | None  # shown in closed details where the only side is missing


class FactView(NamedTuple):
    """A fact that the page uses: its value on the day and the change announced next."""

    key: str
    label: str
    value: str
    period: FactPeriod | None
    coming: str
    coming_period: FactPeriod | None


class Passage(NamedTuple):
    """A case or a material of the guide."""

    part: str
    title: str
    body: SafeString


class GuidePage(NamedTuple):
    guide: Guide
    pairs: list[Pair]
    facts: list[FactView]
    related: list[Guide]
    changed: list[ChangeNote]
    planned: list[ChangeNote]
    cases: list[Passage]
    materials: list[Passage]
    languages: tuple[str, ...]
    has_slots: bool


def is_written(step: Step, code: str) -> bool:
    """Tell whether a step exists in a language: a title and a text."""
    return bool(getattr(step, f"title_{code}") and getattr(step, f"body_{code}"))


def languages_of(guide: Guide, steps: list[Step]) -> tuple[str, ...]:
    """Return the languages in which the guide is whole: its title and every step."""
    return tuple(
        code
        for code in languages.CODES
        if getattr(guide, f"title_{code}") and all(is_written(step, code) for step in steps)
    )


def _periods(keys: set[str]) -> dict[str, list[FactPeriod]]:
    found: dict[str, list[FactPeriod]] = defaultdict(list)
    rows = FactPeriod.objects.filter(fact__key__in=keys, confirmed_at__isnull=False)
    for row in rows.select_related("fact", "source").order_by("start_on"):
        found[row.fact.key].append(row)
    return found


def _slots(keys: set[str], center: Center | None) -> dict[str, Slot]:
    """Return the slots with what the center filled in, in one query."""
    slots = Slot.objects.filter(key__in=keys)
    if center is not None:
        slots = slots.annotate(
            filled=FilteredRelation("values", condition=Q(values__center=center)),
            value_ja=F("filled__value_ja"),
            value_en=F("filled__value_en"),
        )
    return {slot.key: slot for slot in slots}


def renderers(
    steps: list[Step],
    day: date,
    codes: tuple[str, ...],
    center: Center | None,
    *,
    passages: Iterable[str | None] = (),
    links: bool = True,
) -> tuple[dict[str, Renderer], dict[str, list[FactPeriod]], dict[str, Slot]]:
    """Load what the texts of steps and passages refer to and return a renderer for each language."""
    texts = [getattr(step, f"{field}_{code}") for step in steps for field in _TEXTS for code in languages.CODES]
    texts += passages
    periods = _periods(references(texts, "fact"))
    keys = references(texts, "slot")
    slots = _slots(keys, center) if keys else {}
    found = Term.objects.published().values_list("slug", "japanese", "english") if links else ()
    terms = [TermName(*row) for row in found]
    made = {
        code: Renderer(code, day, periods=periods, slots=slots, terms=terms, center=center, links=links)
        for code in codes
    }
    return made, periods, slots


def present(step: Step, renderer: Renderer) -> StepView:
    """Return a step in the renderer's language; a side that is not written stays empty."""
    code = renderer.code
    rule = step.rule

    def field(name: str) -> str:
        return getattr(step, f"{name}_{code}") or ""

    with translation.override(code):
        written = is_written(step, code)
        return StepView(
            code,
            step,
            not written,
            field("title"),
            renderer.html(field("body")),
            renderer.line(field("where")),
            [renderer.line(row) for row in field("bring").splitlines() if row.strip()],
            renderer.line(field("missed")),
            renderer.line(field("condition")),
            renderer.line(field("unconfirmed")),
            field("law"),
            when_text(rule) if rule else "",
            counting_text(rule) if rule else "",
            str(RuleKind(rule.kind).label) if rule else "",
            step.is_check_due(today()),  # by the clock, whatever day the facts are asked for
            bool(getattr(step, f"is_wrong_{code}", False)),
        )


def _pair(step: Step, made: dict[str, Renderer]) -> Pair:
    sides = [present(step, renderer) for renderer in made.values()]
    original = None
    if len(sides) == 1 and sides[0].is_missing:
        other = languages.other(sides[0].code)
        if is_written(step, other):
            [only] = made.values()
            original = present(step, only.in_language(other))
    return Pair(step, sides, original)


def _facts(periods: dict[str, list[FactPeriod]], day: date) -> list[FactView]:
    found = []
    for key, rows in sorted(periods.items()):
        fact = rows[0].fact
        now, coming = period_on(rows, day), next_change(rows, day)
        found.append(
            FactView(
                key,
                str(fact),
                value_text(now, fact.unit) if now else "",
                now,
                value_text(coming, fact.unit) if coming else "",
                coming,
            )
        )
    return found


def _passages(guide: Guide) -> list[tuple[str, str, str, str, str]]:
    """Return the guide's cases and materials in one query."""
    columns = ("title_ja", "title_en", "body_ja", "body_en")
    cases: Any = Case.objects.published().filter(guides=guide)
    materials: Any = Material.objects.published().filter(guides=guide)
    # rewrite(False): modeltranslation would turn the columns into a set and lose their order.
    cases, materials = cases.rewrite(False).order_by(), materials.rewrite(False).order_by()
    found = cases.values_list(Value("case"), *columns).union(
        materials.values_list(Value("material"), *columns), all=True
    )
    rows = found.order_by()  # else the first table's own order is asked of the union
    return sorted(rows, key=lambda row: tuple(value or "" for value in row))  # a missing half is None


def load_guide(
    guide: Guide, day: date, codes: tuple[str, ...], center: Center | None = None, *, links: bool = True
) -> GuidePage:
    """Load a guide's page for a day in one or both languages; without `links` nothing points inside the page."""
    steps: list[Step] = list(guide.steps.for_page())
    passages = _passages(guide)
    bodies = [body for _part, _ja, _en, *found in passages for body in found]
    made, periods, slots = renderers(steps, day, codes, center, passages=bodies, links=links)
    changes = list(ChangeNote.objects.filter(guide=guide).select_related("source").order_by("-happened_on"))
    own = codes[0]
    shown: dict[str, list[Passage]] = {"case": [], "material": []}
    for part, *row in passages:
        title, body = row[languages.CODES.index(own)], row[2 + languages.CODES.index(own)]
        if title and body:
            shown[part].append(Passage(part, title, made[own].html(body)))
    related = guide.related.published().for_list()
    return GuidePage(
        guide,
        [_pair(step, made) for step in steps],
        _facts(periods, day),
        list(related),
        [row for row in changes if row.has_happened(day)],
        [row for row in changes if not row.has_happened(day)],
        shown["case"],
        shown["material"],
        languages_of(guide, steps),
        bool(slots),
    )


def load_step(step: Step, day: date, codes: tuple[str, ...]) -> tuple[list[StepView], list[FactView]]:
    """Load one step for its counter sheet."""
    made, periods, _found = renderers([step], day, codes, None, links=False)
    return [present(step, renderer) for renderer in made.values()], _facts(periods, day)


# From which amount of text a counter sheet needs smaller type to stay on one A4, as measured in print over all steps
# (tests/browser/test_sheet_print.py).
_SHEET_SIZES = ((550, "short"), (730, "medium"), (1120, "long"))


def sheet_amount(views: list[StepView]) -> float:
    """Return how much room a sheet's text takes, in characters of the large half; a new block costs most of a line."""
    amount = 0.0
    for view in views:
        size = len(strip_tags(" ".join([view.body, view.where, *view.bring])))
        if view.code == languages.DEFAULT:
            amount += size + 25 * (view.body.count("<p") + view.body.count("<li") + len(view.bring))
        else:
            amount += size / 4  # small type and narrow letters
    return amount


def sheet_size(views: list[StepView]) -> str:
    """Return the size of type, as the style sheet names it, with which the sheet fits on one A4."""
    amount = sheet_amount(views)
    return next((name for limit, name in _SHEET_SIZES if amount < limit), "longest")


def centers_for_choice() -> Any:
    """Return the public centers a reader can choose as theirs."""
    return Center.objects.published().order_by("acronym").only("slug", "acronym")
