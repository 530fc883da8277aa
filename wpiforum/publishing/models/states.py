"""What makes a row public: a question of dates, asked in one place."""

from copy import copy
from datetime import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from wpiforum import languages
from wpiforum.localization.status import wrong


def published_q(prefix: str = "", *, at: datetime | None = None) -> Q:
    """Return the condition "public at that moment" for a row or, with a prefix such as "center__", a related one."""
    at = at or timezone.now()
    return Q(**{f"{prefix}live_from__lte": at}) & (
        Q(**{f"{prefix}live_until__isnull": True}) | Q(**{f"{prefix}live_until__gt": at})
    )


class PublishableQuerySet(models.QuerySet):
    def published(self, at: datetime | None = None) -> Self:
        """Keep what the public sees at that moment (now by default)."""
        return self.filter(published_q(at=at))

    def with_warnings(self) -> Self:
        """Tell, as `is_wrong_ja` and `is_wrong_en`, whether readers of a row's text are warned; no query more."""
        label = self.model._meta.label_lower
        return self.annotate(**{f"is_wrong_{code}": wrong(label, code) for code in languages.CODES})


class Publishable(models.Model):
    """A root row with a public page: live from a moment until a moment, both optional.

    It is drafted, reviewed and published with the children it owns, in one transaction.
    """

    # Related names of the children that go with it; dated rows take effect by their own dates and do not.
    owned: ClassVar[tuple[str, ...]] = ()
    # What `group` reads besides the row itself.
    group_relations: ClassVar[tuple[str, ...]] = ()
    # The page that shows rows without an address of their own.
    page_name: ClassVar[str] = ""

    live_from = models.DateTimeField(
        _("live from"), null=True, blank=True, help_text=_("Empty: not public. Japan time.")
    )
    live_until = models.DateTimeField(
        _("live until"), null=True, blank=True, help_text=_("Empty: stays public. Japan time.")
    )

    class Meta:
        abstract = True
        # For the newest and the next moment of a change, which are asked all the time. A name has 30 characters.
        indexes = [
            models.Index(name="%(class)s_live_from", fields=["live_from"]),
            models.Index(name="%(class)s_live_until", fields=["live_until"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_live_order",
                condition=Q(live_until__isnull=True) | (Q(live_from__isnull=False) & Q(live_until__gt=F("live_from"))),
                violation_error_message=_("“Live until” must be after “live from”."),
            )
        ]

    def publication_problems(self) -> list[str]:
        """Return a sentence for each reason why this row must not be public as it is."""
        return []

    def withdrawal_problems(self) -> list[str]:
        """Return a sentence for each reason why this row must stay public."""
        return []

    def group(self) -> str:
        """Return the heading under which the translation board counts this row and its children."""
        return capfirst(str(self._meta.verbose_name_plural))

    def belongs_to(self) -> set[Any]:
        """Return the keys of rows whose assigned editors may edit this one (`Assignment`)."""
        return {self.pk}

    def is_published(self, at: datetime | None = None) -> bool:
        """Tell whether the public sees this row at that moment (now by default)."""
        at = at or timezone.now()
        return bool(self.live_from and self.live_from <= at and (self.live_until is None or self.live_until > at))


class Confirmable(models.Model):
    """A row that takes effect only once a second person has confirmed it.

    A confirmed row is never edited: a correction is a new row that names the one it `replaces` and takes its place
    when it is confirmed (`workflow.confirm`). Rows of the loaded snapshot were checked before loading and name nobody.
    """

    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("entered by"),
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("confirmed by"),
    )
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True, editable=False)
    replaces = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="corrections",
        verbose_name=_("replaces"),
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_second_person",
                condition=Q(confirmed_by__isnull=True) | Q(entered_by__isnull=True) | ~Q(confirmed_by=F("entered_by")),
                violation_error_message=_("Somebody else has to confirm what you entered."),
            )
        ]

    def as_correction(self, *, by: Any) -> Self:
        """Return an unsaved, unconfirmed copy that takes this row's place once somebody else confirms it."""
        row = copy(self)  # Django gives the copy a state of its own
        row._state.adding = True
        row.pk = self._meta.pk.get_default()
        row.entered_by, row.confirmed_by, row.confirmed_at = by, None, None
        row.replaces = self
        return row

    def supersede(self, replaced: Self) -> None:
        """Take over from the row this one replaces what has to go on, without saving; called as it is confirmed."""

    def is_confirmed(self) -> bool:
        """Tell whether the row is in effect (twin: `confirmed_at__isnull=False`)."""
        return self.confirmed_at is not None
