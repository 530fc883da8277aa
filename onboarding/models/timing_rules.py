"""When a step is due: the rule that the date engine reads (`onboarding/timing.py`)."""

import re
from datetime import date
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from onboarding.choices import Direction, Event, Rolling, RuleKind, TimeUnit
from onboarding.models.texts import columns
from onboarding.models.versions import Versioned
from wpiforum.provenance.models import Identified
from wpiforum.publishing.models import Confirmable

_LONGEST: dict[str, int] = {TimeUnit.DAY: 36_525, TimeUnit.MONTH: 1_200, TimeUnit.YEAR: 100}

# What the dates of a plan, and their wording, follow from.
_COUNTED = (
    "kind",
    "event",
    "direction",
    "offset",
    "unit",
    "counts_first_day",
    "window_direction",
    "window_offset",
    "window_unit",
    "not_after_event",
    "day_of_next_month",
    "yearly_from",
    "yearly_to",
    "rolls",
    "safe_offset",
)


def _is_month_day(text: str) -> bool:
    """Tell whether a text is a day of every year: MM-DD, not the leap day."""
    if not re.fullmatch(r"\d\d-\d\d", text, re.ASCII):
        return False
    try:
        date(2001, int(text[:2]), int(text[3:]))
    except ValueError:
        return False
    return True


class TimingRule(Versioned, Identified, Confirmable):
    """When a step is due: event + offset + direction, how days are counted, what moves the last day, and its force.

    Days leave out the first day by default (Civil Code, article 140); `counts_first_day` names its law when it does
    not. With `window_*` the step opens on a first day. `yearly_from`/`yearly_to` are "MM-DD".
    """

    step = models.ForeignKey("onboarding.Step", on_delete=models.CASCADE, related_name="rules", verbose_name=_("step"))
    kind = models.CharField(_("force"), max_length=10, choices=RuleKind)
    event = models.CharField(_("event"), max_length=14, choices=Event)
    direction = models.CharField(_("direction"), max_length=6, choices=Direction)
    offset = models.PositiveSmallIntegerField(_("offset"), default=0)
    unit = models.CharField(_("unit"), max_length=5, choices=TimeUnit, default=TimeUnit.DAY)
    counts_first_day = models.BooleanField(_("the first day counts"), default=False)
    counting_law = models.CharField(_("law of the counting"), max_length=200, blank=True)
    window_direction = models.CharField(_("window: direction"), max_length=6, choices=Direction, blank=True)
    window_offset = models.PositiveSmallIntegerField(_("window: offset"), null=True, blank=True)
    window_unit = models.CharField(_("window: unit"), max_length=5, choices=TimeUnit, blank=True)
    not_after_event = models.CharField(
        _("not after"), max_length=14, choices=Event, blank=True, help_text=_("The earlier of the two is the last day.")
    )
    day_of_next_month = models.PositiveSmallIntegerField(
        _("day of the next month"), null=True, blank=True, help_text=_("“By the 10th of the next month”: 10.")
    )
    yearly_from = models.CharField(_("every year from (MM-DD)"), max_length=5, blank=True)
    yearly_to = models.CharField(_("every year until (MM-DD)"), max_length=5, blank=True)
    rolls = models.CharField(_("closed days"), max_length=8, choices=Rolling, default=Rolling.NONE)
    safe_offset = models.PositiveSmallIntegerField(
        _("own safe day (offset)"), null=True, blank=True, help_text=_("A safer day than the legal last one.")
    )
    version = models.PositiveIntegerField(_("version of the rule"), default=0, editable=False)

    counting_law_ja: str | None
    counting_law_en: str | None

    class Meta:
        verbose_name = _("timing rule")
        verbose_name_plural = _("timing rules")
        ordering = ("step",)
        constraints = [
            *Confirmable.Meta.constraints,
            models.UniqueConstraint(
                name="onboarding_timingrule_one_in_effect",
                fields=["step"],
                condition=Q(confirmed_at__isnull=False),
                violation_error_message=_("This step already has a confirmed rule; a correction replaces it."),
            ),
            models.CheckConstraint(
                name="onboarding_timingrule_yearly",
                condition=(Q(event=Event.YEARLY) & ~Q(yearly_to=""))
                | (~Q(event=Event.YEARLY) & Q(yearly_from="") & Q(yearly_to="")),
                violation_error_message=_(
                    "Give the yearly dates exactly when the event is “the same dates every year”."
                ),
            ),
            models.CheckConstraint(
                name="onboarding_timingrule_window",
                condition=Q(window_direction="", window_offset__isnull=True, window_unit="")
                | (~Q(window_direction="") & Q(window_offset__isnull=False) & ~Q(window_unit="")),
                violation_error_message=_("Fill in all three parts of the window, or none."),
            ),
            models.CheckConstraint(
                name="onboarding_timingrule_on_the_day",
                condition=~Q(direction=Direction.ON) | Q(offset=0),
                violation_error_message=_("“On the day” has no offset."),
            ),
            models.CheckConstraint(
                name="onboarding_timingrule_next_month",
                condition=Q(day_of_next_month__isnull=True) | Q(day_of_next_month__gte=1, day_of_next_month__lte=28),
                violation_error_message=_("The day of the next month lies between 1 and 28."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_event_display()}: {self.get_kind_display()}"

    def clean(self) -> None:
        super().clean()
        for name in ("yearly_from", "yearly_to"):
            if getattr(self, name) and not _is_month_day(getattr(self, name)):
                raise ValidationError({name: _("Write month and day as in 03-15.")})
        for length, unit in (("offset", self.unit), ("window_offset", self.window_unit)):
            if unit in _LONGEST and (getattr(self, length) or 0) > _LONGEST[unit]:
                raise ValidationError({length: _("A rule spans at most 100 years.")})

    def versioned_columns(self) -> list[str]:
        """Every column of a rule in effect; a draft's version is set when it is confirmed."""
        return [*_COUNTED, *columns(("counting_law",))] if self.is_confirmed() else []

    def supersede(self, replaced: Self) -> None:
        self.version = replaced.version + 1
