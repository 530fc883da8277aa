"""A stock Wagtail page from PyPI in an environment of its own: the welcome page of `wagtail start`."""

import os
import subprocess
import sys
from pathlib import Path

from benchmarks.servers import free_port, granian, running

SETTINGS = """
import os
from .base import *
DEBUG = False
SECRET_KEY = "x"
ALLOWED_HOSTS = ["*"]
name, host, port, user = os.environ["WAGTAIL_DATABASE"].split()
INSTALLED_APPS = [*INSTALLED_APPS, "django.contrib.postgres"]
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": name, "HOST": host, "PORT": port,
    "USER": user, "CONN_MAX_AGE": 60}}
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
if os.environ.get("WAGTAIL_CACHED"):
    MIDDLEWARE = ["django.middleware.cache.UpdateCacheMiddleware", *MIDDLEWARE,
        "django.middleware.cache.FetchFromCacheMiddleware"]
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
"""


class Wagtail:
    """The installed site; `serve` starts it, with Django's cache of whole pages or without."""

    def __init__(self, folder: Path, database: str) -> None:
        self.folder, self.database = folder / "wagtail", database
        self.python = str(self.folder / "env" / "bin" / "python")
        self.site = self.folder / "mysite"

    def install(self) -> str:
        """Install Wagtail and make its site; return the version."""
        self.folder.mkdir()
        self._run(sys.executable, "-m", "venv", str(self.folder / "env"))
        self._run(self.python, "-m", "pip", "install", "-q", "-q", "wagtail", "granian", "psycopg[binary]")
        self._run(str(self.folder / "env" / "bin" / "wagtail"), "start", "mysite")
        (self.site / "mysite" / "settings" / "bench.py").write_text(SETTINGS)
        self._run(self.python, "manage.py", "migrate", "-v", "0", at=self.site)
        shown = subprocess.run(  # noqa: S603
            [self.python, "-c", "import wagtail; print(wagtail.__version__)"],
            capture_output=True,
            text=True,
            check=True,
        )
        return shown.stdout.strip()

    def serve(self, *, cached: bool) -> object:
        port = free_port()
        name = "Wagtail page, cached" if cached else "Wagtail page"
        extra = {"WAGTAIL_CACHED": "1"} if cached else {}
        command = granian(self.python, "mysite.wsgi:application", port)
        return running(name, command, port, self.site, {**self._environment(), **extra})

    def _environment(self) -> dict[str, str]:
        return {"DJANGO_SETTINGS_MODULE": "mysite.settings.bench", "WAGTAIL_DATABASE": self.database, "PYTHONPATH": ""}

    def _run(self, *command: str, at: Path | None = None) -> None:
        environment = {**os.environ, **self._environment()}
        subprocess.run(command, cwd=at or self.folder, env=environment, check=True)  # noqa: S603
