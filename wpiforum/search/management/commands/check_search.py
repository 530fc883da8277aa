"""Ask a set of questions and tell how many find their target; fails below what the site promises."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from wpiforum.search.relevance import measure, share


class Command(BaseCommand):
    help = "Measure the search with a set of questions: 95 % must find their target in the top 3, 85 % first."

    def add_arguments(self, parser: CommandParser) -> None:
        default = Path(settings.BASE_DIR) / "tests/search/relevance.json"
        parser.add_argument("path", nargs="?", type=Path, default=default, help="Your own set, in the same form.")

    def handle(self, *args: Any, **options: Any) -> None:
        results = measure(options["path"])
        for row in results:
            if row.place != 1:
                found = f"place {row.place}" if row.place else "not found"
                self.stdout.write(f"  {row.language} {row.query}: {found}; on top: {', '.join(row.top)}")
        groups = {"tuned with": [row for row in results if not row.is_held_out]}
        groups["held out"] = [row for row in results if row.is_held_out]
        for name, rows in {**groups, "all": results}.items():
            found = f"first {share(rows, 1):.0f} %, top 3 {share(rows, 3):.0f} %"
            self.stdout.write(f"{name}: {len(rows)} questions, {found}")
        if share(results, 3) < 95 or share(results, 1) < 85:
            raise CommandError("The search finds less than promised.")
