"""Load the portal's fixtures into an empty or an edited database and report the contradictions they hold."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from wpiforum.provenance.loading import AFTER_LOADING, contradictions, load_all


class Command(BaseCommand):
    help = "Merge fixtures/ into the database. Staff edits and deletions are kept; running it twice adds nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("names", nargs="*", help="Fixture names; default: all, in the order of the settings.")
        parser.add_argument("--quiet-claims", action="store_true", help="Do not list contradictions.")

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            loader = load_all(options["names"] or settings.CONTENT_FIXTURES, say=self.stdout.write)
            for act in AFTER_LOADING:
                act()
            # By its name: this app knows nothing of the search. Nobody sees the one without the other.
            call_command("rebuild_search", stdout=self.stdout)
        self.stdout.write("  " + (", ".join(f"{count} {what}" for what, count in sorted(loader.counts.items()))))
        for line in loader.kept:
            self.stdout.write(f"  staff edit kept: {line}")
        if options["quiet_claims"]:
            return
        for row, field, claims in contradictions():
            self.stdout.write(f"  sources disagree: {row} – {field}")
            for claim in claims:
                mark = "→" if claim.is_chosen else " "
                self.stdout.write(f"    {mark} {claim.value} ({claim.source.key}{_place(claim.locator_en)})")


def _place(locator: str | None) -> str:
    return f", {locator}" if locator else ""
