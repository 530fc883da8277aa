#!/bin/sh
# Writes the lock files anew from pyproject.toml. Needs uv; extra arguments go to it (--upgrade, --upgrade-package NAME).
set -eu
cd "$(dirname "$0")/.."
command -v uv >/dev/null || { echo "tools/lock.sh needs uv on PATH (in any virtual environment: pip install uv)." >&2; exit 1; }

# No annotations, no header: they would name paths and commands of one machine. Universal: one lock for every platform.
lock() {
    uv pip compile -q --universal --python-version 3.12 --generate-hashes --no-header --no-annotate \
        --no-emit-index-url --no-emit-find-links --no-config "$@"
}
lock --extra dev -o requirements-dev.txt "$@" pyproject.toml
# The constraint keeps the small lock a subset, so that an environment made for the tests also runs the site.
lock -c requirements-dev.txt -o requirements.txt "$@" pyproject.toml
# Scanners live apart from the site, so their versions need not agree with it.
lock --extra audit -o requirements-audit.txt "$@" pyproject.toml
