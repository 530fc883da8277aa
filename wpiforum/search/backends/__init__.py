"""Which backend the site uses: that of its database, or a search cluster."""

from functools import cache

from django.conf import settings
from django.db import connections

from wpiforum.search.backends.base import Backend


def database(using: str = "default") -> Backend:
    """Return the backend of a database."""
    if connections[using].vendor == "postgresql":
        from wpiforum.search.backends.postgres import PostgresBackend  # only what the site uses

        return PostgresBackend()
    from wpiforum.search.backends.sqlite import SqliteBackend  # as above

    return SqliteBackend()


@cache
def backend() -> Backend:
    """Return the backend that SEARCH_BACKEND names."""
    if settings.SEARCH_BACKEND == "opensearch":
        from wpiforum.search.backends.opensearch import OpenSearchBackend  # its library is an optional extra

        return OpenSearchBackend.from_settings()
    return database()
