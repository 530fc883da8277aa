"""Tries to sign in, kept just long enough to count them; and who wants mail about what waits."""

from datetime import date, timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wpiforum import languages


class Kind(models.TextChoices):
    PASSWORD = "password", _("wrong password")
    CODE = "code", _("wrong code")
    SIGNED_IN = "signed_in", _("signed in")


class SignInTry(models.Model):
    """One try: digests of the account and of the address, never the words typed. Read by `throttle` alone."""

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    account = models.CharField(_("account"), max_length=40)
    address = models.CharField(_("address"), max_length=40)
    at = models.DateTimeField(_("when"))
    forget_at = models.DateTimeField(_("forgotten at"), db_index=True)

    class Meta:
        verbose_name = _("try to sign in")
        verbose_name_plural = _("tries to sign in")
        ordering = ("at", "id")
        indexes = [
            models.Index(name="accounts_try_of_account", fields=["account", "kind", "at"]),
            models.Index(name="accounts_try_of_address", fields=["address", "kind", "at"]),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d %H:%M}"


class Every(models.TextChoices):
    NEVER = "never", pgettext_lazy("mail", "never")
    DAILY = "daily", pgettext_lazy("mail", "every day")
    WEEKLY = "weekly", pgettext_lazy("mail", "once a week")


class DigestQuerySet(models.QuerySet):
    def due(self, day: date) -> Self:
        """Keep those of people on the staff who want a mail by that day and got none since."""
        daily = Q(every=Every.DAILY) & (Q(last_sent_on=None) | Q(last_sent_on__lt=day))
        weekly = Q(every=Every.WEEKLY) & (Q(last_sent_on=None) | Q(last_sent_on__lte=day - timedelta(days=7)))
        people = self.filter(user__is_active=True, user__is_staff=True).exclude(user__email="")
        return people.filter(daily | weekly)


class Digest(models.Model):
    """Whether a person wants mail about what waits, how often and in which language. Nobody gets any unasked."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="digest", verbose_name=_("person")
    )
    every = models.CharField(_("how often"), max_length=8, choices=Every, default=Every.NEVER)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES, default=languages.DEFAULT)
    last_sent_on = models.DateField(_("last sent"), null=True, blank=True, editable=False)

    objects: ClassVar[DigestQuerySet] = DigestQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("mail about what waits")
        verbose_name_plural = _("mails about what waits")
        ordering = ("user",)

    def __str__(self) -> str:
        return f"{self.user}: {self.get_every_display()}"
