"""The panel "where used" of staff pages."""

from typing import Any

from django import template

from wpiforum.links import where
from wpiforum.provenance.models import Identified

register = template.Library()


@register.inclusion_tag("admin/links/_where_used.html")
def where_used(row: Any) -> dict[str, Any]:
    """Show where a row of the content is used; nothing for other rows, and for one that is being added."""
    is_content = isinstance(row, Identified) and not row._state.adding
    return {"is_shown": is_content, "key": row.pk, "groups": where.uses(row) if is_content else []}
