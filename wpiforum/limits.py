"""Counting requests of one sender in a window of time, without keeping who it is.

With `REDIS_URL` all processes count together; while that Redis does not answer, and without one, each counts alone.
"""

import hashlib
import logging
import time
from typing import NamedTuple

from django.conf import settings
from django.core.cache import BaseCache, caches
from django.http import HttpRequest
from redis.exceptions import RedisError

from wpiforum.rest import Rest

logger = logging.getLogger(__name__)
rest = Rest(seconds=5)


class Count(NamedTuple):
    """How many tries there were in the running window, and in how many seconds it ends."""

    used: int
    ends_in: int


def sender(request: HttpRequest) -> str:
    """Return a name for the address a request comes from; a keyed digest, so that the address is kept nowhere.

    Behind our own proxy the address is the last one of X-Forwarded-For, which the proxy wrote; earlier ones are the
    client's word.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_TLS_PROXY:
        address = request.headers.get("X-Forwarded-For", address).rsplit(",", 1)[-1].strip()
    return hashlib.sha256(f"{settings.SECRET_KEY}{address}".encode()).hexdigest()[:24]


def count(key: str, window: int) -> Count:
    """Count one more try under a key; windows of so many seconds begin at the same moments for everybody."""
    now = int(time.time())
    name = f"limit:{key}:{now // window}"
    return Count(_one_more(name, window), window - now % window)


def _one_more(name: str, window: int) -> int:
    if rest.is_over():
        try:
            return _count_in(caches["limits"], name, window)
        except RedisError as error:
            rest.begin()
            logger.warning("Redis does not answer; limits are counted by each process alone: %s", error)
    return _count_in(caches["limits-here"], name, window)


def _count_in(cache: BaseCache, name: str, window: int) -> int:
    cache.add(name, 0, window)
    try:
        return cache.incr(name)
    except ValueError:  # it ran out between the two calls: a new window has just begun
        return 1
