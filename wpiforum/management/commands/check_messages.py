"""Fail when the Japanese catalogue misses, leaves empty or doubts a string of the code."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from wpiforum import messages

# Source strings are English, so English needs no catalogue.
TRANSLATED = ("ja",)


class Command(BaseCommand):
    help = "Check the message catalogues; with --update write new strings into them first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--update", action="store_true")
        parser.add_argument("--compile", action="store_true", help="Also write the compiled catalogues.")

    def handle(self, *args: Any, **options: Any) -> None:
        found = 0
        for language in TRANSLATED:
            if options["update"]:
                messages.update(language)
            for line in messages.problems(language):
                self.stdout.write(f"{language}: {line}")
                found += 1
        if options["compile"]:
            messages.compile_catalogues()
        if found:
            raise CommandError(f"{found} strings need work in locale/.")
        self.stdout.write("The message catalogues are complete.")
