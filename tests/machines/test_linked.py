"""JSON-LD of pages: valid for an independent library, true, in the page's language, and harmless."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from onboarding.choices import ContactKind
from tests.addresses import FILES, NAMES, address
from tests.factories import centers, onboarding
from tests.helpers import LANGUAGES, page
from tests.machines.linked import blocks, graph

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [name for name in NAMES if name not in FILES])
def test_every_page_shows_programs_the_way_to_it(client: Client, name: str, language: str) -> None:
    path = address(name, language)
    html = page(client, path)
    found = graph(html)
    assert ("BreadcrumbList" in found) == ('class="crumbs"' in html) == (name != "home")
    if name != "home":
        items = found["BreadcrumbList"]["itemListElement"]
        assert items[0]["item"] == f"http://testserver/{language}/"
        assert f'<span aria-current="page">{items[-1]["name"]}</span>' in html


def _ipmu() -> Any:
    host = centers.make_host(name_ja="東京大学", name_en="The University of Tokyo")
    host.names.update(ror_id="057zh3y96")
    center = centers.make_center(
        slug="kavli-ipmu", acronym="Kavli IPMU", host=host,
        name_ja="カブリ数物連携宇宙研究機構", name_en="Kavli Institute",
        website="https://www.ipmu.jp/", city_ja="柏市", city_en="Kashiwa", prefecture="JP-12",
    )  # fmt: skip
    person = centers.make_person(slug="hirosi-ooguri", name_ja="大栗 博司", name_en="Hirosi Ooguri")
    centers.make_directorship(center=center, person=person, start_on=date(2018, 10, 15))
    return center


def test_center_names_host_ror_and_director_with_dates(client: Client) -> None:
    _ipmu()
    found = graph(page(client, "/en/centers/kavli-ipmu/?as_of=2019-02-05"))["ResearchOrganization"]
    assert found["@id"] == "http://testserver/en/centers/kavli-ipmu/#center"
    assert (found["name"], found["alternateName"]) == (
        "Kavli Institute",
        ["カブリ数物連携宇宙研究機構", "Kavli IPMU"],
    )
    assert found["parentOrganization"] == {
        "@id": "https://ror.org/057zh3y96",
        "@type": "Organization",
        "name": "The University of Tokyo",
        "alternateName": ["東京大学"],
        "sameAs": "https://ror.org/057zh3y96",
    }
    [role] = found["employee"]
    assert (role["roleName"], role["startDate"], "description" in role) == ("Director", "2018-10-15", False)
    assert role["employee"]["@id"] == "http://testserver/en/directors/hirosi-ooguri/#person"
    assert found["address"]["addressRegion"] == "Chiba"


def test_role_after_the_evidence_says_that_it_is_only_last_known(client: Client, japan_noon: Any) -> None:
    japan_noon(date(2026, 4, 3))
    _ipmu()
    [role] = graph(page(client, "/en/centers/kavli-ipmu/"))["ResearchOrganization"]["employee"]
    assert role["description"] == "last known 5 February 2019"


def test_person_has_terms_at_public_centers_alone(client: Client) -> None:
    center = _ipmu()
    person = center.directorships.get().person
    hidden = centers.make_center(acronym="LEAK", published=False)
    centers.make_directorship(center=hidden, person=person, start_on=date(2000, 4, 1), end_on=date(2001, 4, 1))
    html = page(client, "/ja/directors/hirosi-ooguri/")
    found = graph(html)["Person"]
    assert (found["name"], found["alternateName"]) == ("大栗 博司", ["Hirosi Ooguri"])
    assert [term["worksFor"]["name"] for term in found["worksFor"]] == ["Kavli IPMU"]
    assert "LEAK" not in html


def test_guide_is_instructions_with_sources_and_the_day_of_its_oldest_evidence(client: Client) -> None:
    guide = onboarding.make_guide(slug="moving", topic=onboarding.make_topic(slug="life"), title_en="Moving")
    source = centers.make_source(url="https://www.moj.go.jp/isa/")
    onboarding.make_step(guide=guide, order=1, slug="report", title_en="Report", sources=[source],
                         body_en="<p>Go to the desk.</p><p>Wait &amp; sign.</p>",
                         as_of_on=date(2026, 5, 1))  # fmt: skip
    onboarding.make_step(guide=guide, order=2, slug="later")
    found = graph(page(client, "/en/guides/life/moving/"))
    url = "http://testserver/en/guides/life/moving/"
    assert (found["HowTo"]["name"], found["HowTo"]["url"], found["HowTo"]["inLanguage"]) == ("Moving", url, "en")
    assert found["HowTo"]["step"][0] == {
        "@type": "HowToStep",
        "position": 1,
        "name": "Report",
        "text": "Go to the desk. Wait & sign.",
        "url": f"{url}#report",
        "citation": ["https://www.moj.go.jp/isa/"],
    }
    assert (found["WebPage"]["lastReviewed"], found["WebPage"]["mainEntity"]) == ("2026-05", {"@id": f"{url}#guide"})


def test_guide_shown_in_its_original_says_so_to_programs(client: Client) -> None:
    guide = onboarding.make_guide(slug="moving", topic=onboarding.make_topic(slug="life"), title_en="", summary_en="")
    onboarding.make_step(guide=guide)
    found = graph(page(client, "/en/guides/life/moving/"))["HowTo"]
    assert (found["inLanguage"], found["url"]) == ("ja", "http://testserver/ja/guides/life/moving/")


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"url": "https://www.moj.go.jp/isa/", "kind": ContactKind.IMMIGRATION}, "GovernmentService"),
        ({"number": "110", "kind": ContactKind.EMERGENCY}, "GovernmentService"),
        ({"url": "https://telljp.com/", "kind": ContactKind.CONSULTATION}, "Service"),
        ({"url": "https://www.go.jp.example/", "kind": ContactKind.CONSULTATION}, "Service"),
    ],
)
def test_service_is_a_governments_only_where_its_address_says_so(client: Client, fields: Any, kind: str) -> None:
    onboarding.make_contact(name_en="Desk", **fields)
    found = graph(page(client, "/en/contacts/"))
    assert [name for name in ("GovernmentService", "Service") if name in found] == [kind]


def test_list_names_its_data_licence_and_files(client: Client) -> None:
    found = graph(page(client, "/ja/centers/requirements/"))["Dataset"]
    assert found["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert [row["contentUrl"] for row in found["distribution"]] == [
        "http://testserver/api/v1/board",
        "http://testserver/ja/centers/requirements.csv",
    ]


def test_content_cannot_end_the_data_block(client: Client) -> None:
    name = "</script><script>alert(1)</script><!-- & \u2028"
    centers.make_center(slug="aimr", name_en=name)
    html = page(client, "/en/centers/aimr/")
    assert "<script>alert" not in html
    [block] = blocks(html)
    assert block["@graph"][1]["name"] == name


def test_policy_forbids_inline_scripts_all_the_same(client: Client) -> None:
    policy = client.get("/en/").headers["Content-Security-Policy"]
    assert "script-src 'self';" in f"{policy};"
