"""`manage.py serve` as a person meets it: the real server, over plain http, twice."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from typing import IO
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import pytest
from django.conf import settings

pytestmark = pytest.mark.slow
START_SECONDS = 20
NEW_FIELD = "音の科学"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def read_until_served(output: IO[str], process: subprocess.Popen[str]) -> str:
    """Return what was printed up to the line that says how to stop."""
    printed = ""
    for line in output:
        printed += line
        if line.startswith("Stop with"):
            return printed
    raise AssertionError(f"The site did not start ({process.wait()}):\n{printed}")


@contextmanager
def serving(folder: Path, port: int) -> Iterator[str]:
    """Run the site on its own data and stop it as Ctrl+C does; yields what it printed at start."""
    with subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--port", str(port)],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], "VAR_DIR": str(folder), "LOCAL_HTTP": "1", "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout
        try:
            printed = read_until_served(process.stdout, process)
            wait_until_open(port)
            yield printed
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=20) == 0
        finally:
            if process.poll() is None:
                process.terminate()


def wait_until_open(port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("The port stayed closed.")


def browser() -> OpenerDirector:
    """Return an opener that keeps cookies as a browser does."""
    return build_opener(HTTPCookieProcessor(CookieJar()))


def text(opener: OpenerDirector, url: str, fields: dict[str, str] | None = None) -> str:
    body = urlencode(fields).encode() if fields else None
    with opener.open(url, body, timeout=20) as answer:
        return str(answer.read().decode())


def token(html: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', html)
    assert found
    return found[1]


def sign_in(opener: OpenerDirector, base: str, password: str) -> str:
    """Sign in as the first staff account and return the page shown then."""
    login = f"{base}/ja/admin/account/login/?next=/ja/admin/"
    fields = {"csrfmiddlewaretoken": token(text(opener, login)), "login": "staff", "password": password}
    return text(opener, login, fields | {"next": "/ja/admin/"})


def test_site_starts_signs_in_and_keeps_its_data(tmp_path: Path) -> None:
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    with serving(tmp_path, port) as printed:
        found = re.search(r"user name: staff\n  password:  (\S+)", printed)
        assert found
        password = found[1]
        assert (f"{base}/ja/" in printed, f"{base}/en/" in printed) == (True, True)
        staff = browser()
        assert 'action="/ja/admin/logout/"' in sign_in(staff, base, password)
        assert "13拠点" in text(browser(), f"{base}/ja/centers/")
        # A page's files are there, under names that change with their content.
        style = re.search(r'href="(/static/wpiforum/site\.\w+\.css)"', text(browser(), f"{base}/ja/"))
        assert style
        assert "{" in text(browser(), base + style[1])
        form = f"{base}/ja/admin/centers/field/add/"
        fields = {
            "name_ja": NEW_FIELD,
            "name_en": "Acoustics",
            "slug": "acoustics",
            "csrfmiddlewaretoken": token(text(staff, form)),
        }
        assert NEW_FIELD in text(staff, form, fields)
    with serving(tmp_path, port) as printed:
        assert "password" not in printed
        staff = browser()
        assert 'action="/ja/admin/logout/"' in sign_in(staff, base, password)
        assert NEW_FIELD in text(staff, f"{base}/ja/admin/centers/field/")
        assert 'action="/ja/admin/logout/"' not in sign_in(browser(), base, "not-the-password")
