#!/bin/sh
# Known vulnerabilities in the locked packages, and secrets in the repository. Exit code 0: looked up, nothing found;
# 1: found something; 3: some or all could not be looked up, which says nothing either way.
set -eu
cd "$(dirname "$0")/.."
tools=var/audit
lock=requirements-audit.txt
stamp=$tools/installed

prepare() {
    sh bootstrap.sh requirements.txt
    if [ "$(cat "$stamp" 2>/dev/null)" != "$(cksum <"$lock")" ]; then
        echo "Installing the scanners into $tools (about a minute)"
        .venv/bin/python -I -m venv --clear "$tools"
        "$tools/bin/python" -m pip install -qq --no-input --disable-pip-version-check --require-hashes -r "$lock"
        cksum <"$lock" >"$stamp"
    fi
}

packages() {
    out=$(mktemp)
    code=0
    "${PIP_AUDIT:-$tools/bin/pip-audit}" --require-hashes --disable-pip --progress-spinner off --timeout 20 \
        -r requirements.txt >"$out" 2>&1 || code=$?
    all=$(grep -c == requirements.txt)
    unknown=$(grep -c 'could not be audited' "$out" || :)
    if grep -q "^Found [0-9]* known vulnerabilit" "$out"; then
        cat "$out"
        answer=1
    elif [ "$code" -ne 0 ]; then
        echo "NOT LOOKED UP: the database of vulnerabilities gave no answer, so none of $all packages was checked:" \
            "$(tail -n 1 "$out")"
        answer=3
    elif [ "$unknown" -gt 0 ]; then
        echo "NOT LOOKED UP: $unknown of $all packages are unknown to the database that answers here; in the" \
            "other $((all - unknown)) no vulnerability is known."
        answer=3
    else
        echo "Nothing found: $all packages looked up, no vulnerability is known."
        answer=0
    fi
    rm "$out"
    return "$answer"
}

secrets() {
    # What was looked at and is none stands in .secrets.baseline; tests and locks are full of made-up keys and digests.
    # A copy, since the program moves line numbers in it and then answers 3.
    known=$(mktemp)
    cp .secrets.baseline "$known"
    code=0
    git ls-files -- ':!requirements*.txt' ':!fixtures' ':!locale' ':!tests' ':!*.json' ':!*.png' ':!*.webp' ':!*.svg' ':!.secrets.baseline' >"$known.files"
    tr '\n' '\0' <"$known.files" | xargs -0 "$tools/bin/detect-secrets-hook" --baseline "$known" >"$known.out" 2>&1 || code=$?
    # xargs says 123 for 1 to 125; the sentence tells a moved line from a finding.
    if [ "$code" -eq 0 ] || grep -q "The baseline file was updated" "$known.out"; then
        echo "No new secret in $(wc -l <"$known.files") files."
        code=0
    else
        cat "$known.out"
    fi
    rm -f "$known" "$known.files" "$known.out"
    return "$code"
}

case "${1:-}" in
    prepare) prepare ;;
    packages) [ -n "${PIP_AUDIT:-}" ] || prepare; packages ;;
    secrets) prepare; secrets ;;
    *) echo "usage: tools/audit.sh prepare|packages|secrets" >&2; exit 2 ;;
esac
