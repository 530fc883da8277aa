"""Answers a question: candidates from the backend, ranked and counted here, so that every database agrees."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import Q

from wpiforum.search.backends import backend
from wpiforum.search.backends.base import Part, Word
from wpiforum.search.documents import mark
from wpiforum.search.models import Entry, Name
from wpiforum.search.names import near_miss
from wpiforum.search.query import Query
from wpiforum.search.ranking import Row, score

CANDIDATES = 150  # read and ranked per reading and part of the index; what lies beyond is "more than"
_PER_PART = 40
_MOST_PARTS = 8  # looked up one by one where nothing holds all words
_FEW = 5  # fewer answers than these are filled up with what holds some of the words
FACETS = ("kind", "topic", "stage", "audience", "center", "language")
_COLUMNS = {"stage": "stages", "audience": "audiences"}
_COUNTED = [name for name in Row._fields if not name.endswith("_tokens")]

Chosen = Mapping[str, set[str]]
Counts = dict[str, int]
Plan = Sequence[Word]


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
    facets: dict[str, Counts] = field(default_factory=dict)
    is_capped: bool = False
    is_loose: bool = False  # nothing holds all words; these hold some
    suggestion: str = ""


class _Found(NamedTuple):
    keys: set[int]
    plans: list[Plan]  # by which they are ranked
    is_capped: bool
    is_loose: bool


def find(query: Query, language: str, facets: Mapping[str, Iterable[str]]) -> Answer:
    """Return what answers a question, best first, for a reader of `language`, within the chosen facets.

    Each facet is counted with the others applied, so that a number says what one more choice would show.
    """
    if not query.words:
        return Answer([])
    chosen: Chosen = {name: set(values) for name, values in facets.items() if values}
    plans: list[Plan] = [plan for plan in (query.words, query.renamed) if plan]
    exact = _exact(query)
    found = _gather(plans, exact, {})
    pools: dict[str, list[Row]] = {}
    if found.is_capped and chosen:
        # What the facets keep may lie beyond the limit: the backend has to look within them.
        pools = {
            name: _load(_gather(plans, exact, {other: chosen[other] for other in chosen if other != name}).keys, False)
            for name in chosen
        }
        found = _gather(plans, exact, chosen)
    rows = _load(found.keys, True)
    counts = {name: _count(pools.get(name, rows), name, chosen) for name in FACETS}
    rows = [row for row in rows if _is_in(row, chosen)]
    hits = _collapse(rows, score(rows, found.plans, exact), language)
    answer = Answer(hits, counts, found.is_capped, found.is_loose and bool(hits))
    if found.is_loose:
        answer.suggestion = near_miss(query.text)
    return answer


def _exact(query: Query) -> dict[int, float]:
    """Return the entries that go by exactly this name: titles before other names."""
    names = Name.objects.filter(key=query.key).order_by("pk").values_list("entry_id", "is_alias")[:CANDIDATES]
    found: dict[int, float] = {}
    for entry, is_alias in names if query.key else []:
        found[entry] = max(found.get(entry, 0.0), 30.0 if is_alias else 45.0)
    return found


def _gather(plans: list[Plan], exact: Iterable[int], chosen: Chosen) -> _Found:
    """Return candidates within the facets; without any, if hardly an entry holds all words, those that hold some."""
    marks = [[mark(name, value) for value in sorted(values)] for name, values in chosen.items()]
    keys: set[int] = set(exact)
    is_capped = False
    for plan in plans:
        head = backend().candidates(plan, Part.HEAD, marks, CANDIDATES)
        rest = backend().candidates(plan, Part.ALL, marks, CANDIDATES)
        is_capped = is_capped or CANDIDATES in {len(head), len(rest)}
        keys.update(head, rest)
    is_loose = not keys and not marks
    parts = _parts(plans)
    if len(keys) >= _FEW or marks or len(parts) < 2:
        return _Found(keys, plans, is_capped, is_loose)
    for word in parts:
        head = backend().candidates([word], Part.HEAD, marks, _PER_PART)
        keys.update(head)
        if len(head) < _PER_PART:
            keys.update(backend().candidates([word], Part.ALL, marks, _PER_PART))
    return _Found(keys, [*plans, parts], is_capped, is_loose)


def _parts(plans: list[Plan]) -> list[Word]:
    """Return the words of a question one by one, and the parts of those that are made of several (一時帰国)."""
    words = [word for plan in plans for word in plan]
    split = [((token,),) for word in words if len(word[0]) > 1 for token in word[0]]
    return list(dict.fromkeys([*words, *split]))[:_MOST_PARTS]


def _load(keys: Iterable[int], with_words: bool) -> list[Row]:
    """Read entries that are public now."""
    names = Row._fields if with_words else _COUNTED
    found = Entry.objects.visible().filter(pk__in=keys).order_by("pk").values_list(*names)
    return [Row(*values) for values in found]


def _values(row: Row, facet: str) -> list[str]:
    value = getattr(row, _COLUMNS.get(facet, facet))
    return value if isinstance(value, list) else [value]


def _is_in(row: Row, chosen: Chosen, but: str = "") -> bool:
    """Tell whether a row is within the chosen facets, one of them left out."""
    return all(name == but or not values.isdisjoint(_values(row, name)) for name, values in chosen.items())


def _count(rows: Iterable[Row], facet: str, chosen: Chosen) -> Counts:
    """Return how many things each value of a facet would show; a text in two languages is one thing."""
    things: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in rows:
        if _is_in(row, chosen, facet):
            for value in _values(row, facet):
                things[value].add((row.kind, row.row))
    return {value: len(found) for value, found in things.items() if value}


def _collapse(rows: Iterable[Row], scores: Mapping[int, float], language: str) -> list[Hit]:
    """Return one hit per thing, best first: by its entry that answers better, those of the reader's language before."""
    things: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for entry in rows:
        things[entry.kind, entry.row].append(entry)
    hits = []
    for entries in things.values():
        ranked = [(scores[one.pk] * (1.1 if one.language == language else 1.0), one.language, one) for one in entries]
        points, _language, best = max(ranked, key=lambda found: found[:2])
        hits.append(Hit(points, best, best))
    hits.sort(key=lambda hit: (-hit.score, hit.matched.kind, hit.matched.row))
    return hits


def complete(hits: Sequence[Hit], language: str, facets: Mapping[str, Iterable[str]]) -> None:
    """Load what a page of hits shows: what matched, and the same in the reader's language."""
    rows, keys = {hit.matched.row for hit in hits}, {hit.matched.pk for hit in hits}
    entries = Entry.objects.visible().filter(Q(row__in=rows, language=language) | Q(pk__in=keys)).order_by("pk")
    found = list(entries) if hits else []
    full = {entry.pk: entry for entry in found}
    own = {(entry.kind, entry.row): entry for entry in found if entry.language == language}
    is_wanted = not facets.get("language") or language in facets["language"]
    for hit in hits:
        translated = own.get((hit.matched.kind, hit.matched.row))
        # It may have been published anew since it was ranked; then its words are those of a moment ago.
        hit.matched = full.get(hit.matched.pk) or translated or hit.matched
        hit.shown = translated if translated is not None and is_wanted else hit.matched
        hit.is_only_other = translated is None
