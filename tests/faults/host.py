"""A host as deploy/ makes it, in one folder and on ports of its own: nginx with TLS before the real server."""

import contextlib
import http.client
import os
import signal
import ssl
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from tests.deploy.test_files import certificate, render
from tests.faults.programs import children, wait_for
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
# What an editor's last click does, in a process of its own.
PUBLISH = """
from datetime import timedelta
from django.db import transaction
from django.utils import timezone
from wpiforum.notices.models import Notice
now = timezone.now()
with transaction.atomic():
    Notice.objects.all().delete()
    Notice.objects.create(title_ja="お知らせ第{number}", title_en="Notice number {number}", text_ja="。", text_en=".",
        starts_at=now - timedelta(hours=1), ends_at=now + timedelta(days=9))
"""


def write_main(etc: Path, included: str) -> None:
    """Write the file that Debian's nginx has around ours."""
    user = "user root;\n" if os.geteuid() == 0 else ""
    (etc / "nginx.conf").write_text(
        f"{user}pid {etc}/nginx.pid;\nerror_log {etc}/error.log;\nworker_processes 1;\n"
        "events { worker_connections 1024; }\n"
        f"http {{ include /etc/nginx/mime.types; include {etc}/{included}; }}\n"
    )


class Front:
    """An nginx that people ask, on a port of its own."""

    def __init__(self, etc: Path) -> None:
        self.etc, self.port = etc, free_port()

    def start_nginx(self) -> None:
        done = subprocess.run(["nginx", "-c", f"{self.etc}/nginx.conf"], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

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

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        self._end("nginx", how)

    def _end(self, name: str, how: signal.Signals) -> None:
        with contextlib.suppress(OSError, ValueError):
            pid = int((self.etc / f"{name}.pid").read_text())
            for one in (pid, *children(pid)) if how == signal.SIGKILL else (pid,):
                os.kill(one, how)


class Balancer(Front):
    """The machine in front of several hosts."""

    def __init__(self, etc: Path, hosts: Iterable["Host"]) -> None:
        super().__init__(etc)
        names = certificate(etc)
        write_main(etc, "balancer.conf")
        places = [f"127.0.0.1:{host.port}" for host in hosts]
        done = render(etc, "balancer", *places, **names, HTTPS=f"127.0.0.1:{self.port}")
        assert done.returncode == 0, done.stderr


class Host(Front):
    """One host; `release()` is deploy/release.sh itself."""

    def __init__(
        self, folder: Path, database: str, *, balancer: str = "", nginx_keeps: bool = True, **environment: str
    ) -> None:
        super().__init__(folder / "etc")
        self.root, self.var = folder / "srv", folder / "var"
        for path in (self.etc, self.root, self.var):
            path.mkdir(parents=True)
        self.blue, self.green = free_port(), free_port()
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
        self.write_environment()
        systemctl = self.etc / "systemctl"
        systemctl.write_text(SYSTEMCTL.format(etc=self.etc, root=self.root))
        systemctl.chmod(0o755)
        write_main(self.etc, "portal.conf")
        done = render(
            self.etc,
            "portal",
            **self.certificate,
            HTTP=f"127.0.0.1:{free_port()}",
            HTTPS=f"127.0.0.1:{self.port}",
            STATIC=str(self.var / "static"),
            BALANCER=balancer,
        )
        assert done.returncode == 0, done.stderr
        # The load comes from one address; how many one address may ask is another test.
        portal, proxy = self.etc / "portal.conf", self.etc / "proxy.conf"
        portal.write_text(
            portal.read_text().replace("rate=100r/s", "rate=9999r/s").replace("rate=20r/s", "rate=9999r/s")
        )
        if not nginx_keeps:
            proxy.write_text(proxy.read_text().replace("proxy_cache portal;", "proxy_cache off;"))
        assert render(self.etc, "upstream", str(self.blue)).returncode == 0

    def write_environment(self, **changed: str) -> None:
        self.environment |= changed
        (self.etc / "portal.env").write_text("".join(f"{key}='{value}'\n" for key, value in self.environment.items()))

    def manage(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a management command with the settings of the host."""
        environment = {"PATH": os.environ["PATH"], **self.environment}
        arguments = [sys.executable, "manage.py", *command]
        return subprocess.run(arguments, cwd=BASE, env=environment, capture_output=True, text=True, check=False)

    def publish(self, number: int) -> None:
        """Publish a number on every page: a notice in both languages that replaces the one before."""
        done = self.manage("shell", "-c", PUBLISH.format(number=number))
        assert done.returncode == 0, done.stderr

    def start(self, static: Path) -> None:
        """Start one color beside another host of the same version, whose static files and database are there."""
        (self.var / "static").symlink_to(static)
        (self.root / "blue").symlink_to(BASE)
        (self.etc / "blue.env").write_text(f"PORT={self.blue}\n")
        (self.etc / "color").write_text("blue\n")
        self.start_application()

    def start_application(self) -> None:
        self.systemctl("restart", f"wpiforum@{self.color()}.service")
        wait_for(lambda: self.ready() == 200, what="The application does not become ready.")

    def systemctl(self, *arguments: str) -> None:
        subprocess.run([str(self.etc / "systemctl"), *arguments], env={"PATH": os.environ["PATH"]}, check=True)

    def ready(self) -> int:
        """Return what the application answers about itself, past nginx; 0 if nothing."""
        port = int((self.etc / f"{self.color()}.env").read_text().partition("=")[2])
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            connection.request("GET", "/readyz", headers={"Host": "portal.example"})
            return connection.getresponse().status
        except OSError:
            return 0
        finally:
            connection.close()

    def color(self) -> str:
        return (self.etc / "color").read_text().strip()

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
        return int((self.etc / f"{self.color()}.pid").read_text())

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        self.stop_application(how)
        super().stop(how)

    def stop_application(self, how: signal.Signals) -> None:
        for color in ("blue", "green"):
            self._end(color, how)
