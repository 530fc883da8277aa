"""Values kept once, with the periods in which they hold."""

from collections.abc import Iterable
from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from onboarding.choices import Certainty, FactUnit
from onboarding.models.texts import Referenced, ReferencedQuerySet
from wpiforum.provenance.constraints import NoOverlap
from wpiforum.provenance.models import Dated, Identified, NaturalManager
from wpiforum.publishing.models import Confirmable


class Fact(Identified, Referenced):
    """A fee, a number of days, a phone number, an office's name: texts refer to it as {{fact:key}}."""

    natural_key_field = "key"
    reference_kind = "fact"

    key = models.SlugField(_("key"), max_length=80, unique=True)
    label = models.CharField(_("label"), max_length=200)
    unit = models.CharField(_("unit"), max_length=12, choices=FactUnit)
    check_every = models.PositiveSmallIntegerField(_("check every (months)"), default=12)

    label_ja: str | None
    label_en: str | None

    objects = NaturalManager.from_queryset(ReferencedQuerySet)()

    class Meta:
        verbose_name = _("fact")
        verbose_name_plural = _("facts")
        ordering = ("key",)

    def __str__(self) -> str:
        return self.label or self.key

    def natural_key(self) -> tuple[str]:
        return (self.key,)


class FactPeriod(Identified, Dated, Confirmable):
    """One value of a fact over a span of days; in effect on its dates, with no save, once confirmed.

    `value` is a plain number in the fact's unit or a phone number; `text` is used by facts that are words.
    """

    fact = models.ForeignKey(Fact, on_delete=models.CASCADE, related_name="periods", verbose_name=_("fact"))
    value = models.CharField(_("value"), max_length=60, blank=True)
    text = models.CharField(_("value in words"), max_length=200, blank=True)
    certainty = models.CharField(_("certainty"), max_length=1, choices=Certainty, default=Certainty.OFFICIAL)
    is_planned = models.BooleanField(
        _("announced only"), default=False, help_text=_("Decided or announced, but its start is not certain yet.")
    )

    text_ja: str | None
    text_en: str | None

    class Meta(Dated.Meta):
        verbose_name = _("value of a fact")
        verbose_name_plural = _("values of facts")
        ordering = ("fact", "start_on")
        constraints = [
            *Dated.Meta.constraints,
            *Confirmable.Meta.constraints,
            NoOverlap(
                name="onboarding_factperiod_no_overlap",
                scope=("fact",),
                condition=models.Q(confirmed_at__isnull=False),
                violation_error_message=_("Another value of this fact covers part of this time. End it first."),
            ),
        ]

    def __str__(self) -> str:
        return self.value or self.text or self.text_ja or self.text_en or ""


def period_on(periods: Iterable[FactPeriod], day: date) -> FactPeriod | None:
    """Return the confirmed value on `day` from loaded rows; None means "not known"."""
    for row in periods:
        has_begun = row.start_on is None or row.start_on <= day
        if row.is_confirmed() and has_begun and (row.end_on is None or day < row.end_on):
            return row
    return None


def next_change(periods: Iterable[FactPeriod], day: date) -> FactPeriod | None:
    """Return the first confirmed value that starts after `day`: an announced change."""
    later = [row for row in periods if row.is_confirmed() and row.start_on and row.start_on > day]
    return min(later, key=lambda row: row.start_on or date.max, default=None)
