"""Scheduled work: each duty alone, on one host at a time, and again when it is due."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from wpiforum.operation import duties
from wpiforum.operation.duties import DUTIES, Duty, run_due
from wpiforum.operation.models import DutyRun

pytestmark = pytest.mark.django_db
APP = "wpiforum.operation"
EACH, HOURLY = Duty("first", APP), Duty("second", APP, every=timedelta(hours=1))


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect the commands that are called; `bad` fails and `exit` leaves as commands do."""
    found: list[str] = []

    def call(command: str, **options: Any) -> None:
        found.append(command)
        if command == "bad":
            raise ValueError("no")
        if command == "exit":
            raise SystemExit(1)

    monkeypatch.setattr(duties, "call_command", call)
    return found


def test_duty_that_fails_stops_no_other(called: list[str]) -> None:
    results = list(run_due(duties=(Duty("bad", APP), Duty("exit", APP), EACH)))
    assert (called, [one.is_failure for one in results]) == (["bad", "exit", "first"], [True, True, False])
    assert list(DutyRun.objects.values_list("name", flat=True).filter(succeeded_at=None)) == ["bad", "exit"]


def test_duty_runs_again_only_when_it_is_due(called: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()
    for minutes in (0, 30, 59, 61):
        monkeypatch.setattr(timezone, "now", lambda minutes=minutes: now + timedelta(minutes=minutes))
        list(run_due(duties=(EACH, HOURLY)))
    assert (called.count("first"), called.count("second")) == (4, 2)


def test_duty_that_runs_on_another_host_is_left_alone(called: list[str]) -> None:
    now = timezone.now()
    assert DutyRun.take("first", at=now, lease=timedelta(minutes=10)) is True
    assert DutyRun.take("first", at=now, lease=timedelta(minutes=10)) is False
    (outcome,) = run_due(duties=(EACH,))
    assert (called, outcome.is_failure) == ([], False)


def test_duty_of_a_host_that_died_is_taken_over_after_its_lease(called: list[str]) -> None:
    DutyRun.objects.create(name="first", held_until=timezone.now() - timedelta(seconds=1))
    list(run_due(duties=(EACH,)))
    assert called == ["first"]


def test_duty_of_each_host_is_held_by_each(called: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for host in ("a", "a", "b"):
        monkeypatch.setattr(duties.socket, "gethostname", lambda host=host: host)
        list(run_due(duties=(Duty("each", APP, every=timedelta(hours=1), is_on_each_host=True),)))
    assert called == ["each", "each"]


def test_slow_duties_have_a_run_of_their_own(called: list[str]) -> None:
    slow = Duty("third", APP, is_slow=True)
    list(run_due(duties=(EACH, slow)))
    list(run_due(duties=(EACH, slow), slow=True))
    assert called == ["first", "third"]


def test_duty_without_its_app_or_setting_is_left_out(called: list[str], settings: Any) -> None:
    settings.SITE_ORIGIN = ""
    results = list(run_due(duties=(Duty("x", "not.installed"), Duty("y", APP, needs="SITE_ORIGIN"))))
    assert (called, [one.result for one in results]) == ([], ["left out: SITE_ORIGIN is not set"])


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2026, 11, 25, 21, 59, tzinfo=UTC), datetime(2026, 11, 25, 22, tzinfo=UTC)),
        (datetime(2026, 11, 25, 22, 0, tzinfo=UTC), datetime(2026, 11, 26, 22, tzinfo=UTC)),
    ],
)
def test_daily_duty_is_due_at_its_hour_in_japan(moment: datetime, expected: datetime) -> None:
    assert Duty("daily", APP, hour=7).next_after(moment) == expected


def test_every_duty_is_a_command(settings: Any) -> None:
    settings.SITE_ORIGIN = "https://portal.example"
    settings.SENDS_MAIL = True
    out = StringIO()
    call_command("run_due", stdout=out)
    assert [line for line in out.getvalue().splitlines() if line.endswith(": done")] == [
        f"{duty.command}: done" for duty in DUTIES if not duty.is_slow
    ]


def test_failure_is_told_to_the_timer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duties, "call_command", lambda *args, **options: 1 / 0)
    with pytest.raises(CommandError, match="3 duties failed"):
        call_command("run_due", stdout=StringIO())
