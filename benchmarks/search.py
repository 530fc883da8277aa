"""How long a search takes with 1,000, 10,000 and 100,000 generated documents, and what the index costs.

SECRET_KEY=x ALLOWED_HOSTS=x DATABASE_URL=… python benchmarks/search.py [documents …]

Use an empty, migrated database of its own: its index is replaced. Words are drawn with the frequencies of natural
text, from the site's own texts and from made-up ones; the questions are those of the relevance set and words that
most documents hold. Times are those inside the application: reading the question, candidates, ranking, and loading
and highlighting one page.
"""

import json
import os
import random
import resource
import statistics
import sys
import time
from pathlib import Path

import django

BASE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(BASE))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wpiforum.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402  after the apps are loaded
from django.utils import timezone  # noqa: E402

from wpiforum.search.backends import backend  # noqa: E402
from wpiforum.search.documents import Document, write  # noqa: E402
from wpiforum.search.find import complete, find  # noqa: E402
from wpiforum.search.models import Entry, Name  # noqa: E402
from wpiforum.search.passages import passage  # noqa: E402
from wpiforum.search.query import parse  # noqa: E402

ROUNDS = 3
SENTENCES = 6


def sentences() -> dict[str, list[str]]:
    """Return sentences of the guides, by language."""
    found: dict[str, list[str]] = {"ja": [], "en": []}
    for path in sorted((BASE / "fixtures").glob("guides-*.json")):
        for row in json.loads(path.read_text(encoding="utf-8")):
            for code, texts in found.items():
                for name in ("title", "body", "summary"):
                    text = row["fields"].get(f"{name}_{code}") or ""
                    texts += [part for part in text.replace("。", "。\n").replace(". ", ".\n").split("\n") if part]
    return found


def fill(wanted: int) -> float:
    """Add documents until there are `wanted`; return how many seconds it took."""
    texts, chance = sentences(), random.Random(7)  # noqa: S311  no secret
    began = time.perf_counter()
    now = timezone.now()
    with transaction.atomic():
        number = Entry.objects.count()
        while number < wanted:
            batch = []
            for row in range(number, min(number + 1000, wanted)):
                code = ("ja", "en")[row % 2]
                title = chance.choice(texts[code])[:60]
                body = " ".join(chance.choices(texts[code], k=SENTENCES))
                batch.append(
                    Document(
                        kind="step", row=f"bench-{row // 2}", language=code, url="/", title=f"{title} {row // 2}",
                        body=body, topic=f"topic{row % 8}", live_from=now,
                    )
                )  # fmt: skip
            number += write(batch)
        backend().finish()
    return time.perf_counter() - began


def ask(typed: str, language: str) -> float:
    began = time.perf_counter()
    query = parse(typed)
    hits = find(query, language, {}).hits[:10]
    complete(hits, language, {})
    for hit in hits:
        passage(hit.matched, query)
    return (time.perf_counter() - began) * 1000


def main() -> None:
    rows = json.loads((BASE / "tests/search/relevance.json").read_text(encoding="utf-8"))
    questions = [(row["query"], row["language"]) for row in rows]
    questions += [("日本", "ja"), ("届出", "ja"), ("手続き", "ja"), ("Japan", "en"), ("card", "en"), ("day", "en")]
    Name.objects.all().delete()
    Entry.objects.all().delete()
    for number in [int(text) for text in sys.argv[1:]] or [1_000, 10_000, 100_000]:
        took = fill(number)
        for typed, language in questions[:5]:
            ask(typed, language)
        times = sorted((ask(typed, language), typed) for _round in range(ROUNDS) for typed, language in questions)
        p95 = times[int(len(times) * 0.95)][0]
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(
            f"{connection.vendor} {number:>7,} documents: median {statistics.median(one[0] for one in times):.1f} ms, "
            f"95th percentile {p95:.1f} ms, slowest {times[-1][0]:.0f} ms ({times[-1][1]}); "
            f"filled in {took:.0f} s; process at most {memory} MB",
            flush=True,
        )


if __name__ == "__main__":
    main()
