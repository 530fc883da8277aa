"""Tries to sign in, kept just long enough to count them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


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
