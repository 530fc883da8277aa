"""Rows whose version rises with their content, so that calendars take a change over (RFC 5545, 3.8.7.4)."""

from typing import Any

from django.db import models
from django.db.models import F


class Versioned(models.Model):
    """A row whose `version` rises by one whenever a save changes what its plan and calendar say, whoever saves."""

    version: Any

    class Meta:
        abstract = True

    def versioned_columns(self) -> list[str]:
        """Return the columns that count; order, dates of checks and the like do not."""
        raise NotImplementedError

    def remember_stored(self) -> None:
        """Spare the next save its question what is stored; for who has just read the row and locked it."""
        self._stored = {name: getattr(self, name) for name in self.versioned_columns()}

    def save(self, *args: Any, **kwargs: Any) -> None:
        fields = kwargs.get("update_fields")
        names = [
            name for name in self.versioned_columns() if name in self.__dict__ and (fields is None or name in fields)
        ]
        stored = self.__dict__.pop("_stored", None)
        if stored is None and names and not self._state.adding:
            stored = type(self)._base_manager.filter(pk=self.pk).values(*names).first()
        if stored is not None and any(stored[name] != getattr(self, name) for name in names):
            self.version = F("version") + 1  # two writers at once raise it twice
            if fields is not None:
                kwargs["update_fields"] = {*fields, "version"}
        super().save(*args, **kwargs)
