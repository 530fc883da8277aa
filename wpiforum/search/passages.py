"""The passage of a text that answers a question, with what was asked for highlighted."""

import re

from wpiforum.search import text
from wpiforum.search.models import Entry
from wpiforum.search.query import Query

_READ = 3_000  # characters of a text that are looked through


def passage(entry: Entry, query: Query, width: int = 150) -> list[tuple[str, bool]]:
    """Return the part of a text that answers best as pieces: text, and whether it is to be highlighted."""
    body = text.normal(entry.body)[:_READ]
    wanted = {token for word in [*query.words, *query.renamed] for phrase in word for token in phrase}
    found = _said(body, wanted, _likely(body, wanted, width), 3 * width) or _said(body, wanted, 0, _READ)
    if not found:
        return [(body[:width] + ("…" if len(body) > width else ""), False)]
    best = max(found, key=lambda one: len({t.text for t in found if one.start <= t.start < one.start + width}))
    cut = _sentence(body, best.start)
    start = cut if best.start - cut < width // 2 else _whole_word(body, max(best.start - 30, 0), best.start)
    start += body.startswith(" ", start)
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


def _sentence(body: str, place: int) -> int:
    """Return where the sentence begins in which a place is."""
    return max(body.rfind("。", 0, place), body.rfind(". ", 0, place)) + 1


def _whole_word(body: str, start: int, place: int) -> int:
    """Return a start, moved to the next word if it lies within one and another begins before a place."""
    inside = re.match(r"[^\W\u3000-\u9fff]{2}", body[max(start - 1, 0) : start + 1])
    return (body.find(" ", start, place) + 1 or start) if inside else start


def _likely(body: str, wanted: set[str], width: int) -> int:
    """Return where to look first: the sentence where most of the words stand as they are, which is quick to see."""
    small = body.lower()
    places = [place for token in wanted if (place := small.find(token)) >= 0]
    if not places:
        return 0
    return _sentence(body, max(places, key=lambda one: (sum(one <= place < one + width for place in places), -one)))


def _said(body: str, wanted: set[str], start: int, size: int) -> list[text.Token]:
    """Return what was asked for in a part of a text."""
    return [
        token._replace(start=token.start + start, end=token.end + start)
        for token in text.tokens(body[start : start + size])
        if token.text in wanted and not token.is_idle
    ]
