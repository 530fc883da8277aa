#!/bin/sh
# Makes .venv from a lock file: sh bootstrap.sh requirements.txt (or requirements-dev.txt). Run again, it has nothing to do.
set -eu
cd "$(dirname "$0")"
lock=${1:-requirements.txt}
stamp=.venv/installed

# Asked by running it, since a version manager's shim may exist and still refuse.
usable() {
    "$1" -I -c 'import sys, venv, ensurepip; sys.exit(sys.version_info[:2] < (3, 12))' >/dev/null 2>&1 </dev/null
}

candidates() {
    [ -z "${PYTHON:-}" ] || command -v "$PYTHON" || :
    folders=$(printf '%s' "$PATH" | tr ':' '\n')
    # Every folder of PATH, not only the first match: a shim may stand before a working Python.
    for name in python3.13 python3.12 python3.14 python3 python; do
        printf '%s\n' "$folders" | while read -r folder; do
            if [ -x "$folder/$name" ]; then echo "$folder/$name"; fi
        done
    done
    # A version manager keeps versions that are not on PATH; its root shows in PATH even when HOME is empty.
    home=${HOME:-/nonexistent}
    {
        printf '%s\n' "$folders" | sed -e 's#/versions/.*##' -e 's#/shims$##' -e 's#/bin$##' -e 's#$#/versions#'
        printf '%s\n' "${PYENV_ROOT:-$home/.pyenv}/versions" "$home/.asdf/installs/python" \
            "$home/.local/share/mise/installs/python" "$home/.local/share/uv/python"
    } | sort -u | while read -r versions; do
        ls -d "$versions"/*3.*/bin/python3 2>/dev/null || :
    done | sort -rV
}

find_python() {
    candidates | while read -r candidate; do
        if usable "$candidate"; then echo "$candidate"; break; fi
    done
}

# What an environment must have been made from to be good for a lock: its content and the Python's version.
made_from() {
    echo "$(cksum <"$1") $(.venv/bin/python -I -c 'import sys; print(*sys.version_info[:3])')"
}

installed() {
    [ -f "$stamp" ] && usable .venv/bin/python || return 1
    have=$(cat "$stamp")
    [ "$have" != "$(made_from "$lock")" ] || return 0
    # The test environment holds everything the site needs at the same versions.
    [ "$lock" = requirements.txt ] && [ "$have" = "$(made_from requirements-dev.txt)" ]
}

[ -f "$lock" ] || { echo "There is no $lock here." >&2; exit 1; }
if installed; then exit 0; fi

if ! usable .venv/bin/python; then
    python=$(find_python)
    if [ -z "$python" ]; then
        echo "Python 3.12 or newer, with its venv module, was not found: install it, or name it with PYTHON=/path/to/python3." >&2
        exit 1
    fi
    echo "Making .venv with $("$python" -I -V)"
    "$python" -I -m venv --clear .venv
fi

echo "Installing $(grep -c == "$lock") packages from $lock (some 10 to 60 seconds)"
rm -f "$stamp"   # an interrupted installation must not look finished
# Twice quiet leaves errors; a user's own pip settings must not move the target or ask questions.
# Of what tests need most is never imported; a server may not be allowed to write what it compiles.
compile=--compile
[ "$lock" = requirements.txt ] || compile=--no-compile
PIP_USER=0 PIP_REQUIRE_VIRTUALENV=0 .venv/bin/python -m pip install -qq --no-input --disable-pip-version-check \
    "$compile" --require-hashes -r "$lock"
made_from "$lock" >"$stamp"
echo "Packages installed"
