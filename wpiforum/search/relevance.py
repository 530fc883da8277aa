"""Measures whether questions find what they must: a set of questions with their targets, in a JSON file."""

import json
from pathlib import Path
from typing import Any, NamedTuple

from django.utils import translation

from wpiforum.search.find import complete, find
from wpiforum.search.query import parse


class Result(NamedTuple):
    """One question: at which place (from 1) its first target stands, or None, and what stood on top."""

    language: str
    query: str
    is_held_out: bool
    place: int | None
    top: list[str]


def measure(path: Path) -> list[Result]:
    """Ask every question of the file."""
    rows: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    results = []
    for row in rows:
        with translation.override(row["language"]):
            hits = find(parse(row["query"]), row["language"], {}).hits[:10]
            complete(hits, row["language"], {})
        names = [f"{hit.shown.kind}:{hit.shown.slug}" for hit in hits]
        place = next((number for number, name in enumerate(names, 1) if name in row["targets"]), None)
        results.append(Result(row["language"], row["query"], row["held_out"], place, names[:3]))
    return results


def share(results: list[Result], place: int) -> float:
    """Return the share of questions, in percent, whose target stands at this place or above."""
    return 100 * sum(row.place is not None and row.place <= place for row in results) / max(len(results), 1)
