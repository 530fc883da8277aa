"""Indexes added while the site runs."""

from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db.migrations.operations import AddIndex


class AddIndexWhileRunning(AddIndexConcurrently):
    """Adds an index without locking the table on PostgreSQL, and as usual on SQLite; needs `atomic = False`."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        _kind(schema_editor).database_forwards(self, app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        _kind(schema_editor).database_backwards(self, app_label, schema_editor, from_state, to_state)


def _kind(schema_editor: Any) -> type[AddIndex]:
    return AddIndexConcurrently if schema_editor.connection.vendor == "postgresql" else AddIndex
