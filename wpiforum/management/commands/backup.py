"""Writes the database and the media to one file; see also `restore`."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from wpiforum.operation import backup


class Command(BaseCommand):
    help = "Write database and media to one file with a manifest; the site may be in use. The file holds accounts."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        target: Path = options["file"]
        if not target.parent.is_dir():
            raise CommandError(f"There is no folder {target.parent}.")
        try:
            manifest = backup.write(target)
        except backup.BackupError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"The backup could not be written: {error}") from error
        rows = sum(table["rows"] for table in manifest["database"]["tables"].values())
        self.stdout.write(
            f"{target}: {len(manifest['database']['tables'])} tables, {rows} rows, {len(manifest['media'])} files."
        )
