"""One host with the whole content for all tests of a module."""

from collections.abc import Callable, Iterator

import pytest

from tests.faults.host import Host, postgres


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Host, Callable[[str], None]]]:
    """Yield a host that serves, and what starts and stops its database."""
    folder = tmp_path_factory.mktemp("host")
    with postgres() as (url, turn):
        host = Host(folder, url)
        try:
            host.start_nginx()
            first = host.release()
            assert first.returncode == 0, first.stdout + first.stderr
            loaded = host.manage("load_fixtures")
            assert loaded.returncode == 0, loaded.stderr
            yield host, turn
        finally:
            host.stop()
