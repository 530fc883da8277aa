"""Noticing changes of content: any write to a table that public pages show, when its transaction is committed.

Every statement of every connection passes here, so no verb, form, command or bulk update has to remember to tell. What
is rolled back (a preview, a refused save) tells nothing, since Django drops the callbacks of an undone transaction.
"""

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from django.apps import apps
from django.db import transaction

from wpiforum.pagecache import version

_WRITE = re.compile(
    r"\s*(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE|DELETE\s+FROM|TRUNCATE(?:\s+TABLE)?)\s+(?:ONLY\s+)?\"?(\w+)", re.I
)
# How the translations of content stand is shown beside it.
_SHOWN_TOO = {"localization"}
# What readers and the load command leave behind is on no public page.
_NOT_SHOWN = {"onboarding.report", "provenance.loadedrow"}
# The page of the search is never kept, and how links answer is for the staff.
_APPS_NOT_SHOWN = {"search", "links"}


@cache
def shown_tables() -> frozenset[str]:
    """Return the tables whose rows public pages show."""
    return frozenset(
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if (getattr(model._meta.app_config, "is_content", False) or model._meta.app_label in _SHOWN_TOO)
        and model._meta.label_lower not in _NOT_SHOWN
        and model._meta.app_label not in _APPS_NOT_SHOWN
    )


def watch(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Run a statement; after one that changes content, name a new content version when it is committed."""
    result = execute(sql, params, many, context)
    # The first letter rules out nearly everything: SELECT, SAVEPOINT, ROLLBACK.
    if isinstance(sql, str) and sql.lstrip()[:1] in "IUDTiudt":
        found = _WRITE.match(sql)
        if found and found[1] in shown_tables():
            _tell_on_commit(context["connection"])
    return result


def _tell_on_commit(connection: Any) -> None:
    if all(act is not version.renew for _savepoints, act, _robust in connection.run_on_commit):
        transaction.on_commit(version.renew, using=connection.alias, robust=True)


def watch_connection(connection: Any, **kwargs: Any) -> None:
    """Watch a connection from its first statement on."""
    if watch not in connection.execute_wrappers:
        connection.execute_wrappers.insert(0, watch)  # not last: Django takes away the last one when a block ends
