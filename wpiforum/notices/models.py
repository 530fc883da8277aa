"""Emergency and maintenance notices: on every page from a moment until a moment, by the clock alone."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, ClassVar, Self

from django.core.cache import cache
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wpiforum.http import JAPAN
from wpiforum.notices.choices import Severity, State
from wpiforum.prefectures import Prefecture

# Where each process remembers the notices (wpiforum/notices/current.py).
CACHE_KEY = "notices"


class NoticeQuerySet(models.QuerySet):
    def in_effect(self, at: datetime | None = None) -> Self:
        """Keep what the pages show at that moment, now by default (twin: `is_in_effect`)."""
        at = at or timezone.now()
        return self.filter(starts_at__lte=at, ends_at__gt=at)

    def in_state(self, state: str, at: datetime | None = None) -> Self:
        """Keep notices that are coming, in effect or over at that moment (twin: `state`)."""
        at = at or timezone.now()
        match state:
            case State.COMING:
                return self.filter(starts_at__gt=at)
            case State.OVER:
                return self.filter(ends_at__lte=at)
        return self.in_effect(at)

    def not_over(self, at: datetime | None = None) -> Self:
        """Keep what is in effect or coming."""
        return self.filter(ends_at__gt=at or timezone.now())


class Notice(models.Model):
    """A banner on every page, in both languages, that comes and goes by itself.

    Its key is a UUID as that of every root row, but it is no statement of a source: no claim can be about it.
    """

    id = models.UUIDField(_("key"), primary_key=True, default=uuid.uuid4, editable=False)
    severity = models.CharField(_("severity"), max_length=12, choices=Severity, default=Severity.INFORMATION)
    area = models.CharField(
        _("area"),
        max_length=5,
        choices=[("", _("everywhere")), *Prefecture.choices],
        blank=True,
        default="",
        help_text=_("The notice is on every page all the same; a prefecture is named in front of it."),
    )
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text"), max_length=600, help_text=_("Plain text; one or two short sentences."))
    starts_at = models.DateTimeField(_("starts"), help_text=_("Japan time."))
    ends_at = models.DateTimeField(
        _("ends"), help_text=_("Japan time. The notice leaves by itself; it can be extended here.")
    )

    title_ja: str | None
    title_en: str | None
    text_ja: str | None
    text_en: str | None

    objects: ClassVar[Any] = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ("-starts_at", "id")
        constraints = [
            models.CheckConstraint(
                name="notices_notice_end_after_start",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("The end must be after the start."),
            ),
            models.CheckConstraint(
                name="notices_notice_both_languages",
                condition=Q(
                    title_ja__isnull=False, title_en__isnull=False, text_ja__isnull=False, text_en__isnull=False
                )
                & ~Q(title_ja="")
                & ~Q(title_en="")
                & ~Q(text_ja="")
                & ~Q(text_en=""),
                violation_error_message=_("A notice needs title and text in both languages."),
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.title_ja or self.title_en or str(self.pk)

    def state(self, at: datetime | None = None) -> State:
        """Tell where the notice stands at that moment (now by default)."""
        at = at or timezone.now()
        if self.starts_at > at:
            return State.COMING
        return State.IN_EFFECT if self.ends_at > at else State.OVER

    def is_in_effect(self, at: datetime | None = None) -> bool:
        """Tell whether the pages show the notice at that moment (twin of `in_effect`)."""
        return self.state(at) == State.IN_EFFECT

    @property
    def rank(self) -> int:
        """Place in the order of gravity: 0 is the gravest."""
        return list(Severity.values).index(self.severity)

    @property
    def ends_on(self) -> date:
        """The day of the end in Japan."""
        return self.ends_at.astimezone(JAPAN).date()

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        transaction.on_commit(forget)

    def delete(self, using: str | None = None, keep_parents: bool = False) -> tuple[int, dict[str, int]]:
        gone = super().delete(using, keep_parents)
        transaction.on_commit(forget)
        return gone


def forget() -> None:
    """Let this process ask the database again; other processes do within `current.SECONDS`."""
    cache.delete(CACHE_KEY)


def by_gravity(rows: Iterable[Notice]) -> list[Notice]:
    """Return the gravest first, then the newest."""
    return sorted(sorted(rows, key=lambda row: row.starts_at, reverse=True), key=lambda row: row.rank)
