"""The content version in Redis: told with every change, and never relied on when it is gone."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils.connection import ConnectionDoesNotExist
from redis import Redis
from redis.exceptions import TimeoutError

from wpiforum.pagecache import shared, version

pytestmark = pytest.mark.django_db


@pytest.fixture
def redis(redis_address: str, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Redis]:
    settings.REDIS_URL = redis_address
    shared._client.cache_clear()
    monkeypatch.setattr(shared.rest, "until", float("-inf"))
    monkeypatch.setattr(shared, "_is_doubted", True)
    monkeypatch.setattr(version, "CHECK_SECONDS", 0)
    with Redis.from_url(redis_address) as client:
        yield client
    shared._client().close()
    shared._client.cache_clear()


def told() -> str:
    return str(shared._client().get(shared.KEY))


def known() -> str | None:
    return version.Watcher().known().name


def test_change_is_told_to_redis_and_to_the_database(redis: Redis) -> None:
    version.renew()
    row = version.ContentVersion.objects.get()
    assert (redis.get(shared.KEY), known()) == (row.name.encode(), f"default:{row.name}")


def test_process_looks_into_redis_alone(redis: Redis, django_assert_num_queries: Any) -> None:
    version.renew()
    watcher = version.Watcher()
    watcher.known()  # the first look also asks for the next moment
    with django_assert_num_queries(0):
        assert watcher.known().name == f"default:{told()}"


def test_redis_that_forgot_is_replaced_by_the_database(redis: Redis) -> None:
    version.renew()
    redis.flushall()
    assert known() == f"default:{version.ContentVersion.objects.get().name}"


def test_change_while_redis_is_down_is_seen(redis: Redis) -> None:
    version.renew()
    before = known()
    redis.shutdown(nosave=True)
    version.renew()
    after = known()
    assert (before == after, after) == (False, f"default:{version.ContentVersion.objects.get().name}")


def test_redis_that_missed_a_change_while_it_was_away_is_not_believed(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    version.renew()
    old = redis.get(shared.KEY)
    assert known() is not None
    with monkeypatch.context() as away:
        away.setattr(shared, "_client", _hangs)
        version.renew()
    monkeypatch.setattr(shared.rest, "until", float("-inf"))  # it is back, with what it had
    assert redis.get(shared.KEY) == old
    assert known() == f"default:{version.ContentVersion.objects.get().name}"
    assert redis.get(shared.KEY) is None
    version.renew()
    assert known() == f"default:{told()}"


def _hangs() -> Redis:
    raise TimeoutError("Timeout reading from socket")


def test_standby_is_asked_itself_since_redis_may_know_more_than_it_has(redis: Redis, settings: Any) -> None:
    version.renew()
    settings.REPLICA_URL = "postgres://standby/portal"
    with pytest.raises(ConnectionDoesNotExist, match="replica"):
        version.Watcher()._read()
