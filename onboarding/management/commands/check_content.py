"""Report how complete the guides are; fail where a text or what a step's trust rests on is missing."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from onboarding.content import review
from wpiforum.http import today


class Command(BaseCommand):
    help = "Count topics, guides, steps, terms and facts; name gaps, missing trust and checks that are due."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="Print everything as one JSON object.")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("en"):
            state = review(today())
        if options["json"]:
            self.stdout.write(json.dumps(state._asdict(), ensure_ascii=False, indent=2))
        else:
            for name, number in state.counts.items():
                self.stdout.write(f"{number:6} {name}")
            for heading, lines in (*state.errors.items(), *state.notes.items()):
                self.stdout.write(f"{len(lines):6} {heading}")
                for line in lines:
                    self.stdout.write(f"         {line}")
        if not state.is_sound:
            number = sum(len(lines) for lines in state.errors.values())
            raise CommandError(f"{number} to mend in the content of the guides.")
