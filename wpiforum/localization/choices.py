"""States of a translation."""

from django.db import models
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    MISSING = "missing", pgettext_lazy("translation", "missing")
    IN_PROGRESS = "in_progress", pgettext_lazy("translation", "in progress")
    OUTDATED = "outdated", pgettext_lazy("translation", "outdated")
    UP_TO_DATE = "up_to_date", pgettext_lazy("translation", "up to date")
