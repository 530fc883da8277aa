"""Publishes what is scheduled and due; for a scheduler that runs it every minute or so. Safe to run twice."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from wpiforum.publishing.workflow import publish_due


class Command(BaseCommand):
    help = "Publish the scheduled drafts whose moment has come; fails if one of them could not be published."

    def handle(self, *args: Any, **options: Any) -> None:
        done = publish_due()
        for revision, problem in done:
            self.stdout.write(f"{revision.subject}: {problem or 'published'}")
        stopped = [revision for revision, problem in done if problem]
        if stopped:
            raise CommandError(f"{len(stopped)} scheduled drafts could not be published.")
