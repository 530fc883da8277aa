#!/bin/sh
# Attacks a site of our own with wapiti's common modules and five more: sh tools/wapiti.sh http://127.0.0.1:8000/.
# Fails on a finding; names the modules that were skipped or stopped by the clock, since those did not try everything.
set -eu
cd "$(dirname "$0")/.."
url=${1:?URL of a site on this machine}
case $url in
    http://127.0.0.1:* | http://localhost:*) ;;
    *) echo "Only a site on this machine is attacked." >&2; exit 2 ;;
esac
sh tools/audit.sh prepare
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
modules=common,backup,crlf,htaccess,methods,shellshock
# Staff pages stay out: the scanner has no account, and signing in has tests of its own.
HOME=$out var/audit/bin/wapiti -u "$url" --scope folder --flush-session --no-bugreport -v 1 --color \
    --store-session "$out" --store-config "$out" -m "$modules" \
    --max-scan-time "${SECONDS_OF_SCAN:-300}" --max-attack-time "${SECONDS_OF_MODULE:-900}" --max-links-per-page 60 \
    --depth 3 -x "${url}ja/admin/" -x "${url}en/admin/" --format json --output "$out/report.json" >"$out/log" 2>&1 || {
    tail -n 20 "$out/log"
    exit 1
}
.venv/bin/python tools/wapiti_report.py "$url" "$out/report.json" "$out/log"
