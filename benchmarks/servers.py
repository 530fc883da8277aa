"""Servers that the benchmarks measure: each a group of processes on a port of its own, stopped at the end."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

BASE = Path(__file__).resolve().parent.parent
WORKERS = 2
_TICKS = os.sysconf("SC_CLK_TCK")


class Server(NamedTuple):
    """A running server and its main process."""

    name: str
    port: int
    process: subprocess.Popen[bytes]

    def cpu_seconds(self) -> float:
        """Return the processor time that its processes have used so far."""
        return sum(_cpu_of(number) for number in _family(self.process.pid))


def _family(root: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                stat = (folder / "stat").read_text()
            except OSError:  # it ended meanwhile
                continue
            children.setdefault(int(stat.rpartition(")")[2].split()[1]), []).append(int(folder.name))
    found, left = [], [root]
    while left:
        found.append(left.pop())
        left += children.get(found[-1], [])
    return found


def _cpu_of(number: int) -> float:
    try:
        fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICKS


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(name: str, command: list[str], port: int, folder: Path, environment: dict[str, str]) -> Iterator[Server]:
    """Start a server and yield it once its port is open."""
    with (folder / f"{name.replace(' ', '-')}.log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603  commands of this folder
            command, cwd=folder, env={**os.environ, **environment}, stdout=log, stderr=log
        )
        try:
            _wait(port, process, name)
            yield Server(name, port, process)
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait(port: int, process: subprocess.Popen[bytes], name: str) -> None:
    for _ in range(300):
        if process.poll() is not None:
            raise SystemExit(f"{name} did not start.")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit(f"{name} does not listen on port {port}.")


def granian(python: str, application: str, port: int) -> list[str]:
    """Return the command of the site's own application server, as README.md starts it."""
    words = "-m granian --interface wsgi --host 127.0.0.1 --blocking-threads 2 --no-ws --log-level warning"
    return [python, *words.split(), "--workers", str(WORKERS), "--port", str(port), application]


def own(name: str, folder: Path, **environment: str) -> object:
    """Return the site itself; DATABASE_URL is that of this process."""
    port = free_port()
    fixed = {"LOCAL_HTTP": "1", "BEHIND_TLS_PROXY": "1", "PYTHONPATH": str(BASE), "LOG_LEVEL": "CRITICAL"}
    return running(
        name, granian(sys.executable, "wpiforum.wsgi:application", port), port, folder, {**fixed, **environment}
    )


TRIVIAL = """
import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path

settings.configure(SECRET_KEY="x", ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, MIDDLEWARE=[])
urlpatterns = [path("", lambda request: HttpResponse("Hello"))]
application = get_wsgi_application()
"""


def trivial(folder: Path) -> object:
    """Return a Django site of one view without middleware, database or template."""
    (folder / "trivial.py").write_text(TRIVIAL)
    port = free_port()
    return running("trivial view", granian(sys.executable, "trivial:application", port), port, folder, {})


NGINX = """
worker_processes {workers};
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx-error.log;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    proxy_cache_path {folder}/cache keys_zone=pages:10m use_temp_path=off;
    open_file_cache max=4000 inactive=60s; open_file_cache_valid 10s;
    types {{ text/html html; }}
    server {{
        listen 127.0.0.1:{port};
        location /file/ {{ alias {folder}/file/; gzip_static on; }}
        location / {{
            proxy_pass http://127.0.0.1:{upstream};
            proxy_set_header Host $proxy_host;
            proxy_cache pages; proxy_cache_lock on;
            proxy_cache_use_stale error timeout updating; proxy_cache_background_update on;
        }}
    }}
}}
"""


def nginx(folder: Path, upstream: int) -> object:
    """Return nginx with a file `/file/page.html` (the emergency page, packed) and a cache before the site."""
    port = free_port()
    text = NGINX.format(workers=WORKERS, folder=folder, port=port, upstream=upstream)
    (folder / "nginx.conf").write_text(text)
    return running("nginx", ["nginx", "-c", str(folder / "nginx.conf"), "-p", str(folder)], port, folder, {})


def database() -> Any:
    """Return the parts of DATABASE_URL; end with a sentence where it names no PostgreSQL."""
    address = urlsplit(os.environ.get("DATABASE_URL", ""))
    if address.scheme not in {"postgres", "postgresql"}:
        raise SystemExit("Set DATABASE_URL to a PostgreSQL with the content loaded: sh tools/postgres.sh start.")
    return address


def fetch(server: Server, path: str, encoding: str = "") -> bytes:
    request = Request(f"http://127.0.0.1:{server.port}{path}", headers={"Accept-Encoding": encoding})
    with urlopen(request, timeout=30) as answer:  # noqa: S310  this machine
        return bytes(answer.read())
