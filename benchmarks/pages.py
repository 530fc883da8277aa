"""Measures the site's pages against a trivial Django view, a file from nginx and a stock Wagtail page.

    DATABASE_URL=$(sh tools/postgres.sh start) .venv/bin/python -m benchmarks.pages [--rounds 5] [--no-wagtail]

All in one run on one machine, taking turns, so that what else the machine does falls on all alike; each server with two
workers of the site's own application server. The database is the one DATABASE_URL names, with its content loaded (and
more of it by `manage.py generate`). Needs wrk and nginx (sh tools/nginx.sh). Figures are medians over the rounds, as
ratios to the trivial view.

Uncached pages are measured twice: with the pieces that processes remember (README.md, "Cache") and without. They are
asked on few connections: on sixteen they would mostly wait, beyond the two seconds after which wrk counts an error.
"""

import argparse
import gzip
import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from benchmarks import servers
from benchmarks.servers import BASE, Server
from benchmarks.wagtail_page import Wagtail

PAGE = "/en/emergency/"
UNCACHED = {
    "emergency page": PAGE,
    "home": "/en/",
    "register": "/en/centers/",
    "center": "/en/centers/kavli-ipmu/",
    "guides": "/en/guides/",
    "guide": "/en/guides/daily-life/moving-house/",
    "sheet of a step": "/en/guides/daily-life/moving-house/tell-power-gas-and-water/sheet/",
    "sources": "/en/sources/",
    "requirement board": "/en/centers/requirements/",
    "status guide": "/en/status/",
    "plan": "/en/plan/?arrived=2026-04-03&purpose=employment",
    "API, list of centers": "/api/v1/centers",
    "search": "/en/search/?q=visa",
}


# Two for each worker.
FEW_CONNECTIONS = 2 * servers.WORKERS


class Target(NamedTuple):
    name: str
    server: Server
    path: str
    is_slow: bool = False


class Figures(NamedTuple):
    """Of one turn: requests a second, latencies in microseconds, processor time of a request in microseconds."""

    rate: float
    p50: float
    p95: float
    p99: float
    cpu: float
    errors: int


def turn(target: Target, seconds: int, connections: int) -> Figures:
    before = target.server.cpu_seconds()
    url = f"http://127.0.0.1:{target.server.port}{target.path}"
    opened = FEW_CONNECTIONS if target.is_slow else connections
    command = [
        "wrk",
        "-t1",
        f"-c{opened}",
        f"-d{seconds}s",
        "--timeout",
        "10s",
        "-s",
        str(BASE / "benchmarks" / "report.lua"),
        url,
    ]
    shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603
    used = target.server.cpu_seconds() - before
    line = next(line for line in shown.splitlines() if line.startswith("FIGURES"))
    requests, duration, errors, p50, p95, p99, _max = map(float, line.split()[1:])
    cpu = used / requests * 1e6 if requests else 0.0
    return Figures(requests / duration * 1e6, p50, p95, p99, cpu, int(errors))


def measure(targets: list[Target], rounds: int, seconds: int, connections: int) -> dict[str, list[Figures]]:
    found: dict[str, list[Figures]] = {target.name: [] for target in targets}
    for target in targets:  # what is made at the first request is not measured
        turn(target, 1, connections)
    for number in range(rounds):
        for target in targets:
            found[target.name].append(turn(target, seconds, connections))
        print(f"round {number + 1} of {rounds} done", file=sys.stderr)
    return found


def table(found: dict[str, list[Figures]], base: str) -> list[str]:
    lines = [
        "| answer | requests/s | of the trivial view | CPU per request | of the trivial view | p50 | p95 | p99 |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, rows in found.items():
        # The ratio of each round, since its turns were side by side.
        pairs = list(zip(rows, found[base], strict=True))
        rate = median(row.rate / other.rate for row, other in pairs)
        cpu = median(row.cpu / other.cpu for row, other in pairs)
        p50, p95, p99 = (median(getattr(row, key) for row in rows) / 1000 for key in ("p50", "p95", "p99"))
        errors = sum(row.errors for row in rows)
        own_rate, own_cpu = median(row.rate for row in rows), median(row.cpu for row in rows)
        lines.append(
            f"| {name} | {own_rate:,.0f} | {rate:.2f} | {own_cpu:,.0f} µs"
            f" | {cpu:.2f} | {p50:.1f} ms | {p95:.1f} ms | {p99:.1f} ms |" + (f" {errors} errors" if errors else "")
        )
    return lines


def has(server: Server, path: str) -> bool:
    try:
        servers.fetch(server, path)
    except OSError:
        return False
    return True


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--no-wagtail", action="store_true", help="Do not install Wagtail from PyPI.")
    parser.add_argument("--only", nargs="+", metavar="WORDS", help="Only answers whose name holds one of these.")
    options = parser.parse_args()
    address = servers.database()
    with tempfile.TemporaryDirectory(prefix="wpiforum-bench.") as name, ExitStack() as stack:
        folder = Path(name)
        folder.chmod(0o755)
        enter: Any = stack.enter_context
        trivial: Server = enter(servers.trivial(folder))
        cached: Server = enter(servers.own("own", folder, VAR_DIR=os.environ.get("VAR_DIR", str(BASE / "var"))))
        off = {"PAGE_CACHE_MB": "0", "VAR_DIR": os.environ.get("VAR_DIR", str(BASE / "var"))}
        uncached: Server = enter(servers.own("own-uncached", folder, **off))
        anew: Server = enter(servers.own("own-without-pieces", folder, REMEMBER_PIECES="0", **off))
        (folder / "file").mkdir()
        page = servers.fetch(cached, PAGE)
        (folder / "file" / "page.html").write_bytes(page)
        (folder / "file" / "page.html.gz").write_bytes(gzip.compress(page, 6))
        nginx: Server = enter(servers.nginx(folder, cached.port))
        targets = [
            Target("trivial Django view", trivial, "/"),
            Target("our page, cached", cached, PAGE),
            *(
                Target(f"our {label}, {how}", server, path, is_slow=True)
                for label, path in UNCACHED.items()
                if has(uncached, path)
                for how, server in (("uncached", uncached), ("uncached, without pieces", anew))
            ),
            Target("file from nginx", nginx, "/file/page.html"),
            Target("our page through nginx's cache", nginx, PAGE),
        ]
        if not options.no_wagtail:
            targets += _wagtail(folder, address, enter)
        if options.only:
            targets = [
                target
                for number, target in enumerate(targets)
                if number == 0 or any(words in target.name for words in options.only)
            ]
        found = measure(targets, options.rounds, options.seconds, options.connections)
    print(f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, Python {sys.version.split()[0]}, ", end="")
    print(f"{options.rounds} rounds of {options.seconds} s, {options.connections} connections")
    print(f"({FEW_CONNECTIONS} for uncached pages)\n")
    print("\n".join(table(found, targets[0].name)))


def _wagtail(folder: Path, address: Any, enter: Any) -> list[Target]:
    database = "wagtail_bench"
    where = ["-h", address.hostname, "-p", str(address.port or 5432), "-U", address.username or "postgres"]
    subprocess.run(["dropdb", "--if-exists", *where, database], check=True)  # noqa: S603, S607
    subprocess.run(["createdb", *where, database], check=True)  # noqa: S603, S607
    site = Wagtail(folder, f"{database} {address.hostname} {address.port or 5432} {address.username or 'postgres'}")
    version = site.install()
    return [
        Target(f"Wagtail {version} page, uncached", enter(site.serve(cached=False)), "/", is_slow=True),
        Target(f"Wagtail {version} page, Django's cache", enter(site.serve(cached=True)), "/"),
    ]


if __name__ == "__main__":
    main()
