"""Outside addresses that the public texts use, where each is used, and how it answered last."""

from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wpiforum.http import japan_midnight, today
from wpiforum.links import reasons
from wpiforum.publishing.permissions import roles_of

# How long an answer is good for; what failed is asked again on another day.
GOOD_FOR = timedelta(days=7)
LONGEST = 2000


class State(models.TextChoices):
    """How an address stands. Failing is not broken yet: it is asked again on another day."""

    NEVER = "never", pgettext_lazy("link", "never checked")
    FINE = "fine", pgettext_lazy("link", "fine")
    MOVED = "moved", pgettext_lazy("link", "moved")
    FAILING = "failing", pgettext_lazy("link", "failing, to be tried again")
    BROKEN = "broken", pgettext_lazy("link", "broken")
    UNCLEAR = "unclear", pgettext_lazy("link", "to be looked at by a person")


class LinkQuerySet(models.QuerySet):
    def due(self, at: datetime | None = None) -> Self:
        """Keep what is to be asked now, the longest unasked first: twice on a day asks nothing twice."""
        at = at or timezone.now()
        failed = Q(state__in=[State.FAILING, State.BROKEN], checked_at__lt=japan_midnight(today()))
        wanted = Q(checked_at__isnull=True) | Q(checked_at__lte=at - GOOD_FOR) | failed
        return self.filter(wanted).order_by(F("checked_at").asc(nulls_first=True), "pk")

    def broken(self) -> Self:
        return self.filter(state=State.BROKEN)

    def for_person(self, user: Any) -> Self:
        """Leave out, for somebody who edits assigned rows only, what is used elsewhere."""
        roles = roles_of(user)
        if user.is_superuser or not roles or not all(role.is_assigned for role in roles):
            return self
        assigned = user.assignments.values("object_id")
        uses = Use.objects.filter(Q(group_id__in=assigned) | Q(object_id__in=assigned), link=models.OuterRef("pk"))
        return self.filter(models.Exists(uses))


class Link(models.Model):
    """One outside address as it is written in the content, and how it answered when it was asked last."""

    url = models.CharField(_("address"), max_length=LONGEST, unique=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.NEVER)
    checked_at = models.DateTimeField(_("checked at"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=20, blank=True)
    details = models.JSONField(_("details"), default=dict, blank=True)
    moved_to = models.CharField(_("moved to"), max_length=LONGEST, blank=True)
    failures = models.PositiveSmallIntegerField(_("failures in a row"), default=0)
    failed_since = models.DateField(_("failing since"), null=True, blank=True)

    objects: ClassVar[Any] = LinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("link to outside")
        verbose_name_plural = _("links to outside")
        ordering = ("url",)
        indexes = [models.Index(name="links_link_by_check", fields=["checked_at"])]

    def __str__(self) -> str:
        return self.url

    def sentence(self) -> str:
        """Return in words how the address answered last, in the active language."""
        return reasons.sentence(self.reason, self.details) if self.reason else ""


class Use(models.Model):
    """One field of one public row that holds an outside address; `group` is the topic or center it belongs to."""

    link = models.ForeignKey(Link, on_delete=models.CASCADE, related_name="uses", verbose_name=_("link to outside"))
    content_type = models.ForeignKey(
        ContentType, on_delete=models.CASCADE, related_name="+", verbose_name=_("kind of row")
    )
    object_id = models.UUIDField(_("row"))
    row = GenericForeignKey("content_type", "object_id")
    field = models.CharField(_("field"), max_length=80)
    group_type = models.ForeignKey(
        ContentType, null=True, on_delete=models.CASCADE, related_name="+", verbose_name=_("kind of row")
    )
    group_id = models.UUIDField(_("belongs to"), null=True)
    group = GenericForeignKey("group_type", "group_id")

    class Meta:
        verbose_name = _("use of a link")
        verbose_name_plural = _("uses of links")
        ordering = ("link", "content_type", "object_id", "field")
        constraints = [
            models.UniqueConstraint(
                name="links_use_once",
                fields=["link", "content_type", "object_id", "field"],
                violation_error_message=_("This use is already listed."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.link_id} {self.field}"
