#!/bin/sh
# Generates a client from the OpenAPI document of a running site and reads every center and guide with it: client.sh ORIGIN.
# The generator is a tool of its own, in an environment of its own: neither the site nor its tests need it.
set -eu
cd "$(dirname "$0")/.."
origin=${1:?usage: client.sh ORIGIN}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
.venv/bin/python -m venv "$work/env"
"$work/env/bin/python" -m pip install -qq --no-input --disable-pip-version-check "openapi-python-client==0.29.1"
.venv/bin/python tools/save_pages.py "$work/document" "$origin/api/v1/openapi.json" >/dev/null
# The generator formats what it writes with the ruff beside it. It must understand all of the document.
PATH=$work/env/bin:$PATH "$work/env/bin/openapi-python-client" generate --fail-on-warning --meta none \
    --path "$(ls "$work"/document/*)" --output-path "$work/generated/wpi" >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
PYTHONPATH=$work/generated "$work/env/bin/python" tools/read_all.py "$origin"
