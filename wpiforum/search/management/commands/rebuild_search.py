"""Make the search index anew, with progress."""

import time
from typing import Any

from django.core.management.base import BaseCommand

from wpiforum.http import today
from wpiforum.search import documents
from wpiforum.search.models import Asked


class Command(BaseCommand):
    help = "Make the search index anew from what is public, and forget counts of questions that are too old."

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        total = documents.rebuild(lambda kind, number: self.stdout.write(f"  search: {kind}: {number}"))
        Asked.objects.forget_old(today())
        self.stdout.write(f"  search: {total} entries in {time.monotonic() - began:.1f} s")
