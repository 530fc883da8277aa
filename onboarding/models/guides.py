"""Guides and their steps: the step is the unit of pairing, dating, sourcing, deadlines, printing and reports."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from onboarding.choices import (
    Actor,
    Audience,
    Certainty,
    Role,
    Stage,
)
from onboarding.models.contacts import Office
from onboarding.models.texts import Referring, columns
from onboarding.models.timing_rules import TimingRule
from onboarding.models.topics import Topic
from onboarding.models.versions import Versioned
from wpiforum import languages
from wpiforum.loading import page_mode
from wpiforum.localization.status import wrong
from wpiforum.lookups import any_of
from wpiforum.provenance.dates import PartialDate, Precision
from wpiforum.provenance.models import Checked, Identified, NaturalManager, Source, check_due_q
from wpiforum.publishing.models import Publishable, PublishableQuerySet, published_q


def _check_choices(row: Any, **fields: type[models.TextChoices]) -> None:
    """Raise ValidationError where a list field holds something that is not one of its choices."""
    for name, choices in fields.items():
        value = getattr(row, name)
        if not isinstance(value, list) or not set(value) <= set(choices.values):
            raise ValidationError({name: _("Choose from the list.")})


class GuideQuerySet(PublishableQuerySet):
    def published(self, at: Any = None) -> Self:
        """Keep guides that are public in a topic that is public."""
        return super().published(at).filter(published_q("topic__", at=at))

    def for_audience(self, *values: str) -> Self:
        """Keep guides for any of these audiences (twin: `audience` of the row)."""
        return self.filter(any_of("audience", values))

    def for_stage(self, *values: str) -> Self:
        """Keep guides of any of these stages (twin: `stages` of the row)."""
        return self.filter(any_of("stages", values))

    def with_step_by(self, *values: str) -> Self:
        """Keep guides with a step that any of these acts in."""
        return self.filter(Exists(Step.objects.acted_by(*values).filter(guide=OuterRef("pk")))) if values else self

    def for_list(self) -> Self:
        return self.select_related("topic__pillar").fetch_mode(page_mode()).by_order()

    def for_pages(self) -> Self:
        """Load a list for pages: those first in their topics come first, as an index has it.

        So a page reads its own rows alone; `by_topic` then puts them in the order of the topics.
        """
        return self.for_list().order_by("order", "slug")

    def by_order(self) -> Self:
        return self.order_by("topic__pillar__order", "topic__order", "order", "slug")


def by_topic(guides: Iterable["Guide"]) -> list["Guide"]:
    """Return loaded guides in the order of `by_order`."""
    return sorted(guides, key=lambda row: (row.topic.pillar.order, row.topic.order, row.order, row.slug))


class Guide(Identified, Publishable):
    """An ordered list of steps about one matter, for one or more audiences and stages."""

    natural_key_field = "slug"
    owned = ("steps", "changes")
    group_relations = ("topic",)

    slug = models.SlugField(_("slug"), max_length=100, unique=True)
    code = models.CharField(_("code"), max_length=10, unique=True, help_text=_("Stable name in lists, such as G4-5."))
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="guides", verbose_name=_("topic"))
    title = models.CharField(_("title"), max_length=160)
    summary = models.TextField(_("summary"))
    audience = models.JSONField(_("for whom"), default=list)
    stages = models.JSONField(_("stages"), default=list)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    related = models.ManyToManyField("self", blank=True, symmetrical=False, verbose_name=_("related guides"))
    next = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="previous", verbose_name=_("next guide")
    )

    title_ja: str | None
    title_en: str | None
    summary_ja: str | None
    summary_en: str | None

    objects = NaturalManager.from_queryset(GuideQuerySet)()

    class Meta(Publishable.Meta):
        verbose_name = _("guide")
        verbose_name_plural = _("guides")
        ordering = ("topic", "order")
        indexes = [
            *Publishable.Meta.indexes,
            models.Index(name="onboarding_guide_order", fields=["order", "slug"]),
            models.Index(name="onboarding_guide_of_topic", fields=["topic", "order", "slug"]),
        ]

    def __str__(self) -> str:
        return self.title or self.title_ja or self.title_en or self.slug

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    def get_absolute_url(self) -> str:
        return reverse("onboarding:guide", args=[self.topic.slug, self.slug])

    def clean(self) -> None:
        super().clean()
        _check_choices(self, audience=Audience, stages=Stage)

    def is_published(self, at: Any = None) -> bool:
        """Tell whether the public sees this guide: itself and its topic (twin: `published`)."""
        return super().is_published(at) and self.topic.is_published(at)

    def group(self) -> str:
        return str(self.topic)

    def publication_problems(self) -> list[str]:
        return self.trust_problems()

    def trust_problems(self, steps: Iterable["Step"] | None = None) -> list[str]:
        """Return a sentence for each step that lacks what readers rely on; such a guide must not be public.

        `steps` are those it will have; by default those it has.
        """
        rows = self.steps.prefetch_related("sources").order_by("order", "slug") if steps is None else steps
        return [
            gettext("The step “%(step)s” lacks: %(parts)s.") % {"step": step, "parts": ", ".join(lacking)}
            for step in rows
            if (lacking := step.lacks())
        ]

    @property
    def audience_labels(self) -> list[str]:
        return [str(Audience(value).label) for value in self.audience]

    @property
    def stage_labels(self) -> list[str]:
        return [str(Stage(value).label) for value in self.stages]


class StepQuerySet(models.QuerySet):
    def published(self) -> Self:
        """Keep steps of guides that the public sees."""
        return self.filter(published_q("guide__") & published_q("guide__topic__"))

    def timed(self) -> Self:
        """Keep steps with a confirmed timing rule (twin: `rule` of the row)."""
        return self.filter(Exists(TimingRule.objects.filter(step=OuterRef("pk"), confirmed_at__isnull=False)))

    def check_due(self, day: date) -> Self:
        """Keep steps whose next check has fallen due (twin: `is_check_due`)."""
        return self.filter(check_due_q(day))

    def waiting(self) -> Self:
        """Keep steps with a timing rule that waits for a second person (twin: `has_waiting_rule`)."""
        return self.filter(Exists(TimingRule.objects.filter(step=OuterRef("pk"), confirmed_at__isnull=True)))

    def untranslated(self) -> Self:
        """Keep steps without title or text in one language (twin: `missing_languages`)."""
        missing = Q()
        for code in languages.CODES:
            for field in ("title", "body"):
                missing |= Q(**{f"{field}_{code}": ""}) | Q(**{f"{field}_{code}__isnull": True})
        return self.filter(missing)

    def without_source(self) -> Self:
        """Keep steps that name no source."""
        return self.filter(sources__isnull=True)

    def acted_by(self, *values: str) -> Self:
        """Keep steps that any of these acts in (twin: `actors` of the row)."""
        return self.filter(any_of("actors", values))

    def for_page(self) -> Self:
        """Load what a step's block shows: office, confirmed rule and sources."""
        rules = TimingRule.objects.filter(confirmed_at__isnull=False)
        return (
            self.annotate(**{f"is_wrong_{code}": wrong("onboarding.step", code) for code in languages.CODES})
            .select_related("office")
            .prefetch_related(Prefetch("rules", rules), "sources")
            .fetch_mode(page_mode())
            .order_by("order", "slug")
        )

    def for_plan(self) -> Self:
        """Load all public timed steps, whole."""
        return self.published().timed().select_related("guide__topic").for_page()


class Step(Referring, Versioned, Identified, Checked):
    """What to do, where, by when, what to bring, and what follows if it is missed."""

    referring_fields = ("body", "where", "bring", "missed", "condition", "unconfirmed")
    other_texts = ("title", "law")
    owner_field = "guide"

    guide = models.ForeignKey(Guide, on_delete=models.CASCADE, related_name="steps", verbose_name=_("guide"))
    slug = models.SlugField(_("slug"), max_length=100)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    code = models.CharField(
        _("code"), max_length=6, blank=True, help_text=_("Name in the list of timed steps, such as R08.")
    )
    title = models.CharField(_("title"), max_length=160)
    body = models.TextField(_("text"))
    where = models.CharField(_("where"), max_length=300, blank=True)
    bring = models.TextField(_("what to bring, one per line"), blank=True)
    missed = models.TextField(_("what follows if it is missed"), blank=True)
    law = models.CharField(_("legal basis"), max_length=300, blank=True)
    condition = models.CharField(_("for whom it applies, in words"), max_length=300, blank=True)
    unconfirmed = models.TextField(_("reported but unconfirmed"), blank=True)
    actors = models.JSONField(_("who acts"), default=list)
    roles = models.JSONField(_("roles"), default=list, blank=True, help_text=_("Empty: every role."))
    needs_family = models.BooleanField(_("only with family"), default=False)
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="steps", verbose_name=_("office in charge")
    )
    sources = models.ManyToManyField(Source, related_name="steps", verbose_name=_("sources"))
    certainty = models.CharField(_("certainty"), max_length=1, choices=Certainty, default=Certainty.OFFICIAL)
    readings = models.JSONField(
        _("checked readings"),
        default=dict,
        blank=True,
        help_text=_("Office words and their readings, for the counter sheet."),
    )
    version = models.PositiveIntegerField(_("version of the text"), default=0, editable=False)

    title_ja: str | None
    title_en: str | None
    body_ja: str | None
    body_en: str | None
    where_ja: str | None
    where_en: str | None
    bring_ja: str | None
    bring_en: str | None
    missed_ja: str | None
    missed_en: str | None
    law_ja: str | None
    law_en: str | None
    condition_ja: str | None
    condition_en: str | None
    unconfirmed_ja: str | None
    unconfirmed_en: str | None

    objects: Any = StepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ("guide", "order", "slug")
        indexes = [models.Index(name="onboarding_step_next_check", fields=["next_check_on"])]
        constraints = [
            models.UniqueConstraint(
                name="onboarding_step_slug_once",
                fields=["guide", "slug"],
                violation_error_message=_("This guide already has a step with this slug."),
            ),
            models.UniqueConstraint(
                name="onboarding_step_code_once",
                fields=["code"],
                condition=~Q(code=""),
                violation_error_message=_("Another step already has this code."),
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.title_ja or self.title_en or self.slug

    def clean(self) -> None:
        super().clean()
        _check_choices(self, actors=Actor, roles=Role)
        if not self.check_every:
            raise ValidationError({"check_every": _("Say after how many months it is checked again.")})

    def get_absolute_url(self) -> str:
        return f"{self.guide.get_absolute_url()}#{self.slug}"

    def versioned_columns(self) -> list[str]:
        return columns((*self.referring_fields, *self.other_texts))

    def lacks(self) -> list[str]:
        """Name what the step lacks of what makes it trustworthy: source, as-of, office, next check."""
        parts = [
            (self.sources.all(), "sources"),
            (self.as_of_on, "as_of_on"),
            (self.office_id, "office"),
            (self.check_every, "next_check_on"),
        ]
        fields: Any = self._meta
        return [str(fields.get_field(name).verbose_name) for value, name in parts if not value]

    def missing_languages(self) -> list[str]:
        """Return the languages in which the step has no title or no text (twin: `untranslated`)."""
        return [
            code for code in languages.CODES if not (getattr(self, f"title_{code}") and getattr(self, f"body_{code}"))
        ]

    def has_waiting_rule(self) -> bool:
        """Tell whether a timing rule waits for a second person (twin: `waiting`)."""
        return any(not rule.is_confirmed() for rule in self.rules.all())

    def belongs_to(self) -> set[Any]:
        """Return the keys of rows whose assigned editors may edit this step: its guide."""
        return {self.guide_id}

    def mark_checked(self, day: date) -> None:
        """Move the as-of date to the day on which somebody found the step still right; nothing else changes."""
        self.as_of_on, self.as_of_precision = day, Precision.DAY
        self.save(update_fields=["as_of_on", "as_of_precision", "next_check_on"])

    @property
    def rule(self) -> "TimingRule | None":
        """The confirmed timing rule, from rows that `for_page()` loaded."""
        return next(iter(self.rules.all()), None)

    @property
    def actor_labels(self) -> list[str]:
        return [str(Actor(value).label) for value in self.actors]


class ChangeNote(Identified):
    """What changed for a guide on a date: before, after, source. `is_planned`: announced, not in force."""

    guide = models.ForeignKey(Guide, on_delete=models.CASCADE, related_name="changes", verbose_name=_("guide"))
    happened_on = models.DateField(_("date"))
    precision = models.CharField(_("precision"), max_length=12, choices=Precision, default=Precision.DAY)
    before = models.TextField(_("before"), blank=True)
    after = models.TextField(_("after"))
    is_planned = models.BooleanField(_("announced only"), default=False)
    certainty = models.CharField(_("certainty"), max_length=1, choices=Certainty, default=Certainty.OFFICIAL)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+", verbose_name=_("source"))

    before_ja: str | None
    before_en: str | None
    after_ja: str | None
    after_en: str | None

    class Meta:
        verbose_name = _("change note")
        verbose_name_plural = _("change notes")
        ordering = (F("happened_on").desc(),)
        indexes = [models.Index(name="onboarding_changenote_newest", fields=["-happened_on", "id"])]

    def __str__(self) -> str:
        return f"{self.happened_on} {self.after or ''}"[:80]

    @property
    def on(self) -> PartialDate:
        return PartialDate(self.happened_on, self.precision)

    def has_happened(self, day: date) -> bool:
        """Tell whether the change is in force on `day`; a change that is only announced never is."""
        return not self.is_planned and self.happened_on <= day
