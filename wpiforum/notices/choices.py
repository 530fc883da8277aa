"""Choices of notices."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Severity(models.TextChoices):
    """How grave a notice is; the gravest comes first on the page."""

    EMERGENCY = "emergency", pgettext_lazy("severity of a notice", "Emergency")
    WARNING = "warning", pgettext_lazy("severity of a notice", "Please note")
    INFORMATION = "information", pgettext_lazy("severity of a notice", "Information")


class State(models.TextChoices):
    """Where a notice stands by the clock; computed."""

    COMING = "coming", _("coming")
    IN_EFFECT = "in_effect", _("in effect")
    OVER = "over", pgettext_lazy("state of a notice", "over")
