"""The record beside revisions: the log, old addresses, withdrawals, waivers, and whose rows an editor may touch."""

import uuid
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wpiforum.publishing.choices import Verb
from wpiforum.publishing.models.revisions import Revision


class AppendOnly(Exception):
    """The log is only ever added to."""


class EventQuerySet(models.QuerySet):
    def about(self, row: models.Model) -> Self:
        """Keep what was done with one row."""
        return self.filter(content_type=ContentType.objects.get_for_model(row), object_id=str(row.pk))

    def update(self, **kwargs: Any) -> int:
        raise AppendOnly(gettext("The log is only ever added to."))

    def delete(self) -> Any:
        raise AppendOnly(gettext("The log is only ever added to."))


class Event(models.Model):
    """One act: who, what, when, on which row, from which revision. Never changed and never deleted."""

    verb = models.CharField(_("act"), max_length=20, choices=Verb)
    at = models.DateTimeField(_("when"), auto_now_add=True, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("who"),
        help_text=_("Empty: a scheduled command."),
    )
    content_type = models.ForeignKey(
        ContentType, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("kind of row")
    )
    object_id = models.CharField(_("row"), max_length=40, blank=True)
    subject = GenericForeignKey("content_type", "object_id")
    label = models.CharField(_("name of the row then"), max_length=300, blank=True)
    revision = models.ForeignKey(
        Revision, null=True, on_delete=models.PROTECT, related_name="events", verbose_name=_("revision")
    )
    note = models.TextField(_("note"), blank=True)
    details = models.JSONField(_("details"), default=dict)

    objects: ClassVar[Any] = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of the log")
        verbose_name_plural = _("log of acts")
        ordering = ("-at", "-id")
        indexes = [models.Index(name="publishing_event_of_row", fields=["content_type", "object_id"])]

    def __str__(self) -> str:
        return f"{Verb(self.verb).label}: {self.label}" if self.label else str(Verb(self.verb).label)

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnly(gettext("The log is only ever added to."))
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise AppendOnly(gettext("The log is only ever added to."))


class Redirect(models.Model):
    """A slug that a public row had before, or a withdrawn row whose place it took: its address leads there for good.

    RFC 9110, 15.4.2.
    """

    content_type = models.ForeignKey(
        ContentType, on_delete=models.CASCADE, related_name="+", verbose_name=_("kind of row")
    )
    slug = models.CharField(_("old slug"), max_length=120)
    object_id = models.UUIDField(_("row"))
    target = GenericForeignKey("content_type", "object_id")
    since = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        verbose_name = _("old address")
        verbose_name_plural = _("old addresses")
        ordering = ("slug",)
        constraints = [
            models.UniqueConstraint(
                name="publishing_redirect_once",
                fields=["content_type", "slug"],
                violation_error_message=_("This old slug already leads somewhere."),
            )
        ]

    def __str__(self) -> str:
        return self.slug


class Withdrawal(models.Model):
    """Why a page is no longer public, as its readers are told in both languages."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    content_type = models.ForeignKey(
        ContentType, on_delete=models.CASCADE, related_name="+", verbose_name=_("kind of row")
    )
    object_id = models.UUIDField(_("row"))
    subject = GenericForeignKey("content_type", "object_id")
    reason = models.TextField(_("reason"))
    since = models.DateTimeField(_("since"), auto_now_add=True)

    reason_ja: str | None
    reason_en: str | None

    class Meta:
        verbose_name = _("withdrawal")
        verbose_name_plural = _("withdrawals")
        ordering = ("-since",)
        constraints = [
            models.UniqueConstraint(
                name="publishing_withdrawal_once",
                fields=["content_type", "object_id"],
                violation_error_message=_("This row is already withdrawn."),
            )
        ]

    def __str__(self) -> str:
        return str(self.subject or self.object_id)


class Waiver(models.Model):
    """A finding of the gate that somebody let pass, with the reason; it ends when either half changes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    content_type = models.ForeignKey(
        ContentType, on_delete=models.CASCADE, related_name="+", verbose_name=_("kind of row")
    )
    object_id = models.UUIDField(_("row"))
    subject = GenericForeignKey("content_type", "object_id")
    fingerprint = models.CharField(_("finding"), max_length=40)
    sentence = models.TextField(_("what was found"))
    reason = models.TextField(_("why it may pass"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("waived by")
    )
    at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        verbose_name = _("waiver")
        verbose_name_plural = _("waivers")
        ordering = ("-at",)
        constraints = [
            models.UniqueConstraint(
                name="publishing_waiver_once",
                fields=["content_type", "object_id", "fingerprint"],
                violation_error_message=_("This finding is already waived."),
            )
        ]

    def __str__(self) -> str:
        return self.sentence


class Assignment(models.Model):
    """A row that a person with a limited role may edit, with all that belongs to it: a center to its editor."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="assignments", verbose_name=_("person")
    )
    content_type = models.ForeignKey(
        ContentType, on_delete=models.CASCADE, related_name="+", verbose_name=_("kind of row")
    )
    object_id = models.UUIDField(_("row"))
    subject = GenericForeignKey("content_type", "object_id")

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ("user", "id")
        constraints = [
            models.UniqueConstraint(
                name="publishing_assignment_once",
                fields=["user", "content_type", "object_id"],
                violation_error_message=_("This person already has this row."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.subject}"
