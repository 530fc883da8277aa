"""Whether the process lives and whether it can serve: what a load balancer and a release ask."""

import logging
import os

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

logger = logging.getLogger(__name__)
_NOT_KEPT = {"Cache-Control": "no-store"}


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer that the process is alive; touches nothing else."""
    return JsonResponse({"status": "alive"}, headers=_NOT_KEPT)


def is_writable() -> bool:
    """Tell whether the database takes changes: not a standby, not switched to reading, no file of somebody else."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_is_in_recovery(), current_setting('transaction_read_only')")
            return bool(cursor.fetchone() == (False, "off"))
        cursor.execute("PRAGMA query_only")
        if cursor.fetchone() != (0,):
            return False
        cursor.execute("SELECT file FROM pragma_database_list WHERE name = 'main'")
        path = cursor.fetchone()[0]
    if not path:  # in memory
        return True
    return os.access(path, os.W_OK)


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Answer whether the database answers, takes changes, and has all migrations; else 503 with the reason."""
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            status = "migrations pending"
        else:
            status = "ready" if is_writable() else "database is read-only"
    except Exception:  # any failure of the database means "not ready", and the answer must say so
        logger.exception("The database does not answer.")
        status = "no database"
    return JsonResponse({"status": status}, status=200 if status == "ready" else 503, headers=_NOT_KEPT)
