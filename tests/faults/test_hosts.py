"""Two application hosts behind the balancer of deploy/, one of which dies, whole or in part."""

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.faults.host import Balancer, Host
from tests.faults.load import KEPT, PAST_NGINX, Load
from tests.faults.programs import Postgres, RedisServer, wait_for

pytestmark = pytest.mark.slow


class Site(NamedTuple):
    """What readers ask, and the two behind it."""

    front: Balancer
    first: Host
    second: Host


@pytest.fixture
def site(host: Host, database: Postgres, redis: RedisServer, tmp_path: Path) -> Iterator[Site]:
    """Yield two hosts with one database, one Redis and one key, as deploy/README.md says."""
    hosts = [
        Host(tmp_path / name, database.url, balancer="127.0.0.1", REDIS_URL=redis.url) for name in ("first", "second")
    ]
    (tmp_path / "front").mkdir()
    front = Balancer(tmp_path / "front", hosts)
    try:
        for one in hosts:
            one.start_nginx()
            one.start(static=host.var / "static")
        front.start_nginx()
        yield Site(front, *hosts)
    finally:
        front.stop()
        for one in hosts:
            one.stop()


def test_host_killed_fails_no_request(site: Site) -> None:
    site.first.publish(1)
    with Load(site.front, headers=PAST_NGINX) as load:
        load.sees(1)
        site.second.stop(signal.SIGKILL)
        load.wait(200)
        site.first.publish(2)
        load.sees(2)
        site.second.start_nginx()
        site.second.start_application()
        load.wait(200)
    assert load.wrong == []


def test_host_whose_application_died_shows_no_old_page(site: Site) -> None:
    site.first.publish(1)
    with Load(site.front) as load:
        load.sees(1)
        site.second.stop_application(signal.SIGKILL)
        site.first.publish(2)
        load.sees(2)
        # What its nginx had kept is over, and no old page takes its place.
        wait_for(lambda: {site.second.ask(path)[0] for path in KEPT} == {502}, what="The host shows old pages.")
        load.wait(200)
    assert load.wrong == []
