"""Lookups that Django has for one of our two databases only."""

from collections.abc import Iterable
from typing import Any

from django.db.models import JSONField, Q
from django.db.models.fields.json import HasAnyKeys


@JSONField.register_lookup
class HoldsAny(HasAnyKeys):
    """Keep rows whose JSON list holds any of these strings: `?|` on PostgreSQL, whose planner knows how many do."""

    lookup_name = "holds_any"

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, params = self.process_lhs(compiler, connection)
        values: list[str] = self.rhs
        marks = ", ".join(["%s"] * len(values))
        sql = f"EXISTS (SELECT 1 FROM json_each({column}) WHERE value IN ({marks}))"  # noqa: S608  no value stands in it
        return sql, (*params, *values)


def any_of(field: str, values: Iterable[str]) -> Q:
    """Return the condition "the JSON list in `field` holds any of these"; without values, no condition."""
    wanted = list(values)
    return Q(**{f"{field}__holds_any": wanted}) if wanted else Q()
