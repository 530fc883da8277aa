"""Where a row is used: texts that refer to it, links on this site that lead to it, and rows that name it."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from wpiforum.links.finding import kinds, own_addresses, own_path, places, rich_fields, root_of, with_groups
from wpiforum.provenance.models import Identified
from wpiforum.publishing.admin import link_to
from wpiforum.publishing.models import Redirect

# More than anybody reads on a page; the number is said all the same.
SHOWN = 50


class Group(NamedTuple):
    """One way in which a row is used: its heading, how many rows, and links to the first of them."""

    label: str
    number: int
    rows: list[SafeString | str]


def uses(row: Any) -> list[Group]:
    """Return where a row is used, by kind of use; empty if nowhere."""
    groups = []
    if hasattr(row, "uses"):
        groups.append(_group(_("Texts that refer to it"), row.uses()))
    groups.append(_group(_("Links on this site that lead to it"), linking(row)))
    groups += [_counted(str(capfirst(model._meta.verbose_name_plural)), rows) for model, rows in _naming(row)]
    return [group for group in groups if group.number]


def _group(label: str, rows: list[Any]) -> Group:
    return Group(label, len(rows), [named(row) for row in rows[:SHOWN]])


def _counted(label: str, rows: models.QuerySet) -> Group:
    found: list[Any] = list(rows[: SHOWN + 1])
    return Group(label, rows.count() if len(found) > SHOWN else len(found), [named(row) for row in found[:SHOWN]])


def named(row: Any) -> SafeString | str:
    """Name a row with its kind and what it belongs to, linked to its staff page, or to that of its root."""
    root = root_of(row)
    owner = f"{root} – " if root is not None and root.pk != row.pk else ""
    label = f"{capfirst(row._meta.verbose_name)}: {owner}{row}"
    page = next((found for found in (row, root) if found is not None and type(found) in admin.site._registry), None)
    return label if page is None else link_to(page, label)


def linking(row: Any) -> list[Any]:
    """Return the rows with a link to a row's page, to a place or a page below it, or to its old address."""
    wanted = [*own_addresses(row), *_old_addresses(row)]
    if not wanted:
        return []
    found: list[Any] = []
    for model in kinds():
        condition = Q()
        for name in rich_fields(model):
            for path in wanted:
                condition |= Q(**{f"{name}__contains": path})
        if not condition:
            continue
        rows = with_groups(model._default_manager.filter(condition).order_by("pk"))
        found += dict.fromkeys(place.row for place in places(rows) if _leads_to(place.url, wanted))
    return [other for other in found if other.pk != row.pk]


def _leads_to(url: str, wanted: list[str]) -> bool:
    path = own_path(url)
    return path is not None and any(
        path == address or (address.endswith("/") and path.startswith(address)) for address in wanted
    )


def _old_addresses(row: Any) -> list[str]:
    slug = getattr(row, "slug", "")
    if not slug or not isinstance(row, Identified):
        return []
    kind = ContentType.objects.get_for_model(row)
    old = Redirect.objects.filter(content_type=kind, object_id=row.pk).values_list("slug", flat=True)
    ends = [(f"/{slug}/", f"/{name}/") for name in old] + [(f"#{slug}", f"#{name}") for name in old]
    return [
        address.removesuffix(new) + before
        for address in own_addresses(row)
        for new, before in ends
        if address.endswith(new)
    ]


def _naming(row: Any) -> Iterator[tuple[Any, models.QuerySet]]:
    """Yield the rows that name this one in a field; not those that belong to it and go with it."""
    fields: dict[Any, list[Any]] = {}
    # Hidden relations too: most rows name their source one way only.
    for relation in row._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ForeignObjectRel) or not issubclass(relation.related_model, Identified):
            continue
        if getattr(relation, "on_delete", None) is not models.CASCADE:
            fields.setdefault(relation.related_model, []).append(relation.field.name)
    for model, names in fields.items():
        wanted = Q()
        for name in names:
            wanted |= Q(**{name: row.pk})
        rows = model._default_manager.filter(wanted).exclude(pk=row.pk).order_by("pk").distinct()
        yield model, with_groups(rows).prefetch_related(*model.label_relations)
