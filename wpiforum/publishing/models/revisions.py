"""Drafts beside what is public, and the versions that were."""

import uuid
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wpiforum.publishing.choices import Status

OPEN = (Status.DRAFT, Status.SUBMITTED, Status.APPROVED, Status.SCHEDULED)


def _user(label: Any, **options: Any) -> Any:
    """A person of the record; who has done something here is deactivated, not deleted."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=label, **options
    )


def _maybe_user(label: Any) -> Any:
    return _user(label, null=True, blank=True)


class RevisionQuerySet(models.QuerySet):
    def about(self, row: models.Model) -> Self:
        """Keep the revisions of one root row."""
        return self.filter(content_type=ContentType.objects.get_for_model(row), object_id=row.pk)

    def open(self) -> Self:
        """Keep drafts on their way to the public (twin: `is_open`)."""
        return self.filter(status__in=OPEN)

    def published(self) -> Self:
        """Keep versions that were public, the newest first."""
        return self.filter(status=Status.PUBLISHED).order_by("-number")

    def sent_back(self) -> Self:
        """Keep drafts that a reviewer returned with a note."""
        return self.filter(status=Status.DRAFT, reviewed_at__isnull=False).exclude(note="")

    def due(self, at: Any) -> Self:
        """Keep scheduled revisions whose moment has come."""
        return self.filter(status=Status.SCHEDULED, publish_at__lte=at)

    def for_list(self) -> Self:
        return self.select_related("content_type", "author", "last_editor", "reviewed_by").prefetch_related("subject")


def _pair(verb: str) -> models.CheckConstraint:
    """A moment and its person come together."""
    return models.CheckConstraint(
        name=f"publishing_revision_{verb}_pair",
        condition=Q(**{f"{verb}_at__isnull": True, f"{verb}_by__isnull": True})
        | Q(**{f"{verb}_at__isnull": False, f"{verb}_by__isnull": False}),
        violation_error_message=_("A moment and its person belong together."),
    )


class Revision(models.Model):
    """A snapshot of one root row with the children it owns: a draft while open, a version once published.

    `base` is the public snapshot the draft began from, `data` what it is to become. Only what differs between the two
    is ever written, so that a check or a load of another field meanwhile is not undone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    content_type = models.ForeignKey(
        ContentType, on_delete=models.PROTECT, related_name="+", verbose_name=_("kind of row")
    )
    object_id = models.UUIDField(_("row"))
    subject = GenericForeignKey("content_type", "object_id")
    number = models.PositiveIntegerField(
        _("version"), null=True, blank=True, help_text=_("Counted as a version is published.")
    )
    status = models.CharField(_("where it stands"), max_length=10, choices=Status, default=Status.DRAFT)
    base = models.JSONField(_("what it began from"), default=dict)
    data = models.JSONField(_("content"), default=dict)
    weights = models.JSONField(
        _("weight of the change"), default=dict, blank=True, help_text=_("By language of the changed text.")
    )
    languages = models.JSONField(_("languages to publish"), default=list, blank=True)
    note = models.TextField(_("note of the review"), blank=True)
    author = _user(_("author"))
    created_at = models.DateTimeField(_("begun"), auto_now_add=True)
    last_editor = _user(_("last editor"))
    edited_at = models.DateTimeField(_("last edited"))
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    submitted_by = _maybe_user(_("submitted by"))
    reviewed_at = models.DateTimeField(_("reviewed"), null=True, blank=True)
    reviewed_by = _maybe_user(_("reviewed by"))
    publish_at = models.DateTimeField(_("to be published"), null=True, blank=True, help_text=_("Japan time."))
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    published_by = _maybe_user(_("published by"))

    objects: ClassVar[Any] = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ("-edited_at", "id")
        indexes = [
            models.Index(name="publishing_revision_of_row", fields=["content_type", "object_id", "status"]),
            models.Index(name="publishing_revision_newest", fields=["content_type", "-published_at"]),
        ]
        constraints = [
            models.UniqueConstraint(
                name="publishing_revision_one_open",
                fields=["content_type", "object_id"],
                condition=Q(status__in=[*OPEN]),
                violation_error_message=_("This row already has an open draft."),
            ),
            models.UniqueConstraint(
                name="publishing_revision_number_once",
                fields=["content_type", "object_id", "number"],
                violation_error_message=_("This version already exists."),
            ),
            models.CheckConstraint(
                name="publishing_revision_scheduled_has_moment",
                condition=~Q(status=Status.SCHEDULED) | Q(publish_at__isnull=False),
                violation_error_message=_("Say when it is to be published."),
            ),
            _pair("submitted"),
            _pair("reviewed"),
            _pair("published"),
        ]

    def __str__(self) -> str:
        return f"{self.subject or self.object_id}: {Status(self.status).label}"

    def is_open(self) -> bool:
        """Tell whether the draft is on its way to the public (twin: `open`)."""
        return self.status in OPEN

    def is_by(self, user: Any) -> bool:
        """Tell whether somebody wrote or last changed this draft; they never approve it."""
        return user.pk in {self.author_id, self.last_editor_id}
