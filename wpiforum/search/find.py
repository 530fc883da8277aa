"""Answers a question: candidates from the backend, ranked and counted here, so that every database agrees."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from django.db.models.functions import Length

from wpiforum.search import text
from wpiforum.search.backends import backend
from wpiforum.search.backends.base import Part, Word
from wpiforum.search.documents import mark
from wpiforum.search.models import Entry, Name
from wpiforum.search.query import Query

CANDIDATES = 300  # read and ranked per language of the index and part; more are counted as "more than"
_KIND_WEIGHT = {"guide": 1.3, "step": 1.0, "term": 1.05, "center": 1.1, "person": 1.1, "topic": 0.9, "contact": 0.9}
_FACETS = ("kind", "topic", "stage", "audience", "center", "language")
_RANKED = (
    "pk", "kind", "row", "language", "topic", "center", "stages", "audiences",
    "title_tokens", "name_tokens", "body_tokens",
)  # fmt: skip


@dataclass
class Hit:
    """One row that was found: the entry shown, and the entry whose text matched if that is another one."""

    score: float
    shown: Any
    matched: Any
    is_only_other: bool = False  # there is no text in the reader's language


@dataclass
class Answer:
    hits: list[Hit]
    facets: dict[str, Counter[str]] = field(default_factory=dict)
    is_capped: bool = False
    is_loose: bool = False  # nothing holds all words; these hold some
    suggestion: str = ""


def find(query: Query, language: str, chosen: dict[str, list[str]]) -> Answer:
    """Return what answers a question, best first, for a reader of `language`, within the chosen facets."""
    if not query.words:
        return Answer([])
    marks = [[mark(name, value) for value in chosen[name]] for name in _FACETS if chosen.get(name)]
    exact = _exact(query)
    plans = [plan for plan in (query.words, query.renamed) if plan]
    keys = set(exact)
    is_capped = False
    for plan in plans:
        for part in Part:
            found = backend().candidates(plan, part, marks, CANDIDATES)
            is_capped = is_capped or len(found) == CANDIDATES
            keys.update(found)
    is_loose = not keys
    words = max(plans, key=len)
    if len(keys) < 5 and len(words) > 1:
        keys |= _loose(plans, marks)
    rows = _load(keys, chosen)
    weights = _weights(plans, rows)
    scores = {row.pk: max(_score(row, plan, weights) for plan in plans) + exact.get(row.pk, 0.0) for row in rows}
    hits = _collapse(rows, scores, language)
    answer = Answer(hits, _count(hits), is_capped, is_loose and bool(hits))
    if is_loose:
        answer.suggestion = near_miss(query.text)
    return answer


def _exact(query: Query) -> dict[int, float]:
    """Return the entries that go by exactly this name: titles before other names."""
    names = Name.objects.filter(key=query.key).values_list("entry_id", "is_alias") if query.key else []
    found: dict[int, float] = {}
    for entry, is_alias in names:
        found[entry] = max(found.get(entry, 0.0), 30.0 if is_alias else 45.0)
    return found


def _loose(plans: Sequence[Sequence[Word]], marks: Sequence[Sequence[str]]) -> set[int]:
    keys: set[int] = set()
    for plan in plans:
        for word in plan:
            keys.update(backend().candidates([word], Part.HEAD, marks, CANDIDATES // 3))
            keys.update(backend().candidates([word], Part.ALL, marks, CANDIDATES // 6))
    return keys


def _load(keys: Iterable[int], chosen: dict[str, list[str]]) -> list[Entry]:
    found = Entry.objects.visible().filter(pk__in=list(keys)[: CANDIDATES * 4]).only(*_RANKED).order_by("pk")
    return [row for row in found if all(_values(row, name) & set(chosen[name]) for name in _FACETS if chosen.get(name))]


def _values(row: Any, facet: str) -> set[str]:
    value = getattr(row, {"stage": "stages", "audience": "audiences"}.get(facet, facet))
    return set(value) if isinstance(value, list) else {value}


def _holds(tokens: str, word: Word) -> int:
    """Return how many tokens of the longest alternative stand in the text; 0 if none does."""
    return max((len(phrase) for phrase in word if f" {' '.join(phrase)} " in tokens), default=0)


def _weights(plans: Sequence[Sequence[Word]], rows: Sequence[Entry]) -> dict[Word, float]:
    """Return how telling each word is among what was found: rare ones more."""
    texts = [f" {row.title_tokens} {row.name_tokens} {row.body_tokens} " for row in rows]
    words = {word for plan in plans for word in plan}
    if len(words) < 2:
        return dict.fromkeys(words, 1.0)
    return {
        word: 0.3 + math.log((1 + len(texts)) / (1 + sum(_holds(tokens, word) > 0 for tokens in texts)))
        for word in words
    }


def _score(row: Entry, plan: Sequence[Word], weights: dict[Word, float]) -> float:
    title, names, body = f" {row.title_tokens} ", f" {row.name_tokens} ", f" {row.body_tokens} "
    length = max(len(row.title_tokens.split()), 1)
    total = sum(weights[word] for word in plan) or 1.0
    score = 0.0
    covered = 0
    for word in plan:
        in_title = _holds(title, word)
        covered += in_title
        strength = 6.0 if in_title else 4.5 if _holds(names, word) else 0.0
        if _holds(body, word):
            strength += 2.0 + min(sum(body.count(f" {' '.join(phrase)} ") for phrase in word), 6) * 0.3
        score += strength * weights[word] / total
    said = " ".join(" ".join(word[0]) for word in plan)
    score += 4.0 if len(plan) > 1 and f" {said} " in title else 0.0
    score += 2.0 if title.startswith(f" {said} ") else 0.0
    return (score * 2 + 6.0 * min(covered / length, 1.0)) * _KIND_WEIGHT.get(row.kind, 0.8)


def _collapse(rows: Sequence[Entry], scores: dict[int, float], language: str) -> list[Hit]:
    """Return one hit per row, best first: by its entry that answers better, those of the reader's language before."""
    by_row: dict[tuple[str, str], list[Entry]] = {}
    for entry in rows:
        by_row.setdefault((entry.kind, entry.row), []).append(entry)
    hits = []
    for entries in by_row.values():
        ranked = [(scores[one.pk] * (1.1 if one.language == language else 1.0), one.language, one) for one in entries]
        score, _language, best = max(ranked, key=lambda found: found[:2])
        hits.append(Hit(score, best, best))
    hits.sort(key=lambda hit: (-hit.score, hit.matched.kind, hit.matched.row))
    return hits


def _count(hits: Sequence[Hit]) -> dict[str, Counter[str]]:
    return {name: Counter(value for hit in hits for value in _values(hit.matched, name) if value) for name in _FACETS}


def complete(hits: Sequence[Hit], language: str, chosen: dict[str, list[str]]) -> None:
    """Load what a page of hits shows, in two queries."""
    own = {
        (entry.kind, entry.row): entry
        for entry in Entry.objects.visible().filter(row__in=[hit.matched.row for hit in hits]).order_by("pk")
        if entry.language == language
    }
    full = {entry.pk: entry for entry in Entry.objects.filter(pk__in=[hit.matched.pk for hit in hits]).order_by("pk")}
    for hit in hits:
        hit.matched = full[hit.matched.pk]
        translated = own.get((hit.matched.kind, hit.matched.row))
        is_wanted = not chosen.get("language") or language in chosen["language"]
        hit.shown = translated if translated is not None and is_wanted else hit.matched
        hit.is_only_other = translated is None


def near_miss(typed: str) -> str:
    """Return the name in the index that somebody may have meant; empty if none is near."""
    wanted = text.folded(typed)
    if len(wanted) < 2 or len(wanted) > 40:
        return ""
    slack = 1 if len(wanted) < 5 else 2
    names = (
        Name.objects.annotate(size=Length("folded"))
        .filter(size__gte=len(wanted) - slack, size__lte=len(wanted) + slack)
        .values_list("folded", "name")
        .order_by("pk")[:20_000]
    )
    letters = Counter(wanted)
    best, found = 0.65 if len(wanted) < 5 else 0.74, ""
    matcher = SequenceMatcher(b=wanted, autojunk=False)
    for folded, name in names:
        if sum((Counter(folded) & letters).values()) < len(wanted) - slack or folded == wanted:
            continue
        matcher.set_seq1(folded)
        if (ratio := matcher.ratio()) > best:
            best, found = ratio, name
    return found


def suggest(typed: str, language: str, limit: int = 8) -> list[str]:
    """Return names that begin with what was typed, those of the reader's language first."""
    wanted = text.folded(typed[:60])
    if not wanted:
        return []
    # A range is read from the index on every database, as LIKE is not.
    rows = (
        Name.objects.filter(folded__gte=wanted, folded__lt=wanted + "\U0010ffff", entry__in=Entry.objects.visible())
        .values_list("name", "entry__language", "is_alias", "folded")
        .order_by("folded")[:200]
    )
    ordered = sorted(
        (row for row in rows if row[3].startswith(wanted)),
        key=lambda row: (row[1] != language, row[2], len(row[0])),
    )
    return list(dict.fromkeys(row[0] for row in ordered))[:limit]


def passage(entry: Entry, query: Query, width: int = 150) -> list[tuple[str, bool]]:
    """Return the part of a text that answers best as pieces: text, and whether it is to be highlighted."""
    body = text.normal(entry.body)[:6000]
    wanted = {token for word in [*query.words, *query.renamed] for phrase in word for token in phrase}
    found = [token for token in text.tokens(body) if token.text in wanted and not token.is_idle]
    if not found:
        return [(body[:width] + ("…" if len(body) > width else ""), False)]
    best = max(found, key=lambda one: len({t.text for t in found if one.start <= t.start < one.start + width}))
    cut = max(body.rfind("。", 0, best.start), body.rfind(". ", 0, best.start)) + 1
    start = cut if best.start - cut < width // 2 else max(best.start - 30, 0)
    end = min(max(start + width, best.end), len(body))
    if not re.match(r"[\u3000-\u9fff]", body[end : end + 1] or "。"):
        end = max(body.rfind(" ", start, end), best.end)
    pieces: list[tuple[str, bool]] = [("…", False)] if start else []
    position = start
    for token in found:
        if token.start >= position and token.end <= end:
            pieces += [(body[position : token.start], False), (body[token.start : token.end], True)]
            position = token.end
    pieces.append((body[position:end] + ("…" if end < len(body) else ""), False))
    return [piece for piece in pieces if piece[0]]
