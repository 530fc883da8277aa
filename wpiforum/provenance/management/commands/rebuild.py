"""Bring derived data up to date after plain `loaddata` into an empty database."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import transaction

from wpiforum.provenance.loading import AFTER_LOADING, load_all


class Command(BaseCommand):
    help = "After `loaddata`: remember what was loaded, so that later loads keep staff edits."

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            loader = load_all(settings.CONTENT_FIXTURES)
            for act in AFTER_LOADING:
                act()
            # By its name: this app knows nothing of the search. Nobody sees the one without the other.
            call_command("rebuild_search", stdout=self.stdout)
        self.stdout.write(f"Rows known to the loader: {sum(loader.counts.values())}.")
