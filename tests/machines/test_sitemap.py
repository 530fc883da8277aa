"""What crawlers read: the sitemap with its alternates and moments, robots.txt, security.txt."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client

from tests.addresses import FILES, NAMES
from tests.factories import centers, onboarding
from tests.helpers import page
from wpiforum import sitemap
from wpiforum.provenance.models import LoadedRow
from wpiforum.publishing.choices import Verb
from wpiforum.publishing.models import Event

pytestmark = pytest.mark.django_db
SITE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"
# Pages of one reader, of paper, of a form, or files.
UNLISTED = {"preview", "search", "onboarding:sheet", "onboarding:report", *FILES}


def addresses(client: Client, path: str = "/sitemap.xml") -> dict[str, tuple[dict[str, str], str | None]]:
    """Return, for each address in the sitemap, its alternates and its last moment."""
    response = client.get(path)
    assert (response.status_code, response["Content-Type"]) == (200, "application/xml; charset=utf-8")
    found = {}
    for url in ElementTree.fromstring(response.content):  # noqa: S314  our own answer
        alternates = {link.attrib["hreflang"]: link.attrib["href"] for link in url.findall(LINK)}
        found[url.findtext(f"{SITE}loc") or ""] = (alternates, url.findtext(f"{SITE}lastmod"))
    return found


def test_every_page_without_a_row_is_listed_or_named_as_unlisted() -> None:
    listed = {*sitemap.FIXED, "centers:detail", "centers:director", "onboarding:topic", "onboarding:guide"}
    assert (set(NAMES) - listed, listed & UNLISTED) == (UNLISTED, set())


def test_page_is_listed_in_each_language_with_both_as_alternates(client: Client) -> None:
    centers.make_center(slug="aimr")
    both = {code: f"http://testserver/{code}/centers/aimr/" for code in ("ja", "en")}
    found = addresses(client)
    assert [found[address][0] for address in both.values()] == [both, both]


def test_page_of_one_language_is_listed_once_without_alternates(client: Client) -> None:
    onboarding.make_step(
        guide=onboarding.make_guide(slug="moving", topic=onboarding.make_topic(slug="life"), title_en="", summary_en="")
    )
    found = addresses(client)
    assert found["http://testserver/ja/guides/life/moving/"][0] == {}
    assert "http://testserver/en/guides/life/moving/" not in found


def test_guide_that_misses_a_step_claims_no_alternate(client: Client) -> None:
    guide = onboarding.make_guide(slug="moving", topic=onboarding.make_topic(slug="life"))
    onboarding.make_step(guide=guide, title_en="", body_en="")
    found = addresses(client)
    assert [address for address in found if "moving" in address] == ["http://testserver/ja/guides/life/moving/"]


def _samples() -> None:
    centers.make_directorship(center=centers.make_center(slug="aimr"))
    guide = onboarding.make_guide(slug="whole")
    onboarding.make_step(guide=guide)
    onboarding.make_topic(slug="only-ja", name_en="", summary_en="")
    half = onboarding.make_guide(slug="half")
    onboarding.make_step(guide=half, title_en="", body_en="")
    onboarding.make_step(guide=half, title_ja="", body_ja="")


def test_alternates_of_the_sitemap_are_those_of_the_pages(client: Client) -> None:
    _samples()
    for address, (alternates, _moment) in addresses(client).items():
        html = page(client, address.removeprefix("http://testserver"))
        shown = dict(re.findall(r'<link rel="alternate" hreflang="(\w+)" href="([^"]+)">', html))
        assert shown == alternates, address
        assert f'<link rel="canonical" href="{address}">' in html
        assert "noindex" not in html


def test_hidden_rows_are_not_listed(client: Client) -> None:
    centers.make_directorship(center=centers.make_center(slug="leak-center", published=False))
    centers.make_person(slug="leak-without-center")
    onboarding.make_guide(slug="leak-guide", published=False)
    onboarding.make_guide(slug="leak-of-topic", topic=onboarding.make_topic(slug="leak-topic", published=False))
    assert "leak" not in client.get("/sitemap.xml").content.decode()


def test_last_moment_is_that_of_the_last_publication(client: Client) -> None:
    guide = onboarding.make_guide(slug="moving", topic=onboarding.make_topic(slug="life"), steps=1)
    LoadedRow.objects.create(model="onboarding.guide", key=str(guide.pk), loaded_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert addresses(client)["http://testserver/ja/guides/life/moving/"][1] == "2026-01-01T09:00:00+09:00"
    event = Event(verb=Verb.PUBLISH, subject=guide, label="x")
    event.save()
    assert addresses(client)["http://testserver/ja/guides/life/moving/"][1] == (event.at + timedelta(hours=9)).strftime(
        "%Y-%m-%dT%H:%M:%S+09:00"
    )


def test_draft_does_not_move_the_last_moment(client: Client) -> None:
    center = centers.make_center(slug="aimr")
    Event(verb=Verb.SAVE_DRAFT, subject=center, label="x").save()
    assert addresses(client)["http://testserver/ja/centers/aimr/"][1] is None


def test_moment_of_a_child_counts_for_its_page(client: Client) -> None:
    section = centers.make_section(center=centers.make_center(slug="aimr"))
    LoadedRow.objects.create(model="x", key=str(section.pk), loaded_at=datetime(2026, 2, 1, tzinfo=UTC))
    assert addresses(client)["http://testserver/en/centers/aimr/"][1] == "2026-02-01T09:00:00+09:00"


def moment(client: Client, path: str) -> str | None:
    return addresses(client)[f"http://testserver{path}"][1]


def test_value_that_switches_on_its_date_moves_the_moment_of_the_guides_that_state_it(
    client: Client, japan_noon: Any
) -> None:
    period = onboarding.make_period(start_on=date(2026, 4, 1))
    onboarding.make_period(fact=period.fact, start_on=date(2026, 5, 1), confirmed=False)
    guide = onboarding.make_guide(slug="moving", topic=onboarding.make_topic(slug="life"))
    onboarding.make_step(guide=guide, body_ja=f"<p>{{{{fact:{period.fact.key}}}}}</p>")
    LoadedRow.objects.create(model="onboarding.guide", key=str(guide.pk), loaded_at=datetime(2026, 1, 1, tzinfo=UTC))
    days = (date(2026, 3, 31), date(2026, 4, 1), date(2026, 6, 1))
    found = []
    for day in days:
        japan_noon(day)
        found.append(moment(client, "/ja/guides/life/moving/"))
    assert found == ["2026-01-01T09:00:00+09:00", "2026-04-01T00:00:00+09:00", "2026-04-01T00:00:00+09:00"]


def test_change_of_director_moves_the_moment_of_center_and_person_on_its_day(client: Client, japan_noon: Any) -> None:
    row = centers.make_directorship(start_on=date(2026, 4, 1))
    for owner in (row.center, row.person):
        LoadedRow.objects.create(model="x", key=str(owner.pk), loaded_at=datetime(2026, 1, 1, tzinfo=UTC))
    japan_noon(date(2026, 4, 2))
    pages = [f"/ja/centers/{row.center.slug}/", f"/ja/directors/{row.person.slug}/"]
    assert [moment(client, page) for page in pages] == ["2026-04-01T00:00:00+09:00"] * 2


def test_too_many_addresses_are_split_and_indexed(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = list(addresses(client))
    monkeypatch.setattr(sitemap, "LIMIT", 30)
    index = ElementTree.fromstring(client.get("/sitemap.xml").content)  # noqa: S314  our own answer
    files = [row.findtext(f"{SITE}loc") for row in index]
    assert (index.tag, files) == (
        f"{SITE}sitemapindex",
        ["http://testserver/sitemap-1.xml", "http://testserver/sitemap-2.xml"],
    )
    assert [address for number in (1, 2) for address in addresses(client, f"/sitemap-{number}.xml")] == whole
    assert client.get("/sitemap-3.xml").status_code == 404


@pytest.mark.parametrize("rows", [1, 5])
def test_sitemap_takes_the_same_queries_however_many_pages(
    client: Client, django_assert_num_queries: Any, rows: int
) -> None:
    client.get("/sitemap.xml")  # content types are remembered by the process
    for _row in range(rows):
        centers.make_directorship()
        onboarding.make_rule()
    with django_assert_num_queries(40):
        client.get("/sitemap.xml")


def test_robots_name_the_sitemap_and_close_the_staff_pages(client: Client, settings: Any) -> None:
    settings.SITE_ORIGIN = "https://portal.example"
    text = client.get("/robots.txt").content.decode()
    assert "Sitemap: https://portal.example/sitemap.xml" in text.splitlines()
    assert {"Disallow: /ja/admin/", "Disallow: /en/admin/"} <= set(text.splitlines())


def test_security_contact_is_named_until_a_day_within_a_year(client: Client, settings: Any, japan_noon: Any) -> None:
    settings.SECURITY_CONTACTS = ["mailto:security@portal.example", "https://portal.example/report"]
    settings.SITE_ORIGIN = "https://portal.example"
    japan_noon(datetime(2026, 4, 3, tzinfo=UTC).date())
    response = client.get("/.well-known/security.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode().splitlines() == [
        "Contact: mailto:security@portal.example",
        "Contact: https://portal.example/report",
        "Expires: 2026-09-30T00:00:00+09:00",
        "Preferred-Languages: ja, en",
        "Canonical: https://portal.example/.well-known/security.txt",
    ]


def test_without_a_contact_there_is_no_security_file(client: Client, settings: Any) -> None:
    settings.SECURITY_CONTACTS = []
    assert client.get("/.well-known/security.txt").status_code == 404
