"""A release runs the old and the new version on one database for a while: new migrations must let the old one live."""

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

BASE = Path(settings.BASE_DIR)
# Takes away or renames what the running version still asks for, or adds what it does not fill in.
TAKES_AWAY = {"RemoveField", "RenameField", "DeleteModel", "RenameModel", "AlterModelTable"}
ALLOWED = "# Safe beside the old code: "


def migrations() -> list[Path]:
    return sorted(
        path for folder in ("wpiforum", "centers", "onboarding") for path in (BASE / folder).rglob("migrations/0*.py")
    )


def findings(code: str) -> Iterator[str]:
    """Yield each operation that the old version would not survive, unless the line above gives the reason it does."""
    lines = code.splitlines()
    for node in ast.walk(ast.parse(code)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        reason = lines[node.lineno - 2].strip() if node.lineno > 1 else ""
        if reason.startswith(ALLOWED) and len(reason) > len(ALLOWED):
            continue
        name = node.func.attr
        if name in TAKES_AWAY:
            yield f"{node.lineno}: {name}"
        field = next((word.value for word in node.keywords if word.arg == "field"), None)
        if name == "AddField" and isinstance(field, ast.Call):
            given = {word.arg for word in field.keywords}
            is_many = isinstance(field.func, ast.Attribute) and field.func.attr == "ManyToManyField"
            if not is_many and not {"null", "db_default"} & given:
                yield f"{node.lineno}: AddField without null or db_default"


def added() -> list[Path]:
    """Return the migrations that the last released version (a tag `v…`) did not have; none before a first release."""
    tag = subprocess.run(
        ["git", "describe", "--tags", "--abbrev=0", "--match", "v*"],
        cwd=BASE,
        capture_output=True,
        text=True,
        check=False,
    )
    if tag.returncode:
        return []
    old = subprocess.run(
        ["git", "ls-tree", "-r", "--name-only", tag.stdout.strip()],
        cwd=BASE,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    return [path for path in migrations() if path.relative_to(BASE).as_posix() not in old]


def test_new_migrations_let_the_old_version_live() -> None:
    found = {str(path.relative_to(BASE)): list(findings(path.read_text(encoding="utf-8"))) for path in added()}
    assert {path: ones for path, ones in found.items() if ones} == {}


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        ("RemoveField(model_name='a', name='b')", ["3: RemoveField"]),
        ("RenameField('a', 'b', 'c')", ["3: RenameField"]),
        ("DeleteModel(name='a')", ["3: DeleteModel"]),
        ("AddField('a', 'b', field=models.TextField())", ["3: AddField without null or db_default"]),
        ("AddField('a', 'b', field=models.TextField(default=''))", ["3: AddField without null or db_default"]),
        ("AddField('a', 'b', field=models.TextField(null=True))", []),
        ("AddField('a', 'b', field=models.TextField(default='', db_default=''))", []),
        ("AddField('a', 'b', field=models.ManyToManyField(to='c'))", []),
        ("AddIndex('a', models.Index(fields=['b'], name='c'))", []),
    ],
)
def test_operation_that_breaks_the_old_version_is_found(operation: str, expected: list[str]) -> None:
    assert list(findings(f"x = [\n    # a remark\n    migrations.{operation},\n]\n")) == expected


def test_reason_above_the_operation_lets_it_pass() -> None:
    code = f"x = [\n    {ALLOWED}unused since 1.2\n    migrations.RemoveField('a', 'b'),\n]\n"
    assert list(findings(code)) == []
    assert list(findings(code.replace("unused since 1.2", ""))) == ["3: RemoveField"]
