"""The content version in Redis, where `REDIS_URL` names one: a quick copy of what the database holds.

The database is always told, too; a Redis that fails is left alone for some seconds and the database asked instead.
"""

import logging
import time
from functools import cache

from django.conf import settings
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

logger = logging.getLogger(__name__)
KEY = "wpiforum:content-version"
_REST_SECONDS = 5.0
_rests_until = float("-inf")


@cache
def _client() -> Redis:
    return Redis.from_url(
        settings.REDIS_URL,
        decode_responses=True,
        socket_timeout=0.5,
        socket_connect_timeout=0.5,
        retry=Retry(NoBackoff(), 0),
    )


def read() -> str | None:
    """Return the version in Redis; None where there is no Redis, none in it (after a restart), or no answer."""
    if not settings.REDIS_URL or time.monotonic() < _rests_until:
        return None
    try:
        found = _client().get(KEY)
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
    global _rests_until  # one small fact per process
    _rests_until = time.monotonic() + _REST_SECONDS
    logger.warning("Redis does not answer; the content version is read from the database: %s", error)
