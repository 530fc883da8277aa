"""A disk without room and a link to outside that never answers: neither reaches a reader."""

import os
import resource
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests.faults.host import Host
from tests.faults.load import Load
from tests.faults.programs import wait_for

pytestmark = pytest.mark.slow
FULL = Path("/dev/full")  # every write to it finds no room


def few_bytes() -> None:
    """Let a process write small files only, as a full disk would."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))


def test_backup_on_a_full_disk_leaves_nothing_and_says_so(host: Host, tmp_path: Path) -> None:
    with Load(host) as load:
        done = subprocess.run(
            [sys.executable, "manage.py", "backup", str(tmp_path / "backup.tar")],
            cwd=settings.BASE_DIR,
            env={"PATH": os.environ["PATH"], **host.environment},
            preexec_fn=few_bytes,
            capture_output=True,
            text=True,
            check=False,
        )
        load.wait(30)
    assert (done.returncode == 0, list(tmp_path.iterdir()), load.wrong) == (False, [], [])
    assert "CommandError: " in done.stderr


def test_archive_on_a_full_disk_leaves_the_one_before_and_says_so(host: Host) -> None:
    assert host.manage("export_open_data").returncode == 0
    folder = host.var / "open-data"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with Load(host) as load:
        done = subprocess.run(
            [sys.executable, "manage.py", "export_open_data", "--as-of", "2019-02-05"],
            cwd=settings.BASE_DIR,
            env={"PATH": os.environ["PATH"], **host.environment},
            preexec_fn=few_bytes,
            capture_output=True,
            text=True,
            check=False,
        )
        load.wait(30)
    assert (done.returncode, load.wrong) == (1, [])
    assert done.stderr.endswith("wpi-forum.zip: File too large. The archive of before stays as it was.\n")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


@pytest.fixture
def full_cache(host: Host) -> Iterator[Path]:
    """Put a full disk where nginx keeps pages, and over it the memory that the unit of deploy/ mounts there."""
    cache = host.etc / "cache"
    mount = ["mount", "-t", "tmpfs", "tmpfs", str(cache), "-o"]
    if subprocess.run([*mount, "size=64k"], capture_output=True, check=False).returncode:
        pytest.skip("A small disk cannot be mounted: run the tests as root.")
    try:
        with pytest.raises(OSError, match="No space left"):
            (cache / "filler").write_bytes(b"x" * 100_000)
        unit = (settings.BASE_DIR / "deploy/systemd/var-cache-nginx-wpiforum.mount").read_text()
        subprocess.run([*mount, unit.partition("Options=")[2].split()[0]], check=True)
        yield cache
        subprocess.run(["umount", "-l", str(cache)], check=True)
    finally:
        subprocess.run(["umount", "-l", str(cache)], check=True)


def test_full_disk_does_not_reach_the_pages_that_nginx_keeps(host: Host, full_cache: Path) -> None:
    addresses = [f"/en/centers/?as_of=2019-02-{day:02}" for day in range(1, 29)]  # not kept before

    def is_whole(path: str, status: int, text: str) -> str:
        is_page = status == 200 and "Kavli" in text and text.rstrip().endswith("</html>")
        return "" if is_page else f"{status} {text[-80:]}"

    with Load(host, addresses, is_whole) as load:
        load.wait(100)
    assert load.wrong == []


def test_media_folder_without_room_stops_no_reader(host: Host) -> None:
    media = host.var / "media"
    media.symlink_to(FULL)  # no folder can be made and nothing written
    try:
        with Load(host) as load:
            load.wait(60)
    finally:
        media.unlink()
    assert load.wrong == []


def hang(listener: socket.socket, held: list[socket.socket]) -> None:
    """Accept everybody and never answer."""
    while True:
        try:
            held.append(listener.accept()[0])
        except OSError:
            return


# The check as the command runs it, but for the place where the name of the link leads.
LINK_CHECK = """
from wpiforum.links import checking
from wpiforum.links.fetching import Rules
from wpiforum.links.models import Link
link = Link.objects.create(url="http://hung.example:{port}/")
rules = Rules("test", resolve=lambda *_: ["127.0.0.1"], is_allowed=lambda _: True, ports=frozenset([{port}]))
Link.objects.exclude(pk=link.pk).delete()
print([asked.reason for asked in checking.run(rules, limit=1)])
link.delete()
"""


def test_linked_server_that_never_answers_stops_no_reader(host: Host) -> None:
    held: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=hang, args=(listener, held), daemon=True).start()
        check = subprocess.Popen(
            [sys.executable, "manage.py", "shell", "--no-imports", "-c",
             LINK_CHECK.format(port=listener.getsockname()[1])],
            cwd=settings.BASE_DIR,
            env={"PATH": os.environ["PATH"], **host.environment},
            stdout=subprocess.PIPE,
            text=True,
        )  # fmt: skip
        wait_for(lambda: held, what="The link was not asked.")
        with Load(host) as load:
            load.wait(300)
        was_hung = check.poll() is None
        said = check.communicate(timeout=60)[0]  # its own limit ends it
    for one in held:
        one.close()
    assert (load.wrong, was_hung, said) == ([], True, "['timeout']\n")


def test_mail_server_that_never_answers_stops_no_reader(host: Host) -> None:
    held: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=hang, args=(listener, held), daemon=True).start()
        url = f"smtp://127.0.0.1:{listener.getsockname()[1]}?tls=0"
        mail = subprocess.Popen(
            [sys.executable, "manage.py", "sendtestemail", "nobody@portal.example"],
            cwd=settings.BASE_DIR,
            env={"PATH": os.environ["PATH"], **host.environment, "EMAIL_URL": url},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        with Load(host) as load:
            load.wait(60)
        ended = mail.wait(timeout=60)  # its own limit ends it
    for one in held:
        one.close()
    assert (load.wrong, ended == 0, len(held)) == ([], False, 1)
