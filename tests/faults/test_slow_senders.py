"""Senders who hold a connection and say little, send too much, or ask without end: nginx as deploy/ configures it."""

import contextlib
import http.client
import socket
import ssl
import threading
import time
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.deploy.test_files import certificate, render
from tests.faults.host import Front, write_main
from tests.test_serve import free_port

pytestmark = pytest.mark.slow
HOLD = 30  # seconds; nginx's own default would let them stay 60
REPORT = "POST /en/guides/a/b/c/report/ HTTP/1.1\r\nHost: portal.example\r\nContent-Length: 900\r\n\r\ntext="


class Application(BaseHTTPRequestHandler):
    """Stands for the application and counts what reaches it."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else each answer waits 40 ms
    seen: Counter[str] = Counter()

    def do_GET(self) -> None:
        self.seen[self.command] += 1
        self.send_response(200)
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    do_POST = do_GET

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    """Yield nginx before an application that answers at once; its rates are those of production."""
    etc = tmp_path_factory.mktemp("front")
    application = ThreadingHTTPServer(("127.0.0.1", 0), Application)
    threading.Thread(target=application.serve_forever, daemon=True).start()
    made = Front(etc)
    write_main(etc, "portal.conf")
    ports = {"HTTP": f"127.0.0.1:{free_port()}", "HTTPS": f"127.0.0.1:{made.port}"}
    for arguments in (("portal",), ("upstream", str(application.server_port))):
        done = render(etc, *arguments, **certificate(etc), **ports)
        assert done.returncode == 0, done.stderr
    made.start_nginx()
    yield made
    made.stop()
    application.shutdown()
    application.server_close()


def connect(front: Front, name: str | None) -> ssl.SSLSocket:
    """Open a connection under a name, or under none, as programs that attack do."""
    context = ssl._create_unverified_context()  # noqa: S323  a certificate made a minute ago
    return context.wrap_socket(socket.create_connection(("127.0.0.1", front.port), timeout=HOLD), server_hostname=name)


def held(sender: socket.socket, first: str, pause: float) -> float:
    """Send a beginning, then a byte each `pause` seconds; return after how many seconds the other side hung up."""
    began = time.monotonic()
    sender.sendall(first.encode())
    sender.settimeout(pause)
    while time.monotonic() - began < HOLD:
        try:
            if sender.recv(1000) == b"" or sender.recv(1000) == b"":
                break
        except TimeoutError:
            with contextlib.suppress(OSError):
                sender.send(b"a")
        except OSError:
            break
    sender.close()
    return time.monotonic() - began


@pytest.mark.parametrize("name", ["portal.example", None])
def test_sender_of_a_head_byte_by_byte_is_hung_up(front: Front, name: str | None) -> None:
    first = "GET /en/ HTTP/1.1\r\nHost: portal.example\r\nX-Slow: "
    assert held(connect(front, name), first, pause=1) < HOLD / 2


def test_connection_that_never_says_who_it_is_is_hung_up(front: Front) -> None:
    plain = socket.create_connection(("127.0.0.1", front.port))
    assert held(plain, "", pause=HOLD) < HOLD / 2


def test_sender_who_stops_within_a_body_is_hung_up_and_holds_no_worker(front: Front) -> None:
    Application.seen.clear()
    assert held(connect(front, "portal.example"), REPORT, pause=HOLD) < HOLD / 2
    assert Application.seen == {}


def test_readers_are_answered_while_hundreds_send_slowly(front: Front) -> None:
    Application.seen.clear()
    slow = [connect(front, "portal.example") for _number in range(300)]
    for one in slow:
        one.sendall(REPORT.encode())
    answers = Counter(front.ask("/en/emergency/")[0] for _number in range(50))
    for one in slow:
        one.close()
    assert (answers, Application.seen) == ({200: 50}, {"GET": 50})


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [("/en/?" + "a" * 9_000, {}, 414), ("/en/", {"X-Long": "a" * 9_000}, 400)],
)
def test_head_that_is_too_long_is_refused(front: Front, path: str, headers: dict[str, str], status: int) -> None:
    assert front.ask(path, **headers)[0] == status


def answers(front: Front, path: str, number: int) -> Counter[int]:
    """Ask over one connection, as fast as nginx answers."""
    context = ssl._create_unverified_context()  # noqa: S323  a certificate made a minute ago
    connection = http.client.HTTPSConnection("127.0.0.1", front.port, timeout=30, context=context)
    found: Counter[int] = Counter()
    for _number in range(number):
        connection.request("GET", path, headers={"Host": "portal.example"})
        answer = connection.getresponse()
        answer.read()
        found[answer.status] += 1
    connection.close()
    return found


def test_body_that_is_too_large_never_reaches_the_application(front: Front) -> None:
    Application.seen.clear()
    sender = connect(front, "portal.example")
    sender.sendall(REPORT.replace("900", "7000000").encode())
    with sender:
        assert b" 413 " in sender.recv(100)
    assert Application.seen == {}


@pytest.mark.parametrize(("path", "number"), [("/en/plan/?arrived=2026-04-01", 180), ("/en/emergency/", 380)])
def test_campus_behind_one_address_is_answered_at_once(front: Front, path: str, number: int) -> None:
    time.sleep(11)  # what others asked before is forgotten
    assert answers(front, path, number) == {200: number}


def test_machine_that_asks_without_end_is_refused_in_time(front: Front) -> None:
    found = answers(front, "/en/plan/", 1_500)
    assert set(found) == {200, 429}
