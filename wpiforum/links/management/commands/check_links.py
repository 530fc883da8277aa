"""Asks the outside links of the public texts; for a scheduler that runs it every hour or every night."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from wpiforum.links import checking
from wpiforum.links.fetching import Politeness, Rules
from wpiforum.links.models import Link, State


class Command(BaseCommand):
    help = (
        "Lists the outside links of the public texts and asks those that are due, the longest unasked first. "
        "Only the public web is asked, one request at a time; robots.txt does not concern a check of single links."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--limit", type=int, default=200, help="Ask at most so many links (default 200).")
        parser.add_argument("--delay", type=float, default=2, help="Seconds between requests to one host (default 2).")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.SITE_ORIGIN:
            raise CommandError("Set SITE_ORIGIN: the servers that are asked have to see who asks.")
        rules = Rules(user_agent=checking.user_agent(), wait=Politeness(max(0.0, options["delay"])))
        number = checking.refresh()
        asked = 0
        with translation.override("en"):
            for link in checking.run(rules, limit=max(0, options["limit"])):
                asked += 1
                if link.state != State.FINE:
                    self.stdout.write(f"{link.state}: {link.url} – {link.sentence()}")
        self.stdout.write(f"{number} links, {asked} asked, {Link.objects.broken().count()} broken.")
