"""Sends people on the staff what waits for them; for a scheduler that runs it every morning. Safe to run twice."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from wpiforum.accounts.digest import send_due


class Command(BaseCommand):
    help = "Send the mail about what waits to those who asked for it; fails if a mailbox did, after all others."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.SENDS_MAIL:
            raise CommandError("Set EMAIL_URL: without it no mail is sent.")
        if not settings.SITE_ORIGIN:
            raise CommandError("Set SITE_ORIGIN: the mail links to the site.")
        result = send_due()
        self.stdout.write(f"{len(result.sent)} sent.")
        if result.failed:
            raise CommandError(f"{len(result.failed)} could not be sent: {', '.join(result.failed)}.")
