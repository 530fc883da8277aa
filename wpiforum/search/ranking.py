"""Puts what was found in order: the same arithmetic on every database, over the words of the entries."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from wpiforum.search.backends.base import Word

_KIND_WEIGHT = {"guide": 1.3, "step": 1.0, "term": 1.05, "center": 1.1, "person": 1.1, "topic": 0.9, "contact": 0.9}


class Row(NamedTuple):
    """What ranking and facets need of an entry; plain tuples load several times faster than model instances."""

    pk: int
    kind: str
    row: str
    language: str
    topic: str
    center: str
    stages: list[str]
    audiences: list[str]
    title_tokens: str = ""
    name_tokens: str = ""
    body_tokens: str = ""


class _Held(NamedTuple):
    """How one entry holds one word: tokens of it in the title, whether a name has it, how often the text does."""

    title: int
    names: bool
    body: int


def score(rows: Sequence[Row], plans: Sequence[Sequence[Word]], exact: Mapping[int, float]) -> dict[int, float]:
    """Return how well each entry answers, by key; a question has one plan for each way to read it."""
    titles = [f" {row.title_tokens} " for row in rows]
    held = {word: _all_held(word, titles, rows) for plan in plans for word in plan}
    weights = _weights(held, len(rows))
    found = {}
    for place, row in enumerate(rows):
        best = max(_score(place, row, titles[place], plan, held, weights) for plan in plans)
        found[row.pk] = best + exact.get(row.pk, 0.0)
    return found


def _all_held(word: Word, titles: Sequence[str], rows: Sequence[Row]) -> list[_Held]:
    phrases = [(f" {' '.join(phrase)} ", len(phrase)) for phrase in word]

    def held(title: str, row: Row) -> _Held:
        names, body = f" {row.name_tokens} ", f" {row.body_tokens} "
        return _Held(
            max((size for phrase, size in phrases if phrase in title), default=0),
            any(phrase in names for phrase, _size in phrases),
            sum(body.count(phrase) for phrase, _size in phrases),
        )

    return [held(title, row) for title, row in zip(titles, rows, strict=True)]


def _weights(held: Mapping[Word, Iterable[_Held]], number: int) -> dict[Word, float]:
    """Return how telling each word is among what was found: rare ones more."""
    if len(held) < 2:
        return dict.fromkeys(held, 1.0)
    return {word: 0.3 + math.log((1 + number) / (1 + sum(any(one) for one in found))) for word, found in held.items()}


def _score(place: int, row: Row, title: str, plan: Sequence[Word], held: Any, weights: Mapping[Word, float]) -> float:
    length = max(len(row.title_tokens.split()), 1)
    total = sum(weights[word] for word in plan) or 1.0
    points = 0.0
    covered = 0
    for word in plan:
        in_title, in_names, in_body = held[word][place]
        covered += in_title
        strength = 6.0 if in_title else 4.5 if in_names else 0.0
        strength += 2.0 + min(in_body, 6) * 0.3 if in_body else 0.0
        points += strength * weights[word] / total
    said = f" {' '.join(' '.join(word[0]) for word in plan)} "
    points += 4.0 if len(plan) > 1 and said in title else 0.0
    points += 2.0 if title.startswith(said) else 0.0
    return (points * 2 + 6.0 * min(covered / length, 1.0)) * _KIND_WEIGHT.get(row.kind, 0.8)
