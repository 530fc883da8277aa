"""The work that is due by the clock: what, how often, and how to run it so that one failure stops nothing else."""

import logging
import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from wpiforum.http import JAPAN
from wpiforum.operation.models import DutyRun

logger = logging.getLogger(__name__)


class Duty(NamedTuple):
    """A management command that may be run twice, how often it is due, and at which hour in Japan if once a day.

    `app` is where the command lives; without it there is no such duty. A slow one has a timer of its own, so that a
    publication never waits for it.
    """

    command: str
    app: str
    every: timedelta = timedelta(0)
    hour: int | None = None
    is_slow: bool = False
    is_on_each_host: bool = False
    needs: str = ""
    lease: timedelta = timedelta(minutes=10)

    @property
    def name(self) -> str:
        """Return the name that the duty is held by; what writes to a host's own disk is held by each host."""
        return f"{self.command}@{socket.gethostname()[:30]}" if self.is_on_each_host else self.command

    def next_after(self, moment: datetime) -> datetime:
        """Return when the duty is due again."""
        if self.hour is None:
            return moment + self.every
        here = moment.astimezone(JAPAN)
        wanted = here.replace(hour=self.hour, minute=0, second=0, microsecond=0)
        return wanted if wanted > here else wanted + timedelta(days=1)


DUTIES = (
    Duty("publish_due", "wpiforum.publishing"),
    Duty("send_digest", "wpiforum.accounts", hour=7, needs="SENDS_MAIL"),
    Duty("clearsessions", "django.contrib.sessions", hour=3),
    Duty(
        "export_open_data",
        "wpiforum",
        hour=0,
        is_slow=True,
        is_on_each_host=True,
        lease=timedelta(hours=1),
    ),
    Duty(
        "check_links",
        "wpiforum.links",
        every=timedelta(hours=1),
        is_slow=True,
        needs="SITE_ORIGIN",
        lease=timedelta(hours=2),
    ),
)


class Outcome(NamedTuple):
    """What became of a duty."""

    command: str
    result: str
    is_failure: bool = False


def run_due(*, slow: bool = False, duties: tuple[Duty, ...] = DUTIES, **options: Any) -> Iterator[Outcome]:
    """Run every duty of one kind that is due and that no other host runs."""
    for duty in duties:
        if duty.is_slow == slow and apps.is_installed(duty.app):
            yield _run(duty, **options)


def _run(duty: Duty, **options: Any) -> Outcome:
    if duty.needs and not getattr(settings, duty.needs):
        return Outcome(duty.command, f"left out: {duty.needs} is not set")
    now = timezone.now()
    if not DutyRun.take(duty.name, at=now, lease=duty.lease):
        return Outcome(duty.command, "not due, or running elsewhere")
    row = DutyRun.objects.filter(name=duty.name)
    try:
        call_command(duty.command, **options)
    except (Exception, SystemExit) as error:  # whatever stops one duty, the next ones run
        logger.exception("The duty %s failed.", duty.command)
        row.update(failed_at=timezone.now(), held_until=None, next_at=duty.next_after(now))
        return Outcome(duty.command, f"failed: {error}", is_failure=True)
    row.update(succeeded_at=timezone.now(), held_until=None, next_at=duty.next_after(now))
    return Outcome(duty.command, "done")
