"""Counted figures of centers: indicators and their observations."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from centers.choices import Qualifier, Unit
from centers.models.center import Center
from wpiforum.provenance.models import Identified, NaturalManager, Sourced


class Indicator(Identified):
    """What is counted, for example overseas researchers as a share of all researchers."""

    natural_key_field = "key"

    key = models.SlugField(_("key"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    definition = models.TextField(_("definition"), blank=True)
    unit = models.CharField(_("unit"), max_length=10, choices=Unit)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    name_ja: str | None
    name_en: str | None
    definition_ja: str | None
    definition_en: str | None

    objects = NaturalManager()

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ("order", "key")

    def __str__(self) -> str:
        return self.name or self.name_ja or self.name_en or self.key

    def natural_key(self) -> tuple[str]:
        return (self.key,)


class Observation(Identified, Sourced):
    """One figure: center × indicator × date, in the indicator's unit, exact, "about" or "more than"."""

    label_relations = ("center", "indicator")

    center = models.ForeignKey(Center, on_delete=models.CASCADE, related_name="observations", verbose_name=_("center"))
    indicator = models.ForeignKey(
        Indicator, on_delete=models.PROTECT, related_name="observations", verbose_name=_("indicator")
    )
    fiscal_year = models.PositiveSmallIntegerField(_("fiscal year"))
    value = models.DecimalField(_("value"), max_digits=12, decimal_places=2)
    qualifier = models.CharField(_("exactness"), max_length=10, choices=Qualifier, default=Qualifier.EXACT)
    note = models.CharField(_("note"), max_length=400, blank=True)

    note_ja: str | None
    note_en: str | None

    class Meta:
        verbose_name = _("observation")
        verbose_name_plural = _("observations")
        ordering = ("center", "indicator", "fiscal_year", "as_of_on")
        constraints = [
            models.CheckConstraint(
                name="centers_observation_not_negative",
                condition=models.Q(value__gte=0),
                violation_error_message=_("A figure cannot be below zero."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.center} {self.indicator} FY{self.fiscal_year}"

    def clean(self) -> None:
        super().clean()
        if self.indicator_id and self.value is not None and self.indicator.unit == Unit.PERCENT and self.value > 100:
            raise ValidationError({"value": _("A share cannot be above 100 %.")})
