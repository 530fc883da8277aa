"""Limits that several processes count together in Redis, and each alone while it does not answer."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import caches
from redis import Redis

from wpiforum import env, limits

SETTINGS = ("BACKEND", "LOCATION", "OPTIONS")


@pytest.fixture
def redis(redis_address: str, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Redis]:
    settings.CACHES = settings.CACHES | {"limits": env.counts(redis_address)}
    monkeypatch.setattr(limits.rest, "until", float("-inf"))
    monkeypatch.setattr(limits.time, "time", lambda: 1_000_000_000.0)
    with Redis.from_url(redis_address) as client:
        yield client


def used() -> int:
    return limits.count("someone", 60).used


def test_processes_count_together(redis: Redis) -> None:
    first = [used(), used()]
    caches["limits-here"].clear()  # as another process, which remembers nothing of these
    assert (first, used()) == ([1, 2], 3)


def test_count_in_redis_ends_with_its_window(redis: Redis) -> None:
    used()
    (key,) = redis.keys()
    assert 0 < redis.ttl(key) <= 60


def test_without_an_answer_of_redis_a_process_counts_alone_and_leaves_it_alone(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    used()
    redis.shutdown(nosave=True)
    assert [used(), used()] == [1, 2]
    monkeypatch.setattr(limits, "_count_in", lambda cache, name, window: int(cache is caches["limits-here"]))
    assert used() == 1


def test_without_redis_a_process_counts_alone() -> None:
    assert env.counts("") is None
    assert [used(), used()] == [1, 2]
