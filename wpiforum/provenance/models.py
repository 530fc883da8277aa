"""Where statements come from and when they hold: sources, claims, and the abstract bases of dated rows."""

import uuid
from datetime import date, timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import connections, models, router, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wpiforum.provenance.constraints import NoOverlap
from wpiforum.provenance.dates import (
    Ending,
    PartialDate,
    Precision,
    Validity,
    add_months,
    floor,
    validity,
)


class Identified(models.Model):
    """A row with a key of its own that never changes and is fixed in the fixtures."""

    # Relations that __str__ reads: a list of such rows loads them together.
    label_relations: ClassVar[tuple[str, ...]] = ()

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True


class NaturalManager(models.Manager):
    """Finds a row by the one field that names it in fixtures (`natural_key_field` of the model)."""

    def get_by_natural_key(self, key: str) -> Any:
        model: Any = self.model
        return self.get(**{model.natural_key_field: key})


class SourceQuerySet(models.QuerySet):
    def with_is_cited(self) -> Self:
        """Add `is_cited`: whether any row of any kind, a claim too, rests on the document."""
        cited = Q()
        # Hidden relations too: most rows name their source one way only.
        for relation in self.model._meta.get_fields(include_hidden=True):
            if relation.one_to_many and isinstance(relation, models.ManyToOneRel):
                # The next cited key from this one on: by an index, while EXISTS reads the whole table of a document
                # that no row names where its neighbours are named by many.
                name = relation.field.attname
                rows = relation.related_model._base_manager.filter(**{f"{name}__gte": models.OuterRef("pk")})
                cited |= Q(pk=models.Subquery(rows.order_by(name).values(name)[:1]))
        is_cited = models.Case(models.When(cited, then=True), default=False, output_field=models.BooleanField())
        return self.annotate(is_cited=is_cited)

    def cited(self) -> Self:
        """Keep documents that a row rests on."""
        return self.with_is_cited().filter(is_cited=True)

    def refuse_if_cited(self) -> None:
        """Raise ProtectedError if a row rests on one of these; a list of sources would only lose it in silence."""
        rows: Any = self.cited()
        cited: set[models.Model] = set(rows)
        if cited:
            named = ", ".join(str(source) for source in cited)
            raise models.ProtectedError(gettext("Statements rest on: %(sources)s.") % {"sources": named}, cited)

    def delete(self) -> Any:
        """Delete these documents; raise ProtectedError while a row rests on one."""
        self.refuse_if_cited()
        return super().delete()


class Source(Identified):
    """A citable document. Blogs, mirrors and copies on content networks are leads: kept here, never displayed."""

    class Standing(models.TextChoices):
        OFFICIAL = "official", _("official")
        PRESS = "press", _("press or publisher")
        OTHER = "other", _("other public source")

    natural_key_field = "key"

    key = models.SlugField(_("key"), max_length=100, unique=True)
    standing = models.CharField(_("standing"), max_length=10, choices=Standing)
    title = models.CharField(_("title"), max_length=300)
    publisher = models.CharField(_("publisher"), max_length=200, blank=True)
    url = models.URLField(_("address"), max_length=500, blank=True)
    published_on = models.DateField(_("published"), null=True, blank=True)
    published_precision = models.CharField(
        _("precision of “published”"), max_length=12, choices=Precision, default=Precision.DAY
    )
    lead = models.CharField(
        _("where it was read"),
        max_length=500,
        blank=True,
        help_text=_("For staff only: the mirror or copy in which the document was read. Never shown to readers."),
    )

    title_ja: str | None
    title_en: str | None
    publisher_ja: str | None
    publisher_en: str | None
    is_cited: bool  # after with_is_cited()

    objects = NaturalManager.from_queryset(SourceQuerySet)()

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ("key",)

    def __str__(self) -> str:
        return self.title or self.title_ja or self.title_en or self.key

    def natural_key(self) -> tuple[str]:
        return (self.key,)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Delete the document; raise ProtectedError while a row rests on it."""
        Source.objects.filter(pk=self.pk).refuse_if_cited()
        return super().delete(*args, **kwargs)

    @property
    def published(self) -> PartialDate | None:
        return PartialDate(self.published_on, self.published_precision) if self.published_on else None


class Sourced(models.Model):
    """A statement with its source and the date its evidence speaks of."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+", verbose_name=_("source"))
    as_of_on = models.DateField(
        _("as of"),
        null=True,
        blank=True,
        help_text=_("The day the evidence speaks of, never the day of typing. Empty: the source is undated."),
    )
    as_of_precision = models.CharField(
        _("precision of “as of”"), max_length=12, choices=Precision, default=Precision.DAY
    )
    unverified = models.JSONField(
        _("unconfirmed fields"),
        default=list,
        blank=True,
        help_text=_("Names of fields that no source we could read confirms. Pages mark them as unconfirmed."),
    )

    class Meta:
        abstract = True

    @property
    def as_of(self) -> PartialDate | None:
        return PartialDate(self.as_of_on, self.as_of_precision) if self.as_of_on else None

    def clean(self) -> None:
        super().clean()
        names = {field.name for field in self._meta.get_fields()}
        if not isinstance(self.unverified, list) or not set(self.unverified) <= names:
            raise ValidationError({"unverified": _("List names of this form's fields only.")})

    def normalize(self) -> None:
        """Store imprecise dates as the first day of their span, so that equal dates compare equal."""
        if self.as_of_on:
            self.as_of_on = floor(self.as_of_on, self.as_of_precision)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.normalize()
        super().save(*args, **kwargs)


def valid_q(day: date, prefix: str = "") -> Q:
    """Return the condition "may be valid on that day": begun for certain or perhaps, not ended for certain.

    The twin of `Dated.validity_on(day)` being neither NOT_YET nor ENDED. An end lies at the first day of its span,
    so it is certainly past once the span of the next day begins after it.
    """
    not_ended = Q(**{f"{prefix}end_on__isnull": True})
    for precision in Precision.values:
        not_ended |= Q(
            **{
                f"{prefix}end_precision": precision,
                f"{prefix}end_on__gte": floor(day + timedelta(days=1), precision),
            }
        )
    return (Q(**{f"{prefix}start_on__isnull": True}) | Q(**{f"{prefix}start_on__lte": day})) & not_ended


class DatedQuerySet(models.QuerySet):
    def valid_on(self, day: date) -> Self:
        """Keep rows that may be valid on that day (twin: `is_valid_on`)."""
        return self.filter(valid_q(day))


class Dated(Sourced):
    """A statement that holds from a date until a date, each as exact as its source.

    Half-open: `end_on` is the first day no longer valid. `start_on` may be empty ("since before the record").
    """

    start_on = models.DateField(_("from"), null=True, blank=True)
    start_precision = models.CharField(
        _("precision of “from”"), max_length=12, choices=Precision, default=Precision.DAY
    )
    ending = models.CharField(_("end"), max_length=8, choices=Ending, default=Ending.OPEN)
    end_on = models.DateField(
        _("until (first day no longer valid)"),
        null=True,
        blank=True,
        help_text=_("For a term to 31 March write 1 April: the day the successor begins."),
    )
    end_precision = models.CharField(_("precision of “until”"), max_length=12, choices=Precision, default=Precision.DAY)

    objects = DatedQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_end_after_start",
                condition=Q(end_on__isnull=True) | Q(start_on__isnull=True) | Q(end_on__gt=F("start_on")),
                violation_error_message=_("The end must be after the start."),
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_ending_matches",
                condition=(Q(ending=Ending.DATE) & Q(end_on__isnull=False))
                | (~Q(ending=Ending.DATE) & Q(end_on__isnull=True)),
                violation_error_message=_("Give an end date exactly when “ends on a date” is chosen."),
            ),
        ]

    @property
    def start(self) -> PartialDate | None:
        return PartialDate(self.start_on, self.start_precision) if self.start_on else None

    @property
    def end(self) -> PartialDate | None:
        return PartialDate(self.end_on, self.end_precision) if self.end_on else None

    def validity_on(self, day: date) -> Validity:
        """Tell how this row stands on that day."""
        return validity(day, start=self.start, end=self.end, as_of=self.as_of)

    def is_valid_on(self, day: date) -> bool:
        """Tell whether this row may be valid on that day (twin of `valid_on`)."""
        return self.validity_on(day) not in {Validity.NOT_YET, Validity.ENDED}

    def normalize(self) -> None:
        super().normalize()
        if self.start_on:
            self.start_on = floor(self.start_on, self.start_precision)
        if self.end_on:
            self.end_on = floor(self.end_on, self.end_precision)

    def clean(self) -> None:
        super().clean()
        self.normalize()  # before the constraints are validated on what will be stored

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; on SQLite check overlaps here, under the write lock that the transaction takes.

        Raises ValidationError on an overlap on SQLite, IntegrityError on PostgreSQL.
        """
        self.normalize()
        using = kwargs.get("using") or router.db_for_write(type(self), instance=self)
        with transaction.atomic(using=using):
            if connections[using].vendor != "postgresql":
                for model, constraints in self.get_constraints():
                    for constraint in constraints:
                        if isinstance(constraint, NoOverlap):
                            constraint.validate(model, self, using=using)
            super().save(*args, **kwargs)


class Checked(models.Model):
    """A statement that somebody checks again and again: the evidence's date and the day of the next check.

    `next_check_on` follows from `as_of` and `check_every` (months). It is stored so that queues can ask for it;
    whether a check is due is asked of the clock, never of a saved flag.
    """

    as_of_on = models.DateField(_("as of"), help_text=_("The day the evidence speaks of, never the day of typing."))
    as_of_precision = models.CharField(
        _("precision of “as of”"), max_length=12, choices=Precision, default=Precision.DAY
    )
    check_every = models.PositiveSmallIntegerField(_("check every (months)"), default=12)
    next_check_on = models.DateField(_("next check"), editable=False)

    class Meta:
        abstract = True

    @property
    def as_of(self) -> PartialDate:
        return PartialDate(self.as_of_on, self.as_of_precision)

    def is_check_due(self, day: date) -> bool:
        """Tell whether the next check has fallen due by `day` (twin: `check_due_q`)."""
        return self.next_check_on <= day

    def normalize(self) -> None:
        """Store the first day of an imprecise date, and the next check that follows from it."""
        self.as_of_on = floor(self.as_of_on, self.as_of_precision)
        self.next_check_on = add_months(self.as_of_on, self.check_every)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.normalize()
        super().save(*args, **kwargs)


def check_due_q(day: date) -> Q:
    """Return the condition "the next check has fallen due by that day"."""
    return Q(next_check_on__lte=day)


class Claim(Identified):
    """What one source says about one field of one row, kept where sources, or our own texts of them, disagree."""

    content_type = models.ForeignKey(
        ContentType, on_delete=models.CASCADE, related_name="+", verbose_name=_("kind of row")
    )
    object_id = models.UUIDField(_("row"))
    subject = GenericForeignKey("content_type", "object_id")
    field = models.CharField(_("field"), max_length=60)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="claims", verbose_name=_("source"))
    locator = models.CharField(_("place in the source"), max_length=120, blank=True)
    value = models.CharField(_("what the source says"), max_length=300)
    is_machine_read = models.BooleanField(
        _("our machine-read text"),
        default=False,
        help_text=_("The value comes from our text recognition of the document, not from a legible original."),
    )
    is_chosen = models.BooleanField(_("used in the register"), default=False)
    chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("chosen by"),
        help_text=_("Empty: chosen when the snapshot was prepared for loading."),
    )
    reason = models.TextField(_("why it was chosen"), blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    locator_ja: str | None
    locator_en: str | None
    reason_ja: str | None
    reason_en: str | None

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        ordering = ("order", "id")
        constraints = [
            models.UniqueConstraint(
                name="provenance_claim_one_chosen",
                fields=["content_type", "object_id", "field"],
                condition=Q(is_chosen=True),
                violation_error_message=_("Another claim about this field is already chosen."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field_label}: {self.value}"

    @property
    def field_label(self) -> str:
        """What the field is called in the active language."""
        model = ContentType.objects.get_for_id(self.content_type_id).model_class() if self.content_type_id else None
        try:
            field: Any = model._meta.get_field(self.field) if model else None
        except FieldDoesNotExist:
            field = None
        return str(field.verbose_name) if field else self.field


class LoadedRow(models.Model):
    """What the load command last wrote into a row, so that it can tell a staff edit from an old value."""

    model = models.CharField(max_length=100)
    key = models.CharField(max_length=200)
    digests = models.JSONField(default=dict)
    loaded_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("loaded row")
        verbose_name_plural = _("loaded rows")
        constraints = [models.UniqueConstraint(name="provenance_loadedrow_once", fields=["model", "key"])]

    def __str__(self) -> str:
        return f"{self.model} {self.key}"
