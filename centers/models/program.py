"""The program: cohorts, what it asks of each, its page, and private support won by centers."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from centers.choices import AmountQualifier, DonationKind, ProgramPart, Qualifier, Unit
from wpiforum.provenance.models import Dated, Identified, NaturalManager, Sourced
from wpiforum.publishing.models import Publishable, PublishableQuerySet


class CohortManager(models.Manager["Cohort"]):
    def get_by_natural_key(self, fiscal_year: int) -> "Cohort":
        return self.get(fiscal_year=fiscal_year)


class Cohort(Identified, Sourced):
    """The centers adopted in one fiscal year, and the yearly support they were offered (yen)."""

    fiscal_year = models.PositiveSmallIntegerField(_("fiscal year of adoption"), unique=True)
    selected = models.PositiveSmallIntegerField(_("centers adopted"), null=True, blank=True)
    applications = models.PositiveSmallIntegerField(_("applications"), null=True, blank=True)
    annual_amount = models.PositiveBigIntegerField(_("support a year (yen)"), null=True, blank=True)
    annual_amount_qualifier = models.CharField(
        _("exactness of the amount"), max_length=8, choices=AmountQualifier, blank=True
    )

    objects = CohortManager()

    class Meta:
        verbose_name = _("cohort")
        verbose_name_plural = _("cohorts")
        ordering = ("fiscal_year",)

    def __str__(self) -> str:
        return _("FY%(year)d") % {"year": self.fiscal_year}

    def natural_key(self) -> tuple[int]:
        return (self.fiscal_year,)


class Requirement(Identified, Sourced):
    """What the program asked of a cohort, as stated on a date; the latest statement before a day applies.

    `minimum` is in the indicator's unit. A range ("roughly 70 to 100") keeps both ends; its lower end is compared.
    Without an indicator the requirement (English as the standard language) is never computed.
    """

    label_relations = ("cohort",)

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="requirements", verbose_name=_("cohort"))
    key = models.SlugField(_("key"), max_length=40)
    name = models.CharField(_("requirement"), max_length=200)
    unit = models.CharField(_("unit"), max_length=10, choices=Unit, blank=True)
    minimum = models.DecimalField(_("minimum"), max_digits=9, decimal_places=2, null=True, blank=True)
    minimum_upper = models.DecimalField(
        _("upper end of a range"), max_digits=9, decimal_places=2, null=True, blank=True
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    name_ja: str | None
    name_en: str | None

    class Meta:
        verbose_name = _("requirement")
        verbose_name_plural = _("requirements")
        ordering = ("cohort", "order", "as_of_on")
        constraints = [
            models.UniqueConstraint(
                name="centers_requirement_once",
                fields=["cohort", "key", "as_of_on"],
                violation_error_message=_("This requirement is already stated for this cohort and date."),
            ),
            models.CheckConstraint(
                name="centers_requirement_range",
                condition=models.Q(minimum_upper__isnull=True) | models.Q(minimum_upper__gt=models.F("minimum")),
                violation_error_message=_("The upper end must be above the minimum."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cohort}: {self.name or self.name_ja or self.name_en or self.key}"


class ProgramPage(Identified, Publishable):
    """The page about the program; its statements are its children."""

    natural_key_field = "slug"
    owned = ("items",)
    page_name = "centers:program"

    slug = models.SlugField(_("slug"), max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("summary"))

    title_ja: str | None
    title_en: str | None
    summary_ja: str | None
    summary_en: str | None

    objects = NaturalManager.from_queryset(PublishableQuerySet)()

    class Meta(Publishable.Meta):
        verbose_name = _("program page")
        verbose_name_plural = _("program pages")

    def __str__(self) -> str:
        return self.title or self.title_ja or self.title_en or self.slug

    def natural_key(self) -> tuple[str]:
        return (self.slug,)


class ProgramItem(Identified, Sourced):
    """One statement of the program page: a mission, an outcome, a cost that may be paid, …"""

    page = models.ForeignKey(ProgramPage, on_delete=models.CASCADE, related_name="items", verbose_name=_("page"))
    part = models.CharField(_("part"), max_length=12, choices=ProgramPart)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    title = models.CharField(_("title"), max_length=200, blank=True)
    body = models.TextField(_("text"), blank=True)
    value = models.DecimalField(_("value"), max_digits=12, decimal_places=2, null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=10, choices=Unit, blank=True)
    qualifier = models.CharField(_("exactness"), max_length=10, choices=Qualifier, blank=True)

    title_ja: str | None
    title_en: str | None
    body_ja: str | None
    body_en: str | None

    class Meta:
        verbose_name = _("statement of the program page")
        verbose_name_plural = _("statements of the program page")
        ordering = ("part", "order")

    def __str__(self) -> str:
        return self.title or (self.body or self.title_ja or self.title_en or "")[:60]


class Donation(Identified, Dated):
    """Private support that a center won. `amount` is in `currency` (ISO 4217); empty means not known."""

    center = models.ForeignKey(
        "centers.Center", on_delete=models.CASCADE, related_name="donations", verbose_name=_("center")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=DonationKind)
    donor = models.CharField(_("donor"), max_length=200)
    amount = models.PositiveBigIntegerField(_("amount"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    body = models.TextField(_("text"))
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    donor_ja: str | None
    donor_en: str | None
    body_ja: str | None
    body_en: str | None

    class Meta(Dated.Meta):
        verbose_name = _("donation")
        verbose_name_plural = _("donations")
        ordering = ("order",)

    def __str__(self) -> str:
        return self.donor or self.donor_ja or self.donor_en or ""
