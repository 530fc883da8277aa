"""What stands between a draft and the public: the gate over its texts, and what its changes mean for translations."""

import hashlib
from collections.abc import Iterable
from typing import Any, NamedTuple

from wpiforum import languages
from wpiforum.localization import status
from wpiforum.publishing import gate
from wpiforum.publishing.choices import Weight
from wpiforum.publishing.gate import Level, Problem
from wpiforum.publishing.models import Revision, Waiver
from wpiforum.publishing.snapshot import (
    MISSING,
    WHOLE,
    Change,
    Snapshot,
    changes,
    in_languages,
    language_of,
    model_of,
    patch,
    take,
)

# Moved by a check of its own, which a draft neither undoes nor stops at.
IGNORED_IN_CONFLICTS = frozenset({"as_of_on", "as_of_precision"})


class Finding(NamedTuple):
    """One problem of the gate about one row, and who let it pass, if anybody."""

    relation: str
    key: str
    problem: Problem
    fingerprint: str
    waiver: Waiver | None

    @property
    def is_blocking(self) -> bool:
        return self.problem.level == Level.ERROR and self.waiver is None


def fingerprint(problem: Problem, halves: Iterable[str]) -> str:
    """Return what a waiver is bound to: the rule, the field and both halves."""
    text = "\0".join((problem.rule, problem.field, *halves))
    return hashlib.sha256(text.encode()).hexdigest()[:40]


def _touched(row: Any, found: Iterable[Change]) -> dict[tuple[str, str], set[str]]:
    """Return, for each row with changed texts, the languages they change in; empty: all its texts are new."""
    touched: dict[tuple[str, str], set[str]] = {}
    for change in found:
        if change.field == WHOLE:
            if change.after is not MISSING:
                touched[change.relation, change.key] = set(languages.CODES)
        elif code := language_of(model_of(row, change.relation), change.field):
            touched.setdefault((change.relation, change.key), set()).add(code)
    return touched


def _record(snapshot: Any, relation: str, key: str) -> dict[str, Any]:
    if not relation:
        return snapshot["root"]
    return snapshot["children"].get(relation, {}).get(key, {}).get("fields", {})


def findings(
    row: Any, found: Revision, codes: Iterable[str] = languages.CODES, *, live: Snapshot | None = None
) -> list[Finding]:
    """Return what the gate says of every row of a draft whose texts change, as it would be public in these languages.

    A text that goes public for the first time is checked whole. `live` is what is public now, for who has taken it.
    """
    live = take(row) if live is None else live
    wanted = in_languages(row, changes(found.base, found.data), codes)
    target = patch(live, wanted)
    touched = _touched(row, wanted)
    if not row.is_published():
        touched = {("", ""): set(languages.CODES)} | {
            (name, key): set(languages.CODES) for name, rows in target["children"].items() for key in rows
        }
    waivers = {
        (waiver.object_id, waiver.fingerprint): waiver
        for waiver in Waiver.objects.filter(object_id__in=[row.pk, *(key for _name, key in touched if key)])
    }
    result = []
    kept = gate.kept_once() if touched else {}
    for relation, key in touched:
        fields = _record(target, relation, key)
        for problem in gate.check_fields(model_of(row, relation), fields, kept):
            halves = [fields.get(f"{problem.field}_{code}") or "" for code in languages.CODES]
            mark = fingerprint(problem, halves)
            owner = key or str(row.pk)
            waiver = next((one for (pk, name), one in waivers.items() if str(pk) == owner and name == mark), None)
            result.append(Finding(relation, key, problem, mark, waiver))
    return result


def blocking(row: Any, found: Revision, codes: tuple[str, ...], *, live: Snapshot | None = None) -> list[str]:
    """Return the sentences of what stops a publication.

    An edit that makes the old text wrong goes out although the halves differ: the other language is warned at once.
    """
    is_urgent = set(codes) != set(languages.CODES) and Weight.WRONG in {found.weights.get(code) for code in codes}
    return [
        f"{finding.problem.sentence} ({finding.problem.field})"
        for finding in findings(row, found, codes, live=live)
        if finding.is_blocking and not (is_urgent and finding.problem.rule in gate.BETWEEN_LANGUAGES)
    ]


def settle_translations(row: Any, found: list[Change], weights: dict[str, str], *, by: Any) -> None:
    """Move the states of translations after a publication, by what changed and how much it weighs."""
    by_relation: dict[str, dict[str, set[str]]] = {}
    for (relation, key), changed in _touched(row, found).items():
        by_relation.setdefault(relation, {})[key or str(row.pk)] = changed
    for relation, keys in by_relation.items():
        rows = model_of(row, relation)._base_manager.filter(pk__in=keys).order_by("pk")
        confirmed, warned = [], []
        for one in rows:
            changed = keys[str(one.pk)]
            only_source = changed == {languages.DEFAULT}
            weight = weights.get(languages.DEFAULT, Weight.CONTENT)
            if not only_source or weight == Weight.WORDING:
                confirmed.append(one)
            elif weight == Weight.WRONG:
                warned.append(one)
        if confirmed:
            status.stamp(confirmed, by=by)
        if warned:
            status.warn(warned, source=languages.DEFAULT)
