#!/bin/sh
# Known vulnerabilities in the locked packages, and secrets in the repository. Exit code 1 only for findings: a database
# of vulnerabilities that cannot be reached is said and is no finding.
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
    if "$tools/bin/pip-audit" --require-hashes --disable-pip --progress-spinner off --timeout 20 \
        -r requirements.txt >"$out" 2>&1; then
        unknown=$(grep -c 'could not be audited' "$out" || :)
        all=$(grep -c == requirements.txt)
        echo "$((all - unknown)) of $all packages looked up, no known vulnerability; $unknown could not be looked up here"
    elif grep -q "^Found [0-9]* known vulnerabilit" "$out"; then
        cat "$out"
        rm "$out"
        return 1
    else
        echo "The database of vulnerabilities could not be asked, so packages were not checked: $(tail -n 1 "$out")"
    fi
    rm "$out"
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
    packages | secrets) prepare; "$1" ;;
    *) echo "usage: tools/audit.sh prepare|packages|secrets" >&2; exit 2 ;;
esac
