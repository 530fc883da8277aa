"""How long each page takes with much content beside how long with little: medians without cache, and their ratio.

    .venv/bin/python -m benchmarks.sizes postgres://…/small postgres://…/large

Pages take turns between the two databases (`manage.py generate` fills the large one), each in a process of its own.
"""

import json
import os
import subprocess
import sys
import time
from statistics import median

PAGES = {
    "register": "/en/centers/",
    "center": "/en/centers/kavli-ipmu/",
    "directors": "/en/directors/",
    "director": "/en/directors/motoko-kotani/",
    "satellites": "/en/satellites/",
    "guides": "/en/guides/",
    "guides by actor": "/en/guides/?actor=researcher",
    "topic": "/en/guides/immigration/",
    "guide": "/en/guides/daily-life/moving-house/",
    "guide in both languages": "/en/guides/daily-life/moving-house/?view=both",
    "sheet of a step": "/en/guides/daily-life/moving-house/tell-power-gas-and-water/sheet/",
    "glossary": "/en/glossary/",
    "contacts": "/en/contacts/",
    "emergency": "/en/emergency/",
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
    "guide in a frame": "/embed/en/guides/daily-life/moving-house/",
    "news": "/en/news/",
    "home": "/en/",
}
ROUNDS = 7


def serve() -> None:
    """Answer each path that comes in a line with the milliseconds it took and the status."""
    import django  # only this process is one of Django

    django.setup()
    from django.core.cache import cache  # after setup
    from django.test import Client  # after setup

    client = Client(headers={"host": "127.0.0.1"})
    for line in sys.stdin:
        cache.clear()  # no limit is met
        began = time.perf_counter()
        status = client.get(line.strip()).status_code
        print(json.dumps([(time.perf_counter() - began) * 1000, status]), flush=True)


def main() -> None:
    environment = {**os.environ, "PAGE_CACHE_MB": "0", "LOCAL_HTTP": "1", "LOG_LEVEL": "CRITICAL"}
    environment["DJANGO_SETTINGS_MODULE"] = "wpiforum.settings"
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "benchmarks.sizes"],
            env={**environment, "DATABASE_URL": url},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for url in sys.argv[1:3]
    ]

    def ask(process: subprocess.Popen[str], path: str) -> tuple[float, int]:
        assert process.stdin and process.stdout  # noqa: S101, PT018  pipes
        process.stdin.write(f"{path}\n")
        process.stdin.flush()
        took, status = json.loads(process.stdout.readline())
        return took, status

    print("| page | small | large | ratio |\n| --- | --- | --- | --- |")
    for name, path in PAGES.items():
        times: list[list[float]] = [[], []]
        statuses = set()
        for number in range(ROUNDS + 1):
            for process, found in zip(processes, times, strict=True):
                took, status = ask(process, path)
                statuses.add(status)
                if number:  # the first one fills what Django remembers
                    found.append(took)
        small, large = median(times[0]), median(times[1])
        odd = "" if statuses == {200} else f" (status {statuses})"
        print(f"| {name}{odd} | {small:.0f} ms | {large:.0f} ms | {large / small:.1f} |", flush=True)
    for process in processes:
        process.kill()


if __name__ == "__main__":
    if len(sys.argv) == 1:
        serve()
    else:
        main()
