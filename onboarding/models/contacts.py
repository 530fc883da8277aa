"""Offices, contact points, phrases for a call, and values that each center fills in."""

from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from centers.models import Center
from onboarding.choices import Certainty, ContactKind, PhraseGroup
from onboarding.models.texts import Referenced, ReferencedQuerySet
from wpiforum.provenance.constraints import NoOverlap
from wpiforum.provenance.models import Dated, DatedQuerySet, Identified, NaturalManager, Source, Sourced
from wpiforum.publishing.models import Confirmable, Publishable, PublishableQuerySet


class Office(Identified):
    """The authority in charge of a step."""

    natural_key_field = "key"

    key = models.SlugField(_("key"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=160)

    name_ja: str | None
    name_en: str | None

    objects = NaturalManager()

    class Meta:
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        ordering = ("key",)

    def __str__(self) -> str:
        return self.name or self.key

    def natural_key(self) -> tuple[str]:
        return (self.key,)


class ContactPointQuerySet(DatedQuerySet):
    def in_effect(self, day: date) -> Self:
        """Keep confirmed contact points valid on that day, as the pages list them."""
        return self.valid_on(day).filter(confirmed_at__isnull=False).select_related("source").order_by("order", "key")


class ContactPoint(Identified, Dated, Confirmable):
    """A number to call: what for, when, in which languages. Takes effect once a second person confirmed it.

    Rows with one `key` are the same contact at different times, or a proposal beside what is in effect.
    """

    key = models.SlugField(_("key"), max_length=80)
    kind = models.CharField(_("kind"), max_length=14, choices=ContactKind)
    name = models.CharField(_("name"), max_length=160)
    number = models.CharField(_("number as dialed"), max_length=40, blank=True)
    number_abroad = models.CharField(_("number from abroad or IP phones"), max_length=40, blank=True)
    url = models.URLField(_("address"), blank=True)
    note = models.CharField(_("what for"), max_length=400, blank=True)
    hours = models.CharField(_("hours"), max_length=200, blank=True)
    languages = models.CharField(_("languages"), max_length=300, blank=True)
    is_free = models.BooleanField(_("free of charge"), null=True, blank=True)
    certainty = models.CharField(_("certainty"), max_length=1, choices=Certainty, default=Certainty.OFFICIAL)
    slot = models.ForeignKey(
        "onboarding.Slot",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="contacts",
        verbose_name=_("value of each center"),
        help_text=_("The number differs by center and is filled in there."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    name_ja: str | None
    name_en: str | None
    note_ja: str | None
    note_en: str | None
    hours_ja: str | None
    hours_en: str | None
    languages_ja: str | None
    languages_en: str | None

    objects: ClassVar[Any] = ContactPointQuerySet.as_manager()

    class Meta(Dated.Meta):
        verbose_name = _("contact point")
        verbose_name_plural = _("contact points")
        ordering = ("order", "key")
        constraints = [
            *Dated.Meta.constraints,
            *Confirmable.Meta.constraints,
            NoOverlap(
                name="onboarding_contactpoint_no_overlap",
                scope=("key",),
                condition=models.Q(confirmed_at__isnull=False),
                violation_error_message=_("This contact point is already in effect at that time. End it first."),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.key

    def get_absolute_url(self) -> str:
        return f"{reverse('onboarding:contacts')}#contact-{self.key}"


class Phrase(Identified):
    """A sentence to say on the phone or at a counter, with its checked reading."""

    group = models.CharField(_("group"), max_length=14, choices=PhraseGroup)
    japanese = models.CharField(_("Japanese"), max_length=200)
    reading = models.CharField(_("reading (kana)"), max_length=300)
    english = models.CharField(_("English"), max_length=200)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("phrase")
        verbose_name_plural = _("phrases")
        ordering = ("order",)

    def __str__(self) -> str:
        return self.japanese


class EmergencyCard(Identified, Sourced, Publishable):
    """One block of the emergency page: short sentences in both languages, one per line."""

    page_name = "onboarding:emergency"

    key = models.SlugField(_("key"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=120)
    items = models.TextField(_("sentences, one per line"))
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    title_ja: str | None
    title_en: str | None
    items_ja: str | None
    items_en: str | None

    objects: ClassVar[Any] = PublishableQuerySet.as_manager()

    class Meta(Publishable.Meta):
        verbose_name = _("block of the emergency page")
        verbose_name_plural = _("blocks of the emergency page")
        ordering = ("order",)

    def __str__(self) -> str:
        return self.title or self.key


class Slot(Identified, Referenced):
    """A value that differs by center (the guard room's number, a form): texts refer to it as {{slot:key}}."""

    natural_key_field = "key"
    reference_kind = "slot"

    key = models.SlugField(_("key"), max_length=80, unique=True)
    label = models.CharField(_("label"), max_length=200)

    label_ja: str | None
    label_en: str | None

    objects = NaturalManager.from_queryset(ReferencedQuerySet)()

    class Meta:
        verbose_name = _("value of each center")
        verbose_name_plural = _("values of each center")
        ordering = ("key",)

    def __str__(self) -> str:
        return self.label or self.key

    def natural_key(self) -> tuple[str]:
        return (self.key,)


class SlotValue(Identified, Confirmable):
    """What one center filled into a slot, as a second person confirmed. Until then pages say that it is not filled in.

    A correction stands beside what is in effect until it is confirmed and takes its place.
    """

    slot = models.ForeignKey(
        Slot, on_delete=models.CASCADE, related_name="values", verbose_name=_("value of each center")
    )
    center = models.ForeignKey(Center, on_delete=models.CASCADE, related_name="slot_values", verbose_name=_("center"))
    value = models.CharField(_("value"), max_length=300)
    source = models.ForeignKey(
        Source, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("source")
    )
    as_of_on = models.DateField(_("as of"))

    value_ja: str | None
    value_en: str | None

    class Meta:
        verbose_name = _("value filled in by a center")
        verbose_name_plural = _("values filled in by centers")
        ordering = ("center", "slot")
        constraints = [
            *Confirmable.Meta.constraints,
            models.UniqueConstraint(
                name="onboarding_slotvalue_once",
                fields=["slot", "center"],
                condition=models.Q(confirmed_at__isnull=False),
                violation_error_message=_("This center has already filled this in."),
            ),
        ]

    def __str__(self) -> str:
        return self.value or ""
