"""The points of the highly skilled professional, as rows with their dates.

Immigration Control and Refugee Recognition Act, Appended Table I (2), item "Highly Skilled Professional", (i)(a):
an ordinance of the Ministry of Justice lists the points, and the immigration office counts them from documents.
The pass mark is a fact (`hsp-pass-mark`), like every value that changes on a date.
"""

from datetime import date
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Prefetch, Q
from django.utils.translation import gettext_lazy as _

from onboarding.choices import Certainty, PointCounting, PointMeasure
from wpiforum.loading import page_mode
from wpiforum.provenance.constraints import NoOverlap
from wpiforum.provenance.dates import Validity
from wpiforum.provenance.models import Dated, Identified, NaturalManager
from wpiforum.publishing.models import Confirmable, Publishable, PublishableQuerySet

PASS_MARK = "hsp-pass-mark"  # noqa: S105  # the key of a fact


class PointGroupQuerySet(PublishableQuerySet):
    def for_page(self) -> Self:
        """Load the public groups with their confirmed rows of all dates and their sources."""
        items = (
            PointItem.objects.filter(confirmed_at__isnull=False)
            .select_related("source")
            .order_by("order", "key", "start_on")
        )
        return self.prefetch_related(Prefetch("items", items.fetch_mode(page_mode()))).order_by("order", "key")


class PointGroup(Identified, Publishable):
    """Rows of the points table that are counted together: the highest only, all, or one and several."""

    natural_key_field = "key"
    page_name = "onboarding:points"

    key = models.SlugField(_("key"), max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=120)
    note = models.TextField(_("note"), blank=True)
    counting = models.CharField(_("how rows count"), max_length=8, choices=PointCounting)
    several_points = models.PositiveSmallIntegerField(_("points for two or more rows"), null=True, blank=True)
    measure = models.CharField(
        _("asked as a number"), max_length=6, choices=PointMeasure, blank=True, help_text=_("Empty: rows are ticked.")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    title_ja: str | None
    title_en: str | None
    note_ja: str | None
    note_en: str | None

    objects = NaturalManager.from_queryset(PointGroupQuerySet)()

    class Meta(Publishable.Meta):
        verbose_name = _("group of the points table")
        verbose_name_plural = _("groups of the points table")
        ordering = ("order", "key")
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(
                name="onboarding_pointgroup_several",
                condition=Q(counting=PointCounting.SEVERAL, several_points__isnull=False)
                | (~Q(counting=PointCounting.SEVERAL) & Q(several_points__isnull=True)),
                violation_error_message=_("Give the points for two or more rows exactly where they count so."),
            ),
            models.UniqueConstraint(
                name="onboarding_pointgroup_measure_once",
                fields=["measure"],
                condition=~Q(measure=""),
                violation_error_message=_("Another group already asks for this number."),
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.title_ja or self.title_en or self.key

    def natural_key(self) -> tuple[str]:
        return (self.key,)


class PointItem(Identified, Dated, Confirmable):
    """One row of the points table over a span of days, in effect once a second person confirmed it.

    Rows with one `key` are the same row at different times, or a proposal beside what is in effect.

    `absent_on` is the last day whose table is known to lack the row, where its start is not known better.
    """

    group = models.ForeignKey(PointGroup, on_delete=models.PROTECT, related_name="items", verbose_name=_("group"))
    key = models.SlugField(
        _("key"), max_length=40, help_text=_("Part of the page's address; the same for all periods of a row.")
    )
    label = models.CharField(_("label"), max_length=300)
    points = models.PositiveSmallIntegerField(_("points"))
    minimum = models.PositiveBigIntegerField(_("at least"), null=True, blank=True)
    maximum = models.PositiveBigIntegerField(_("at most"), null=True, blank=True)
    max_age = models.PositiveSmallIntegerField(_("only up to this age"), null=True, blank=True)
    not_with = models.JSONField(
        _("not together with"), default=list, blank=True, help_text=_("Keys of rows beside which this one is lost.")
    )
    only_with = models.JSONField(
        _("only together with one of"), default=list, blank=True, help_text=_("Keys of rows of which one is needed.")
    )
    absent_on = models.DateField(
        _("not yet there on"),
        null=True,
        blank=True,
        help_text=_("The last day on which the row is known to be missing, if its start is not known."),
    )
    certainty = models.CharField(_("certainty"), max_length=1, choices=Certainty, default=Certainty.OFFICIAL)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    label_ja: str | None
    label_en: str | None

    objects: ClassVar[Any]

    class Meta(Dated.Meta):
        verbose_name = _("row of the points table")
        verbose_name_plural = _("rows of the points table")
        ordering = ("group", "order", "key", "start_on")
        constraints = [
            *Dated.Meta.constraints,
            *Confirmable.Meta.constraints,
            NoOverlap(
                name="onboarding_pointitem_no_overlap",
                scope=("key",),
                condition=Q(confirmed_at__isnull=False),
                violation_error_message=_("The row with this key already covers part of this time. End it first."),
            ),
            models.CheckConstraint(
                name="onboarding_pointitem_start_or_absent",
                condition=Q(absent_on__isnull=True) | Q(start_on__isnull=True),
                violation_error_message=_("“Not yet there on” is for rows whose start is not known."),
            ),
        ]

    def __str__(self) -> str:
        return self.label or self.label_ja or self.label_en or self.key

    def clean(self) -> None:
        super().clean()
        known = set(PointItem.objects.exclude(pk=self.pk).values_list("key", flat=True))
        for name in ("not_with", "only_with"):
            keys = getattr(self, name)
            if not isinstance(keys, list) or not set(map(str, keys)) <= known - {self.key}:
                raise ValidationError({name: _("List keys of other rows of the table.")})

    def has_unknown_start_on(self, day: date) -> bool:
        """Tell whether the row was missing earlier and no evidence says that it was there by that day."""
        if self.absent_on is None or day <= self.absent_on:
            return False
        return self.as_of is None or day < self.as_of.first

    def validity_on(self, day: date) -> Validity:
        if self.absent_on is not None and day <= self.absent_on:
            return Validity.NOT_YET
        return super().validity_on(day)
