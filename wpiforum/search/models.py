"""The index: one entry per public row and language, the names it goes by, synonyms, and what was asked per day."""

from datetime import date, datetime, timedelta
from typing import Any, Self

from django.db import models, transaction
from django.db.models import F, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wpiforum.http import today
from wpiforum.search import text

# A question is shown to the staff once it was asked this often; what fewer people typed may name a person.
FEWEST = 3
KEPT_DAYS = 90
KEPT_DAYS_RARE = 14  # what was not asked often enough by then is never shown


def _is_public(at: datetime, prefix: str = "") -> Q:
    begun, open_end = Q(**{f"{prefix}live_from__lte": at}), Q(**{f"{prefix}live_until__isnull": True})
    return begun & (open_end | Q(**{f"{prefix}live_until__gt": at}))


class EntryQuerySet(models.QuerySet):
    def visible(self, at: datetime | None = None) -> Self:
        """Keep entries of rows that are public at that moment: dates are asked when somebody searches."""
        return self.filter(_is_public(at or timezone.now()))


class Entry(models.Model):
    """One public row in one language, as the search finds and shows it. Derived data: `rebuild_search` remakes it."""

    id = models.BigAutoField(primary_key=True)  # full-text tables of SQLite need whole numbers
    kind = models.CharField(_("kind"), max_length=20)
    row = models.CharField(_("key of the row"), max_length=64)
    parent = models.CharField(_("row it belongs to"), max_length=64, blank=True)
    language = models.CharField(_("language"), max_length=8)
    slug = models.CharField(_("slug"), max_length=120, blank=True)
    url = models.CharField(_("address"), max_length=400)
    title = models.CharField(_("title"), max_length=400)
    context = models.CharField(_("where it stands"), max_length=400, blank=True)
    body = models.TextField(_("text"), blank=True)
    topic = models.CharField(_("topic"), max_length=120, blank=True)
    center = models.CharField(_("center"), max_length=120, blank=True)
    stages = models.JSONField(_("stages"), default=list)
    audiences = models.JSONField(_("for whom"), default=list)
    as_of_on = models.DateField(_("as of"), null=True)
    as_of_precision = models.CharField(_("precision"), max_length=12, default="day")
    is_emergency = models.BooleanField(_("emergency number"), default=False)
    live_from = models.DateTimeField(_("live from"))
    live_until = models.DateTimeField(_("live until"), null=True)
    title_tokens = models.TextField(_("words of the title"))
    name_tokens = models.TextField(_("words of other names"), blank=True)
    body_tokens = models.TextField(_("words of the text"), blank=True)
    marks = models.TextField(_("marks of the facets"))

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")
        indexes = [
            models.Index(fields=["row"], name="search_entry_row"),
            models.Index(fields=["parent"], name="search_entry_parent"),
            models.Index(fields=["kind", "language"], name="search_entry_kind"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="search_entry_once",
                fields=["kind", "row", "language"],
                violation_error_message=_("This row is already in the index."),
            )
        ]

    def __str__(self) -> str:
        return self.title


class NameQuerySet(models.QuerySet):
    def visible(self) -> Self:
        """Keep names of entries that are public now; a join, since a subquery would read every entry first."""
        return self.filter(_is_public(timezone.now(), "entry__"))


class Name(models.Model):
    """A title, alias, wrong name or reading of an entry: for exact hits, suggestions and near misses."""

    entry = models.ForeignKey(Entry, on_delete=models.DB_CASCADE, related_name="names", verbose_name=_("search entry"))
    name = models.CharField(_("name"), max_length=400)
    key = models.CharField(_("words"), max_length=200, db_index=True)
    folded = models.CharField(_("folded"), max_length=200, db_index=True)
    begins = models.CharField(_("beginning"), max_length=2)
    ends = models.CharField(_("end"), max_length=2)
    size = models.PositiveSmallIntegerField(_("length"))
    is_alias = models.BooleanField(_("other name"), default=False)

    objects = NameQuerySet.as_manager()

    class Meta:
        verbose_name = _("name in the index")
        verbose_name_plural = _("names in the index")
        indexes = [
            models.Index(fields=["begins", "size"], name="search_name_begins"),
            models.Index(fields=["ends", "size"], name="search_name_ends"),
        ]

    def __str__(self) -> str:
        return self.name


class Synonym(models.Model):
    """What readers type, and the word of the portal that it means. Names in the glossary need no row here."""

    typed = models.CharField(_("what readers type"), max_length=100)
    means = models.CharField(_("what to search for"), max_length=100)
    key = models.CharField(_("words"), max_length=200, db_index=True, editable=False)

    class Meta:
        verbose_name = _("synonym")
        verbose_name_plural = _("synonyms")
        ordering = ("typed",)
        constraints = [
            models.UniqueConstraint(
                name="search_synonym_once",
                fields=["typed", "means"],
                violation_error_message=_("This synonym already exists."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.typed} → {self.means}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.key = text.key(self.typed)
        super().save(*args, **kwargs)


class AskedQuerySet(models.QuerySet):
    def shown(self) -> Self:
        """Keep what was asked often enough, over the days kept, to say nothing about one person."""
        often = (
            Asked.objects.order_by()
            .values("query")
            .annotate(number=Sum("times"))
            .filter(number__gte=FEWEST)
            .values("query")
        )
        return self.filter(query__in=often)

    def waiting(self) -> Self:
        """Keep what found nothing and has no synonym yet."""
        return self.shown().filter(without_result__gt=0).exclude(key__in=Synonym.objects.order_by().values("key"))

    def forget_old(self, day: date) -> int:
        """Delete what is older than the days kept; what few people asked goes sooner."""
        old, _by_model = self.filter(day__lt=day - timedelta(days=KEPT_DAYS)).delete()
        shown = list(Asked.objects.shown().order_by("pk").values_list("pk", flat=True))
        rare, _by_model = self.filter(day__lt=day - timedelta(days=KEPT_DAYS_RARE)).exclude(pk__in=shown).delete()
        return old + rare


class Asked(models.Model):
    """How often one question was asked on one day, found nothing, or was asked differently right after."""

    day = models.DateField(_("day"))
    language = models.CharField(_("language"), max_length=8)
    query = models.CharField(_("question"), max_length=60)
    key = models.CharField(_("words"), max_length=200, editable=False)
    times = models.PositiveIntegerField(_("asked"), default=0)
    without_result = models.PositiveIntegerField(_("without result"), default=0)
    refined = models.PositiveIntegerField(_("refined right after"), default=0)

    objects = AskedQuerySet.as_manager()

    class Meta:
        verbose_name = _("search that did not help")
        verbose_name_plural = _("searches that did not help")
        ordering = ("-day", "-without_result", "query")
        constraints = [
            models.UniqueConstraint(
                name="search_asked_once",
                fields=["day", "language", "query"],
                violation_error_message=_("This question is already counted for that day."),
            )
        ]

    def __str__(self) -> str:
        return self.query


def count_asked(query: str, language: str, *, found: bool, before: str = "") -> None:
    """Add a question to today's counts, and to those of the question `before` that it refines.

    Only questions that found nothing or were refined are of use and kept. Nothing that looks like an address or a
    number of a person is stored.
    """
    with transaction.atomic():
        if not found:
            _add(query, language, without_result=1)
        if before and before != query:
            _add(before, language, refined=1)


def _add(query: str, language: str, **counts: int) -> None:
    if not query or len(query) > 60 or "@" in query or sum(sign.isdigit() for sign in query) > 5:
        return
    row, is_new = Asked.objects.get_or_create(
        day=today(), language=language, query=query, defaults={"key": text.key(query)}
    )
    if is_new:
        Asked.objects.forget_old(row.day)  # here, so that nothing is kept longer where no command runs
    changes: dict[str, Any] = {name: F(name) + number for name, number in {"times": 1, **counts}.items()}
    Asked.objects.filter(pk=row.pk).update(**changes)
