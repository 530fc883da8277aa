"""Backup on one machine, restore on an empty one: every row and every file is the same."""

import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings
from django.db import connection

pytestmark = pytest.mark.slow
FILES = {"a.txt": b"one", "deep/er/\u5730\u56f3.bin": bytes(range(256)) * 5000, "empty": b""}
# What a reader of the manifest alone could not fake: every row of every table, as the database says it.
READ_ALL = """
import django, json, sys
django.setup()
from django.db import connection
with connection.cursor() as c:
    names = sorted(t.name for t in connection.introspection.get_table_list(c) if not t.name.startswith("sqlite_"))
    found = {}
    for name in names:
        c.execute(f'SELECT * FROM "{name}"')
        found[name] = sorted(repr(tuple(row)) for row in c.fetchall())
json.dump(found, sys.stdout)
"""


class Machine:
    """A host of its own: a folder and a database that nobody else uses."""

    def __init__(self, folder: Path, database: str) -> None:
        self.folder = folder
        self.environment = {
            "PATH": os.environ["PATH"],
            "SECRET_KEY": "x",
            "ALLOWED_HOSTS": "portal.example",
            "EMAIL_URL": "smtp://mail.example",
            "DJANGO_SETTINGS_MODULE": "wpiforum.settings",
            "VAR_DIR": str(folder),
            "DATABASE_URL": database,
        }
        folder.mkdir()

    @property
    def media(self) -> Path:
        return self.folder / "media"

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a management command."""
        return self.python("manage.py", *command)

    def python(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *command],
            cwd=settings.BASE_DIR,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def rows(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = json.loads(self.python("-c", READ_ALL).stdout)
        return found

    def files(self) -> dict[str, bytes]:
        return {
            path.relative_to(self.media).as_posix(): path.read_bytes()
            for path in self.media.rglob("*")
            if path.is_file()
        }


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Callable[[str], Machine]]:
    """Return a function that makes an empty machine; on PostgreSQL with a database of its own."""
    url = os.environ.get("DATABASE_URL", "")
    made: list[str] = []

    def make(name: str) -> Machine:
        if connection.vendor == "sqlite":
            return Machine(tmp_path / name, f"sqlite:///{tmp_path / name}/site.sqlite3")
        with psycopg.connect(url, autocommit=True) as server:
            server.execute(f'DROP DATABASE IF EXISTS "backup_{name}"')
            server.execute(f'CREATE DATABASE "backup_{name}"')
        made.append(f"backup_{name}")
        return Machine(tmp_path / name, urlsplit(url)._replace(path=f"/backup_{name}").geturl())

    yield make
    for name in made:
        with psycopg.connect(url, autocommit=True) as server:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def fill(host: Machine) -> None:
    """Give a machine the whole content, an account and some files."""
    for command in (("migrate",), ("load_fixtures",)):
        done = host.run(*command)
        assert done.returncode == 0, done.stderr
    host.environment["DJANGO_SUPERUSER_PASSWORD"] = "correct horse battery"
    host.run("createsuperuser", "--no-input", "--username", "staff", "--email", "")
    for name, content in FILES.items():
        path = host.media / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def test_restore_into_an_empty_machine_gives_every_row_and_file(
    machine: Callable[[str], Machine], tmp_path: Path
) -> None:
    first, file = machine("first"), tmp_path / "backup.tar"
    fill(first)
    made = first.run("backup", str(file))
    assert (made.returncode, made.stderr) == (0, "")
    assert oct(file.stat().st_mode)[-3:] == "600"
    before = first.rows()
    assert (len(before["centers_center"]), len(before["auth_user"])) == (13, 1)

    second = machine("second")
    done = second.run("restore", str(file))
    assert (done.returncode, done.stderr) == (0, "")
    assert second.rows() == before
    assert second.files() == FILES
    assert second.run("migrate", "--check").returncode == 0

    # A second restore would replace something: refused, and after --force the same again.
    refused = second.run("restore", str(file))
    assert (refused.returncode, "Nothing was changed: the database holds" in refused.stderr) == (1, True)
    (second.media / "a.txt").write_bytes(b"later")
    (second.media / "new.txt").write_bytes(b"later")
    second.run("createsuperuser", "--no-input", "--username", "other", "--email", "")
    again = second.run("restore", str(file), "--force")
    assert (again.returncode, again.stderr) == (0, "")
    assert (second.rows(), second.files()) == (before, FILES)


def spoil(file: Path, part: str) -> None:
    """Change one byte of one part of a backup."""
    with tarfile.open(file) as archive:
        offset = archive.getmember(part).offset_data
    content = bytearray(file.read_bytes())
    content[offset + 100] ^= 1
    file.write_bytes(content)


def test_damaged_backup_changes_nothing(machine: Callable[[str], Machine], tmp_path: Path) -> None:
    first, file = machine("first"), tmp_path / "backup.tar"
    first.run("migrate")
    first.media.mkdir()
    (first.media / "a").write_bytes(b"x" * 1000)
    first.run("backup", str(file))
    spoil(file, "media/0")
    second = machine("second")
    done = second.run("restore", str(file))
    assert (done.returncode, done.stderr) == (
        1,
        "CommandError: media/0 in the backup is damaged. Nothing was changed.\n",
    )
    assert (second.rows(), second.files()) == ({}, {})


@pytest.mark.parametrize("content", [b"", b"not a tar", None])
def test_other_file_is_refused(machine: Callable[[str], Machine], tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "backup.tar"
    if content is None:
        with tarfile.open(file, "w"):
            pass
    else:
        file.write_bytes(content)
    done: Any = machine("first").run("restore", str(file))
    assert (done.returncode, done.stderr.startswith("CommandError: The ")) == (1, True)
