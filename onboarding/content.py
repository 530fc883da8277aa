"""How complete the guides are: counts, gaps between the languages, and steps that lack what readers rely on."""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from django.apps import apps
from django.db.models import Count
from modeltranslation.translator import translator

from onboarding.models import Fact, Guide, Step, Term, Topic
from onboarding.models.facts import period_on
from onboarding.models.texts import Referenced, Referring
from wpiforum import languages

FEWEST_STEPS = 3
_TERM_WORDS = ("japanese", "kana", "english", "plain_japanese")


class State(NamedTuple):
    """What was counted and found. `errors` must be mended; `notes` are for the staff to look at."""

    counts: dict[str, int]
    errors: dict[str, list[str]]
    notes: dict[str, list[str]]

    @property
    def is_sound(self) -> bool:
        return not any(self.errors.values())


def review(day: date) -> State:
    """Return the state of all guides, public or not, on a day."""
    steps = list(Step.objects.select_related("guide").prefetch_related("sources").order_by("guide__code", "order"))
    return State(
        counts={
            "topics": Topic.objects.count(),
            "guides": Guide.objects.count(),
            "steps": len(steps),
            "timed steps": Step.objects.timed().count(),
            "terms": Term.objects.count(),
            "facts": Fact.objects.count(),
        },
        errors={
            "texts missing in a language": [*_gaps(), *_terms_without_words()],
            "steps without source, as-of, office or next check": [
                f"{_name(step)}: {', '.join(lacking)}" for step in steps if (lacking := step.lacks())
            ],
            "references to nothing": sorted(_unknown_references()),
        },
        notes={
            "guides with fewer than three steps": [
                f"{guide.code}: {guide.number}"
                for guide in Guide.objects.annotate(number=Count("steps"))
                .filter(number__lt=FEWEST_STEPS)
                .order_by("code")
            ],
            "steps whose check is due": [
                f"{_name(step)}: {step.next_check_on}" for step in steps if step.is_check_due(day)
            ],
            "facts without a value on the day": [
                fact.key
                for fact in Fact.objects.prefetch_related("periods").order_by("key")
                if period_on(fact.periods.all(), day) is None
            ],
        },
    )


def _name(step: Step) -> str:
    return f"{step.guide.code} {step.slug}"


def _gaps() -> Iterator[str]:
    """Name each text that is filled in one language only, and each guide and step that has none at all."""
    for model in apps.get_app_config("onboarding").get_models():
        if model not in translator.get_registered_models():
            continue
        required = {"title"} if model is Guide else {"title", "body"} if model is Step else set()
        rows: Any = model._default_manager.order_by("pk")
        for row in rows.select_related("guide") if model is Step else rows:
            for field in translator.get_options_for_model(model).all_fields:
                missing = [code for code in languages.CODES if not getattr(row, f"{field}_{code}")]
                if missing and (field in required or len(missing) < len(languages.CODES)):
                    name = _name(row) if isinstance(row, Step) else str(row)
                    yield f"{model._meta.model_name} {name}: {field} ({', '.join(missing)})"


def _terms_without_words() -> Iterator[str]:
    for term in Term.objects.order_by("slug"):
        missing = [name for name in _TERM_WORDS if not getattr(term, name)]
        if missing:
            yield f"term {term.slug}: {', '.join(missing)}"


def _unknown_references() -> Iterator[str]:
    """Name each reference in a text whose fact or slot does not exist."""
    for kind, referenced in Referenced.kinds().items():
        known = set(referenced._default_manager.values_list("key", flat=True))
        for model in apps.get_app_config("onboarding").get_models():
            if issubclass(model, Referring):
                for row in model._default_manager.order_by("pk"):
                    for key in sorted(row.references(kind) - known):
                        yield f"{model._meta.model_name} {row}: {kind}:{key}"
