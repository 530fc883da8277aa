"""Asking a link: against real local servers, with names and addresses that the tests make up."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.links.server import HOME, Handler, Server, make_certificate
from wpiforum.links.addresses import is_public
from wpiforum.links.fetching import Outcome, Politeness, Rules, check


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as found:
        yield found
        found.shutdown()


def rules(*ports: int, names: dict[str, list[str]] | None = None, **options: Any) -> Rules:
    """Return rules under which `www.example` is this machine, and only 127.0.0.1 of it may be asked."""
    known = {"www.example": [HOME], **(names or {})}

    def resolve(host: str, port: int) -> list[str]:
        if host not in known:
            raise socket.gaierror
        return known[host]

    return Rules(
        **{
            "user_agent": "WPI-Forum-link-check/1 (+https://portal.example/)",
            "resolve": resolve,
            "is_allowed": lambda address: address == HOME or is_public(address),
            "ports": frozenset(ports),
            "connect_seconds": 1,
            "read_seconds": 0.3,
            "total_seconds": 5,
            **options,
        }
    )


def ask(server: Server, path: str, **options: Any) -> Outcome:
    return check(f"http://www.example:{server.port}{path}", rules(server.port, **options))


def test_page_that_answers_is_fine_after_one_head(server: Server) -> None:
    assert ask(server, "/page?a=1#part") == Outcome("fine", {})
    assert server.asked == [("HEAD", "/page?a=1")]


def test_server_is_told_who_asks_and_for_which_name(server: Server) -> None:
    ask(server, "/page")
    headers = server.headers[0]
    assert headers["user-agent"] == "WPI-Forum-link-check/1 (+https://portal.example/)"
    assert headers["host"] == f"www.example:{server.port}"


def test_page_that_knows_no_head_is_asked_with_get(server: Server) -> None:
    assert ask(server, "/nohead") == Outcome("fine", {})
    assert server.asked == [("HEAD", "/nohead"), ("GET", "/nohead")]


def test_body_is_read_up_to_a_limit_only(server: Server) -> None:
    assert ask(server, "/big", body_bytes=1000) == Outcome("fine", {})
    time.sleep(0.3)
    assert server.sent < 20_000_000  # what the buffers of the machine took


@pytest.mark.parametrize(("status", "is_unclear"), [(404, False), (410, False), (500, False), (403, True), (429, True)])
def test_status_is_kept(server: Server, status: int, is_unclear: bool) -> None:
    outcome = ask(server, f"/{status}")
    assert outcome == Outcome("http", {"status": status})
    assert (outcome.is_fine, outcome.is_unclear) == (False, is_unclear)


def test_permanent_redirect_is_moved_and_names_the_new_address(server: Server) -> None:
    new = f"http://www.example:{server.port}/new"
    assert ask(server, "/to/301//new") == Outcome("moved", {"url": new}, new)
    assert server.asked == [("HEAD", "/to/301//new"), ("HEAD", "/new")]


def test_temporary_redirect_is_fine(server: Server) -> None:
    assert ask(server, "/to/302//new") == Outcome("fine", {})


def test_only_permanent_steps_before_a_temporary_one_count_as_moved(server: Server) -> None:
    new = f"http://www.example:{server.port}/to/302//today"
    assert ask(server, f"/to/308/{new}") == Outcome("moved", {"url": new}, new)


def test_permanent_redirect_to_a_missing_page_is_not_moved(server: Server) -> None:
    assert ask(server, "/to/301//404") == Outcome("http", {"status": 404})


def test_redirects_in_a_circle_end(server: Server) -> None:
    path = "/to/302//to/302//page"  # leads on, then to itself
    assert ask(server, path) == Outcome("fine", {})
    with Server() as other:
        other.RequestHandlerClass = _circle(other)
        assert ask(other, "/a") == Outcome("circle", {})
        other.shutdown()


def _circle(server: Server) -> Any:
    class Circle(Handler):
        def _answer(self) -> None:
            self.send_response(302)
            self.send_header("Location", "/b" if self.path == "/a" else "/a")
            self.end_headers()

    return Circle


def test_too_many_redirects_end(server: Server) -> None:
    path = "/page"
    for number in range(4):
        path = f"/to/302/{path}?{number}"
    assert ask(server, path, hops=2) == Outcome("hops", {"hops": 2})
    assert len(server.asked) == 3


def test_redirect_to_an_inner_address_is_refused_and_never_asked(server: Server) -> None:
    with Server("127.0.0.2") as inner:
        outcome = check(
            f"http://www.example:{server.port}/to/302/http://127.0.0.2:{inner.port}/secret",
            rules(server.port, inner.port, names={"127.0.0.2": ["127.0.0.2"]}),
        )
        assert outcome == Outcome("private", {"host": "127.0.0.2"})
        assert inner.asked == []
        inner.shutdown()


@pytest.mark.parametrize(
    "target",
    ["http://10.0.0.1/", "http://169.254.169.254/latest/meta-data/", "http://[::1]/", "http://[::ffff:10.0.0.1]/"],
)
def test_redirect_to_a_private_address_is_refused(server: Server, target: str) -> None:
    host = target.split("/")[2].strip("[]")
    options = rules(server.port, 80, names={host: [host]})
    assert check(f"http://www.example:{server.port}/to/301/{target}", options) == Outcome("private", {"host": host})


def test_redirect_to_another_scheme_is_refused(server: Server) -> None:
    assert ask(server, "/to/302/file:///etc/passwd") == Outcome("scheme", {})


def test_name_is_resolved_once_and_that_address_is_asked(server: Server) -> None:
    with Server("127.0.0.2") as inner:
        answers = [[HOME], ["127.0.0.2"], ["127.0.0.2"]]
        asked: list[str] = []

        def changing(host: str, port: int) -> list[str]:
            asked.append(host)
            return answers[len(asked) - 1]

        outcome = check(f"http://rebind.example:{server.port}/nohead", rules(server.port, resolve=changing))
        assert (outcome, asked) == (Outcome("fine", {}), ["rebind.example"])
        assert (len(server.asked), inner.asked) == (2, [])
        inner.shutdown()


def test_name_that_changes_to_an_inner_address_is_refused_at_the_next_hop(server: Server) -> None:
    answers = iter([[HOME], ["192.168.0.1"]])
    outcome = check(
        f"http://rebind.example:{server.port}/to/302//page",
        rules(server.port, resolve=lambda host, port: next(answers)),
    )
    assert outcome == Outcome("private", {"host": "rebind.example"})
    assert server.asked == [("HEAD", "/to/302//page")]


def test_name_with_one_inner_address_among_others_is_refused(server: Server) -> None:
    names = {"mixed.example": [HOME, "10.1.2.3"]}
    outcome = check(f"http://mixed.example:{server.port}/", rules(server.port, names=names))
    assert (outcome, server.asked) == (Outcome("private", {"host": "mixed.example"}), [])


def test_unknown_name_is_said(server: Server) -> None:
    assert check("http://nowhere.example/", rules(80)) == Outcome("dns", {"host": "nowhere.example"})


def test_closed_port_is_said() -> None:
    with closing(socket.socket()) as free:
        free.bind((HOME, 0))
        port = free.getsockname()[1]
    assert check(f"http://www.example:{port}/", rules(port)) == Outcome("connection", {"host": "www.example"})


def _listening(serve: Callable[[socket.socket], None]) -> socket.socket:
    listener = socket.create_server((HOME, 0))

    def run() -> None:
        kept = []
        while True:
            try:
                connection, _address = listener.accept()
            except OSError:
                return
            kept.append(connection)
            threading.Thread(target=serve, args=(connection,), daemon=True).start()

    threading.Thread(target=run, daemon=True).start()
    return listener


def _timed(url: str, options: Rules) -> tuple[Outcome, float]:
    begun = time.monotonic()
    return check(url, options), time.monotonic() - begun


def test_server_that_never_answers_is_given_up() -> None:
    with closing(_listening(lambda connection: None)) as listener:
        port = listener.getsockname()[1]
        outcome, seconds = _timed(f"http://www.example:{port}/", rules(port))
    assert outcome == Outcome("timeout", {"host": "www.example", "seconds": "0.3"})
    assert seconds < 2


def test_server_that_never_finishes_the_handshake_is_given_up() -> None:
    with closing(_listening(lambda connection: None)) as listener:
        port = listener.getsockname()[1]
        outcome, seconds = _timed(f"https://www.example:{port}/", rules(port))
    assert (outcome.reason, seconds < 4) == ("timeout", True)


def test_server_that_sends_a_byte_at_a_time_is_given_up() -> None:
    def drip(connection: socket.socket) -> None:
        try:
            for byte in b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * 10_000:
                connection.sendall(bytes([byte]))
                time.sleep(0.05)
        except OSError:
            pass

    with closing(_listening(drip)) as listener:
        port = listener.getsockname()[1]
        outcome, seconds = _timed(f"http://www.example:{port}/", rules(port, total_seconds=0.8))
    assert outcome == Outcome("timeout", {"host": "www.example", "seconds": "0.8"})
    assert seconds < 2


def test_name_server_that_never_answers_is_given_up() -> None:
    def hang(host: str, port: int) -> list[str]:
        time.sleep(5)
        return [HOME]

    outcome, seconds = _timed("http://slow.example/", rules(80, resolve=hang, total_seconds=0.3))
    assert outcome == Outcome("timeout", {"host": "slow.example", "seconds": "0.3"})
    assert seconds < 2


def test_answer_that_is_no_http_is_said() -> None:
    def babble(connection: socket.socket) -> None:
        connection.recv(1000)
        connection.sendall(b"SSH-2.0-OpenSSH\r\n\r\n")
        connection.close()

    with closing(_listening(babble)) as listener:
        port = listener.getsockname()[1]
        assert check(f"http://www.example:{port}/", rules(port)).reason == "protocol"


def test_https_with_a_plain_server_is_said(server: Server) -> None:
    outcome = check(f"https://www.example:{server.port}/", rules(server.port))
    assert outcome == Outcome("tls", {"host": "www.example"})


def test_host_rests_between_two_requests(server: Server) -> None:
    _outcome, seconds = _timed(f"http://www.example:{server.port}/nohead", rules(server.port, wait=Politeness(0.3)))
    assert 0.3 <= seconds < 2


@pytest.mark.parametrize(("name", "reason"), [("www.example", "fine"), ("other.example", "tls")])
def test_certificate_is_judged_for_the_name_and_not_for_the_address(
    name: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_certificate(tmp_path, "www.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(path))  # trusted here, as an authority of the system is elsewhere
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(path)
    asked_for: list[str | None] = []
    context.sni_callback = lambda connection, server_name, _context: asked_for.append(server_name)
    with Server() as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        outcome = check(f"https://{name}:{server.port}/", rules(server.port, names={"other.example": [HOME]}))
        assert (outcome.reason, asked_for[0]) == (reason, name)
        server.shutdown()
