"""The fixtures of the 2019 snapshot: they load whole, and the register answers as the snapshot reads."""

from datetime import date
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.test import Client
from django.utils import translation
from modeltranslation.translator import translator

from centers.models import Center, Cohort, Directorship, Person, Standing
from tests.helpers import main_text, page
from wpiforum.provenance.loading import contradictions, load_all, read
from wpiforum.provenance.models import Claim, Source

SNAPSHOT = date(2019, 2, 5)
LEAD_HOSTS = (
    "docslib.org", "fdocuments.us", "pdfslide.us", "documents.pub", "vdocuments.net", "hatenablog.com",
    "netlify.app", "fastly.net", "3rd-in.co.jp", "ari.science", "wikipedia",
)  # fmt: skip


pytestmark = [pytest.mark.usefixtures("loaded_fixtures"), pytest.mark.django_db]


def test_register_has_thirteen_centers_in_both_languages(client: Client) -> None:
    for code, words in (("ja", "13拠点"), ("en", "13 centers")):
        for query in ("", "?as_of=2019-02-05"):
            assert words in main_text(page(client, f"/{code}/centers/{query}"))


def test_every_row_keeps_every_rule() -> None:
    for model in apps.get_models():
        if model._meta.app_label in {"centers", "provenance"}:
            for row in model._default_manager.all():
                row.full_clean()


def test_every_bilingual_field_is_filled_in_both_languages_or_in_none() -> None:
    gaps = []
    for model in translator.get_registered_models():
        for row in model._default_manager.all():
            for field in translator.get_options_for_model(model).all_fields:
                halves = [bool(getattr(row, f"{field}_{code}")) for code in ("ja", "en")]
                if halves[0] != halves[1]:
                    gaps.append((str(row), field))
    assert gaps == []


def test_kavli_ipmu_on_the_day_of_the_snapshot(client: Client) -> None:
    center = Center.objects.for_register().get(slug="kavli-ipmu")
    assert center.cohort.fiscal_year == 2007
    assert [status.value for status in center.statuses_on(SNAPSHOT)] == ["funded", "extended", "academy"]
    assert [row.person.slug for row in center.directors_on(SNAPSHOT)] == ["hirosi-ooguri"]
    assert [row.person.slug for row in center.directors_on(date(2018, 10, 1))] == ["hitoshi-murayama"]
    text = main_text(page(client, "/en/centers/kavli-ipmu/?as_of=2019-02-05"))
    assert "Funded by extension" in text


def test_exactly_one_director_for_each_center_on_the_day_of_the_snapshot() -> None:
    centers = Center.objects.for_register()
    assert [len(center.directors_on(SNAPSHOT)) for center in centers] == [1] * 13


def test_directors_of_the_day_of_the_snapshot() -> None:
    centers = Center.objects.for_register().order_by("slug")
    assert {center.slug: center.directors_on(SNAPSHOT)[0].person.name_en for center in centers} == {
        "aimr": "Motoko Kotani",
        "ashbi": "Mitinori Saitou",
        "elsi": "Kei Hirose",
        "i2cner": "Petros Sofronis",
        "icems": "Susumu Kitagawa",
        "icredd": "Satoshi Maeda",
        "ifrec": "Shizuo Akira",
        "iiis": "Masashi Yanagisawa",
        "ircn": "Takao K. Hensch",
        "itbm": "Kenichiro Itami",
        "kavli-ipmu": "Hirosi Ooguri",
        "mana": "Takayoshi Sasaki",
        "nanolsi": "Takeshi Fukuma",
    }


@pytest.mark.parametrize(
    ("day", "ja", "en"),
    [
        (SNAPSHOT, "東京工業大学", "Tokyo Institute of Technology"),
        (date(2025, 1, 1), "東京科学大学", "Institute of Science Tokyo"),
    ],
)
def test_host_of_elsi_has_the_name_of_the_day(client: Client, day: date, ja: str, en: str) -> None:
    name = Center.objects.for_register().get(slug="elsi").host.name_on(day)
    assert name is not None
    assert (name.name_ja, name.name_en) == (ja, en)
    for code, expected in (("ja", ja), ("en", en)):
        assert expected in main_text(page(client, f"/{code}/centers/elsi/?as_of={day}"))


def test_two_hosts_have_two_centers() -> None:
    hosts = list(Center.objects.order_by("host__slug").values_list("host__slug", flat=True))
    assert {host for host in hosts if hosts.count(host) == 2} == {"university-of-tokyo", "kyoto-university"}


def test_counts_of_the_snapshot() -> None:
    statuses = [center.statuses_on(SNAPSHOT) for center in Center.objects.for_register()]
    assert sum("funded" in found for found in statuses) == 9
    assert sum("academy" in found for found in statuses) == 5
    assert dict(Cohort.objects.values_list("fiscal_year", "selected")) == {2007: 5, 2010: 1, 2012: 3, 2017: 2, 2018: 2}


def test_comparing_the_autumn_of_2018_with_the_snapshot_names_the_change_of_director(client: Client) -> None:
    text = main_text(page(client, "/en/centers/compare/?from=2018-10-01&to=2019-02-05"))
    row = text[text.index("Kavli IPMU") :]
    assert "Director Hitoshi Murayama Hirosi Ooguri" in row


def test_today_is_labelled_complete_to_the_snapshot(client: Client) -> None:
    html = page(client, "/en/centers/")
    assert "Complete to <time" in html
    assert 'href="?as_of=2019-02-05"' in html


def test_loading_again_changes_nothing() -> None:
    counts = load_all(settings.CONTENT_FIXTURES).counts
    assert set(counts) == {"unchanged"}


def test_contradictions_of_the_slides_are_reported() -> None:
    found = {
        (str(getattr(row, "slug", None) or getattr(row, "fiscal_year", row)), field): {claim.value for claim in claims}
        for row, field, claims in contradictions()
    }
    assert {"5", "4"} <= found["2007", "selected"]
    assert {"2", "3"} <= found["2018", "selected"]
    assert {"福留 剛士", "福間 剛士"} <= {
        value.replace("福間剛士", "福間 剛士") for value in found["takeshi-fukuma", "name_ja"]
    }
    assert any("斎藤 達紀" in value for value in found["mitinori-saitou", "name_ja"])
    assert any("齋藤" in value for value in found["mitinori-saitou", "name_ja"])


def test_every_disagreement_has_one_claim_in_use_with_a_reason_in_both_languages() -> None:
    for row, field, claims in contradictions():
        chosen = [claim for claim in claims if claim.is_chosen]
        assert len(chosen) == 1, (row, field)
        assert chosen[0].reason_ja, (row, field)
        assert chosen[0].reason_en, (row, field)


def test_no_lead_is_displayed_as_a_source() -> None:
    assert [row.key for row in Source.objects.all() if any(host in row.url for host in LEAD_HOSTS)] == []


def test_leads_never_reach_a_page(client: Client) -> None:
    leads = [row.lead for row in Source.objects.exclude(lead="")]
    assert leads
    for path in ("sources/", "centers/kavli-ipmu/", "centers/aimr/", "program/", "news/"):
        html = page(client, f"/en/{path}")
        assert [lead for lead in leads if lead in html] == []


def test_unconfirmed_readings_are_not_shown(client: Client) -> None:
    shown = {person.slug for person in Person.objects.all() if person.confirmed_kana}
    assert shown == {"shizuo-akira", "hirosi-ooguri", "hitoshi-murayama", "masashi-yanagisawa"}
    assert "こたに" not in page(client, "/ja/directors/motoko-kotani/")
    assert "おおぐり" in page(client, "/ja/directors/hirosi-ooguri/")


def test_board_never_says_met_without_a_figure(client: Client) -> None:
    from centers import board

    for day in (SNAPSHOT, date(2009, 4, 1), date(2026, 11, 23)):
        for _center, cells in board.load(day).rows:
            assert [cell for cell in cells if cell.verdict in {"met", "not_met"} and cell.observation is None] == []


def test_spelling_is_american_and_always_center() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in Path(settings.FIXTURE_DIRS[0]).glob("*.json"))
    found = [line for line in text.splitlines() if any(word in line for word in ("Centre", "centre", "programme"))]
    assert [line for line in found if "National Centre for Scientific Research" not in line] == []


def test_no_fixture_carries_a_bare_bilingual_column() -> None:
    for name in settings.CONTENT_FIXTURES:
        for record in read(name):
            model: type[models.Model] = apps.get_model(record["model"])
            if model in translator.get_registered_models():
                bare = set(translator.get_options_for_model(model).all_fields) & set(record["fields"])
                assert not bare, (name, record["pk"])


def test_str_reads_in_both_languages() -> None:
    person = Person.objects.get(slug="motoko-kotani")
    names = []
    for code in ("ja", "en"):
        with translation.override(code):
            names.append(str(person))
    assert names == ["小谷 元子", "Motoko Kotani"]


@pytest.mark.parametrize("code", ["ja", "en"])
def test_every_page_of_the_register_opens(client: Client, code: str) -> None:
    paths = [f"centers/{slug}/" for slug in Center.objects.values_list("slug", flat=True)]
    paths += [f"directors/{slug}/" for slug in Person.objects.values_list("slug", flat=True)]
    for path in paths:
        for query in ("", "?as_of=2019-02-05", "?as_of=2013-06-01"):
            page(client, f"/{code}/{path}{query}")


def test_claims_point_to_rows_and_fields_that_exist() -> None:
    for claim in Claim.objects.prefetch_related("subject"):
        assert claim.subject is not None
        claim.subject._meta.get_field(claim.field)


def test_ends_after_the_evidence_read_as_plans() -> None:
    planned = Standing.objects.filter(center__slug="ircn").get()
    assert planned.validity_on(date(2026, 11, 23)) == "planned"
    assert Directorship.objects.get(person__slug="hirosi-ooguri").validity_on(date(2020, 1, 1)) == "in_force"


@pytest.mark.parametrize(
    ("code", "words"), [("ja", "WPIアカデミー拠点（最終確認時点）"), ("en", "Academy member (last known)")]
)
def test_last_known_status_says_so_as_each_language_writes_it(client: Client, code: str, words: str) -> None:
    assert words in main_text(page(client, f"/{code}/centers/"))
