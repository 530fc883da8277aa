"""A rule both databases keep: dated rows of one owner do not overlap."""

from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import FieldError, ValidationError
from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import DateField, F, Func, Q, Value
from django.db.models.constraints import BaseConstraint


class NoOverlap(BaseConstraint):
    """No two rows with the same `scope` (and meeting `condition`) share a day of [start_on, end_on).

    On PostgreSQL it is an exclusion constraint; SQLite has none, so `Dated.save()` validates it there inside the
    writing transaction, which holds the write lock. Imprecise bounds touch at their first day: a predecessor that
    ended "in 2013" and a successor that began "in 2013" do not overlap.
    """

    def __init__(
        self,
        *,
        name: str,
        scope: tuple[str, ...],
        condition: Q | None = None,
        violation_error_message: Any = None,
    ) -> None:
        super().__init__(name=name, violation_error_message=violation_error_message)
        self.scope = tuple(scope)
        self.condition = condition

    def _exclusion(self) -> ExclusionConstraint:
        span = Func(F("start_on"), F("end_on"), Value("[)"), function="DATERANGE", output_field=DateField())
        return ExclusionConstraint(
            name=self.name,
            expressions=[
                (span, RangeOperators.OVERLAPS),
                *((field, RangeOperators.EQUAL) for field in self.scope),
            ],
            condition=self.condition,
        )

    def constraint_sql(self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> Any:
        return self._exclusion().constraint_sql(model, schema_editor) if _is_postgresql(schema_editor) else None

    def create_sql(self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> Any:
        return self._exclusion().create_sql(model, schema_editor) if _is_postgresql(schema_editor) else None

    def remove_sql(self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> Any:
        return self._exclusion().remove_sql(model, schema_editor) if _is_postgresql(schema_editor) else None

    def owner_of(self, instance: Any, using: str = "default") -> tuple[Any, ...] | None:
        """Return the values of `scope` if the rule applies to this row, else None."""
        owner = tuple(getattr(instance, instance._meta.get_field(field).attname) for field in self.scope)
        if None in owner:
            return None
        if self.condition is not None:
            try:
                values = instance._get_field_expression_map(meta=instance._meta)
                if not self.condition.check(values, using=using):
                    return None
            except FieldError:
                return None
        return owner

    def rivals(self, model: type[models.Model], instance: Any, using: str = "default") -> models.QuerySet[Any]:
        """Return the stored rows, other than `instance` itself, that share a day with it under this rule."""
        others = model._default_manager.using(using).exclude(pk=instance.pk)
        owner = self.owner_of(instance, using)
        if owner is None:
            return others.none()
        others = others.filter(**dict(zip(self.scope, owner, strict=True)))
        if self.condition is not None:
            others = others.filter(self.condition)
        if instance.start_on:
            others = others.filter(Q(end_on__isnull=True) | Q(end_on__gt=instance.start_on))
        if instance.end_on:
            others = others.filter(Q(start_on__isnull=True) | Q(start_on__lt=instance.end_on))
        return others

    def validate(self, model: type[models.Model], instance: Any, exclude: Any = None, using: str = "default") -> None:
        """Raise ValidationError with the constraint's sentence if another row overlaps `instance`."""
        if exclude and {*self.scope, "start_on", "end_on"} & set(exclude):
            return
        if self.rivals(model, instance, using).exists():
            raise self.violation()

    def violation(self) -> ValidationError:
        """Return the error that the editor reads."""
        return ValidationError(self.get_violation_error_message(), code=self.violation_error_code or "overlap")

    def deconstruct(self) -> tuple[str, Any, dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        kwargs["scope"] = self.scope
        if self.condition is not None:
            kwargs["condition"] = self.condition
        return path, args, kwargs

    def __eq__(self, other: object) -> bool:
        return isinstance(other, NoOverlap) and self.deconstruct() == other.deconstruct()

    def __hash__(self) -> int:
        return hash(self.name)


def _is_postgresql(schema_editor: BaseDatabaseSchemaEditor | None) -> bool:
    return schema_editor is not None and schema_editor.connection.vendor == "postgresql"


def share_a_day(one: Any, other: Any) -> bool:
    """Tell whether [start_on, end_on) of two dated rows overlap; an empty bound has no limit."""
    return (one.start_on is None or other.end_on is None or one.start_on < other.end_on) and (
        other.start_on is None or one.end_on is None or other.start_on < one.end_on
    )
