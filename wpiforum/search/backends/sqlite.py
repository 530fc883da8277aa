"""Full text of SQLite (FTS5): two external-content tables that triggers keep in step with the entries."""

from collections.abc import Sequence

from django.db import connection

from wpiforum.search.backends.base import Backend, Part, Phrase, Word

_TABLES = {
    Part.HEAD: ("search_fts_head", ("title_tokens", "name_tokens", "marks")),
    Part.ALL: ("search_fts_all", ("title_tokens", "name_tokens", "marks", "body_tokens")),
}


def _statements(table: str, columns: tuple[str, ...]) -> dict[str, str]:
    names = ", ".join(columns)
    new, old = (", ".join(f"{row}.{name}" for name in columns) for row in ("new", "old"))
    insert = f"INSERT INTO {table}(rowid, {names}) VALUES (new.id, {new});"  # noqa: S608  names of our own
    delete = f"INSERT INTO {table}({table}, rowid, {names}) VALUES ('delete', old.id, {old});"  # noqa: S608  as above
    return {
        f"{table}_insert": f"AFTER INSERT ON search_entry BEGIN {insert} END",
        f"{table}_delete": f"AFTER DELETE ON search_entry BEGIN {delete} END",
        f"{table}_update": f"AFTER UPDATE ON search_entry BEGIN {delete} {insert} END",
    }


def _phrase(phrase: Phrase) -> str:
    return '"' + " ".join(phrase) + '"'


def _any(phrases: Word) -> str:
    return "(" + " OR ".join(map(_phrase, phrases)) + ")"


class SqliteBackend(Backend):
    def install(self) -> None:
        """Make tables and triggers. Django drops triggers when it rebuilds a table, so every migration calls this."""
        with connection.cursor() as cursor:
            if "search_entry" not in connection.introspection.table_names(cursor):
                return
            cursor.execute("SELECT name FROM sqlite_master WHERE type IN ('trigger', 'table')")
            present = {row[0] for row in cursor.fetchall()}
            for table, columns in _TABLES.values():
                wanted = _statements(table, columns)
                if {table, *wanted} <= present:
                    continue
                cursor.execute(
                    f"CREATE VIRTUAL TABLE IF NOT EXISTS {table} USING fts5({', '.join(columns)}, "
                    "content='search_entry', content_rowid='id', tokenize='unicode61 remove_diacritics 0')"
                )
                for name, body in wanted.items():
                    cursor.execute(f"CREATE TRIGGER IF NOT EXISTS {name} {body}")
                cursor.execute(f"INSERT INTO {table}({table}) VALUES ('rebuild')")  # noqa: S608  a name of our own

    def finish(self) -> None:
        with connection.cursor() as cursor:
            for table, _columns in _TABLES.values():
                cursor.execute(f"INSERT INTO {table}({table}) VALUES ('optimize')")  # noqa: S608  a name of our own

    def candidates(self, words: Sequence[Word], part: Part, marks: Sequence[Sequence[str]], limit: int) -> list[int]:
        table, _columns = _TABLES[part]
        match = [_any(word) for word in words] + [_any(tuple((mark,) for mark in group)) for group in marks]
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT rowid FROM {table} WHERE {table} MATCH %s LIMIT %s",  # noqa: S608  a name of our own
                [" AND ".join(match), limit],
            )
            return [row[0] for row in cursor.fetchall()]
