"""How long each page takes with much content beside how long with little: medians without cache, and their ratio.

    .venv/bin/python -m benchmarks.sizes postgres://…/small postgres://…/large [postgres://…/larger] [--only NAME …]

Pages take turns between the databases (`manage.py generate` fills the large ones), each in a process of its own.
A page that takes longer than `--limit` seconds is given up.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from statistics import median

PAGES = {
    "register": "/en/centers/",
    "register, page 2": "/en/centers/?page=2",
    "register, two filters": "/en/centers/?cohort=2007&status=academy",
    "register on a day": "/en/centers/?as_of=2015-04-01",
    "register as cards": "/en/centers/?view=cards",
    "register as a map": "/en/centers/?view=map",
    "register as a timeline": "/en/centers/?view=timeline",
    "center": "/en/centers/kavli-ipmu/",
    "center on a day": "/en/centers/kavli-ipmu/?as_of=2015-04-01",
    "directors": "/en/directors/",
    "director": "/en/directors/motoko-kotani/",
    "satellites": "/en/satellites/",
    "satellites on a day": "/en/satellites/?as_of=2015-04-01",
    "program": "/en/program/",
    "practices": "/en/program/practices/",
    "about": "/en/about/",
    "guides": "/en/guides/",
    "guides by actor": "/en/guides/?actor=researcher",
    "topic": "/en/guides/immigration/",
    "guide": "/en/guides/daily-life/moving-house/",
    "guide in both languages": "/en/guides/daily-life/moving-house/?view=both",
    "sheet of a step": "/en/guides/daily-life/moving-house/tell-power-gas-and-water/sheet/",
    "glossary": "/en/glossary/",
    "contacts": "/en/contacts/",
    "emergency": "/en/emergency/",
    "emergency, own center": "/en/emergency/?center=kavli-ipmu",
    "sources": "/en/sources/",
    "API, centers": "/api/v1/centers",
    "API, guides": "/api/v1/guides",
    "API, one guide": "/api/v1/guides/moving-house",
    "API, steps": "/api/v1/steps",
    "API, observations": "/api/v1/observations",
    "API, cited sources": "/api/v1/sources?cited=true",
    "search": "/en/search/?q=residence",
    "suggestions": "/en/search/suggestions.json?q=pe",
    "feed": "/feeds/en.atom",
    "feed of a topic": "/feeds/en/guides/immigration.atom",
    "feed of a center": "/feeds/en/centers/kavli-ipmu.atom",
    "guide in a frame": "/embed/en/guides/daily-life/moving-house/",
    "news": "/en/news/",
    "home": "/en/",
}
ROUNDS = 7


class TooLongError(BaseException):
    """Raised by the alarm; nothing on the way of a request catches it."""


def _give_up(*_of_signal: object) -> None:
    raise TooLongError


def serve(limit: int) -> None:
    """Answer each path that comes in a line with the milliseconds it took and the status, or 0 after `limit` s."""
    import django  # only this process is one of Django

    django.setup()
    from django.core.cache import cache  # after setup
    from django.db import connection  # after setup
    from django.test import Client  # after setup

    signal.signal(signal.SIGALRM, _give_up)
    client = Client(headers={"host": "127.0.0.1"})
    for line in sys.stdin:
        cache.clear()  # no limit is met
        began = time.perf_counter()
        signal.alarm(limit)
        try:
            status = client.get(line.strip()).status_code
        except TooLongError:
            status = 0
            connection.close()
        signal.alarm(0)
        print(json.dumps([(time.perf_counter() - began) * 1000, status]), flush=True)


def start(url: str, limit: int) -> subprocess.Popen[str]:
    """Start a process that serves the content of one database."""
    environment = {**os.environ, "PAGE_CACHE_MB": "0", "LOCAL_HTTP": "1", "LOG_LEVEL": "CRITICAL"}
    return subprocess.Popen(  # noqa: S603  this module, in a process of its own
        [sys.executable, "-m", "benchmarks.sizes", "--limit", str(limit)],
        env={**environment, "DJANGO_SETTINGS_MODULE": "wpiforum.settings", "DATABASE_URL": url},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def ask(process: subprocess.Popen[str], path: str) -> tuple[float, int]:
    """Return how many milliseconds a path took, and the status of the answer."""
    assert process.stdin and process.stdout  # noqa: S101, PT018  pipes
    process.stdin.write(f"{path}\n")
    process.stdin.flush()
    took, status = json.loads(process.stdout.readline())
    return took, status


def measure(processes: list[subprocess.Popen[str]], path: str) -> tuple[list[float], set[int]]:
    """Return the median of each database and the statuses; after a 0 no round follows."""
    times: list[list[float]] = [[] for _process in processes]
    statuses: set[int] = set()
    for number in range(ROUNDS + 1):
        for process, found in zip(processes, times, strict=True):
            took, status = ask(process, path)
            statuses.add(status)
            if number == 1:
                found.clear()  # the first one filled what Django remembers
            found.append(took)
        if 0 in statuses:
            break
    return [median(found) for found in times], statuses


def main(urls: list[str], only: list[str], limit: int) -> None:
    processes = [start(url, limit) for url in urls]
    names = ["small", "large", "larger"][: len(urls)]
    print(f"| page | {' | '.join(names)} | {' | '.join(['ratio'] * (len(urls) - 1))} |")
    print("| --- |" + " --- |" * (2 * len(urls) - 1))
    for name in only or PAGES:
        medians, statuses = measure(processes, PAGES[name])
        odd = "" if statuses == {200} else f" (status {statuses})"
        told = [f"{took:.0f} ms" for took in medians] + [f"{took / medians[0]:.2f}" for took in medians[1:]]
        print(f"| {name}{odd} | {' | '.join(told)} |", flush=True)
    for process in processes:
        process.kill()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("urls", nargs="*", help="databases, the smallest first; none: serve (used by itself)")
    parser.add_argument("--only", nargs="+", default=[], choices=PAGES, metavar="NAME", help="these pages alone")
    parser.add_argument("--limit", type=int, default=20, help="seconds after which a page is given up (20)")
    arguments = parser.parse_args()
    if arguments.urls:
        main(arguments.urls, arguments.only, arguments.limit)
    else:
        serve(arguments.limit)
