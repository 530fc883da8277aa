"""What a backend has to do: say which entries hold words. Ranking, facets and visibility are the same for all."""

from collections.abc import Iterable, Sequence
from enum import StrEnum

# Words are all required; of a word's alternatives one is enough; the tokens of an alternative follow each other.
Phrase = tuple[str, ...]
Word = tuple[Phrase, ...]


class Part(StrEnum):
    """Where words are looked for."""

    HEAD = "head"  # title and names
    ALL = "all"


class Backend:
    """The contract, tested by tests/search/test_backends.py for every backend."""

    def install(self) -> None:
        """Make what migrations cannot hold, if it is missing; may be called at any time."""

    def add(self, entries: Iterable) -> None:
        """Take new entries up; databases do that themselves."""

    def remove(self, keys: Sequence[int]) -> None:
        """Forget entries; databases do that themselves."""

    def clear(self) -> None:
        """Forget everything."""

    def finish(self) -> None:
        """Settle after a rebuild."""

    def candidates(self, words: Sequence[Word], part: Part, marks: Sequence[Sequence[str]], limit: int) -> list[int]:
        """Return the keys of at most `limit` entries with all words, and one mark of each group, in any order."""
        raise NotImplementedError
