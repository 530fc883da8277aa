"""Asking one link: HEAD, then GET with a limit; redirects followed by hand, each hop judged as the first.

robots.txt is not read: nothing is indexed or kept, and a link that readers follow is looked at once in a while.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import urljoin

import urllib3
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, ReadTimeoutError, SSLError

from wpiforum.links import addresses
from wpiforum.links.addresses import Refused, Target
from wpiforum.links.reasons import UNCLEAR_STATUSES

logger = logging.getLogger(__name__)
_REDIRECTS, _PERMANENT = frozenset({301, 302, 303, 307, 308}), frozenset({301, 308})


class Outcome(NamedTuple):
    """How a check ended: a code of `reasons` with what its sentence names, and where the page has moved for good."""

    reason: str
    details: dict[str, Any]
    moved_to: str = ""

    @property
    def is_fine(self) -> bool:
        return self.reason in {"fine", "moved"}

    @property
    def is_unclear(self) -> bool:
        return self.reason == "http" and self.details["status"] in UNCLEAR_STATUSES


@dataclass(frozen=True)
class Rules:
    """What a check may do and how long it may take; tests bring their own names, addresses and ports."""

    user_agent: str
    resolve: Callable[[str, int], list[str]] = addresses.resolve
    is_allowed: Callable[[str], bool] = addresses.is_public
    ports: frozenset[int] = addresses.PORTS
    connect_seconds: float = 5
    read_seconds: float = 10
    total_seconds: float = 30
    body_bytes: int = 65_536
    hops: int = 5
    # Called before each request with the host it goes to.
    wait: Callable[[str], None] = field(default=lambda host: None)


class Politeness:
    """Lets a host rest between two requests."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._asked: dict[str, float] = {}

    def __call__(self, host: str) -> None:
        rest = self._asked.get(host, float("-inf")) + self.seconds - time.monotonic()
        if rest > 0:
            time.sleep(rest)
        self._asked[host] = time.monotonic()


def check(url: str, rules: Rules) -> Outcome:
    """Return how a link answers; never raises, and never takes much longer than the rules say.

    The work is done by a thread that is left behind when it is late: neither looking up a name nor a server that
    sends one byte at a time has a limit of its own.
    """
    found: list[Outcome] = []

    def follow() -> None:
        try:
            found.append(_follow(url, rules))
        except Exception:  # one strange answer must not stop the others
            logger.exception("The check of %s failed.", url)
            found.append(Outcome("protocol", {"host": url}))

    thread = threading.Thread(target=follow, daemon=True)
    thread.start()
    thread.join(rules.total_seconds)
    if found:
        return found[0]
    try:
        host = addresses.parse(url, rules.ports).host
    except Refused as refusal:
        return Outcome(refusal.code, refusal.details)
    return _late(host, rules.total_seconds)


def _late(host: str, seconds: float) -> Outcome:
    return Outcome("timeout", {"host": host, "seconds": f"{seconds:g}"})


def _follow(url: str, rules: Rules) -> Outcome:
    seen: set[str] = set()
    moved_to, is_permanent = "", True
    for _hop in range(rules.hops + 1):
        if url in seen:
            return Outcome("circle", {})
        seen.add(url)
        try:
            target = addresses.parse(url, rules.ports)
            status, location = _ask(target, rules)
        except Refused as refusal:
            return Outcome(refusal.code, refusal.details)
        except _Failed as failure:
            return failure.outcome
        if status in _REDIRECTS and location:
            try:
                url = urljoin(target.url, location).partition("#")[0]
            except ValueError:
                return Outcome("malformed", {})
            is_permanent = is_permanent and status in _PERMANENT
            moved_to = url if is_permanent else moved_to
        elif not 200 <= status < 300:
            return Outcome("http", {"status": status})
        elif moved_to:
            return Outcome("moved", {"url": moved_to}, moved_to)
        else:
            return Outcome("fine", {})
    return Outcome("hops", {"hops": rules.hops})


class _Failed(Exception):
    """A server that gave no answer."""

    def __init__(self, code: str, target: Target, **details: Any) -> None:
        super().__init__(code)
        self.outcome = Outcome(code, {"host": target.host, **details})


def _ask(target: Target, rules: Rules) -> tuple[int, str]:
    """Return status and redirect of one hop: what HEAD says, or GET where HEAD fails (many servers know no HEAD)."""
    found = _judged(target, rules)
    try:
        status, location = _request("HEAD", target, found, rules)
    except _Failed as failure:
        if failure.outcome.reason != "protocol":
            raise
        status, location = 0, ""
    return (status, location) if 200 <= status < 400 else _request("GET", target, found, rules)


def _judged(target: Target, rules: Rules) -> list[str]:
    """Return the addresses of the target's name; raise Refused if any of them is not of the public web."""
    try:
        found = rules.resolve(target.host, target.port)
    except (OSError, UnicodeError):
        found = []
    if not found:
        raise _Failed("dns", target)
    if not all(rules.is_allowed(address) for address in found):
        raise Refused("private", host=target.host)
    return found


def _request(method: str, target: Target, found: list[str], rules: Rules) -> tuple[int, str]:
    """Ask at the first address that accepts a connection."""
    for number, address in enumerate(found, start=1):
        rules.wait(target.host)
        try:
            return _request_at(address, method, target, rules)
        except (NewConnectionError, ConnectTimeoutError) as error:  # the first is one of the second's kind
            if number == len(found):
                if isinstance(error, NewConnectionError):
                    raise _Failed("connection", target) from error
                raise _Failed("timeout", target, seconds=f"{rules.connect_seconds:g}") from error
        except ReadTimeoutError as error:
            raise _Failed("timeout", target, seconds=f"{rules.read_seconds:g}") from error
        except SSLError as error:
            raise _Failed("tls", target) from error
        except (HTTPError, OSError, ValueError) as error:
            raise _Failed("protocol", target) from error
    raise AssertionError("There is always an address.")


def _request_at(address: str, method: str, target: Target, rules: Rules) -> tuple[int, str]:
    """Ask exactly this address; the name goes into the Host header and the check of the certificate only."""
    where = f"[{address}]" if ":" in address else address
    timeout = urllib3.Timeout(connect=rules.connect_seconds, read=rules.read_seconds)
    pool: urllib3.HTTPConnectionPool
    if target.scheme == "https":
        pool = urllib3.HTTPSConnectionPool(
            where, target.port, timeout=timeout, server_hostname=target.host, assert_hostname=target.host
        )
    else:
        pool = urllib3.HTTPConnectionPool(where, target.port, timeout=timeout)
    host = f"[{target.host}]" if ":" in target.host else target.host
    host = host if target.port in {80, 443} else f"{host}:{target.port}"
    headers = {"Host": host, "User-Agent": rules.user_agent, "Accept": "*/*", "Accept-Encoding": "identity"}
    with pool:
        answer = pool.urlopen(
            method,
            target.path,
            headers={**headers, "Connection": "close"},
            retries=False,
            redirect=False,
            assert_same_host=False,
            preload_content=False,
            decode_content=False,
        )
        try:
            if method == "GET":
                answer.read(rules.body_bytes)
            return answer.status, answer.headers.get("Location", "")
        finally:
            answer.close()
