"""When public content last changed: what `Last-Modified`, the sitemap and the archive say.

Everything that changes content leaves a moment: verbs of publication in the log of acts, direct edits in the staff
site's own log, loading in `LoadedRow`, and scheduled rows by their `live_from` and `live_until`.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Max, Subquery
from django.utils import timezone

from wpiforum.http import japan_midnight, today
from wpiforum.provenance.dates import PartialDate
from wpiforum.provenance.models import Dated, LoadedRow
from wpiforum.publishing.choices import Verb
from wpiforum.publishing.models import Confirmable, Event, Publishable

# Acts after which the public reads something else.
PUBLIC = (
    Verb.PUBLISH,
    Verb.UNPUBLISH,
    Verb.CONFIRM,
    Verb.CONFIRM_TRANSLATION,
    Verb.MARK_CHECKED,
)


def _newest(rows: Any, name: str) -> Subquery:
    return Subquery(rows.filter(**{f"{name}__isnull": False}).order_by(f"-{name}").values(name)[:1])


def changed_at() -> datetime:
    """Return the last moment at which anything public may have changed, in one query; never one too early.

    Dated values switch at midnight in Japan, so it is today's at the earliest.
    """
    now = timezone.now()
    moments = [
        _newest(Event.objects.filter(verb__in=PUBLIC), "at"),
        _newest(LogEntry.objects.all(), "action_time"),
        _newest(LoadedRow.objects.all(), "loaded_at"),
    ]
    for model in apps.get_models():
        if issubclass(model, Publishable):
            for name in ("live_from", "live_until"):
                moments.append(_newest(model._base_manager.filter(**{f"{name}__lte": now}), name))
    # A query needs a table with a row; there is always a kind of row.
    names = {f"moment_{number}": moment for number, moment in enumerate(moments)}
    [found] = ContentType.objects.order_by("pk").annotate(**names).values_list(*names)[:1]
    return max([japan_midnight(today()), *(moment for moment in found if moment is not None)])


def _switches(model: type[Dated], day: date) -> Iterator[tuple[str, datetime]]:
    """Yield, for each row of a dated model, the moments until a day at which it began or ended by itself."""
    rows: Any = model._base_manager.order_by()
    if issubclass(model, Confirmable):  # the others are in effect on no date
        rows = rows.filter(confirmed_at__isnull=False)
    for key, *bounds in rows.values_list("pk", "start_on", "start_precision", "end_on", "end_precision"):
        ends = [PartialDate(*bound) for bound in (bounds[:2], bounds[2:]) if bound[0]]
        # The days on which `validity` changes its answer.
        days = [one for end in ends for one in (end.first, end.last) if one <= day]
        if days:
            yield str(key), japan_midnight(max(days))


class Moments:
    """When each row was last published, edited or loaded, or switched on its date; read once for many pages."""

    def __init__(self) -> None:
        self._at: dict[str, datetime] = {}
        logs: list[tuple[Any, str, str]] = [
            (Event.objects.filter(verb__in=PUBLIC), "object_id", "at"),
            (LogEntry.objects.all(), "object_id", "action_time"),
            (LoadedRow.objects.all(), "key", "loaded_at"),
        ]
        for rows, key, name in logs:
            for row, moment in rows.order_by().values_list(key).annotate(latest=Max(name)):
                if row and (row not in self._at or self._at[row] < moment):
                    self._at[row] = moment
        models: list[Any] = [model for model in apps.get_models() if issubclass(model, Dated)]
        self._switched = dict(found for model in models for found in _switches(model, today()))

    def latest(self, keys: Iterable[Any]) -> datetime | None:
        """Return the last moment of any of these rows; None where nobody published, edited or loaded one of them."""
        names = [str(key) for key in keys]
        told = [self._at[name] for name in names if name in self._at]
        switched = [self._switched[name] for name in names if name in self._switched]
        return max([*told, *switched]) if told else None


def family(model: Any) -> dict[Any, set[Any]]:
    """Return, for every row of a model, its key and those of the rows that belong to it; one query for each kind."""
    found: dict[Any, set[Any]] = {pk: {pk} for pk in model._base_manager.values_list("pk", flat=True)}
    for relation in model._meta.related_objects:
        if relation.one_to_many and relation.related_model is not model:
            rows = relation.related_model._base_manager.exclude(**{relation.field.name: None})
            for owner, pk in rows.order_by().values_list(relation.field.attname, "pk"):
                found[owner].add(pk)
    return found
