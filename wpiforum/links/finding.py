"""Where the content holds addresses: fields made for one, and links in rich texts, in every language.

Models say it themselves: an address is a `URLField`, a rich text is named in `rich_fields`.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from html import escape
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import NoReverseMatch, reverse

from wpiforum import languages
from wpiforum.http import today
from wpiforum.markup import links
from wpiforum.provenance.models import Dated, valid_q
from wpiforum.publishing.models import Confirmable, Publishable
from wpiforum.publishing.permissions import content_apps


class Place(NamedTuple):
    """One address in one field of a row."""

    row: Any
    field: str
    url: str


def address_fields(model: type[models.Model]) -> list[str]:
    """Return the fields of a model that hold one address."""
    return [field.name for field in model._meta.concrete_fields if isinstance(field, models.URLField)]


def rich_fields(model: type[models.Model]) -> list[str]:
    """Return the columns of a model that hold rich text."""
    names = {field.name for field in model._meta.concrete_fields}
    wanted = [f"{name}_{code}" for name in getattr(model, "rich_fields", ()) for code in languages.CODES]
    return [name for name in wanted if name in names]


@cache
def kinds() -> list[type[models.Model]]:
    """Return the models whose rows can hold addresses."""
    labels = content_apps()
    return [
        model
        for model in apps.get_models()
        if model._meta.app_label in labels and (address_fields(model) or rich_fields(model))
    ]


@cache
def owner(model: Any) -> tuple[Any, str] | None:
    """Return the root model that a kind of row is drafted with, and the field that leads there."""
    for root in apps.get_models():
        for name in root.owned if issubclass(root, Publishable) else ():
            relation: Any = root._meta.get_field(name)
            if relation.related_model is model:
                return root, relation.field.name
    return None


def root_of(row: Any) -> Any:
    """Return the root row that a row is drafted with; None for rows that are not drafted."""
    if isinstance(row, Publishable):
        return row
    found = owner(row._meta.model)
    return getattr(row, found[1]) if found else None


def live(model: type[models.Model]) -> models.QuerySet:
    """Keep the rows that the public sees today."""
    rows: Any = model._default_manager.order_by("pk")
    found = owner(model)
    if hasattr(rows, "published"):
        rows = rows.published()
    elif found is not None:
        rows = rows.filter(**{f"{found[1]}__in": found[0]._default_manager.published()})
    if issubclass(model, Confirmable):
        rows = rows.filter(confirmed_at__isnull=False)
    if issubclass(model, Dated):
        rows = rows.filter(valid_q(today()))
    return with_groups(rows)


def with_groups(rows: models.QuerySet) -> models.QuerySet:
    """Load what `root_of` and `group_of` read."""
    model: Any = rows.model
    found = owner(model)
    root = found[0] if found else model
    names = [*getattr(root, "group_relations", ())]
    if not names and any(field.name == "center" for field in root._meta.concrete_fields):
        names = ["center"]
    paths = [found[1], *(f"{found[1]}__{name}" for name in names)] if found else names
    return rows.select_related(*paths) if paths else rows


def group_of(row: Any) -> Any:
    """Return the topic or center a row belongs to, or the page it is; None for what belongs everywhere."""
    root = root_of(row) or row
    for name in (*getattr(root, "group_relations", ()), "center"):
        if (found := getattr(root, name, None)) is not None:
            return found
    return root if isinstance(root, Publishable) and hasattr(root, "get_absolute_url") else None


def addresses_in(model: type[models.Model], name: str, value: str | None) -> list[str]:
    """Return the addresses in one field: its value, or the links of a rich text, each once."""
    if not value:
        return []
    return [value] if name in address_fields(model) else list(dict.fromkeys(links(value)))


def places(rows: Iterable[Any]) -> Iterator[Place]:
    """Yield every address in these rows with its field."""
    for row in rows:
        model = type(row)
        for name in (*address_fields(model), *rich_fields(model)):
            for url in addresses_in(model, name, getattr(row, name)):
                yield Place(row, name, url)


def outside() -> Iterator[tuple[Place, Any]]:
    """Yield every address of another site in a public row, and the topic or center it belongs to."""
    for model in kinds():
        for place in places(live(model)):
            if is_outside(place.url):
                yield place, group_of(place.row)


def is_outside(url: str) -> bool:
    """Tell whether an address leads to another site."""
    return url.lower().startswith(("http://", "https://", "//")) and own_path(url) is None


def own_path(url: str) -> str | None:
    """Return path and fragment of an address of this site, without language; None for other addresses."""
    origin = settings.SITE_ORIGIN
    if origin and (url == origin or url.startswith((f"{origin}/", f"{origin}#"))):
        url = url.removeprefix(origin) or "/"
    if not url.startswith("/") or url.startswith("//"):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    path = parts.path.removeprefix(f"/{languages.from_path(parts.path)}")
    return f"{path}#{parts.fragment}" if parts.fragment else path


def rows_with(url: str) -> list[Place]:
    """Return every place of an address, in public rows and in others."""
    found: list[Place] = []
    for model in kinds():
        wanted = Q()
        for name in address_fields(model):
            wanted |= Q(**{name: url})
        for name in rich_fields(model):
            wanted |= Q(**{f"{name}__contains": escape(url)}) | Q(**{f"{name}__contains": url})
        rows = with_groups(model._default_manager.filter(wanted).order_by("pk"))
        found += [place for place in places(rows) if place.url == url]
    return found


def own_addresses(row: Any) -> list[str]:
    """Return where a row is read on this site, without language: its page, or its place on one."""
    try:
        if hasattr(row, "get_absolute_url"):
            url = row.get_absolute_url()
        elif getattr(row, "page_name", "") and getattr(row, "slug", ""):
            url = f"{reverse(row.page_name)}#{row.slug}"
        else:
            return []
    except NoReverseMatch:
        return []
    path = own_path(url)
    return [path] if path else []
