"""Print what wapiti found and what it left out: wapiti_report.py URL REPORT LOG. Fails on a finding."""

import json
import re
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from urllib.request import urlopen


def results(url: str, query: list[tuple[str, str]]) -> list[str]:
    """Return the pages that a search page links to."""
    with urlopen(f"{url}?{urlencode(query)}", timeout=20) as answer:  # noqa: S310  the site of this machine
        main = answer.read().decode().partition("<main")[2].partition("</main>")[0]
    return [found for found in re.findall(r'href="([^"]+)"', main) if not found.startswith("?")]


def is_by_words(site: str, finding: dict[str, Any]) -> bool:
    """Tell whether a search answered the words and not their logic.

    The scanner takes "12=12" and "12=93" for true and false; a search takes them for numbers, which are on other pages.
    "12<>12" is false in SQL and has the same words as the true one: where the results are the same, nothing was run.
    """
    address = urlsplit(finding["http_request"].split()[1])
    if not re.fullmatch(r"/(ja|en)/search/", address.path) or finding["parameter"] != "q":
        return False
    asked = parse_qsl(address.query, keep_blank_values=True)
    turned = [(name, re.sub(r"\b(\d+)=\1\b", r"\1<>\1", value) if name == "q" else value) for name, value in asked]
    url = site.rstrip("/") + address.path
    found = results(url, asked)
    return turned != asked and bool(found) and results(url, turned) == found


def main(site: str, report_path: str, log_path: str) -> int:
    report, log = json.loads(Path(report_path).read_text()), Path(log_path).read_text(errors="replace")
    found = [
        (kind, one)
        for part in ("vulnerabilities", "anomalies")
        for kind, ones in report[part].items()
        for one in ones
        if kind != "Unencrypted Channels"  # the site of this machine speaks http
    ]
    by_words = [one for kind, one in found if kind == "SQL Injection" and is_by_words(site, one)]
    wrong = [(kind, one) for kind, one in found if one not in by_words]
    for kind, one in wrong:
        print(kind, one["method"], one["path"], one["info"])
    for one in by_words:
        print("no finding, the same words with a false condition find the same pages:", one["http_request"].split()[1])
    launched = re.findall(r"Launching module (\w+)", log)
    stopped = re.findall(r"attack time was reached for module (\w+)", log)
    skipped = ["ssl"] if "sslscan is not installed" in log else []  # this site speaks no TLS
    print(f"modules: {', '.join(launched)}")
    print(f"stopped by the clock: {', '.join(stopped) or 'none'}; skipped: {', '.join(skipped) or 'none'}")
    print(f"{report['infos'].get('crawled_pages_nbr', '?')} pages, {len(wrong)} findings")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
