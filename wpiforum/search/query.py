"""Reads a question: which words it holds, what else they may be called, and what was only politeness."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from wpiforum.search import text
from wpiforum.search.backends.base import Phrase, Word
from wpiforum.search.models import Name, Synonym

LONGEST = 200  # characters; what comes after is not read
_MOST_WORDS = 16
_MOST_IDLE = 3  # of a question that says nothing else
_LONGEST_NAME = 6  # words of a name inside a sentence
_SPACE = re.compile(r"\s+")


@dataclass
class Query:
    """A question as the index can answer it."""

    typed: str
    text: str
    key: str
    words: list[Word]  # what was said, word for word
    renamed: list[Word]  # the same with names of the glossary and synonyms replaced; empty if there are none
    is_cut: bool


class _Piece(NamedTuple):
    tokens: list[text.Token]

    @property
    def phrase(self) -> Phrase:
        return tuple(token.text for token in self.tokens)


def parse(typed: str) -> Query:
    """Return the question that somebody typed; any text whatever can be read."""
    clean = _SPACE.sub(" ", text.normal(typed[: LONGEST * 2])).strip()
    shown = clean[:LONGEST]
    found = text.tokens(shown)
    said = [token for token in found if not token.is_idle]
    kept = (said or found[:_MOST_IDLE])[:_MOST_WORDS]
    # Words that stand everywhere are not looked for one after the other: that takes long and finds little.
    pieces = _joined(shown, kept) if said else [_Piece([token]) for token in kept]
    words = list(dict.fromkeys(_alternatives(shown, piece) for piece in pieces))
    key = text.key(shown)
    return Query(
        typed=typed,
        text=shown,
        key=key,
        words=words,
        renamed=_renamed(shown, kept),
        is_cut=len(typed) > LONGEST or len(said) > _MOST_WORDS,
    )


def _joined(shown: str, found: list[text.Token]) -> list[_Piece]:
    """Return tokens that touch as one piece: the parts of 健康保険 follow each other; words of English stay apart."""
    pieces: list[_Piece] = []
    for token in found:
        before = pieces[-1].tokens[-1] if pieces else None
        touches = before is not None and shown[before.end : token.start] in {"", "-", "・"}
        if touches and before is not None and len(pieces[-1].tokens) < 2:
            pieces[-1].tokens.append(token)
        else:
            pieces.append(_Piece([token]))
    return pieces


def _alternatives(shown: str, piece: _Piece) -> Word:
    found: list[Phrase] = [piece.phrase]
    start, end = piece.tokens[0].start, piece.tokens[-1].end
    surface = shown[start:end]
    if len(piece.tokens) == 1:
        token = piece.tokens[0]
        found += [(token.other,)] if token.other else []
        if surface.isascii() or text.romaji(surface):
            romaji = text.romaji(surface)
            found += [(f"romaji{romaji}",)] if len(romaji) > 2 else []
    if reading := text.kana_reading(surface):
        found.append((reading,))
        found.append((reading.removeprefix("yomi"),))
    if numbers := text.numbers(surface):
        found.append((numbers[0],))
    return tuple(dict.fromkeys(found))


def _renamed(shown: str, kept: list[text.Token]) -> list[Word]:
    """Return the words with the longest known names replaced by what they mean; empty if no name is known."""
    spans = {
        (first, last): "".join(token.text for token in kept[first:last])
        for first in range(len(kept))
        for last in range(first + 1, min(first + _LONGEST_NAME, len(kept)) + 1)
    }
    meanings = meant(set(spans.values()))
    if not meanings:
        return []
    words: list[Word] = []
    position = 0
    while position < len(kept):
        ends = [last for (first, last), key in spans.items() if first == position and key in meanings]
        if ends:
            last = max(ends)
            own = tuple(token.text for token in kept[position:last])
            words.append(tuple(dict.fromkeys([own, *meanings[spans[position, last]]])))
            position = last
        else:
            words.append(_alternatives(shown, _Piece([kept[position]])))
            position += 1
    return words


def meant(keys: set[str]) -> dict[str, list[Phrase]]:
    """Return, for names that the glossary or a synonym knows, the phrases they stand for."""
    found: dict[str, list[Phrase]] = {}
    aliases = Name.objects.visible().filter(key__in=keys, is_alias=True, entry__kind="term").order_by("pk")
    for key, title in aliases.values_list("key", "entry__title_tokens"):
        found.setdefault(key, []).append(tuple(title.split()))
    for synonym in Synonym.objects.filter(key__in=keys).order_by("pk"):
        phrase = tuple(token.text for token in text.tokens(text.normal(synonym.means)))
        if phrase:
            found.setdefault(synonym.key, []).append(phrase)
    return {key: phrases[:6] for key, phrases in found.items()}
