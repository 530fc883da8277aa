"""Set everything up and serve the site on this computer: the second half of `make run`."""

import secrets
import socket
import time
from io import StringIO
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand, CommandParser

from wpiforum.messages import compile_catalogues


class Command(BaseCommand):
    help = "Migrate, load the fixtures, compile what needs compiling, create a first staff account, and serve."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=1)
        parser.add_argument("--prepare-only", action="store_true", help="Set up and stop before serving.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.LOCAL_HTTP:
            raise CommandError("serve is for this computer only: set LOCAL_HTTP=1 (see README.md for production).")
        self._step("Database", lambda: call_command("migrate", verbosity=0))
        self._step("Message catalogues", compile_catalogues)
        self._step("Content", lambda: call_command("load_fixtures", quiet_claims=True))
        self._step("Static files", lambda: call_command("collectstatic", interactive=False, verbosity=0))
        port = self._free_port(options["port"])
        host = f"127.0.0.1:{port}"
        self._step("Open data", lambda: call_command("export_open_data", host=host, stdout=StringIO()))
        self._first_account()
        if not options["prepare_only"]:
            self._serve(port, options["workers"])

    def _step(self, name: str, act: Any) -> None:
        self.stdout.write(f"{name} …", ending="\n")
        self.stdout.flush()
        began = time.monotonic()
        act()
        self.stdout.write(f"  done in {time.monotonic() - began:.1f} s")

    def _first_account(self) -> None:
        users = get_user_model()._default_manager
        if users.filter(is_staff=True).exists():
            return
        password = secrets.token_urlsafe(12)
        users.create_superuser("staff", password=password)
        self.stdout.write("\nFirst staff account (this password is shown only once):")
        self.stdout.write(f"  user name: staff\n  password:  {password}\n")

    def _free_port(self, wanted: int) -> int:
        for port in range(wanted, wanted + 20):
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                if probe.connect_ex(("127.0.0.1", port)):
                    return port
        raise CommandError(f"Ports {wanted} to {wanted + 19} are all in use; choose another with --port.")

    def _serve(self, port: int, workers: int) -> None:
        from granian import Granian  # only the server process needs it
        from granian.constants import Interfaces  # only the server process needs it

        base = f"http://127.0.0.1:{port}"
        self.stdout.write(f"\nThe portal is at  {base}/ja/  and  {base}/en/")
        self.stdout.write(f"Staff sign in at  {base}/ja/admin/  or  {base}/en/admin/")
        self.stdout.write("Stop with Ctrl+C.\n")
        self.stdout.flush()
        Granian(
            "wpiforum.wsgi:application",
            address="127.0.0.1",
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            websockets=False,
            blocking_threads=2,
            log_access=False,
        ).serve()
