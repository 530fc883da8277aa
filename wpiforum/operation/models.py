"""When each scheduled duty ran, and who runs it now."""

from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class DutyRunQuerySet(models.QuerySet):
    def free(self, at: datetime) -> Self:
        """Keep duties whose time has come and that nobody runs; one of a dead host is held until its lease ends."""
        return self.filter(Q(next_at=None) | Q(next_at__lte=at), Q(held_until=None) | Q(held_until__lte=at))


class DutyRun(models.Model):
    """One duty by its name. The row is also the lock: whoever changes it from free to held runs the duty."""

    name = models.CharField(_("name"), max_length=60, primary_key=True)
    next_at = models.DateTimeField(_("next at"), null=True, blank=True)
    held_until = models.DateTimeField(_("held until"), null=True, blank=True)
    succeeded_at = models.DateTimeField(_("last ended well at"), null=True, blank=True)
    failed_at = models.DateTimeField(_("last failed at"), null=True, blank=True)

    objects: ClassVar[Any] = DutyRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("scheduled duty")
        verbose_name_plural = _("scheduled duties")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    @classmethod
    def take(cls, name: str, *, at: datetime, lease: timedelta) -> bool:
        """Take a duty if its time has come and nobody else has it; one statement decides, on every host."""
        cls.objects.get_or_create(name=name)
        return bool(cls.objects.free(at).filter(name=name).update(held_until=at + lease))
