"""Save pages of a running site as files for a validator: save_pages.py FOLDER URL..."""

import re
import sys
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen


def file_name(url: str) -> str:
    """Return a readable file name that says which page it was."""
    parts = urlsplit(url)
    return re.sub(r"[^\w.=-]+", "_", f"{parts.path}{parts.query}").strip("_") + ".html"


def main(folder: str, *urls: str) -> int:
    """Save every page and return the number of those that could not be had."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    missing = 0
    for url in urls:
        try:
            with urlopen(url, timeout=20) as answer:  # noqa: S310 (addresses come from our own scripts)
                (Path(folder) / file_name(url)).write_bytes(answer.read())
        except URLError as error:
            print(f"{url}: {error}", file=sys.stderr)
            missing += 1
    return missing


if __name__ == "__main__":
    sys.exit(min(main(*sys.argv[1:]), 1))
