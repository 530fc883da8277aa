"""tools/audit.sh: "nothing found" is said only of what was looked up."""

import os
import subprocess
from pathlib import Path

import pytest
from django.conf import settings


@pytest.mark.parametrize(
    ("says", "code", "expected", "sentence"),
    [
        ("No known vulnerabilities found", 0, 0, "Nothing found: "),
        ("Found 1 known vulnerability in 1 package", 1, 1, "Found 1 known vulnerability in 1 package"),
        ("ERROR: no connection", 1, 3, "NOT LOOKED UP: the database of vulnerabilities gave no answer"),
        ("django  Dependency not found and could not be audited", 0, 3, "NOT LOOKED UP: 1 of "),
    ],
)
def test_audit_tells_not_looked_up_from_nothing_found(
    tmp_path: Path, says: str, code: int, expected: int, sentence: str
) -> None:
    program = tmp_path / "pip-audit"
    program.write_text(f"#!/bin/sh\necho '{says}'\nexit {code}\n")
    program.chmod(0o755)
    done = subprocess.run(
        ["sh", "tools/audit.sh", "packages"],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], "PIP_AUDIT": str(program)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout.startswith(sentence)) == (expected, True), done.stdout
