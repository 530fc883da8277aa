"""Counting requests of one sender in a window of time, without keeping who it is."""

import hashlib
import time
from typing import NamedTuple

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest


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
    cache.add(name, 0, window)
    try:
        used = cache.incr(name)
    except ValueError:  # it ran out between the two calls: a new window has just begun
        used = 1
    return Count(used, window - now % window)
