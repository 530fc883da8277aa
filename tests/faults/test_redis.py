"""A Redis that is killed, hangs or forgets everything while people read: no page is missing, none is old."""

import signal

import pytest

from tests.faults.host import Host
from tests.faults.load import PAST_NGINX, Load
from tests.faults.programs import RedisServer

pytestmark = pytest.mark.slow


def test_redis_killed_and_started_again(host: Host, redis: RedisServer) -> None:
    host.publish(1)
    with Load(host, headers=PAST_NGINX) as load:
        load.sees(1)
        redis.kill()
        host.publish(2)
        load.sees(2)
        redis.start()
        host.publish(3)
        load.sees(3)
        load.wait(100)
    assert load.wrong == []


def test_redis_that_hangs_and_goes_on_with_what_it_knew(host: Host, redis: RedisServer) -> None:
    host.publish(1)
    with Load(host, headers=PAST_NGINX) as load:
        load.sees(1)
        redis.signal(signal.SIGSTOP)
        host.publish(2)
        load.sees(2)
        redis.signal(signal.SIGCONT)
        load.wait(600)
        host.publish(3)
        load.sees(3)
    assert load.wrong == []


def test_redis_emptied(host: Host, redis: RedisServer) -> None:
    host.publish(1)
    with Load(host, headers=PAST_NGINX) as load:
        load.sees(1)
        redis.client().flushall()
        load.wait(100)
        host.publish(2)
        load.sees(2)
        load.wait(100)
    assert load.wrong == []


def test_redis_started_again_with_an_older_version(host: Host, redis: RedisServer) -> None:
    """As Debian's does from its dump."""
    host.publish(1)
    with Load(host, headers=PAST_NGINX) as load:
        load.sees(1)
        old = redis.client().get("wpiforum:content-version")
        redis.kill()
        host.publish(2)
        load.sees(2)
        redis.start()
        redis.client().set("wpiforum:content-version", str(old))
        load.wait(600)
    assert load.wrong == []
