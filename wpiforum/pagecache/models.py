"""The content version: one row that names the state of everything public pages show."""

from django.db import models
from django.utils.translation import gettext_lazy as _

ONLY = 1  # the key of the one row


class ContentVersion(models.Model):
    """A random name that changes with every change of content; pages kept under another name are out of date."""

    name = models.CharField(_("name"), max_length=32)

    class Meta:
        verbose_name = _("content version")
        verbose_name_plural = _("content versions")
        default_permissions = ()  # nobody edits it

    def __str__(self) -> str:
        return self.name
