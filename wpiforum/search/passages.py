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
