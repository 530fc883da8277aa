"""Centers and their hosts: names over time, standing over time, and what a center says of itself."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from centers.choices import Prefecture, SectionKind, StandingKind, Status
from centers.models.program import Cohort
from wpiforum.http import today
from wpiforum.loading import page_mode
from wpiforum.provenance.constraints import NoOverlap
from wpiforum.provenance.dates import Validity
from wpiforum.provenance.models import Dated, Identified, NaturalManager, Sourced, valid_q
from wpiforum.publishing.models import Publishable, PublishableQuerySet


def on_day[T: Dated](rows: Iterable[T], day: date) -> list[T]:
    """Keep the loaded rows that may be valid on `day`."""
    return [row for row in rows if row.is_valid_on(day)]


def one_on_day[T: Dated](rows: Iterable[T], day: date) -> list[T]:
    """Keep, of rows that never overlap, the one valid on `day`; two only inside an imprecise handover."""
    found = on_day(sorted(rows, key=lambda row: row.start_on or date.min), day)
    certain = [row for row in found if row.validity_on(day) not in {Validity.STARTING, Validity.ENDING}]
    return certain or found


class NamedOverTime:
    """For owners of `DatedName` rows: the name on a day, from rows that are already loaded."""

    names: Any
    slug: str

    def name_on(self, day: date) -> "DatedName | None":
        """Return the name in use on `day`; inside an imprecise renaming the earlier one."""
        rows = sorted(self.names.all(), key=lambda row: row.start_on or date.min)
        current = on_day(rows, day)
        # Before the first recorded name the oldest is the best we have; the page labels it by its validity.
        return current[0] if current else (rows[0] if rows else None)


class HostInstitution(NamedOverTime, Identified):
    """The university or institute that hosts a center. Its names, with the ROR ID of each, are dated."""

    natural_key_field = "slug"
    label_relations = ("names",)

    slug = models.SlugField(_("slug"), max_length=80, unique=True)

    objects = NaturalManager()

    class Meta:
        verbose_name = _("host institution")
        verbose_name_plural = _("host institutions")
        ordering = ("slug",)

    def __str__(self) -> str:
        return str(self.name_on(today()) or self.slug)

    def natural_key(self) -> tuple[str]:
        return (self.slug,)


class Field(Identified):
    """A research field, as one center's field reads and as a facet."""

    natural_key_field = "slug"

    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=200)

    name_ja: str | None
    name_en: str | None

    objects = NaturalManager()

    class Meta:
        verbose_name = _("field")
        verbose_name_plural = _("fields")
        ordering = ("slug",)

    def __str__(self) -> str:
        return self.name or self.name_ja or self.name_en or self.slug

    def natural_key(self) -> tuple[str]:
        return (self.slug,)


class CenterQuerySet(PublishableQuerySet):
    def in_register_on(self, day: date) -> Self:
        """Keep centers adopted by that day, or perhaps by that day where the start is imprecise."""
        return self.filter(
            Exists(
                Standing.objects.filter(center=OuterRef("pk"), kind=StandingKind.GRANT).filter(
                    Q(start_on__isnull=True) | Q(start_on__lte=day)
                )
            )
        )

    def with_status_on(self, status: str, day: date) -> Self:
        """Keep centers that have this status on that day. Statuses are not exclusive."""
        kinds = {
            Status.FUNDED: [StandingKind.GRANT, StandingKind.EXTENSION],
            Status.EXTENDED: [StandingKind.EXTENSION],
            Status.ACADEMY: [StandingKind.ACADEMY],
        }[Status(status)]
        return self.filter(Exists(Standing.objects.filter(valid_q(day), center=OuterRef("pk"), kind__in=kinds)))

    def for_register(self, *, sources: bool = False) -> Self:
        """Load what a row of the register shows, on any day, in a fixed number of queries; with `sources` also what
        every dated row rests on."""

        def dated(rows: models.QuerySet) -> models.QuerySet:
            return (rows.select_related("source") if sources else rows).fetch_mode(page_mode())

        names = dated(DatedName.objects.all())
        return (
            self.select_related("cohort", "host", "field", *(["source"] if sources else []))
            .prefetch_related(
                Prefetch("names", names),
                Prefetch("host__names", names),
                Prefetch("standings", dated(Standing.objects.all())),
                Prefetch("directorships", dated(_directorships())),
            )
            .fetch_mode(page_mode())
        )

    def by_cohort(self) -> Self:
        return self.order_by("cohort__fiscal_year", "acronym", "slug")


def _directorships() -> models.QuerySet:
    from centers.models.people import Directorship  # people.py imports Center

    return Directorship.objects.published_people().select_related("person")


class Center(NamedOverTime, Identified, Publishable, Sourced):
    """A WPI research center. `source` and `as_of` speak of its field, place and website."""

    natural_key_field = "slug"
    owned = ("sections",)

    def group(self) -> str:
        return self.acronym

    slug = models.SlugField(_("slug"), max_length=40, unique=True)
    acronym = models.CharField(_("acronym"), max_length=40)
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="centers", verbose_name=_("cohort"))
    host = models.ForeignKey(
        HostInstitution, on_delete=models.PROTECT, related_name="centers", verbose_name=_("host institution")
    )
    field = models.ForeignKey(Field, on_delete=models.PROTECT, related_name="centers", verbose_name=_("field"))
    prefecture = models.CharField(_("prefecture"), max_length=5, choices=Prefecture)
    city = models.CharField(_("city"), max_length=80)
    latitude = models.DecimalField(_("latitude"), max_digits=7, decimal_places=4, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=7, decimal_places=4, null=True, blank=True)
    website = models.URLField(_("website"), blank=True)

    city_ja: str | None
    city_en: str | None

    objects = NaturalManager.from_queryset(CenterQuerySet)()

    class Meta(Publishable.Meta):
        verbose_name = _("center")
        verbose_name_plural = _("centers")
        ordering = ("acronym",)
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(
                name="centers_center_coordinates",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180),
                violation_error_message=_("Give both coordinates in degrees, or neither."),
            ),
        ]

    def __str__(self) -> str:
        return self.acronym

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    def get_prefecture_display(self) -> str:  # type: ignore[no-redef]  # the checker knows Django's own
        """Return the prefecture's name; Django's own way compares all 47 translated names first."""
        return str(Prefecture(self.prefecture).label)

    def get_absolute_url(self) -> str:
        return reverse("centers:detail", args=[self.slug])

    def standings_on(self, day: date) -> list["Standing"]:
        """Return the standings that may hold on `day`, from rows that are already loaded."""
        return on_day(self.standings.all(), day)

    def statuses_on(self, day: date) -> dict[Status, Validity]:
        """Return each status on `day` with how surely it holds; computed from the standings, never stored."""
        found: dict[Status, Validity] = {}
        for standing in self.standings_on(day):
            held = standing.validity_on(day)
            if standing.kind == StandingKind.ACADEMY:
                found[Status.ACADEMY] = held
            else:
                if found.get(Status.FUNDED) != Validity.IN_FORCE:
                    found[Status.FUNDED] = held
                if standing.kind == StandingKind.EXTENSION:
                    found[Status.EXTENDED] = held
        return {status: found[status] for status in Status if status in found}

    def directors_on(self, day: date) -> list[Any]:
        """Return the directorships that may hold on `day`: one, two inside an imprecise handover, or none."""
        return one_on_day(self.directorships.all(), day)


class DatedName(Identified, Dated):
    """The name of a center or of a host institution over a span of time. A ROR ID belongs to a host's name."""

    center = models.ForeignKey(
        Center,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="names",
        verbose_name=_("center"),
    )
    host = models.ForeignKey(
        HostInstitution,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="names",
        verbose_name=_("host institution"),
    )
    name = models.CharField(_("name"), max_length=200)
    ror_id = models.CharField(_("ROR ID"), max_length=9, blank=True)
    note = models.CharField(_("note"), max_length=400, blank=True)

    name_ja: str | None
    name_en: str | None
    note_ja: str | None
    note_en: str | None

    class Meta(Dated.Meta):
        verbose_name = _("name over time")
        verbose_name_plural = _("names over time")
        ordering = ("start_on",)
        indexes = [models.Index(name="centers_datedname_start", fields=["start_on"])]
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                name="centers_datedname_one_owner",
                condition=Q(center__isnull=False, host__isnull=True) | Q(center__isnull=True, host__isnull=False),
                violation_error_message=_("A name belongs either to a center or to a host institution."),
            ),
            NoOverlap(
                name="centers_datedname_center_no_overlap",
                scope=("center",),
                violation_error_message=_("Another name of this center covers part of this time. End it first."),
            ),
            NoOverlap(
                name="centers_datedname_host_no_overlap",
                scope=("host",),
                violation_error_message=_("Another name of this host covers part of this time. End it first."),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.name_ja or self.name_en or ""


class Standing(Identified, Dated):
    """A center's standing in the program over time: the grant, its extension, membership of the WPI Academy.

    One table, so that a page reads a center's whole history at once. An end after the evidence is a plan.
    """

    center = models.ForeignKey(Center, on_delete=models.CASCADE, related_name="standings", verbose_name=_("center"))
    kind = models.CharField(_("kind"), max_length=10, choices=StandingKind)

    class Meta(Dated.Meta):
        verbose_name = _("support period or membership")
        verbose_name_plural = _("support periods and memberships")
        ordering = ("start_on", "kind")
        indexes = [
            models.Index(name="centers_standing_start", fields=["start_on"]),
            models.Index(name="centers_standing_end", fields=["end_on"]),
        ]
        constraints = [
            *Dated.Meta.constraints,
            NoOverlap(
                name="centers_standing_support_no_overlap",
                scope=("center",),
                condition=Q(kind__in=[StandingKind.GRANT, StandingKind.EXTENSION]),
                violation_error_message=_(
                    "Another support period of this center covers part of this time. End it first."
                ),
            ),
            NoOverlap(
                name="centers_standing_academy_no_overlap",
                scope=("center",),
                condition=Q(kind=StandingKind.ACADEMY),
                violation_error_message=_(
                    "Another Academy membership of this center covers part of this time. End it first."
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(StandingKind(self.kind).label)


class ProfileSection(Identified, Sourced):
    """One section of a center's profile. A section without a source is absent, not invented."""

    center = models.ForeignKey(Center, on_delete=models.CASCADE, related_name="sections", verbose_name=_("center"))
    kind = models.CharField(_("section"), max_length=12, choices=SectionKind)
    body = models.TextField(_("text"))
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    body_ja: str | None
    body_en: str | None

    class Meta:
        verbose_name = _("profile section")
        verbose_name_plural = _("profile sections")
        ordering = ("order", "kind")
        constraints = [
            models.UniqueConstraint(
                name="centers_profilesection_once",
                fields=["center", "kind"],
                violation_error_message=_("This center already has this section."),
            )
        ]

    def __str__(self) -> str:
        return str(SectionKind(self.kind).label) if self.kind else ""
