#!/bin/sh
# Checks a folder of saved pages with the Nu HTML checker: tools/nu.sh FOLDER. Files, since it refuses loopback addresses.
set -eu
version=26.9.27
[ -d "${1:-}" ] || { echo "usage: tools/nu.sh FOLDER" >&2; exit 2; }
for tool in java npm; do
    command -v "$tool" >/dev/null || { echo "The HTML check was not run: it needs $tool." >&2; exit 1; }
done

prefix=$(mktemp -d)
trap 'rm -rf "$prefix"' EXIT
# No scripts: the package would download a Java of its own. No registry addresses in a lock.
npm_config_omit_lockfile_registry_resolved=true npm install --loglevel=error --no-audit --no-fund --ignore-scripts \
    --prefix "$prefix" "vnu-jar@$version" >&2
echo "Checking $(find "$1" -name '*.html' | wc -l) pages"
java -jar "$(find "$prefix" -name vnu.jar)" --skip-non-html --Werror "$1" && echo "No errors, no warnings"
