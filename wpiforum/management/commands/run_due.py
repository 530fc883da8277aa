"""All work that is due by the clock, in one command; for timers that run it every minute. Safe to run twice."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from wpiforum.operation.duties import run_due


class Command(BaseCommand):
    help = (
        "Run what is due: scheduled publications, the mail to the staff, old sessions; with --slow what takes minutes, "
        "such as asking outside links. Every host may run it; each duty runs on one at a time."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--slow", action="store_true", help="The duties that take minutes, and only these.")

    def handle(self, *args: Any, **options: Any) -> None:
        failed = 0
        for outcome in run_due(slow=options["slow"], stdout=self.stdout, stderr=self.stderr):
            failed += outcome.is_failure
            self.stdout.write(f"{outcome.command}: {outcome.result}")
        if failed:
            raise CommandError(f"{failed} duties failed; the log says where.")
