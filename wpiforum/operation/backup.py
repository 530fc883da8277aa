"""One file that holds everything: the database as its own tools write it, the media, and a manifest that is checked.

The file is a plain tar: `manifest.json` first, then `database.dump` (PostgreSQL's custom format) or `database.sqlite3`,
then `media/…`. Rows are counted and digested per table, so that a restored database is compared and not believed.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

import django
from django.core.files.storage import default_storage
from django.core.files.storage.base import Storage
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

FORMAT = 1
_NAMES = {"postgresql": "database.dump", "sqlite": "database.sqlite3"}
_BLOCK = 1 << 20


class BackupError(Exception):
    """What stops a backup or a restore, as a sentence for the operator."""


def _sha256(stream: Any) -> str:
    found = hashlib.sha256()
    while block := stream.read(_BLOCK):
        found.update(block)
    return found.hexdigest()


def tables() -> list[str]:
    """Return every table of the database, also those that no model names, but not SQLite's own."""
    with connection.cursor() as cursor:
        names = [table.name for table in connection.introspection.get_table_list(cursor) if table.type in {"t", "p"}]
    return sorted(name for name in names if not name.startswith("sqlite_"))


def table_digest(name: str) -> dict[str, Any]:
    """Return the number of rows of a table and a digest over all of them, whatever their order."""
    total, rows = 0, 0
    with connection.chunked_cursor() as cursor:
        quoted = connection.ops.quote_name(name)
        if connection.vendor == "postgresql":  # the server writes each row as text
            cursor.execute(f"SELECT {quoted}::text FROM {quoted}")  # noqa: S608  a table's own name, quoted
        else:
            cursor.execute(f"SELECT * FROM {quoted}")  # noqa: S608  a table's own name, quoted
        while found := cursor.fetchmany(1000):
            for row in found:
                digest = hashlib.sha256(repr(tuple(row)).encode()).digest()
                total = (total + int.from_bytes(digest)) % (1 << 256)
                rows += 1
    return {"rows": rows, "sum": f"{total:064x}"}


def database_digest() -> dict[str, dict[str, Any]]:
    """Return the digest of every table, all of the same moment."""
    with transaction.atomic():
        if connection.vendor == "postgresql" and not connection.savepoint_ids:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        return {name: table_digest(name) for name in tables()}


def media(storage: Storage, folder: str = "") -> Iterator[str]:
    """Yield the name of every file of a storage."""
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:  # nothing was ever saved
        return
    for name in sorted(files):
        if name:
            yield f"{folder}/{name}" if folder else name
    for name in sorted(folders):
        yield from media(storage, f"{folder}/{name}" if folder else name)


def _libpq() -> dict[str, str]:
    """Return the connection as libpq's environment, so that no password stands in a list of processes."""
    found = connection.get_connection_params()
    names = {
        "host": "PGHOST",
        "port": "PGPORT",
        "user": "PGUSER",
        "password": "PGPASSWORD",
        "dbname": "PGDATABASE",
        "sslmode": "PGSSLMODE",
        "sslrootcert": "PGSSLROOTCERT",
    }
    return {**os.environ, **{names[key]: str(value) for key, value in found.items() if key in names and value}}


def _call(*command: str) -> None:
    path = shutil.which(command[0])
    if path is None:
        raise BackupError(f"{command[0]} is missing: install the package postgresql-client of the server's version.")
    done = subprocess.run([path, *command[1:]], env=_libpq(), capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise BackupError(f"{command[0]} failed: {done.stderr.strip()[-500:]}")


def _dump(path: Path) -> dict[str, dict[str, Any]]:
    """Write the database to a file and return what it holds, both of one moment."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(path)) as copy:
            connection.connection.backup(copy)
        return _sqlite_digest(path)
    with transaction.atomic(), connection.cursor() as cursor:
        # pg_dump reads the very snapshot that is counted here, whatever editors save meanwhile.
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        _call("pg_dump", "-Fc", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={path}")
        return {name: table_digest(name) for name in tables()}


def _sqlite_digest(path: Path) -> dict[str, dict[str, Any]]:
    """Return the digest of a SQLite file that is not the site's own, read as the site reads it."""
    own = connection.connection
    kinds = sqlite3.PARSE_DECLTYPES | sqlite3.PARSE_COLNAMES  # as Django's own: a date is a date in both
    try:
        with closing(sqlite3.connect(path, detect_types=kinds)) as copy:
            connection.connection = copy
            return {name: table_digest(name) for name in tables()}
    finally:
        connection.connection = own


def write(target: Path, storage: Storage = default_storage) -> dict[str, Any]:
    """Write everything to one file, which appears only when it is whole; return its manifest."""
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as name:
        folder = Path(name)
        dump = folder / _NAMES[connection.vendor]
        counted = _dump(dump)
        files: dict[str, dict[str, Any]] = {}
        (folder / "media").mkdir()
        for number, file in enumerate(media(storage)):
            copy = folder / "media" / str(number)
            with storage.open(file) as source, copy.open("wb") as out:
                shutil.copyfileobj(source, out, _BLOCK)
            with copy.open("rb") as stream:
                files[file] = {"bytes": copy.stat().st_size, "sha256": _sha256(stream), "part": f"media/{number}"}
        with dump.open("rb") as stream:
            dumped = {"part": dump.name, "sha256": _sha256(stream), "vendor": connection.vendor}
        manifest = {
            "format": FORMAT,
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "django": django.get_version(),
            "database": {**dumped, "version": _version(), "tables": counted},
            "migrations": sorted("/".join(key) for key in MigrationRecorder(connection).applied_migrations()),
            "media": files,
        }
        (folder / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8")
        whole = folder / "whole.tar"
        with tarfile.open(whole, "w") as archive:
            archive.add(folder / "manifest.json", "manifest.json")
            archive.add(dump, dump.name)
            for entry in files.values():
                archive.add(folder / entry["part"], entry["part"])
        whole.chmod(0o600)  # it holds accounts
        os.replace(whole, target)
    return manifest


def _version() -> str:
    connection.ensure_connection()
    return ".".join(map(str, connection.get_database_version()))


def read_manifest(archive: tarfile.TarFile) -> dict[str, Any]:
    """Return the manifest of a backup; refuse what is none."""
    try:
        member = archive.extractfile("manifest.json")
        found = json.load(member) if member else None
    except (KeyError, ValueError, tarfile.TarError):
        found = None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise BackupError("The file is no backup of this site, or of a version that this one cannot read.")
    return found


def occupied(storage: Storage = default_storage) -> str:
    """Return what a restore would overwrite, or nothing."""
    found = tables()
    if found:
        return f"the database holds {len(found)} tables"
    first = next(media(storage), None)
    return f"the media hold files (such as {first})" if first else ""


def restore(source: Path, storage: Storage = default_storage, *, force: bool = False) -> dict[str, Any]:
    """Put everything of a backup in place and compare it with the manifest; return that."""
    if not force and (found := occupied(storage)):
        raise BackupError(f"Nothing was changed: {found}. With --force it is replaced by the backup.")
    with tempfile.TemporaryDirectory(prefix="restore-") as name, _opened(source) as archive:
        folder = Path(name)
        manifest = read_manifest(archive)
        if manifest["database"]["vendor"] != connection.vendor:
            raise BackupError(
                f"The backup is of {manifest['database']['vendor']}, this database is {connection.vendor}."
            )
        # Everything is checked before anything is changed.
        dump = _checked(archive, manifest["database"], folder / "database")
        parts = {file: _checked(archive, entry, folder / str(n)) for n, (file, entry) in enumerate(_files(manifest))}
        _load(dump)
        if force:
            for file in list(media(storage)):
                storage.delete(file)
        for file, path in parts.items():
            with path.open("rb") as stream:
                saved = storage.save(file, stream)
            if saved != file:
                raise BackupError(f"The file {file} was saved as {saved}: the media folder was not empty.")
        _compare(manifest, storage)
    return manifest


def _opened(source: Path) -> tarfile.TarFile:
    try:
        return tarfile.open(source, "r:")
    except (OSError, tarfile.TarError) as error:
        raise BackupError(f"The backup cannot be read: {error}") from error


def _files(manifest: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for file, entry in manifest["media"].items():
        if file.startswith("/") or ".." in PurePosixPath(file).parts:
            raise BackupError(f"The backup names a file outside the media: {file}")
        yield file, entry


def _checked(archive: tarfile.TarFile, entry: dict[str, Any], path: Path) -> Path:
    """Take one part out of the backup, if it is what the manifest says."""
    try:
        member = archive.extractfile(entry["part"])
    except KeyError:
        member = None
    if member is None:
        raise BackupError(f"The backup lacks {entry['part']}. Nothing was changed.")
    with path.open("wb") as out:
        shutil.copyfileobj(member, out, _BLOCK)
    with path.open("rb") as stream:
        if _sha256(stream) != entry["sha256"]:
            raise BackupError(f"{entry['part']} in the backup is damaged. Nothing was changed.")
    return path


def _load(dump: Path) -> None:
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(dump)) as copy:
            copy.backup(connection.connection)
        return
    # Closed first: a table that this process reads could not be dropped.
    name = connection.settings_dict["NAME"]
    connection.close()
    options = ["--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error"]
    _call("pg_restore", *options, f"--dbname={name}", str(dump))


def _compare(manifest: dict[str, Any], storage: Storage) -> None:
    """Refuse to call a restore done before every row and file is what the manifest says."""
    expected, found = manifest["database"]["tables"], database_digest()
    wrong = [name for name in sorted({*expected, *found}) if expected.get(name) != found.get(name)]
    for file, entry in manifest["media"].items():
        with storage.open(file) as stream:
            if _sha256(stream) != entry["sha256"]:
                wrong.append(file)
    if wrong:
        raise BackupError(f"Restored, but these differ from the backup: {', '.join(wrong[:20])}.")
