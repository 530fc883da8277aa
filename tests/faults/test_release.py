"""A release, a worker that is killed, and a database that goes and comes, while people read."""

import os
import signal
import time
from collections.abc import Callable

import pytest

from tests.faults.host import Host, Load, children

pytestmark = pytest.mark.slow
# Words that each page must hold; plan and search are never kept, so the application itself answers.
PAGES = {
    "/en/centers/": "Kavli",
    "/ja/emergency/": "119",
    "/en/plan/?arrived=2026-04-01": "2026",
    "/ja/directors/": "WPI",
    "/en/guides/": "Immigration",
}
Site = tuple[Host, Callable[[str], None]]


def right(path: str, status: int, text: str) -> str:
    """Say what is wrong with an answer: a page must be the page asked for."""
    if status != 200:
        return f"{status} {text[:80]}"
    return "" if PAGES[path] in text and text.rstrip().endswith("</html>") else "another page"


def test_pages_carry_their_headers_through_nginx(site: Site) -> None:
    status, _text, headers = site[0].ask(
        "/en/centers/", **{"X-Request-ID": "chosen-by-client", "X-Forwarded-Proto": "http"}
    )
    assert status == 200
    assert (len(headers["x-request-id"]), "max-age=31536000" in headers["strict-transport-security"]) == (32, True)
    assert site[0].ask("/metrics")[0] == 404


def test_release_under_load_loses_no_request(site: Site) -> None:
    host, _turn = site
    before = host.server()
    with Load(host, list(PAGES), right) as load:
        load.wait(30)
        done = host.release()
        load.wait(30)
    assert done.returncode == 0, done.stderr
    assert (host.server() == before, load.wrong) == (False, [])
    assert sum(load.answers.values()) > 100


def test_back_to_the_version_before_loses_no_request(site: Site) -> None:
    host, _turn = site
    color = (host.etc / "color").read_text()
    host.release()
    with Load(host, list(PAGES), right) as load:
        done = host.release("--back")
        load.wait(30)
    assert (done.returncode, load.wrong) == (0, [])
    assert (host.etc / "color").read_text() == color


def test_version_that_does_not_start_changes_nothing(site: Site, tmp_path: object) -> None:
    host, _turn = site
    before = host.server()
    env = host.etc / "portal.env"
    kept = env.read_text()
    env.write_text(kept + "SESSION_HOURS='many'\n")
    with Load(host, list(PAGES), right) as load:
        done = host.release()
        load.wait(30)
    env.write_text(kept)
    assert (done.returncode == 0, host.server() == before, load.wrong) == (False, True, [])
    assert "SESSION_HOURS must be a whole number, not 'many'." in done.stderr


def test_worker_killed_under_load_is_replaced(site: Site) -> None:
    host, _turn = site
    workers = children(host.server())
    with Load(host, list(PAGES), right) as load:
        load.wait(30)
        os.kill(workers[-1], signal.SIGKILL)
        load.wait(60)
    assert load.wrong == []
    assert len(children(host.server())) == len(workers)


def test_database_away_is_said_and_over_when_it_is_back(site: Site) -> None:
    host, turn = site

    def right_or_clear(path: str, status: int, text: str) -> str:
        is_clear = status == 503 and "Please try again" in text
        return "" if is_clear else right(path, status, text)

    with Load(host, list(PAGES), right_or_clear) as load:
        load.wait(30)
        turn("stop")
        try:
            load.wait(60)
            alive, ready = (host.ask(path)[0] for path in ("/healthz", "/readyz"))
        finally:
            turn("start")
        deadline = time.monotonic() + 20
        while host.ask("/en/plan/?arrived=2026-04-02")[0] != 200:
            assert time.monotonic() < deadline
            time.sleep(0.2)
        load.wait(30)
    assert (alive, ready, load.wrong) == (200, 404, [])  # readiness is for this machine, past nginx
    assert host.ask("/en/centers/?as_of=2019-02-05")[0] == 200
