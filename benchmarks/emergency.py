"""The day of an earthquake: 10,000 requests for the emergency page at 200 connections, with a publication in between.

    DATABASE_URL=$(sh tools/postgres.sh start) .venv/bin/python -m benchmarks.emergency

Counts errors, states the 99th percentile, and how long after its commit the publication was on every answer: new
connections, which reach all workers, ask until all show it. Publishes a card of the emergency page through review: use
a throwaway database.
"""

import argparse
import asyncio
import os
import random
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks import servers
from benchmarks.servers import BASE, Server

PAGE = "/en/emergency/"
# How long the answers are watched after the last one with the old text.
QUIET_SECONDS = 3.0


class Answer(NamedTuple):
    """When a request was sent and answered, whether all was well, and whether the new text was on the page."""

    sent_at: float
    took: float
    is_good: bool
    is_new: bool


async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int, mark: bytes) -> Answer:
    began, at = time.perf_counter(), time.time()
    writer.write(f"GET {PAGE} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")
    )
    body = await reader.readexactly(length)
    is_good = head.startswith(b"HTTP/1.1 200") and body.rstrip().endswith(b"</html>") and b"tel:119" in body
    return Answer(at, time.perf_counter() - began, is_good, mark in body)


async def caller(port: int, mark: bytes, left: list[int], found: list[Answer]) -> None:
    """One connection: asks as long as requests are left."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while left[0] > 0:
        left[0] -= 1
        found.append(await ask(reader, writer, port, mark))
    writer.close()


async def crowd(port: int, mark: bytes, requests: int, connections: int, publish: Any) -> list[Answer]:
    """Send the requests; after the first third somebody publishes."""
    left, found = [requests], []  # type: ignore[var-annotated]
    callers = [asyncio.create_task(caller(port, mark, left, found)) for _ in range(connections)]
    while left[0] > requests * 2 // 3 and not all(row.done() for row in callers):
        await asyncio.sleep(0.01)
    publish()
    for result in await asyncio.gather(*callers, return_exceptions=True):
        if isinstance(result, BaseException):
            found.append(Answer(time.time(), 0.0, False, False))
            print(f"a connection failed: {result!r}", file=sys.stderr)
    return found


async def watch(port: int, mark: bytes, seconds: float) -> list[Answer]:
    """Ask on new connections, which reach all workers, until none showed the old text for a while."""
    found: list[Answer] = []
    last_old = time.time()
    while time.time() < last_old + QUIET_SECONDS and time.time() < last_old + seconds:
        left = [8]
        await asyncio.gather(*(caller(port, mark, left, found) for _ in range(8)))
        last_old = max([last_old, *(row.sent_at for row in found if not row.is_new)])
        await asyncio.sleep(0.05)
    return found


def publish(mark: str) -> None:
    """Publish a card with a mark in its title: written, reviewed and published by three people."""
    import django  # only this process is one of Django

    django.setup()
    from django.contrib.auth.models import Group, User  # after setup

    from onboarding.models import EmergencyCard  # after setup
    from wpiforum.publishing import workflow  # after setup
    from wpiforum.publishing.snapshot import take  # after setup

    people = {}
    for role in ("editor", "reviewer", "publisher"):
        people[role], _made = User.objects.get_or_create(username=f"benchmark-{role}", defaults={"is_staff": True})
        people[role].groups.add(Group.objects.get(name=role))
    card = EmergencyCard.objects.published().order_by("order")[0]
    data = take(card)
    for code in ("ja", "en"):
        words = str(data["root"][f"title_{code}"]).partition(" [")[0]
        data["root"][f"title_{code}"] = f"{words} [{mark}]"
    workflow.save_draft(card, data=data, by=people["editor"])
    workflow.submit(card, by=people["editor"], weights={"ja": "content", "en": "content"})
    workflow.approve(card, by=people["reviewer"])
    sys.stdin.readline()  # ready: the other process says when
    workflow.publish(card, by=people["publisher"])
    print(time.time(), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--connections", type=int, default=200)
    parser.add_argument("--publish", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.publish:
        publish(options.publish)
        return
    servers.database()
    mark = "".join(random.choices("abcdefghijk", k=8))  # noqa: S311  a word that no page has
    environment = {"LOCAL_HTTP": "1", "DJANGO_SETTINGS_MODULE": "wpiforum.settings"}
    command = [sys.executable, "-m", "benchmarks.emergency", "--publish", mark]
    with tempfile.TemporaryDirectory(prefix="wpiforum-bench.") as name, ExitStack() as stack:
        enter: Any = stack.enter_context
        server: Server = enter(servers.own("own", Path(name), VAR_DIR=os.environ.get("VAR_DIR", str(BASE / "var"))))
        publisher = subprocess.Popen(  # noqa: S603
            command,
            cwd=BASE,
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        servers.fetch(server, PAGE)
        time.sleep(5)  # the publisher gets ready

        def go() -> None:
            assert publisher.stdin  # noqa: S101  a pipe
            publisher.stdin.write("\n")
            publisher.stdin.flush()

        began = time.perf_counter()
        found = asyncio.run(crowd(server.port, mark.encode(), options.requests, options.connections, go))
        lasted = time.perf_counter() - began
        committed = float(publisher.communicate()[0].strip().splitlines()[-1])
        later = asyncio.run(watch(server.port, mark.encode(), 60))
    report(found, later, committed, lasted, options.connections)


def report(found: list[Answer], later: list[Answer], committed: float, lasted: float, connections: int) -> None:
    times = sorted(row.took for row in found)
    bad = sum(not row.is_good for row in [*found, *later])
    old = [row.sent_at - committed for row in [*found, *later] if not row.is_new]
    delay = max(0.0, max(old))
    print(f"{len(found)} requests at {connections} connections in {lasted:.1f} s, {bad} errors")
    p50, p95, p99 = (times[int(len(times) * part)] * 1000 for part in (0.5, 0.95, 0.99))
    print(f"median {p50:.0f} ms, 95th percentile {p95:.0f} ms, 99th {p99:.0f} ms, longest {times[-1] * 1000:.0f} ms")
    before = sum(row.sent_at < committed for row in found)
    print(f"published after {before} requests; last answer with the old text {delay:.2f} s after the commit")
    if bad or delay > 60:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
