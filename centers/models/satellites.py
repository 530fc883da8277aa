"""Institutions that centers work with, as satellites or partners."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from centers.choices import SatelliteKind
from centers.models.center import Center
from wpiforum.loading import page_mode
from wpiforum.provenance.constraints import NoOverlap
from wpiforum.provenance.models import Dated, DatedQuerySet, Identified, NaturalManager
from wpiforum.publishing.models import published_q


class PartnerInstitution(Identified):
    """An institution in the world, kept once however many centers work with it."""

    natural_key_field = "slug"

    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=200)
    city = models.CharField(_("city"), max_length=80)
    country = models.CharField(_("country (ISO 3166-1 alpha-2)"), max_length=2)
    latitude = models.DecimalField(_("latitude"), max_digits=7, decimal_places=4, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=7, decimal_places=4, null=True, blank=True)
    unverified = models.JSONField(_("unconfirmed fields"), default=list, blank=True)

    name_ja: str | None
    name_en: str | None
    city_ja: str | None
    city_en: str | None

    objects = NaturalManager()

    class Meta:
        verbose_name = _("partner institution")
        verbose_name_plural = _("partner institutions")
        ordering = ("slug",)
        indexes = [models.Index(name="centers_partner_country", fields=["country", "slug"])]  # as `for_list` orders
        constraints = [
            models.CheckConstraint(
                name="centers_partnerinstitution_coordinates",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180),
                violation_error_message=_("Give both coordinates in degrees, or neither."),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.name_ja or self.name_en or self.slug

    def natural_key(self) -> tuple[str]:
        return (self.slug,)


class SatelliteQuerySet(DatedQuerySet):
    def published_centers(self) -> Self:
        """Keep satellites of centers the public sees."""
        return self.filter(published_q("center__"))

    def for_list(self) -> Self:
        rows = self.select_related("institution", "center", "source").fetch_mode(page_mode())
        return rows.order_by("institution__country", "institution__slug", "center__acronym", "pk")


class Satellite(Identified, Dated):
    """A tie between a center and an institution: a formal satellite, or a partner where no source says more."""

    label_relations = ("center", "institution")

    center = models.ForeignKey(Center, on_delete=models.CASCADE, related_name="satellites", verbose_name=_("center"))
    institution = models.ForeignKey(
        PartnerInstitution,
        on_delete=models.PROTECT,
        related_name="satellites",
        verbose_name=_("partner institution"),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=SatelliteKind)
    note = models.CharField(_("note"), max_length=400, blank=True)

    note_ja: str | None
    note_en: str | None

    objects: ClassVar[Any] = SatelliteQuerySet.as_manager()

    class Meta(Dated.Meta):
        verbose_name = _("satellite or partner")
        verbose_name_plural = _("satellites and partners")
        ordering = ("center", "institution")
        constraints = [
            *Dated.Meta.constraints,
            NoOverlap(
                name="centers_satellite_no_overlap",
                scope=("center", "institution"),
                violation_error_message=_("This institution is already listed for part of this time."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.center_id and self.center} – {self.institution_id and self.institution}"
