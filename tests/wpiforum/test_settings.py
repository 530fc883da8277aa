"""What the settings refuse and what they switch off, read as a new process reads them."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

READ = "from wpiforum import settings as s; print(s.DEBUG, s.LOCAL_HTTP, s.SESSION_COOKIE_SECURE, s.ALLOWED_HOSTS)"
READ_LEVELS = """
import django, logging, os
os.environ["DJANGO_SETTINGS_MODULE"] = "wpiforum.settings"
django.setup()
print(*(logging.getLevelName(logging.getLogger(name).getEffectiveLevel()) for name in ("django.request", "other")))
"""


def read_settings(folder: Path, code: str = READ, **environment: str) -> subprocess.CompletedProcess[str]:
    """Import the settings in a process that knows only these variables."""
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], "VAR_DIR": str(folder), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_is_strict_unless_told_otherwise(tmp_path: Path) -> None:
    found = read_settings(tmp_path, SECRET_KEY="x", ALLOWED_HOSTS="portal.example")
    assert found.stdout == "False False True ['portal.example']\n"
    assert list(tmp_path.iterdir()) == []


def test_local_mode_serves_this_computer_only_with_a_key_of_its_own(tmp_path: Path) -> None:
    first = read_settings(tmp_path, LOCAL_HTTP="1", ALLOWED_HOSTS="portal.example")
    key = tmp_path / "secret-key"
    written = key.read_text()
    read_settings(tmp_path, LOCAL_HTTP="1")
    assert first.stdout == "False True False ['localhost', '127.0.0.1', '[::1]']\n"
    assert (len(written), key.read_text(), oct(key.stat().st_mode)[-3:]) == (50, written, "600")


@pytest.mark.parametrize("environment", [{}, {"LOCAL_HTTP": "0"}])
def test_production_without_a_secret_key_does_not_start(tmp_path: Path, environment: dict[str, str]) -> None:
    found = read_settings(tmp_path, **environment)
    assert found.returncode == 1
    assert "SECRET_KEY is not set. See 'Settings' in README.md" in found.stderr


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"SECRET_KEY": "x"}, "required\n"),
        ({"SECRET_KEY": "x", "SECOND_FACTOR": "offered"}, "offered\n"),
        ({"LOCAL_HTTP": "1"}, "offered\n"),
    ],
)
def test_second_factor_is_required_but_on_this_computer(
    tmp_path: Path, environment: dict[str, str], expected: str
) -> None:
    found = read_settings(tmp_path, "from wpiforum import settings as s; print(s.SECOND_FACTOR)", **environment)
    assert found.stdout == expected


def test_log_level_also_holds_for_the_framework(tmp_path: Path) -> None:
    levels = [
        read_settings(tmp_path, READ_LEVELS, SECRET_KEY="x", LOG_FORMAT="plain", **level).stdout
        for level in ({}, {"LOG_LEVEL": "ERROR"})  # Django itself would log from INFO on
    ]
    assert levels == ["WARNING WARNING\n", "ERROR ERROR\n"]


def test_readme_lists_every_variable_that_the_settings_read() -> None:
    code = (Path(settings.BASE_DIR) / "wpiforum" / "settings.py").read_text(encoding="utf-8")
    readme = (Path(settings.BASE_DIR) / "README.md").read_text(encoding="utf-8")
    read = set(re.findall(r'env\.\w+\("([A-Z_]+)"', code))
    listed = set(re.findall(r"^\| `([A-Z_]+)` \|", readme, flags=re.MULTILINE))
    assert read == listed
