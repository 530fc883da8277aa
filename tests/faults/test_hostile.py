"""Against nginx and the application server as deploy/ sets them up: its cache, and readers who never finish."""

import contextlib
import http.client
import socket
import ssl
import time
from collections.abc import Iterator

import pytest

from tests.faults.host import Host, Load
from tests.faults.test_release import PAGES, Site, right

pytestmark = pytest.mark.slow
DATES = "arrived=2026-04-01&ref=deceived"
EVIL = "evil.example"
# nginx reads a head and a body for ten seconds each; the rest is for a busy machine.
PATIENCE = 25


def kept(host: Host, path: str, **headers: str) -> tuple[int, str, bool]:
    """Ask twice; return status and text of the second answer, and whether nginx could have kept it."""
    host.ask(path, **headers)
    status, text, found = host.ask(path)
    control = found.get("cache-control", "")
    return status, text, "no-store" not in control and ("public" in control or "s-maxage" in control)


@pytest.mark.parametrize(
    "path",
    [
        f"/en/plan/x.css?{DATES}",
        f"/en/plan/;.js?{DATES}",
        f"/en/plan%2Fx.css?{DATES}",
        f"/en/plan/%2e%2e/x.css?{DATES}",
        f"/en/%70lan/?{DATES}",
        f"/en//plan/?{DATES}",
        f"/static/..%2fen/plan/?{DATES}",
        f"/static/%2e%2e/en/plan/?{DATES}",
        f"/static/x.0123456789ab.css/..%2f..%2f..%2fen/plan/?{DATES}",
        f"/plan.ics/x.css?{DATES}",
        "/en/status/;.js?degree=deceived",
        "/en/admin/a.css",
        "/en/admin/account/login/%2e%2e/a.css",
    ],
)
def test_nginx_keeps_no_private_page_under_the_name_of_a_file(site: Site, path: str) -> None:
    host, _turn = site
    status, text, may_be_kept = kept(host, path)
    assert (status < 500, may_be_kept) == (True, False)
    files = [one for one in (host.etc / "cache").rglob("*") if one.is_file()]
    assert [one for one in files if b"deceived" in one.read_bytes()] == []
    assert "root:" not in text


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-Host": EVIL},
        {"X-Forwarded-Proto": EVIL},
        {"X-Forwarded-For": EVIL},
        {"Forwarded": f"host={EVIL}"},
        {"X-Original-URL": f"/{EVIL}"},
        {"X-HTTP-Method-Override": "DELETE"},
        {"Accept-Language": EVIL},
        {"Referer": f"https://{EVIL}/"},
        {"Accept-Encoding": EVIL},
        {"Range": "bytes=0-3"},
    ],
    ids=lambda headers: next(iter(headers)),
)
def test_nginx_keeps_no_page_of_an_attackers_headers(site: Site, headers: dict[str, str]) -> None:
    host, _turn = site
    path = f"/en/centers/?as_of=2018-01-{10 + len(str(headers)) % 20:02}"  # not yet kept
    status, text, _may = kept(host, path, **headers)
    assert (status, EVIL in text, text.rstrip().endswith("</html>")) == (200, False, True)


def test_nginx_answers_no_other_host(site: Site) -> None:
    host, _turn = site
    with pytest.raises(http.client.RemoteDisconnected):  # it closes without a word
        host.ask("/en/centers/", Host=EVIL)
    assert EVIL not in host.ask("/en/centers/")[1]


def line(host: Host) -> ssl.SSLSocket:
    """Open a connection to nginx, with TLS."""
    context = ssl._create_unverified_context()  # noqa: S323  a certificate made a minute ago
    return context.wrap_socket(socket.create_connection(("127.0.0.1", host.port)), server_hostname="portal.example")


@pytest.fixture
def slow(site: Site) -> Iterator[list[ssl.SSLSocket]]:
    """Open a hundred connections that send a letter now and then."""
    opened = [line(site[0]) for _ in range(100)]
    yield opened
    for one in opened:
        one.close()


def ended(opened: list[ssl.SSLSocket], letter: bytes) -> int:
    """Send a letter a second on each connection; return how many the server has closed or answered in time."""
    left, deadline = list(opened), time.monotonic() + PATIENCE
    for one in opened:
        one.setblocking(False)
    while left and time.monotonic() < deadline:
        time.sleep(1)
        for one in list(left):
            try:
                one.send(letter)
                one.recv(1000)
            except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
                continue
            except OSError:
                pass
            left.remove(one)
    return len(opened) - len(left)


@pytest.mark.parametrize(
    "head",
    [
        b"GET /en/centers/ HTTP/1.1\r\nHost: portal.example\r\nX-Slow: ",
        b"POST /en/admin/account/login/ HTTP/1.1\r\nHost: portal.example\r\nContent-Length: 100000\r\n\r\n",
    ],
    ids=["head", "body"],
)
def test_readers_who_never_finish_stop_nobody_and_are_let_go(
    site: Site, slow: list[ssl.SSLSocket], head: bytes
) -> None:
    for one in slow:
        one.sendall(head)
    with Load(site[0], list(PAGES), right) as load:
        load.wait(30)
    assert load.wrong == []
    is_head = head.startswith(b"GET")
    # A body is timed between two letters, so that a slow line can still send; silence ends it.
    assert ended(slow, b"a" if is_head else b"") == len(slow)


@pytest.mark.parametrize(("size", "status"), [(5_000_000, {400, 403, 413}), (7_000_000, {413})])
def test_body_too_large_is_refused(site: Site, size: int, status: set[int]) -> None:
    head = (
        "POST /en/admin/account/login/ HTTP/1.1\r\nHost: portal.example\r\nConnection: close\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {size}\r\n\r\n"
    )
    with line(site[0]) as opened:
        opened.sendall(head.encode())
        with contextlib.suppress(OSError):  # refused before it was sent
            opened.sendall(b"a" * size)
        assert int(opened.recv(100).split()[1]) in status


def test_address_too_long_is_refused(site: Site) -> None:
    assert site[0].ask("/en/centers/?" + "a" * 9000)[0] in {400, 414}
    assert site[0].ask("/en/centers/", **{"X-Long": "a" * 9000})[0] == 400
