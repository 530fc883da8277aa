#!/bin/sh
# Measures pages on the phone preset: tools/lighthouse.sh URL... RUNS (5) gives a median; PERFORMANCE (99) and OTHERS (100) are the floors.
set -eu
version=12.8.2   # 13 needs a newer Node than Debian's
[ $# -gt 0 ] || { echo "usage: tools/lighthouse.sh URL..." >&2; exit 2; }
chromium=$(command -v "${CHROMIUM:-chromium}") || { echo "Lighthouse was not run: it needs Chromium." >&2; exit 1; }
for tool in node npm; do
    command -v "$tool" >/dev/null || { echo "Lighthouse was not run: it needs $tool." >&2; exit 1; }
done

prefix=$(mktemp -d)
trap 'rm -rf "$prefix"' EXIT
npm_config_omit_lockfile_registry_resolved=true npm install --silent --no-audit --no-fund --ignore-scripts \
    --prefix "$prefix" "lighthouse@$version" >&2

page=0
for url in "$@"; do
    page=$((page + 1))
    run=1
    while [ "$run" -le "${RUNS:-5}" ]; do
        # --no-sandbox: Chromium has none as root, and the pages are our own.
        CHROME_PATH=$chromium "$prefix/node_modules/.bin/lighthouse" "$url" --quiet --no-enable-error-reporting \
            --chrome-flags="--headless=new --no-sandbox --disable-dev-shm-usage" \
            --output=json --output-path="$prefix/report-$page-$run.json"
        run=$((run + 1))
    done
done

PERFORMANCE=${PERFORMANCE:-99} OTHERS=${OTHERS:-100} node - "$prefix" <<'JS'
const fs = require("node:fs");
const folder = process.argv[2];
const pages = new Map();
for (const name of fs.readdirSync(folder).filter((name) => name.startsWith("report-")).sort()) {
  const report = JSON.parse(fs.readFileSync(`${folder}/${name}`, "utf8"));
  const reports = pages.get(report.requestedUrl) ?? [];
  pages.set(report.requestedUrl, [...reports, report]);
}
const median = (numbers) => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
let failed = false;
for (const [url, reports] of pages) {
  const scores = Object.keys(reports[0].categories).map((id) => {
    const score = Math.round(100 * median(reports.map((report) => report.categories[id].score ?? 0)));
    if (score < Number(id === "performance" ? process.env.PERFORMANCE : process.env.OTHERS)) failed = true;
    return `${id} ${score}`;
  });
  console.log(`${url}: ${scores.join(", ")} (median of ${reports.length})`);
  for (const category of Object.values(reports[0].categories)) {
    for (const { id, weight } of category.auditRefs) {
      const audit = reports[0].audits[id];
      if (category.id !== "performance" && weight && audit.score !== null && audit.score < 1) console.log(`    ${audit.title}`);
    }
  }
}
process.exit(failed ? 1 : 0);
JS
