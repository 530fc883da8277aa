"""How long the gate takes for one step: median and 95th percentile over all loaded steps, in milliseconds.

LOCAL_HTTP=1 python benchmarks/gate.py
"""

import os
import statistics
import sys
import time
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wpiforum.settings")
django.setup()

from onboarding.models import Step  # noqa: E402  after the apps are loaded
from wpiforum.publishing.gate import check_row, kept_once  # noqa: E402

ROUNDS = 3


def main() -> None:
    steps = list(Step.objects.order_by("pk"))
    if not steps:
        sys.exit("No steps are loaded: run manage.py load_fixtures first.")
    times, kept = [], kept_once()
    for _round in range(ROUNDS):
        for step in steps:
            began = time.perf_counter()
            check_row(step, kept)
            times.append((time.perf_counter() - began) * 1000)
    times.sort()
    p95 = times[int(len(times) * 0.95)]
    median = statistics.median(times)
    print(f"gate: {len(steps)} steps × {ROUNDS}: median {median:.2f} ms, 95th percentile {p95:.2f} ms")


if __name__ == "__main__":
    main()
