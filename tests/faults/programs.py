"""PostgreSQL and Redis as programs of a test's own, to be stopped, killed, hung, emptied and promoted."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
from redis import Redis
from redis.exceptions import RedisError

from tests.test_serve import free_port


def wait_for(condition: object, seconds: float = 60, what: str = "") -> None:
    """Wait until a function returns something true."""
    deadline = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline, f"Waited {seconds} s in vain. {what}"
        time.sleep(0.1)


def children(pid: int) -> list[int]:
    """Return the processes that one has started."""
    return [int(found) for found in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


class Postgres:
    """One PostgreSQL on a port of its own; `standby()` makes another that follows it."""

    def __init__(self) -> None:
        # Not below pytest's folder, which every run closes to others.
        self.folder, self.port = Path(tempfile.mkdtemp(prefix="wpiforum-faults-")), free_port()
        self.is_killed = False
        if os.geteuid() == 0:  # PostgreSQL refuses root
            shutil.chown(self.folder, "postgres")

    @property
    def url(self) -> str:
        return f"postgres://wpiforum@127.0.0.1:{self.port}/wpiforum"

    def call(self, program: str, *arguments: str) -> None:
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]
        prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        command = [*prefix, str(found / program), *arguments]
        subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)

    def control(self, what: str, *arguments: str) -> None:
        self.call("pg_ctl", "-D", str(self.folder / "data"), "-w", "-s", what, *arguments)

    def create(self) -> None:
        self.call("initdb", "-D", str(self.folder / "data"), "-U", "wpiforum", "--auth=trust", "--locale=C.UTF-8")
        self.start()
        self.call("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "wpiforum", "wpiforum")

    def copy(self, *, follows: bool) -> "Postgres":
        """Return a copy that runs: a standby that follows by streaming replication, or a server of its own."""
        other = Postgres()
        source = ("-h", "127.0.0.1", "-p", str(self.port), "-U", "wpiforum", "-c", "fast")
        self.call("pg_basebackup", "-D", str(other.folder / "data"), *source, *(["-R"] if follows else []))
        other.start()
        return other

    def start(self) -> None:
        self.is_killed = False
        options = f"-p {self.port} -k {self.folder} -h 127.0.0.1 -c fsync=off"
        self.control("start", "-o", options, "-l", str(self.folder / "log"))

    def stop(self) -> None:
        self.control("stop", "-m", "fast")

    def kill(self) -> None:
        """End it without a word to anybody."""
        self.is_killed = True
        os.kill(int((self.folder / "data/postmaster.pid").read_text().split()[0]), signal.SIGKILL)

    def signal(self, number: int) -> None:
        """Send a signal to its process and all that serve a connection."""
        main = int((self.folder / "data/postmaster.pid").read_text().split()[0])
        for pid in (main, *children(main)):
            os.kill(pid, number)

    def promote(self) -> None:
        self.control("promote")

    def ask(self, statement: str) -> str:
        with psycopg.connect(self.url.replace("postgres://", "postgresql://"), autocommit=True) as connection:
            row = connection.execute(statement.encode()).fetchone()
            return str(row[0]) if row else ""

    def has_all_of(self, primary: "Postgres") -> bool:
        """Tell whether this standby has replayed what the primary has written by now."""
        written = primary.ask("SELECT pg_current_wal_lsn()")
        return self.ask(f"SELECT pg_last_wal_replay_lsn() >= '{written}'::pg_lsn") == "True"

    def remove(self) -> None:
        if (self.folder / "data/postmaster.pid").exists() and not self.is_killed:
            self.control("stop", "-m", "immediate")
        shutil.rmtree(self.folder, ignore_errors=True)


@contextlib.contextmanager
def postgres() -> Iterator[Postgres]:
    """Run a PostgreSQL with an empty database."""
    server = Postgres()
    try:
        server.create()
        yield server
    finally:
        server.remove()


class RedisServer:
    """One Redis on a port of its own that keeps nothing on disk, as tools/redis.sh runs it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self.process = subprocess.Popen(command, cwd=self.folder, stdout=subprocess.DEVNULL)
        wait_for(self._answers, what="Redis does not start.")

    def _answers(self) -> bool:
        try:
            return bool(self.client().ping())
        except RedisError:
            return False

    def client(self) -> Redis:
        return Redis.from_url(self.url, decode_responses=True, socket_timeout=5)

    def signal(self, number: int) -> None:
        assert self.process
        self.process.send_signal(number)

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None
