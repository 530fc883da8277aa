"""A database that goes and comes while people read: pages from memory, a sentence for the others, nothing old after."""

import signal
import time

import pytest

from tests.faults.host import Host
from tests.faults.load import KEPT, OUTAGE, PAST_NGINX, Load, right_or_outage
from tests.faults.programs import Postgres, wait_for
from wpiforum.http import SHARED_SECONDS

pytestmark = pytest.mark.slow


def is_whole(host: Host, path: str) -> bool:
    status, text, _headers = host.ask(path, **PAST_NGINX)
    return status == 200 and not OUTAGE.search(text)


def test_database_stopped_and_started(host: Host, database: Postgres) -> None:
    host.publish(1)
    with Load(host, judge=right_or_outage, headers=PAST_NGINX) as load:
        load.sees(1)
        database.stop()
        try:
            wait_for(lambda: load.outages > 100, what="No page tells of the outage.")
            kept = [host.ask(path, **PAST_NGINX) for path in KEPT]
            new = host.ask("/en/centers/?as_of=2019-02-05", **PAST_NGINX)
            alive, ready = host.ask("/healthz")[0], host.ready()
        finally:
            database.start()
        wait_for(lambda: is_whole(host, "/en/plan/?arrived=2026-04-02"))
        host.publish(2)
        load.sees(2)
        load.wait(60)
    assert load.wrong == []
    assert [(status, bool(OUTAGE.search(text)), head["cache-control"]) for status, text, head in kept] == [
        (200, True, "no-store")
    ] * len(kept)
    assert (new[0], "Please try again" in new[1], new[2]["retry-after"]) == (503, True, "30")
    assert (alive, ready) == (200, 503)
    assert all(is_whole(host, path) for path in (*KEPT, "/en/centers/?as_of=2019-02-05"))


def test_database_away_is_not_seen_through_the_cache_of_nginx(host: Host, database: Postgres) -> None:
    with Load(host, KEPT) as load:
        load.wait(60)
        database.stop()
        try:
            load.wait(300)
        finally:
            database.start()
        wait_for(lambda: is_whole(host, "/en/plan/?arrived=2026-04-02"))
        load.wait(60)
    assert load.wrong == []


# Longer than nginx keeps a page, so that workers are asked for pages that another one has made.
LONG_SECONDS = SHARED_SECONDS + 10


def test_long_outage_and_a_restart_in_it_show_the_last_pages(host: Host, database: Postgres) -> None:
    host.publish(1)
    with Load(host, KEPT) as load:
        load.sees(1)
        database.stop()
        try:
            time.sleep(LONG_SECONDS)
            restarted = load.outages
            host.systemctl("restart", f"wpiforum@{host.color()}")
            wait_for(lambda: host.ask("/healthz")[0] == 200, what="The application does not start.")
            kept = [host.ask(path, **PAST_NGINX) for path in KEPT]
        finally:
            database.start()
        wait_for(lambda: is_whole(host, "/en/plan/?arrived=2026-04-02"))
        host.publish(2)
        load.sees(2)
    assert (load.wrong, restarted > 0) == ([], True)
    assert [(status, bool(OUTAGE.search(text))) for status, text, _headers in kept] == [(200, True)] * len(kept)


@pytest.mark.parametrize("headers", [{}, PAST_NGINX], ids=["through nginx", "past nginx"])
def test_database_that_hangs(host: Host, database: Postgres, headers: dict[str, str]) -> None:
    host.publish(1)
    with Load(host, judge=right_or_outage, headers=headers) as load:
        load.sees(1)
        load.wait(60)
        database.signal(signal.SIGSTOP)
        try:
            time.sleep(LONG_SECONDS)
            began = time.monotonic()
            plan = host.ask("/en/plan/?arrived=2026-04-02")[0]
            seconds = time.monotonic() - began
            alive, ready = host.ask("/healthz")[0], host.ready()
        finally:
            database.signal(signal.SIGCONT)
        wait_for(lambda: is_whole(host, "/en/plan/?arrived=2026-04-02"))
        host.publish(2)
        load.sees(2)
    assert (load.wrong, load.outages > 100) == ([], True)
    assert (plan, seconds < 5, alive, ready) == (503, True, 200, 503)
