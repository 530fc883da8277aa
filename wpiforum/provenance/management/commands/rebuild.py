"""Bring derived data up to date after plain `loaddata` into an empty database."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from wpiforum.provenance.loading import AFTER_LOADING, load_all


class Command(BaseCommand):
    help = "After `loaddata`: remember what was loaded, so that later loads keep staff edits."

    def handle(self, *args: Any, **options: Any) -> None:
        loader = load_all(settings.CONTENT_FIXTURES)
        for act in AFTER_LOADING:
            act()
        self.stdout.write(f"Rows known to the loader: {sum(loader.counts.values())}.")
