"""Puts a backup in place of an empty site, or with --force of the present one, and compares every row and file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from wpiforum.operation import backup


class Command(BaseCommand):
    help = "Put a backup in place. Stop the site first. Refuses a database or media that hold something."
    requires_system_checks: list[str] = []  # the database may be empty

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--force", action="store_true", help="Replace what the database and the media hold.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            manifest = backup.restore(options["file"], force=options["force"])
        except backup.BackupError as error:
            raise CommandError(str(error)) from error
        rows = sum(table["rows"] for table in manifest["database"]["tables"].values())
        self.stdout.write(f"Restored and compared: {rows} rows, {len(manifest['media'])} files. Now run migrate.")
