"""Every public address of the whole content, followed from link to link in both languages."""

import re
from collections import defaultdict
from html import unescape
from io import StringIO
from typing import Any, NamedTuple
from urllib.parse import urljoin

import feedparser
import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import Client

from tests.machines.linked import graph
from wpiforum.feeds import MOST
from wpiforum.opendata import middleware

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.usefixtures("loaded_fixtures")]
SITE = "http://testserver"
_LINK = re.compile(r'\s(?:href|src|data-worker)="([^"]+)"')
# Staff sign in there; nobody else is led there.
_CLOSED = re.compile(r"^/(ja|en)/admin/")


class Found(NamedTuple):
    """A page as the crawl found it."""

    status: int
    html: str
    ids: frozenset[str]
    links: tuple[str, ...]


def _open(client: Client, address: str) -> Found:
    response = client.get(address, follow=True)
    if not response.get("Content-Type", "").startswith("text/html"):
        return Found(response.status_code, "", frozenset(), ())
    html = response.content.decode()
    # A data block is no link, and `<link rel="canonical">` of a fallback leads to the original on purpose.
    links = (unescape(link) for link in _LINK.findall(html))
    inside = (urljoin(f"{SITE}{address}", link) for link in links if not link.startswith(("data:", "mailto:", "tel:")))
    return Found(
        response.status_code,
        html,
        frozenset(re.findall(r'\sid="([^"]+)"', html)),
        tuple(link.removeprefix(SITE) for link in inside if link.startswith(f"{SITE}/")),
    )


@pytest.fixture(scope="module")
def crawled(loaded_fixtures: None, django_db_blocker: Any, tmp_path_factory: Any) -> dict[str, Found]:
    """Follow every link from the home pages and the sitemap; addresses with a question are opened but not followed."""
    patch = pytest.MonkeyPatch()
    patch.setattr(middleware, "LIMIT", 10**9)
    patch.setattr("django.conf.settings.VAR_DIR", tmp_path_factory.mktemp("var"))
    with django_db_blocker.unblock():
        call_command("export_open_data", verbosity=0, stdout=StringIO())
        client, found = Client(), {}
        sitemap = client.get("/sitemap.xml").content.decode()
        waiting = ["/ja/", "/en/", *(path.removeprefix(SITE) for path in re.findall(r"<loc>([^<]+)</loc>", sitemap))]
        while waiting:
            address = waiting.pop()
            if address in found or _CLOSED.match(address) or address.startswith("/static/"):
                continue
            found[address] = _open(client, address)
            if "?" not in address:
                waiting += [link.partition("#")[0] for link in found[address].links]
    patch.undo()
    return found


def _pages(found: dict[str, Found]) -> dict[str, str]:
    """Return the pages in a language, by address; those with a question are other views of them."""
    return {
        address: page.html
        for address, page in found.items()
        if page.html and "?" not in address and re.match(r"/(ja|en)/", address)
    }


def test_crawl_reaches_what_there_is(crawled: dict[str, Found]) -> None:
    pages = _pages(crawled)
    assert len(pages) > 1000
    for address in ("/api/v1/docs", "/data/wpi-forum.zip", "/data/steps.csv", "/feeds/en/guides/immigration.atom"):
        assert crawled[address].status == 200


def test_no_link_is_broken(crawled: dict[str, Found]) -> None:
    broken = defaultdict(list)
    for address, page in crawled.items():
        for link in page.links:
            target, _hash, anchor = link.partition("#")
            if target.startswith("/static/"):
                if not finders.find(target.removeprefix("/static/")):
                    broken[link].append(address)
            elif target in crawled:
                other = crawled[target]
                if other.status != 200 or (anchor and other.html and unescape(anchor) not in other.ids):
                    broken[f"{other.status} {link}"].append(address)
    assert {link: pages[:3] for link, pages in broken.items()} == {}


def test_no_two_pages_of_a_language_have_one_title(crawled: dict[str, Found]) -> None:
    titles = defaultdict(list)
    for address, html in _pages(crawled).items():
        [title] = re.findall(r"<title>(.*?)</title>", html, re.DOTALL)
        titles[address[1:3], title].append(address)
    assert {title: pages[:2] for title, pages in titles.items() if len(pages) > 1} == {}


def test_language_of_a_page_is_that_of_its_address(crawled: dict[str, Found]) -> None:
    assert [address for address, html in _pages(crawled).items() if f'<html lang="{address[1:3]}">' not in html] == []


def test_every_alternate_is_mutual_and_names_the_page_itself(crawled: dict[str, Found]) -> None:
    alternates = {
        address: dict(re.findall(rf'<link rel="alternate" hreflang="(\w+)" href="{SITE}([^"]+)">', html))
        for address, html in _pages(crawled).items()
    }
    wrong = [
        address
        for address, named in alternates.items()
        if named
        and (named.get(address[1:3]) != address or any(alternates.get(other) != named for other in named.values()))
    ]
    assert wrong == []
    assert sum(bool(named) for named in alternates.values()) > 200


def test_every_data_block_parses_and_expands(crawled: dict[str, Found]) -> None:
    kinds: set[str] = set()
    for html in _pages(crawled).values():
        kinds |= set(graph(html))
    assert kinds == {
        "BreadcrumbList", "Dataset", "GovernmentService", "HowTo", "Person", "ResearchOrganization", "Service",
        "WebPage", "WebSite",
    }  # fmt: skip


def test_every_feed_is_valid_and_no_entry_has_the_id_of_another(client: Client, crawled: dict[str, Found]) -> None:
    feeds = sorted(address for address in crawled if address.startswith("/feeds/"))
    assert len(feeds) == 2 * (1 + 8 + 13)
    for address in feeds:
        found = feedparser.parse(client.get(address).content)
        ids = [entry.id for entry in found.entries]
        assert (found.bozo, found.feed.language, len(set(ids))) == (False, address[7:9], len(ids)), address
    assert len(feedparser.parse(client.get("/feeds/ja.atom").content).entries) == MOST


def test_canonical_address_is_a_page_that_names_itself(crawled: dict[str, Found]) -> None:
    pages = _pages(crawled)
    for address, html in pages.items():
        for canonical in re.findall(rf'<link rel="canonical" href="{SITE}([^"]+)">', html):
            assert f'<link rel="canonical" href="{SITE}{canonical}">' in pages[canonical], address
