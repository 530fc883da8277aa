"""How long a search takes with 1,000, 10,000 and 100,000 generated documents, and what the index costs.

SECRET_KEY=x ALLOWED_HOSTS=x DATABASE_URL=… python benchmarks/search.py [--keep] [documents …]

Use an empty, migrated database of its own: its index is replaced, unless `--keep` asks what an earlier run left.
Texts are sentences of the site's own guides in new order; the questions are those of the relevance set, words that
most documents hold, and hostile ones. Times are those inside the application: reading the question, candidates,
ranking, and loading and highlighting one page.
"""

import json
import os
import random
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import django

BASE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(BASE))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wpiforum.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402  after the apps are loaded
from django.utils import timezone  # noqa: E402

from onboarding.models import Guide, Office, Pillar, Step, Topic  # noqa: E402
from wpiforum.http import today  # noqa: E402
from wpiforum.search.backends import backend  # noqa: E402
from wpiforum.search.documents import Document, rebuild, write  # noqa: E402
from wpiforum.search.find import complete, find  # noqa: E402
from wpiforum.search.models import Entry, Name  # noqa: E402
from wpiforum.search.names import suggest  # noqa: E402
from wpiforum.search.passages import passage  # noqa: E402
from wpiforum.search.query import parse  # noqa: E402

ROUNDS = 3
SENTENCES = 6
GUIDES = 10_000
COMMON = [("日本", "ja"), ("届出", "ja"), ("手続き", "ja"), ("Japan", "en"), ("card", "en"), ("day", "en")]
HOSTILE = (
    '"', "AND OR NOT", "NEAR(a b)", "a*", "!a & | b:*", "' OR 1=1 --", "\0", "年" * 10_000, "a " * 5_000, "a-" * 5_000,
    "\u202eabc\u202c", "e\u0301" * 300, "ー" * 200, "🙂" * 200, "1-" * 3_000, "(" * 2_000, "مرحبا",
    "届出 手続き 日本 市区町村 カード 年金 保険 税 窓口 書類 必要 提出 期限 申請 証明 住所 月 日 年 人",
    "the card of the day in Japan with you and a form for your office city insurance tax residence report visa",
    "zairyukaado sinsei", "residense kard", "在留力一ド",
)  # fmt: skip


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


def questions() -> list[tuple[str, str]]:
    rows = json.loads((BASE / "tests/search/relevance.json").read_text(encoding="utf-8"))
    return [(row["query"], row["language"]) for row in rows] + COMMON


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


def rebuild_guides() -> None:
    """Tell how long the index of 10,000 guides with a step each takes, in both languages."""
    texts, chance = sentences(), random.Random(7)  # noqa: S311  no secret

    def words(name: str, number: int) -> dict[str, str]:
        return {f"{name}_{code}": " ".join(chance.choices(texts[code], k=number)) for code in texts}

    with transaction.atomic():
        live = {"live_from": timezone.now()}
        office = Office.objects.create(key="bench", name_ja="窓口", name_en="Desk")
        pillar = Pillar.objects.create(slug="bench", name_ja="柱", name_en="Pillar")
        topic = Topic.objects.create(pillar=pillar, slug="bench", name_ja="分野", name_en="Topic", **live)
        names = [{f"title_{code}": f"{chance.choice(texts[code])[:60]} {n}" for code in texts} for n in range(GUIDES)]
        guides = [
            Guide(topic=topic, slug=f"bench-{n}", code=f"B-{n}", audience=[], stages=[], **live, **name,
                  **words("summary", SENTENCES))
            for n, name in enumerate(names)
        ]  # fmt: skip
        Guide.objects.bulk_create(guides, batch_size=500)
        steps = [
            Step(
                guide=guide,
                office=office,
                slug="step",
                actors=[],
                as_of_on=today(),
                next_check_on=today(),
                **name,
                **words("body", SENTENCES),
            )
            for guide, name in zip(guides, names, strict=True)
        ]
        Step.objects.bulk_create(steps, batch_size=500)
        began = time.perf_counter()
        total = rebuild()
        took = time.perf_counter() - began
        transaction.set_rollback(True)
    print(f"{connection.vendor}: {GUIDES:,} guides ({total:,} entries) indexed in {took:.0f} s", flush=True)


def ask(typed: str, language: str) -> None:
    """Answer a question, without the page around it."""
    query = parse(typed)
    hits = find(query, language, {}).hits[:10]
    complete(hits, language, {})
    for hit in hits:
        passage(hit.matched, query)


def offer(typed: str, language: str) -> None:
    suggest(typed[:3], language)


def times(act: Callable[[str, str], None], asked: list[tuple[str, str]]) -> str:
    """Return in words how long it takes by the clock; and on the processor, which other work does not change."""
    found, worked = [], []
    for typed, language in asked * ROUNDS:
        began, busy = time.perf_counter(), time.process_time()
        act(typed, language)
        found.append(((time.perf_counter() - began) * 1000, typed))
        worked.append((time.process_time() - busy) * 1000)
    found.sort()
    median, p95 = statistics.median(one[0] for one in found), found[int(len(found) * 0.95)][0]
    busy_p95 = sorted(worked)[int(len(worked) * 0.95)]
    return (
        f"median {median:.1f} ms, 95th percentile {p95:.1f} ms, slowest {found[-1][0]:.0f} ms ({found[-1][1][:20]}); "
        f"of it in this process {statistics.median(worked):.1f} and {busy_p95:.1f} ms, at most {max(worked):.0f} ms"
    )


def memory() -> dict[str, int]:
    """Return this process's memory in MB: its own, and that of files, which all workers share (Linux)."""
    lines = dict(line.split()[:2] for line in Path("/proc/self/smaps_rollup").read_text().splitlines()[1:])
    size = {name.rstrip(":"): int(value) // 1024 for name, value in lines.items()}
    return {"own": size["Private_Dirty"], "files": size["Private_Clean"] + size["Shared_Clean"]}


def tell_memory() -> None:
    """Tell what searching adds to a worker that serves pages."""
    before = memory()
    for typed, language in questions():
        ask(typed, language)
    more = {name: number - before[name] for name, number in memory().items()}
    print(f"{connection.vendor}: a worker takes {more['own']} MB more, and maps {more['files']} MB that all share")


def main() -> None:
    if "--keep" not in sys.argv:
        Name.objects.all().delete()
        Entry.objects.all().delete()
        rebuild_guides()
    for number in [int(text) for text in sys.argv[1:] if text.isdigit()] or [1_000, 10_000, 100_000]:
        took = fill(number)
        for typed, language in questions():
            ask(typed, language)
        print(f"{connection.vendor} {number:>7,} documents: {times(ask, questions())}; filled in {took:.0f} s")
        print(f"  suggestions: {times(offer, questions())}")
        print(f"  hostile: {times(ask, [(typed, 'en') for typed in HOSTILE])}", flush=True)
    load = ", ".join(f"{number:.1f}" for number in os.getloadavg())
    print(f"{connection.vendor}: {os.cpu_count()} cores; load in the last 1, 5 and 15 minutes: {load}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{connection.vendor}: this process took at most {peak} MB")
    subprocess.run([sys.executable, __file__, "--memory"], check=True)  # noqa: S603  this file, in a fresh process


if __name__ == "__main__":
    tell_memory() if "--memory" in sys.argv else main()
