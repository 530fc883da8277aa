"""The files of deploy/ are what the programs that read them accept."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

BASE = Path(settings.BASE_DIR)
DEPLOY = BASE / "deploy"
SCRIPTS = sorted(DEPLOY.glob("*.sh"))


def render(etc: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run render.sh for a host whose files all lie in one folder."""
    etc.mkdir(exist_ok=True)
    places = {
        "PATH": os.environ["PATH"],
        "ETC": str(etc),
        "STATIC": str(etc / "static"),
        "CACHE": str(etc / "cache"),
        "LOG": str(etc / "access.log"),
        "HTTP": "127.0.0.1:18080",
        "HTTPS": "127.0.0.1:18443",
    }
    return subprocess.run(
        ["sh", str(DEPLOY / "render.sh"), *arguments],
        env=places | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def certificate(folder: Path) -> dict[str, str]:
    """Make a certificate for an afternoon."""
    names = {"CERTIFICATE": str(folder / "c.pem"), "KEY": str(folder / "k.pem")}
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=portal.example"]
    files = ["-out", names["CERTIFICATE"], "-keyout", names["KEY"]]
    subprocess.run([*command, *files], check=True, capture_output=True)
    return {"HOST": "portal.example", **names}


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_script_has_no_finding_of_shellcheck(script: Path) -> None:
    found = subprocess.run(
        [str(Path(sys.executable).with_name("shellcheck")), str(script)], capture_output=True, text=True, check=False
    )
    assert (found.returncode, found.stdout) == (0, "")


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_units_are_accepted_by_systemd(tmp_path: Path) -> None:
    for unit in (DEPLOY / "systemd").iterdir():
        text = unit.read_text()
        # The programs are on the host only; the users and folders, too, but verify does not ask for them.
        (tmp_path / unit.name).write_text(re.sub(r"(?m)^ExecStart=\S+", "ExecStart=/bin/true", text))
    names = ["wpiforum@blue.service", *(unit.name for unit in (DEPLOY / "systemd").iterdir() if "@" not in unit.name)]
    found = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(str(tmp_path / name) for name in names)],
        env={"PATH": os.environ["PATH"], "SYSTEMD_UNIT_PATH": f"{tmp_path}:/usr/lib/systemd/system"},
        capture_output=True,
        text=True,
        check=False,
    )
    ours = [line for line in found.stderr.splitlines() if "wpiforum" in line]
    assert (found.returncode, ours) == (0, [])


@pytest.mark.parametrize("unit", sorted((DEPLOY / "systemd").glob("*.service")), ids=lambda path: path.name)
def test_unit_is_hardened(unit: Path) -> None:
    wanted = {
        "User=wpiforum",
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        "ProtectHome=yes",
        "PrivateTmp=yes",
        "CapabilityBoundingSet=",
        "SystemCallFilter=@system-service",
    }
    assert wanted - set(unit.read_text().splitlines()) == set()


@pytest.mark.skipif(not shutil.which("nginx"), reason="nginx is not installed")
@pytest.mark.parametrize("kind", ["portal", "portal behind a balancer", "balancer"])
def test_configuration_is_accepted_by_nginx(tmp_path: Path, kind: str) -> None:
    environment = certificate(tmp_path)
    if kind == "balancer":
        done = render(tmp_path, "balancer", "127.0.0.1:1443", "127.0.0.1:2443", **environment)
        included = "balancer.conf"
    else:
        balancer = {} if kind == "portal" else {"BALANCER": "192.0.2.1"}
        assert render(tmp_path, "upstream", "8001").returncode == 0
        done = render(tmp_path, "portal", **environment, **balancer)
        included = "portal.conf"
    assert (done.returncode, done.stderr) == (0, "")
    text = (tmp_path / included).read_text()
    assert re.findall(r"@[A-Z]+@", text) == []
    assert ("set_real_ip_from 192.0.2.1;" in text) == (kind == "portal behind a balancer")
    if kind != "balancer":  # only a host alone shows old pages when its application is dead
        stale = "off" if kind == "portal behind a balancer" else "error timeout http_502 http_504"
        assert f"proxy_cache_use_stale {stale};" in (tmp_path / "proxy.conf").read_text()
    main = tmp_path / "nginx.conf"
    main.write_text(f"pid {tmp_path}/pid;\nevents {{}}\nhttp {{ include {tmp_path}/{included}; }}\n")
    found = subprocess.run(["nginx", "-t", "-q", "-c", str(main)], capture_output=True, text=True, check=False)
    assert [line for line in found.stderr.splitlines() if "[warn]" in line or "[emerg]" in line] == []
    assert found.returncode == 0


@pytest.mark.parametrize(
    ("arguments", "environment", "sentence"),
    [
        ((), {}, "usage: render.sh portal | upstream PORT | balancer HOST:PORT...\n"),
        (("portal",), {}, "Set HOST.\n"),
        (("portal",), {"HOST": "a;b"}, "HOST has a character that nginx would misread.\n"),
        (("upstream",), {}, "Set PORT.\n"),
        (("balancer",), {"HOST": "a", "CERTIFICATE": "b", "KEY": "c"}, "Name the application hosts as HOST:PORT.\n"),
    ],
)
def test_render_says_what_is_missing(
    tmp_path: Path, arguments: tuple[str, ...], environment: dict[str, str], sentence: str
) -> None:
    done = render(tmp_path, *arguments, **environment)
    assert (done.returncode, done.stderr, list(tmp_path.iterdir())) == (2, sentence, [])


def test_nginx_makes_room_before_the_memory_for_its_pages_is_full() -> None:
    size = re.search(r"size=(\d+)m", (DEPLOY / "systemd/var-cache-nginx-wpiforum.mount").read_text())
    limits = re.search(r"max_size=(\d+)m min_free=(\d+)m", (DEPLOY / "nginx/portal.conf.in").read_text())
    assert size
    assert limits
    assert int(size[1]) >= int(limits[1]) + int(limits[2])


def test_backups_keep_fourteen_and_one_of_each_month(tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\n[ "$1 $2" = "manage.py backup" ] && : >"$3"\n')
    python.chmod(0o755)
    for day in range(1, 29):
        for month in ("01", "02"):
            (tmp_path / f"portal-2020-{month}-{day:02}-000000.tar").touch()
    environment = {"PATH": os.environ["PATH"], "BACKUPS": str(tmp_path), "PYTHON": str(python)}
    subprocess.run(["sh", str(DEPLOY / "backup.sh")], env=environment, check=True)
    names = sorted(path.name[7:17] for path in tmp_path.glob("*.tar"))
    assert names[:2] == ["2020-01-01", "2020-02-01"]
    assert names[2:-1] == [f"2020-02-{day}" for day in range(16, 29)]
    assert len(names) == 16
