"""A standby by PostgreSQL's own replication: behind, dead, and promoted after its primary was killed."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.faults.host import Host
from tests.faults.load import Load, right, right_or_outage
from tests.faults.programs import Postgres, wait_for

pytestmark = pytest.mark.slow


class Pair(NamedTuple):
    """A host, its primary and the standby that follows."""

    host: Host
    primary: Postgres
    standby: Postgres


@pytest.fixture(params=["one database", "readers on the standby"])
def pair(request: pytest.FixtureRequest, host: Host, database: Postgres, tmp_path: Path) -> Iterator[Pair]:
    """Yield a second host on a copy of the first one's database, as deploy/README.md describes for several hosts."""
    primary = database.copy(follows=False)
    standby = primary.copy(follows=True)
    where = f"host=127.0.0.1,127.0.0.1&port={primary.port},{standby.port}&target_session_attrs=read-write"
    replica = {"REPLICA_URL": standby.url} if request.param == "readers on the standby" else {}
    # Whoever has a cookie reads the primary, so that nginx's cache is not passed by but switched off.
    second = Host(tmp_path / "second", f"postgres://wpiforum@/wpiforum?{where}", nginx_keeps=False, **replica)
    try:
        second.start_nginx()
        second.start(static=host.var / "static")
        yield Pair(second, primary, standby)
    finally:
        second.stop()
        standby.remove()
        primary.remove()


only_with_readers = pytest.mark.parametrize("pair", ["readers on the standby"], indirect=True)


def test_primary_killed_and_standby_promoted(pair: Pair) -> None:
    host, primary, standby = pair
    has_replica = "REPLICA_URL" in host.environment
    host.publish(1)
    # Who reads from the standby does not notice at all.
    with Load(host, judge=right if has_replica else right_or_outage) as load:
        load.sees(1)
        wait_for(lambda: standby.has_all_of(primary))
        primary.kill()
        load.wait(100)
        if not has_replica:
            wait_for(lambda: load.outages, what="Nobody is told that the database is away.")
        standby.promote()
        wait_for(lambda: host.ready() == 200, what="The application does not find the new primary.")
        host.publish(2)
        load.sees(2)
        load.wait(100)
    assert load.wrong == []
    assert (load.outages > 0) is not has_replica
    assert host.ask("/en/plan/?arrived=2026-04-02")[0] == 200


@only_with_readers
def test_standby_that_is_behind_keeps_no_old_page_under_a_new_version(pair: Pair) -> None:
    host, primary, standby = pair
    host.publish(1)
    with Load(host) as load:
        load.sees(1)
        standby.ask("SELECT pg_wal_replay_pause()::text")
        host.publish(2)
        load.sees(1)  # as the standby has it, and nothing between
        standby.ask("SELECT pg_wal_replay_resume()::text")
        wait_for(lambda: standby.has_all_of(primary))
        load.sees(2)
        load.wait(100)
    assert load.wrong == []


@only_with_readers
def test_standby_killed_is_replaced_by_the_primary(pair: Pair) -> None:
    host, primary, standby = pair
    host.publish(1)
    with Load(host) as load:
        load.sees(1)
        standby.kill()
        load.wait(100)
        host.publish(2)
        load.sees(2)
        load.wait(300)
        standby.start()
        wait_for(lambda: standby.has_all_of(primary))
        host.publish(3)
        load.sees(3)
        load.wait(100)
    assert (load.wrong, load.outages) == ([], 0)
