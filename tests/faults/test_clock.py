"""The clock jumps over midnight in Japan while people read."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from tests.faults.host import Host
from tests.faults.load import KEPT, NUMBER, Load
from tests.faults.programs import Postgres
from wpiforum.http import JAPAN

pytestmark = pytest.mark.slow
# A notice that begins at midnight, which every page shows from then on.
BEGINS = """
from datetime import datetime, timedelta
from wpiforum.notices.models import Notice
begin = datetime.fromisoformat("{midnight}")
Notice.objects.all().delete()
Notice.objects.create(title_ja="お知らせ第7", title_en="Notice number 7", text_ja="。", text_en=".",
    starts_at=begin, ends_at=begin + timedelta(days=1))
"""
# What Python runs at its start: the one place that the application takes the time from, moved by so many seconds.
SHIFTED = """
from datetime import timedelta
from pathlib import Path
from django.utils import timezone
true = timezone.now
timezone.now = lambda: true() + timedelta(seconds=float(Path("{shift}").read_text()))
"""
Clock = tuple[Host, Callable[[datetime], None]]


@pytest.fixture
def clock(host: Host, database: Postgres, tmp_path: Path) -> Iterator[Clock]:
    """Yield a host whose application takes the time from a file as well, and what sets its clock."""
    (tmp_path / "sitecustomize.py").write_text(SHIFTED.format(shift=tmp_path / "shift"))

    def set_to(moment: datetime) -> None:
        new = tmp_path / "new"
        new.write_text(f"{(moment - datetime.now(JAPAN)).total_seconds()}")
        new.replace(tmp_path / "shift")

    second = Host(tmp_path / "second", database.url, nginx_keeps=False, PYTHONPATH=str(tmp_path))
    set_to(datetime.now(JAPAN))
    try:
        second.start_nginx()
        second.start(static=host.var / "static")
        yield second, set_to
    finally:
        second.stop()


def is_day(host: Host, moment: datetime) -> bool:
    """Tell whether the plan, which is never kept, marks that day as today."""
    return (
        f'"plan-dates__today"><strong>Today</strong> <span><time datetime="{moment:%Y-%m-%d}"'
        in (host.ask("/en/plan/?arrived=2026-04-01")[1])
    )


def test_pages_change_at_midnight_and_none_falls_back(host: Host, clock: Clock) -> None:
    second, set_to = clock
    midnight = timezone.now().astimezone(JAPAN).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    set_to(midnight - timedelta(minutes=5))
    done = host.manage("shell", "-c", BEGINS.format(midnight=midnight.isoformat()))
    assert done.returncode == 0, done.stderr
    with Load(second) as load:
        load.wait(200)
        assert is_day(second, midnight - timedelta(days=1))
        before = [second.ask(path)[1] for path in KEPT]
        set_to(midnight + timedelta(seconds=1))
        load.sees(7)
        load.wait(200)
        assert is_day(second, midnight)
        after = [second.ask(path)[1] for path in KEPT]
    assert load.wrong == []
    assert [bool(NUMBER.search(text)) for text in before] == [False] * len(KEPT)
    assert [bool(NUMBER.search(text)) for text in after] == [True] * len(KEPT)
