"""One host with the whole content for all tests of this folder, and what stands around it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.host import Host
from tests.faults.programs import Postgres, RedisServer, postgres


@pytest.fixture(scope="session")
def database() -> Iterator[Postgres]:
    if not (any(Path("/usr/lib/postgresql").glob("*/bin/initdb")) and shutil.which("nginx")):
        pytest.skip("PostgreSQL or nginx is not installed: sh tools/faults.sh")
    with postgres() as server:
        yield server


@pytest.fixture(scope="session")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    if not shutil.which("redis-server"):
        pytest.skip("Redis is not installed: sh tools/faults.sh")
    server = RedisServer(tmp_path_factory.mktemp("redis"))
    server.start()
    yield server
    server.kill()


@pytest.fixture(scope="session")
def host(tmp_path_factory: pytest.TempPathFactory, database: Postgres, redis: RedisServer) -> Iterator[Host]:
    """Yield a host that serves, set up as deploy/install.sh does: one PostgreSQL, one Redis."""
    host = Host(tmp_path_factory.mktemp("host"), database.url, REDIS_URL=redis.url)
    try:
        host.start_nginx()
        first = host.release()
        assert first.returncode == 0, first.stdout + first.stderr
        loaded = host.manage("load_fixtures")
        assert loaded.returncode == 0, loaded.stderr
        yield host
    finally:
        host.stop()
