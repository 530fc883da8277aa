"""The next moment at which pages change by the clock alone."""

from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.db.models import F

from wpiforum.http import japan_midnight, today
from wpiforum.notices.models import Notice
from wpiforum.publishing.models import Publishable


def _columns() -> list[tuple[Any, str]]:
    publishable = [model for model in apps.get_models() if issubclass(model, Publishable)]
    return [
        *((Notice, name) for name in ("starts_at", "ends_at")),
        *((model, name) for model in publishable for name in ("live_from", "live_until")),
    ]


def next_change(now: datetime, alias: str) -> datetime:
    """Return when a page may next read differently without a save: midnight in Japan, or a date that comes sooner.

    Asked of the database of that alias, which pages are read from.
    """
    first, *others = [
        model._base_manager.using(alias)
        .filter(**{f"{name}__gt": now})
        .order_by()
        .annotate(moment=F(name))
        .values("moment")
        for model, name in _columns()
    ]
    found = first.union(*others, all=True).order_by("moment").values_list("moment", flat=True)[:1]
    return min([japan_midnight(today() + timedelta(days=1)), *found])
