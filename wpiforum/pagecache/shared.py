"""The content version in Redis, where `REDIS_URL` names one: a quick copy of what the database holds.

The database is always told, too; a Redis that fails is left alone for some seconds and the database asked instead.
"""

import logging
from collections.abc import Callable
from functools import cache

from django.conf import settings
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from wpiforum.rest import Rest

logger = logging.getLogger(__name__)
KEY = "wpiforum:content-version"
rest = Rest(seconds=5)
# A change may have passed by a Redis that was away, so it is believed again once the database has said the same.
_is_doubted = True


@cache
def _client() -> Redis:
    return Redis.from_url(
        settings.REDIS_URL,
        decode_responses=True,
        socket_timeout=0.5,
        socket_connect_timeout=0.5,
        retry=Retry(NoBackoff(), 0),
    )


def read(in_database: Callable[[], str]) -> str | None:
    """Return the version in Redis; None where there is no Redis, none in it (after a restart), or no answer.

    What the database says is asked once after Redis was away; if they differ, Redis forgets.
    """
    global _is_doubted  # as below
    if not settings.REDIS_URL or not rest.is_over():
        return None
    try:
        found = _client().get(KEY)
        if found and _is_doubted:
            if found != in_database():
                _client().delete(KEY)
                return None
            _is_doubted = False
    except RedisError as error:
        _failed(error)
        return None
    return str(found) if found else None


def write(name: str) -> None:
    """Tell Redis a new version; every process reads it within a second."""
    if not settings.REDIS_URL:
        return
    try:
        _client().set(KEY, name)
    except RedisError as error:
        _failed(error)


def _failed(error: RedisError) -> None:
    global _is_doubted  # one small fact per process
    _is_doubted = True
    rest.begin()
    logger.warning("Redis does not answer; the content version is read from the database: %s", error)
