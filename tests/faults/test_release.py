"""A release and a worker that is killed, while people read."""

import os
import signal

import pytest

from tests.faults.host import Host, children
from tests.faults.load import Load

pytestmark = pytest.mark.slow


def test_pages_carry_their_headers_through_nginx(host: Host) -> None:
    status, _text, headers = host.ask(
        "/en/centers/", **{"X-Request-ID": "chosen-by-client", "X-Forwarded-Proto": "http"}
    )
    assert status == 200
    assert (len(headers["x-request-id"]), "max-age=31536000" in headers["strict-transport-security"]) == (32, True)
    assert host.ask("/metrics")[0] == 404


def test_release_under_load_loses_no_request(host: Host) -> None:
    before = host.server()
    with Load(host) as load:
        load.wait(30)
        done = host.release()
        load.wait(30)
    assert done.returncode == 0, done.stderr
    assert (host.server() == before, load.wrong) == (False, [])
    assert sum(load.answers.values()) > 100


def test_back_to_the_version_before_loses_no_request(host: Host) -> None:
    color = (host.etc / "color").read_text()
    host.release()
    with Load(host) as load:
        done = host.release("--back")
        load.wait(30)
    assert (done.returncode, load.wrong) == (0, [])
    assert (host.etc / "color").read_text() == color


def test_version_that_does_not_start_changes_nothing(host: Host, tmp_path: object) -> None:
    before = host.server()
    env = host.etc / "portal.env"
    kept = env.read_text()
    env.write_text(kept + "SESSION_HOURS='many'\n")
    with Load(host) as load:
        done = host.release()
        load.wait(30)
    env.write_text(kept)
    assert (done.returncode == 0, host.server() == before, load.wrong) == (False, True, [])
    assert "SESSION_HOURS must be a whole number, not 'many'." in done.stderr


def test_worker_killed_under_load_is_replaced(host: Host) -> None:
    workers = children(host.server())
    with Load(host) as load:
        load.wait(30)
        os.kill(workers[-1], signal.SIGKILL)
        load.wait(60)
    assert load.wrong == []
    assert len(children(host.server())) == len(workers)
