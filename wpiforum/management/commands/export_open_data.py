"""Write the archive of the open data; a scheduler runs it every day, and after publications if that matters."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from wpiforum import archive
from wpiforum.http import parse_day, today


class Command(BaseCommand):
    help = "Write all open data as one archive (CSV, JSON Lines, datapackage.json) where /data/wpi-forum.zip finds it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--as-of", help="The day dated values are written for (YYYY-MM-DD); default: today.")
        parser.add_argument("--host", help="Host that addresses of pages name where SITE_ORIGIN is not set.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            day = parse_day(options["as_of"]) if options["as_of"] else today()
        except ValueError as error:
            raise CommandError(str(error)) from error
        host = options["host"] or next((name for name in settings.ALLOWED_HOSTS if "*" not in name), "localhost")
        data = archive.packed(archive.files(day, host, secure=not settings.LOCAL_HTTP), day)
        try:
            said = "written" if archive.keep(data) else "unchanged"
        except OSError as error:
            raise CommandError(f"{archive.path()}: {error.strerror}. The archive of before stays as it was.") from error
        self.stdout.write(f"{archive.path()}: {said}, {len(data):,} bytes, {len(archive.lists())} lists, as of {day}")
