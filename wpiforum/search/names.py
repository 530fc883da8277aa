"""Names that begin with what somebody types, and names that are nearly what somebody typed."""

from collections import Counter
from difflib import SequenceMatcher

from django.db.models import Q

from wpiforum.search import text
from wpiforum.search.models import Name

_MOST = 1_000  # names compared, so that no question takes long however many there are


def near_miss(typed: str) -> str:
    """Return the name in the index that somebody may have meant; empty if none is near.

    Only names that begin or end alike are compared: who mistypes both ends of a word is not understood.
    """
    wanted = text.folded(typed)
    if len(wanted) < 2 or len(wanted) > 40:
        return ""
    slack = 1 if len(wanted) < 5 else 2
    begins, ends = text.ends(wanted)
    names = (
        Name.objects.visible()
        .filter(Q(begins=begins) | Q(ends=ends), size__gte=len(wanted) - slack, size__lte=len(wanted) + slack)
        .values_list("folded", "name")
        .order_by("pk")[:_MOST]
    )
    letters = Counter(wanted)
    best, found = 0.65 if len(wanted) < 5 else 0.74, ""
    matcher = SequenceMatcher(b=wanted, autojunk=False)
    for folded, name in names:
        if folded == wanted or (letters - Counter(folded)).total() > slack:
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
    # A range is read from the index on every database, as LIKE is not. What is public is asked of the first ones alone.
    first = Name.objects.filter(folded__gte=wanted, folded__lt=wanted + "\U0010ffff").order_by("folded", "pk")
    rows = (
        Name.objects.visible()
        .filter(pk__in=first.values("pk")[:400])
        .values_list("name", "entry__language", "is_alias", "folded")
        .order_by("folded", "pk")[:200]
    )
    ordered = sorted(
        (row for row in rows if row[3].startswith(wanted)),
        key=lambda row: (row[1] != language, row[2], len(row[0])),
    )
    return list(dict.fromkeys(row[0] for row in ordered))[:limit]
