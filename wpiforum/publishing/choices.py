"""Choices of publication: where a revision stands, what was done, and how much a change weighs."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Status(models.TextChoices):
    """Where a revision stands. The first four are open: one such revision at most for a row."""

    DRAFT = "draft", pgettext_lazy("revision", "draft")
    SUBMITTED = "submitted", pgettext_lazy("revision", "waits for review")
    APPROVED = "approved", pgettext_lazy("revision", "approved")
    SCHEDULED = "scheduled", pgettext_lazy("revision", "scheduled")
    PUBLISHED = "published", pgettext_lazy("revision", "published")
    DISCARDED = "discarded", pgettext_lazy("revision", "discarded")


class Weight(models.TextChoices):
    """What a change of the source means for its translation."""

    WORDING = "wording", _("wording only: the translation stays right")
    CONTENT = "content", _("content: the translation has to follow")
    WRONG = "wrong", _("makes the old text wrong: readers of the translation are warned at once")


class Verb(models.TextChoices):
    """Acts on a root row, as the log names them and as the roles allow them."""

    SAVE_DRAFT = "save_draft", pgettext_lazy("act", "draft saved")
    SUBMIT = "submit", pgettext_lazy("act", "submitted for review")
    SEND_BACK = "send_back", pgettext_lazy("act", "sent back")
    APPROVE = "approve", pgettext_lazy("act", "approved")
    PUBLISH = "publish", pgettext_lazy("act", "published")
    SCHEDULE = "schedule", pgettext_lazy("act", "scheduled")
    UNSCHEDULE = "unschedule", pgettext_lazy("act", "taken off the schedule")
    UNPUBLISH = "unpublish", pgettext_lazy("act", "unpublished")
    RESTORE = "restore", pgettext_lazy("act", "old version restored as a draft")
    DISCARD = "discard", pgettext_lazy("act", "draft discarded")
    WAIVE = "waive", pgettext_lazy("act", "finding waived")
    CONFIRM_TRANSLATION = "confirm_translation", pgettext_lazy("act", "translation confirmed")
    MARK_CHECKED = "mark_checked", pgettext_lazy("act", "checked, still right")
    CONFIRM = "confirm", pgettext_lazy("act", "confirmed as a second person")
    SHARE_PREVIEW = "share_preview", pgettext_lazy("act", "preview shared")
    EXPORT = "export", pgettext_lazy("act", "texts exported")
    IMPORT = "import", pgettext_lazy("act", "texts taken in")
    SIGN_IN = "sign_in", pgettext_lazy("act", "signed in")
    ACCOUNT = "account", pgettext_lazy("act", "account changed")
