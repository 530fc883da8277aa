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
    --max-scan-time "${SECONDS_OF_SCAN:-300}" --max-attack-time "${SECONDS_OF_MODULE:-120}" --max-links-per-page 60 \
    --depth 3 -x "${url}ja/admin/" -x "${url}en/admin/" --format json --output "$out/report.json" >"$out/log" 2>&1 || {
    tail -n 20 "$out/log"
    exit 1
}
.venv/bin/python - "$out/report.json" "$out/log" <<'EOF'
import json, re, sys
report = json.load(open(sys.argv[1]))
found = [(kind, one["method"], one["path"], one["info"]) for part in ("vulnerabilities", "anomalies")
         for kind, ones in report[part].items() for one in ones
         if kind != "Unencrypted Channels"]  # the site of this machine speaks http
for one in found:
    print(*one)
log = open(sys.argv[2], errors="replace").read()
launched = re.findall(r"Launching module (\w+)", log)
stopped = re.findall(r"attack time was reached for module (\w+)", log)
skipped = ["ssl"] if "sslscan is not installed" in log else []  # this site speaks no TLS
print(f"modules: {', '.join(launched)}")
print(f"stopped by the clock: {', '.join(stopped) or 'none'}; skipped: {', '.join(skipped) or 'none'}")
print(f"{report['infos'].get('crawled_pages_nbr', '?')} pages, {len(found)} findings")
sys.exit(bool(found))
EOF
