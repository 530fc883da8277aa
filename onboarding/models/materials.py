"""Cases from centers, examples of calls and mail templates, and readers' reports."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centers.models import Center
from onboarding.choices import MaterialKind, ReportState
from onboarding.models.guides import Guide, Step
from onboarding.models.texts import Referring
from wpiforum.provenance.models import Identified, NaturalManager, Sourced
from wpiforum.publishing.models import Publishable, PublishableQuerySet


class Case(Referring, Identified, Publishable, Sourced):
    """What an office did and what others can take from it."""

    other_texts = ("title", "host")

    natural_key_field = "slug"

    slug = models.SlugField(_("slug"), max_length=100, unique=True)
    center = models.ForeignKey(
        Center, null=True, blank=True, on_delete=models.SET_NULL, related_name="cases", verbose_name=_("center")
    )
    host = models.CharField(_("host institution"), max_length=160)
    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(_("text"))
    guides = models.ManyToManyField(Guide, blank=True, related_name="cases", verbose_name=_("guides"))

    host_ja: str | None
    host_en: str | None
    title_ja: str | None
    title_en: str | None
    body_ja: str | None
    body_en: str | None

    objects = NaturalManager.from_queryset(PublishableQuerySet)()

    class Meta(Publishable.Meta):
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ("slug",)

    def __str__(self) -> str:
        return self.title or self.slug

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    def belongs_to(self) -> set[Any]:
        return {self.pk, self.center_id} - {None}


class Material(Referring, Identified, Publishable):
    """Something to copy and fill in: the text of an open call, a mail in both languages."""

    natural_key_field = "slug"

    slug = models.SlugField(_("slug"), max_length=100, unique=True)
    kind = models.CharField(_("kind"), max_length=6, choices=MaterialKind)
    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(_("text"))
    guides = models.ManyToManyField(Guide, blank=True, related_name="materials", verbose_name=_("guides"))
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    title_ja: str | None
    title_en: str | None
    body_ja: str | None
    body_en: str | None

    objects = NaturalManager.from_queryset(PublishableQuerySet)()

    class Meta(Publishable.Meta):
        verbose_name = _("call example or template")
        verbose_name_plural = _("call examples and templates")
        ordering = ("order", "slug")

    def __str__(self) -> str:
        return self.title or self.slug

    def natural_key(self) -> tuple[str]:
        return (self.slug,)


class Report(Identified):
    """A problem that a reader reported on a step. Free text, no address, no account."""

    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="reports", verbose_name=_("step"))
    language = models.CharField(_("language of the page"), max_length=5)
    text = models.TextField(_("what the reader wrote"))
    sent_at = models.DateTimeField(_("sent at"), auto_now_add=True)
    state = models.CharField(_("state"), max_length=6, choices=ReportState, default=ReportState.NEW)
    note = models.TextField(_("note of the staff"), blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("closed by"),
    )

    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("report of a problem")
        verbose_name_plural = _("reports of problems")
        ordering = ("-sent_at",)
        constraints = [
            models.CheckConstraint(
                name="onboarding_report_closed_with_note",
                condition=~Q(state=ReportState.CLOSED)
                | (Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(note="")),
                violation_error_message=_("Write a note before you close the report."),
            ),
            models.CheckConstraint(
                name="onboarding_report_closed_pair",
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                violation_error_message=_("A closed report names who closed it and when."),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    def clean(self) -> None:
        super().clean()
        if self.state == ReportState.CLOSED and not self.note.strip():
            raise ValidationError({"note": _("Write a note before you close the report.")})

    def set_state(self, state: str, *, by: Any) -> None:
        """Take a state over without saving: a closed report names who closed it and when, any other nobody."""
        if state != ReportState.CLOSED:
            self.closed_at = self.closed_by = None
        elif self.closed_at is None:
            self.closed_at, self.closed_by = timezone.now(), by
        self.state = state
