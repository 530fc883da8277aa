"""Fill a database for measuring with many rows like the loaded ones."""

import time
from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection, transaction
from django.utils import translation

from centers.models import Center
from onboarding.models import Guide
from wpiforum.generating import PREFIX, Generator
from wpiforum.publishing.models import Revision


class Command(BaseCommand):
    help = (
        "Generate content for measuring, as copies of the fixtures: --scale 100 makes 2,000 centers, 50,000 guides and "
        "500,000 steps. For throwaway databases."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--scale", type=int, default=1, help="1, 10, 100: how many times 20 centers, 500 guides.")
        parser.add_argument("--seed", type=int, default=2019, help="The same seed makes the same rows.")
        parser.add_argument("--yes", action="store_true", help="Also where content or work of staff is already.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["scale"] < 1:
            raise CommandError("--scale must be 1 or more.")
        if Guide.objects.filter(slug__startswith=PREFIX).exists():
            raise CommandError("This database holds generated content already; make a new one.")
        if not options["yes"] and (held := _held()):
            raise CommandError(
                f"This database holds {held}: generated rows would be public beside it. Use an empty throwaway "
                "database (sh tools/postgres.sh start), or --yes if you are sure."
            )
        if not Guide.objects.exists():
            call_command("load_fixtures", quiet_claims=True, stdout=self.stdout)
        began = time.monotonic()
        with translation.override(settings.LANGUAGE_CODE), transaction.atomic():
            Generator(options["seed"], self.stdout.write).make(options["scale"])
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")  # the planner still believes the tables small
        self.stdout.write(f"done in {time.monotonic() - began:.0f} s")


def _held() -> str:
    """Say what a database holds that somebody may need; empty for a new one."""
    if Revision.objects.exists():
        return "work of staff"
    return "content" if Guide.objects.exists() or Center.objects.exists() else ""
