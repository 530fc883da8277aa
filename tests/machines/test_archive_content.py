"""The archive of the whole content, held against the Data Package standard by a program that is not ours."""

import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import frictionless
import pytest
from django.core.management import call_command

from wpiforum import archive

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded_fixtures")]


@pytest.fixture(autouse=True)
def _exported(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    settings.SITE_ORIGIN = "https://portal.example"
    call_command("export_open_data", as_of="2026-04-03", stdout=io.StringIO())


def _unpacked() -> dict[str, bytes]:
    with zipfile.ZipFile(archive.path()) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def test_whole_content_is_a_valid_data_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with zipfile.ZipFile(archive.path()) as packed:
        packed.extractall(tmp_path)
    monkeypatch.chdir(tmp_path / "wpi-forum")
    report = frictionless.Package("datapackage.json").validate()
    assert [(task.name, task.errors[:1]) for task in report.tasks if not task.valid] == []
    assert (report.valid, report.errors) == (True, [])
    found = {task.name: task.stats["rows"] for task in report.tasks}
    assert (found["centers"], found["steps"]) == (13, 300)
    assert all(found[name] == found[f"{name}-jsonl"] > 0 for name in archive.lists())


def test_description_names_version_licence_sources_and_true_digests() -> None:
    files = _unpacked()
    package = json.loads(files["wpi-forum/datapackage.json"])
    assert package["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert (package["version"], package["created"]) == ("1.0.0+20260403", "2026-04-03T00:00:00+09:00")
    assert package["licenses"][0]["path"] == "https://creativecommons.org/licenses/by/4.0/"
    assert {"title", "path"} == set(package["sources"][0])
    for resource in package["resources"]:
        data = files[f"wpi-forum/{resource['path']}"]
        assert resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
        assert resource["bytes"] == len(data)
