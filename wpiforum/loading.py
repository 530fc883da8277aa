"""How a page's query set treats relations that it did not load."""

from typing import Any

from django.conf import settings
from django.db import models


def page_mode() -> Any:
    """Return the fetch mode of `for_*` query sets: an error in tests, one query for all rows in production."""
    return models.FETCH_RAISE if settings.STRICT_LOADING else models.FETCH_PEERS
