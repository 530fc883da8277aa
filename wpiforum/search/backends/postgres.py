"""Full text of PostgreSQL: two generated columns of words without weights, so that only the index is read."""

from collections.abc import Sequence

from django.db import connection

from wpiforum.search.backends.base import Backend, Part, Phrase, Word

_COLUMNS = {
    Part.HEAD: ("head_words", "title_tokens || ' ' || name_tokens || ' ' || marks"),
    # A generated column may not read another one; a text has at most 1 MB of words here, else its end is not found.
    Part.ALL: ("all_words", "title_tokens || ' ' || name_tokens || ' ' || marks || ' ' || left(body_tokens, 300000)"),
}


def _phrase(phrase: Phrase) -> str:
    return "(" + " <-> ".join(f"'{token}'" for token in phrase) + ")"


def _any(phrases: Word) -> str:
    return "(" + " | ".join(map(_phrase, phrases)) + ")"


class PostgresBackend(Backend):
    def install(self) -> None:
        with connection.cursor() as cursor:
            if "search_entry" not in connection.introspection.table_names(cursor):
                return
            for column, words in _COLUMNS.values():
                cursor.execute(
                    f"ALTER TABLE search_entry ADD COLUMN IF NOT EXISTS {column} tsvector "
                    f"GENERATED ALWAYS AS (to_tsvector('simple'::regconfig, {words})) STORED"
                )
                # New words go into the index at once: a list of pending ones would be read with each question.
                cursor.execute(
                    f"CREATE INDEX IF NOT EXISTS search_{column} ON search_entry USING gin ({column}) "
                    "WITH (fastupdate = off)"
                )

    def finish(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE search_entry, search_name")

    def candidates(self, words: Sequence[Word], part: Part, marks: Sequence[Sequence[str]], limit: int) -> list[int]:
        column, _words = _COLUMNS[part]
        match = [_any(word) for word in words] + [_any(tuple((mark,) for mark in group)) for group in marks]
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT id FROM search_entry WHERE {column} @@ %s::tsquery LIMIT %s",  # noqa: S608  a name of our own
                [" & ".join(match), limit],
            )
            return [row[0] for row in cursor.fetchall()]
