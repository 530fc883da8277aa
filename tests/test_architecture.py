"""Who may import whom: the layers of the project, held by reading every import."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

BASE = Path(settings.BASE_DIR)
KERNEL = {
    "env",
    "languages",
    "seo",
    "jsonld",
    "http",
    "markup",
    "remembering",
    "charts",
    "maps",
    "templatetags",
    "loading",
    "messages",
    "prefectures",
    "limits",
    "rest",
    "patience",
    "wording_diff",
    "tables",
    "concurrent",
    "facets",
    "lookups",
    "paging",
}
SHARED = {"provenance", "opendata", "localization", "search", "publishing", "notices", "links"}
# Each layer names what it may import besides itself; the shell may import everything.
ALLOWED = {
    "kernel": {"kernel"},
    "provenance": {"kernel", "opendata"},
    "opendata": {"kernel", "provenance"},
    "localization": {"kernel", "provenance"},
    "search": {"kernel", "provenance"},
    "publishing": {"kernel", "provenance", "localization", "search"},
    "notices": {"kernel", "provenance", "publishing"},
    "links": {"kernel", "provenance", "publishing"},
    "centers": {"kernel", *SHARED},
    "onboarding": {"kernel", "centers", *SHARED},
}
# Inside an app, downwards only.
ORDER = ["choices", "models", "translation", "*", "filters", "views", "urls"]
# Modules that hold views of one kind.
VIEWS = {"api", "plan_views", "points_views", "reports", "status_views"}


def layer(module: str) -> str | None:
    """Return the layer of a dotted module name; None for other packages."""
    parts = module.split(".")
    if parts[0] in {"centers", "onboarding"}:
        return parts[0]
    if parts[0] != "wpiforum":
        return None
    name = parts[1] if len(parts) > 1 else ""
    if name in SHARED:
        return name
    return "kernel" if name in KERNEL else "shell"


def sources() -> Iterator[Path]:
    for folder in ("wpiforum", "centers", "onboarding"):
        for path in sorted((BASE / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(BASE).with_suffix("").parts).removesuffix(".__init__")


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                yield f"{node.module}.{alias.name}"
        elif isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name


@pytest.mark.parametrize("path", list(sources()), ids=module_name)
def test_module_imports_only_layers_below(path: Path) -> None:
    own = layer(module_name(path))
    if own == "shell" or own is None:
        return
    wrong = [name for name in imports(path) if (found := layer(name)) and found != own and found not in ALLOWED[own]]
    assert wrong == []


def rank(name: str) -> int:
    name = "views" if name in VIEWS else name
    return ORDER.index(name) if name in ORDER else ORDER.index("*")


@pytest.mark.parametrize("path", [p for p in sources() if p.parts[-2] in {"centers", "onboarding"}], ids=module_name)
def test_module_of_an_app_imports_downwards(path: Path) -> None:
    app, _, name = module_name(path).partition(".")
    if name.split(".")[0] in {"admin", "apps", "templatetags", ""}:
        return
    used = {module.split(".")[1] for module in imports(path) if module.startswith(f"{app}.")}
    assert [other for other in used if rank(other) > rank(name)] == []


def test_shared_apps_never_name_a_domain_model() -> None:
    for path in sources():
        if layer(module_name(path)) in SHARED:
            text = path.read_text(encoding="utf-8")
            assert "centers." not in text.replace("centers.center:", ""), path


@pytest.mark.parametrize("path", list(sources()), ids=module_name)
def test_import_inside_a_function_carries_its_reason(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    tree = ast.parse("\n".join(lines))
    for function in ast.walk(tree):
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            for node in ast.walk(function):
                if isinstance(node, (ast.Import, ast.ImportFrom)):
                    assert "#" in lines[node.lineno - 1], f"{path}:{node.lineno}"


@pytest.mark.parametrize("path", [p for p in sources() if "tests" not in p.parts], ids=module_name)
def test_module_is_short_enough_to_read_in_one_go(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400
