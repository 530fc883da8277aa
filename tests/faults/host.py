"""A host as deploy/ makes it, in one folder and on ports of its own: nginx with TLS, the real server, PostgreSQL."""

import contextlib
import http.client
import os
import shutil
import signal
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from tests.deploy.test_files import certificate, render
from tests.test_serve import free_port

BASE = Path(settings.BASE_DIR)
# Stands for systemd: starts and stops one color as the unit does, without a system manager.
SYSTEMCTL = """#!/bin/sh
set -eu
color=$(printf '%s' "$*" | sed -n 's/.*wpiforum@\\([a-z]*\\).*/\\1/p')
stop() {{
    [ -f "{etc}/$color.pid" ] || return 0
    pid=$(cat "{etc}/$color.pid"); kill "$pid" 2>/dev/null || :
    while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done; rm -f "{etc}/$color.pid"
}}
case "$1" in
    restart)
        stop
        set -a; . "{etc}/portal.env"; . "{etc}/$color.env"; set +a
        cd "{root}/$color"
        setsid .venv/bin/granian --interface wsgi --host 127.0.0.1 --port "$PORT" --workers 2 --blocking-threads 4 \\
            --respawn-failed-workers --workers-kill-timeout 20 --no-ws wpiforum.wsgi:application \\
            >>"{etc}/$color.log" 2>&1 9>&- &
        echo $! >"{etc}/$color.pid" ;;
    stop | disable) stop ;;
esac
"""


class Host:
    """One host; `release()` is deploy/release.sh itself."""

    def __init__(self, folder: Path, database: str, **environment: str) -> None:
        self.etc, self.root, self.var = folder / "etc", folder / "srv", folder / "var"
        for path in (self.etc, self.root, self.var):
            path.mkdir()
        self.port, self.blue, self.green = free_port(), free_port(), free_port()
        self.certificate = certificate(folder)
        self.environment = {
            "SECRET_KEY": "k" * 60 + "0123456789",
            "ALLOWED_HOSTS": "portal.example",
            "SITE_ORIGIN": "https://portal.example",
            "BEHIND_TLS_PROXY": "1",
            "DATABASE_URL": database,
            "EMAIL_URL": "smtp://127.0.0.1:9",
            "VAR_DIR": str(self.var),
            **environment,
        }
        (self.etc / "portal.env").write_text("".join(f"{key}='{value}'\n" for key, value in self.environment.items()))
        systemctl = self.etc / "systemctl"
        systemctl.write_text(SYSTEMCTL.format(etc=self.etc, root=self.root))
        systemctl.chmod(0o755)
        main = self.etc / "nginx.conf"
        user = "user root;\n" if os.geteuid() == 0 else ""
        main.write_text(
            f"{user}pid {self.etc}/nginx.pid;\nerror_log {self.etc}/error.log;\nworker_processes 1;\n"
            "events { worker_connections 1024; }\n"
            f"http {{ include /etc/nginx/mime.types; include {self.etc}/portal.conf; }}\n"
        )
        # The load comes from one address; how many one address may ask is another test.
        done = render(
            self.etc,
            "portal",
            **self.certificate,
            HTTP=f"127.0.0.1:{free_port()}",
            HTTPS=f"127.0.0.1:{self.port}",
            STATIC=str(self.var / "static"),
        )
        assert done.returncode == 0, done.stderr
        portal = self.etc / "portal.conf"
        portal.write_text(
            portal.read_text().replace("rate=100r/s", "rate=9999r/s").replace("rate=20r/s", "rate=9999r/s")
        )
        assert render(self.etc, "upstream", str(self.blue)).returncode == 0

    def manage(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a management command with the settings of the host."""
        environment = {"PATH": os.environ["PATH"], **self.environment}
        arguments = [sys.executable, "manage.py", *command]
        return subprocess.run(arguments, cwd=BASE, env=environment, capture_output=True, text=True, check=False)

    def start_nginx(self) -> None:
        command = ["nginx", "-c", str(self.etc / "nginx.conf")]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    def release(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Release this checkout; both colors are the same code."""
        environment = {
            "PATH": os.environ["PATH"],
            "ROOT": str(self.root),
            "ETC": str(self.etc),
            "SYSTEMCTL": str(self.etc / "systemctl"),
            "NGINX": f"nginx -c {self.etc}/nginx.conf",
            "DRAIN": "3",
            "BLUE": str(self.blue),
            "GREEN": str(self.green),
        }
        command = ["sh", str(BASE / "deploy/release.sh"), *(arguments or (str(BASE),))]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    def server(self) -> int:
        """Return the process of the application server in charge."""
        color = (self.etc / "color").read_text().strip()
        return int((self.etc / f"{color}.pid").read_text())

    def ask(self, path: str, **headers: str) -> tuple[int, str, dict[str, str]]:
        """Return status, text and headers of one request through nginx."""
        context = ssl._create_unverified_context()  # noqa: S323  a certificate made a minute ago
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=30, context=context)
        try:
            connection.request("GET", path, headers={"Host": "portal.example", **headers})
            answer = connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
            return answer.status, text, {name.lower(): value for name, value in answer.headers.items()}
        finally:
            connection.close()

    def stop(self) -> None:
        for name in ("nginx", "blue", "green"):
            with contextlib.suppress(OSError, ValueError):
                os.kill(int((self.etc / f"{name}.pid").read_text()), signal.SIGTERM)


def children(pid: int) -> list[int]:
    """Return the processes that one has started."""
    return [int(found) for found in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


class Load:
    """People who read all the time: counts answers, and keeps those that `judge` calls wrong."""

    def __init__(self, host: Host, paths: list[str], judge: Callable[[str, int, str], str], people: int = 6) -> None:
        self.host, self.paths, self.judge = host, paths, judge
        self.answers: Counter[int] = Counter()
        self.wrong: list[str] = []
        self._is_over = threading.Event()
        self._lock = threading.Lock()
        self._people = [threading.Thread(target=self._read, args=(number,)) for number in range(people)]

    def _read(self, number: int) -> None:
        while not self._is_over.is_set():
            number += 1
            path = self.paths[number % len(self.paths)]
            try:
                status, text, _headers = self.host.ask(path)
            except (OSError, http.client.HTTPException) as error:
                status, text = 0, repr(error)
            problem = self.judge(path, status, text)
            with self._lock:
                self.answers[status] += 1
                if problem:
                    self.wrong.append(f"{path}: {problem}")

    def __enter__(self) -> "Load":
        for person in self._people:
            person.start()
        return self

    def __exit__(self, *exception: Any) -> None:
        self._is_over.set()
        for person in self._people:
            person.join()
        print(f"{sum(self.answers.values())} requests, {dict(self.answers)}, {len(self.wrong)} wrong")

    def wait(self, number: int, seconds: float = 60) -> None:
        """Wait until so many more answers have come."""
        wanted, deadline = sum(self.answers.values()) + number, time.monotonic() + seconds
        while sum(self.answers.values()) < wanted:
            assert time.monotonic() < deadline, "The site stopped answering."
            time.sleep(0.05)


@contextlib.contextmanager
def postgres() -> Iterator[tuple[str, Callable[[str], None]]]:
    """Run a PostgreSQL of its own; yields its address and a function that starts or stops it."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    assert found, "PostgreSQL is not installed: apt-get install postgresql"
    # Not below pytest's folder, which every run closes to others.
    data, port = Path(tempfile.mkdtemp(prefix="wpiforum-faults-")), free_port()
    prefix = []
    if os.geteuid() == 0:  # PostgreSQL refuses root
        shutil.chown(data, "postgres")
        prefix = ["runuser", "-u", "postgres", "--"]

    def call(program: str, *arguments: str) -> None:
        command = [*prefix, str(found[-1] / program), *arguments]
        subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)

    def turn(what: str) -> None:
        options = f"-p {port} -k {data} -h 127.0.0.1 -c fsync=off"
        extra = ["-o", options, "-l", str(data / "log")] if what == "start" else ["-m", "fast"]
        call("pg_ctl", "-D", str(data / "data"), "-w", "-s", what, *extra)

    call("initdb", "-D", str(data / "data"), "-U", "wpiforum", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8")
    turn("start")
    call("createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "wpiforum", "wpiforum")
    try:
        yield f"postgres://wpiforum@127.0.0.1:{port}/wpiforum", turn
    finally:
        with contextlib.suppress(subprocess.CalledProcessError):
            turn("stop")
        shutil.rmtree(data, ignore_errors=True)
