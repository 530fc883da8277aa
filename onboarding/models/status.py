"""The status guide: questions with their answers, and what each way through them may lead to.

Statuses of residence are those of the Immigration Control and Refugee Recognition Act, Appended Tables I and II.
The rows only ever say what may fit: the Immigration Services Agency decides each case (same act, articles 7 and 20).
"""

from datetime import date
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from onboarding.choices import Certainty, ResultKind, Role
from onboarding.models.contacts import Office
from onboarding.models.guides import Guide
from onboarding.models.texts import Referring
from wpiforum.loading import page_mode
from wpiforum.provenance.dates import Precision
from wpiforum.provenance.models import Checked, Identified, NaturalManager, Source
from wpiforum.publishing.models import Publishable, PublishableQuerySet, published_q


class StatusQuerySet(PublishableQuerySet):
    def planned(self) -> Self:
        """Keep what is public or will be on its date: the rows among which staff may leave no dead end."""
        return self.filter(Q(live_until__isnull=True) | Q(live_until__gt=timezone.now()), live_from__isnull=False)


class StatusRow(Referring, Identified, Publishable, Checked):
    """What questions, remarks and results share: a key, publication, checks, and texts that refer to facts."""

    natural_key_field = "key"
    page_name = "onboarding:status"
    rich_fields: ClassVar[tuple[str, ...]] = ()
    referring_fields: ClassVar[tuple[str, ...]] = ("text",)
    other_texts: ClassVar[tuple[str, ...]] = ()

    key: Any

    class Meta(Publishable.Meta):
        abstract = True

    def natural_key(self) -> tuple[str]:
        return (self.key,)

    def clean(self) -> None:
        super().clean()
        if not self.check_every:
            raise ValidationError({"check_every": _("Say after how many months it is checked again.")})

    def withdrawal_problems(self) -> list[str]:
        """Name the public answers that lead here; without this row they would lead nowhere."""
        answers = getattr(self, "led_to_by", None)
        if answers is None:
            return []
        text = _("The answer “%(answer)s” of question “%(question)s” leads here. Change that first.")
        found = (
            answers.filter(published_q("question__")).select_related("question").order_by("question__order", "order")
        )
        return [str(text) % {"answer": row.key, "question": row.question.key} for row in found]

    def mark_checked(self, day: date) -> None:
        """Move the as-of date to the day on which somebody found the row still right; nothing else changes."""
        self.as_of_on, self.as_of_precision = day, Precision.DAY
        self.save(update_fields=["as_of_on", "as_of_precision", "next_check_on"])


class StatusQuestionQuerySet(StatusQuerySet):
    def for_graph(self) -> Self:
        """Load the questions with their answers and where these lead."""
        answers = StatusAnswer.objects.select_related("next_question", "result").order_by("order", "key")
        return self.prefetch_related(Prefetch("answers", answers)).fetch_mode(page_mode()).order_by("order", "key")


class StatusQuestion(StatusRow):
    """One question of the status guide; exactly one of them comes first."""

    referring_fields = ("text", "help")
    owned = ("answers",)

    key = models.SlugField(
        _("key"), max_length=20, unique=True, help_text=_("Part of the page's address: change it only with a reason.")
    )
    text = models.CharField(_("question"), max_length=300)
    help = models.TextField(_("help, one paragraph per line"), blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    is_start = models.BooleanField(_("first question"), default=False)
    links_points = models.BooleanField(_("links the points calculator"), default=False)
    sources = models.ManyToManyField(Source, related_name="status_questions", verbose_name=_("sources"))
    certainty = models.CharField(_("certainty"), max_length=1, choices=Certainty, default=Certainty.OFFICIAL)

    text_ja: str | None
    text_en: str | None
    help_ja: str | None
    help_en: str | None

    objects = NaturalManager.from_queryset(StatusQuestionQuerySet)()

    class Meta(StatusRow.Meta):
        verbose_name = _("question of the status guide")
        verbose_name_plural = _("questions of the status guide")
        ordering = ("order", "key")
        constraints = [
            *StatusRow.Meta.constraints,
            models.UniqueConstraint(
                name="onboarding_statusquestion_one_start",
                fields=["is_start"],
                condition=Q(is_start=True),
                violation_error_message=_("Another question is already the first one."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.text or self.text_ja or self.text_en or ''}"


class StatusFlag(StatusRow):
    """What else follows for some people who get a result: a condition in words and what it means for them."""

    referring_fields = ("condition", "text")
    other_texts = ("law",)

    key = models.SlugField(_("key"), max_length=40, unique=True)
    condition = models.CharField(_("for whom it applies, in words"), max_length=200)
    text = models.TextField(_("text"))
    law = models.CharField(_("legal basis"), max_length=300, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    links_points = models.BooleanField(_("links the points calculator"), default=False)
    guides = models.ManyToManyField(Guide, blank=True, related_name="+", verbose_name=_("guides"))
    sources = models.ManyToManyField(Source, related_name="status_flags", verbose_name=_("sources"))
    certainty = models.CharField(_("certainty"), max_length=1, choices=Certainty, default=Certainty.OFFICIAL)

    condition_ja: str | None
    condition_en: str | None
    text_ja: str | None
    text_en: str | None
    law_ja: str | None
    law_en: str | None

    objects = NaturalManager.from_queryset(StatusQuerySet)()

    class Meta(StatusRow.Meta):
        verbose_name = _("remark of the status guide")
        verbose_name_plural = _("remarks of the status guide")
        ordering = ("order", "key")

    def __str__(self) -> str:
        return self.condition or self.condition_ja or self.condition_en or self.key


class StatusResultQuerySet(StatusQuerySet):
    def with_alternatives_of(self, key: str) -> Self:
        """Keep the result with this key and those shown side by side in its place."""
        beside = StatusResult.alternatives.through.objects.filter(from_statusresult__key=key)
        return self.filter(Q(key=key) | Q(pk__in=beside.values("to_statusresult")))

    def for_page(self) -> Self:
        """Load what a result's block shows: office, sources, public guides, public remarks with theirs."""
        guides = Guide.objects.published().for_list()
        flags = StatusFlag.objects.published().order_by("order", "key")
        flags = flags.prefetch_related(Prefetch("guides", guides, to_attr="public_guides"), "sources")
        return (
            self.select_related("office")
            .prefetch_related(
                "sources",
                Prefetch("guides", guides, to_attr="public_guides"),
                Prefetch("flags", flags.fetch_mode(page_mode()), to_attr="public_flags"),
            )
            .fetch_mode(page_mode())
            .order_by("order", "key")
        )


class StatusResult(StatusRow):
    """Where answers lead: a status that may fit, no new status, or somebody to ask.

    `alternatives` are shown side by side where an answer leaves more than one open.
    """

    referring_fields = ("reason", "to_check", "caution")
    other_texts = ("name", "law")

    key = models.SlugField(_("key"), max_length=20, unique=True)
    kind = models.CharField(_("kind"), max_length=6, choices=ResultKind, default=ResultKind.STATUS)
    name = models.CharField(_("name"), max_length=160)
    reason = models.TextField(_("reason"))
    to_check = models.TextField(_("what to check, one per line"))
    caution = models.TextField(_("what to know before choosing it"), blank=True)
    law = models.CharField(_("legal basis"), max_length=300, blank=True)
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="status_results", verbose_name=_("office to ask")
    )
    sources = models.ManyToManyField(Source, related_name="status_results", verbose_name=_("sources"))
    certainty = models.CharField(_("certainty"), max_length=1, choices=Certainty, default=Certainty.OFFICIAL)
    flags = models.ManyToManyField(StatusFlag, blank=True, related_name="results", verbose_name=_("remarks"))
    guides = models.ManyToManyField(Guide, blank=True, related_name="status_results", verbose_name=_("guides"))
    alternatives = models.ManyToManyField(
        "self", blank=True, symmetrical=False, related_name="+", verbose_name=_("shown side by side")
    )
    offers_plan = models.BooleanField(_("links the dated plan"), default=False)
    plan_roles = models.JSONField(
        _("roles of the plan"), default=list, blank=True, help_text=_("One link to the plan for each role.")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    name_ja: str | None
    name_en: str | None
    reason_ja: str | None
    reason_en: str | None
    to_check_ja: str | None
    to_check_en: str | None
    caution_ja: str | None
    caution_en: str | None
    law_ja: str | None
    law_en: str | None

    objects = NaturalManager.from_queryset(StatusResultQuerySet)()

    class Meta(StatusRow.Meta):
        verbose_name = _("result of the status guide")
        verbose_name_plural = _("results of the status guide")
        ordering = ("order", "key")

    def __str__(self) -> str:
        return self.name or self.name_ja or self.name_en or self.key

    def clean(self) -> None:
        super().clean()
        if not isinstance(self.plan_roles, list) or not set(self.plan_roles) <= set(Role.values):
            raise ValidationError({"plan_roles": _("Choose from the list.")})

    @property
    def is_undecided(self) -> bool:
        """Tell whether the result sends the reader to somebody who can decide."""
        return self.kind == ResultKind.ASK


class StatusAnswer(Referring, Identified):
    """One answer to a question: it leads to the next question or to a result, never to both or neither."""

    rich_fields = ()
    referring_fields = ("text", "caution")
    other_texts = ()
    owner_field = "question"

    question = models.ForeignKey(
        StatusQuestion, on_delete=models.CASCADE, related_name="answers", verbose_name=_("question")
    )
    key = models.SlugField(
        _("key"), max_length=30, help_text=_("Part of the page's address: change it only with a reason.")
    )
    text = models.CharField(_("answer"), max_length=300)
    caution = models.TextField(
        _("remark with the result"), blank=True, help_text=_("Shown with the result of those who gave this answer.")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    next_question = models.ForeignKey(
        StatusQuestion,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="led_to_by",
        verbose_name=_("next question"),
    )
    result = models.ForeignKey(
        StatusResult,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="led_to_by",
        verbose_name=_("result"),
    )
    is_family = models.BooleanField(
        _("the plan is for a family"), default=False, help_text=_("Plans linked after this answer include the family.")
    )

    text_ja: str | None
    text_en: str | None
    caution_ja: str | None
    caution_en: str | None

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = _("answer of the status guide")
        verbose_name_plural = _("answers of the status guide")
        ordering = ("question", "order", "key")
        constraints = [
            models.UniqueConstraint(
                name="onboarding_statusanswer_key_once",
                fields=["question", "key"],
                violation_error_message=_("This question already has an answer with this key."),
            ),
            models.CheckConstraint(
                name="onboarding_statusanswer_one_target",
                condition=Q(next_question__isnull=True, result__isnull=False)
                | Q(next_question__isnull=False, result__isnull=True),
                violation_error_message=_("An answer leads to the next question or to a result: choose exactly one."),
            ),
        ]

    def __str__(self) -> str:
        return self.text or self.text_ja or self.text_en or self.key
