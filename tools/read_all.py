"""Read every center and guide with the client that tools/client.sh generated (package `wpi`): read_all.py ORIGIN."""

import re
import sys
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

from wpi.api.guides import onboarding_api_guide, onboarding_api_guides
from wpi.api.register import centers_api_center, centers_api_centers
from wpi.client import Client

AS_OF = "2019-02-05"


def everything(client: Any, ask: Callable[..., Any], **parameters: Any) -> Iterator[Any]:
    """Yield the objects of all pages of a list."""
    while True:
        page = ask(client=client, limit=10, **parameters)
        yield from page.items
        if not page.next_:
            return
        parameters["cursor"] = parse_qs(urlsplit(page.next_).query)["cursor"][0]


def main(origin: str) -> None:
    client = Client(base_url=origin, raise_on_unexpected_status=True)
    centers = {row.slug: row for row in everything(client, centers_api_centers.sync, as_of=AS_OF)}
    for slug, row in centers.items():
        one = centers_api_center.sync(slug, client=client, as_of=AS_OF)
        if (one.acronym, one.names, one.standings) != (row.acronym, row.names, row.standings):
            sys.exit(f"list and object differ: {slug}")
    guides = {row.slug: row for row in everything(client, onboarding_api_guides.sync)}
    for slug, row in guides.items():
        if onboarding_api_guide.sync(slug, client=client) != row:
            sys.exit(f"list and object differ: {slug}")
    with urlopen(f"{origin}/sitemap.xml") as answer:  # noqa: S310  an address of this computer
        sitemap = answer.read().decode()
    listed = [set(re.findall(rf"<loc>[^<]+/(?:ja|en)/{path}/([\w-]+)/</loc>", sitemap))
              for path in ("centers", r"guides/[\w-]+")]  # fmt: skip
    missing = [listed[0] - {"compare", "requirements"} - set(centers), listed[1] - set(guides)]
    steps = sum(len(row.steps) for row in guides.values())
    print(f"read with a generated client: {len(centers)} centers, {len(guides)} guides with {steps} steps")
    if any(missing) or not centers or not guides:
        sys.exit(f"not read: {missing}")


if __name__ == "__main__":
    main(sys.argv[1])
