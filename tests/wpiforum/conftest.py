"""A Redis of a test's own, where there is the program."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import RedisError


@pytest.fixture
def redis_address(tmp_path: Path) -> Iterator[str]:
    """A Redis of this test's own, stopped afterwards if it still runs."""
    if not shutil.which("redis-server"):
        pytest.skip("No Redis on this machine (sh tools/redis.sh start installs Debian's).")
    command = ["redis-server", "--port", "0", "--unixsocket", str(tmp_path / "socket"), "--save", ""]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL) as process:
        url = f"unix://{tmp_path / 'socket'}"
        for _ in range(100):
            try:
                Redis.from_url(url).ping()
                break
            except RedisError:
                time.sleep(0.05)
        yield url
        process.kill()
