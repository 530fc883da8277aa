"""The page cache: what is kept, under which key, how it is packed and tagged."""

import gzip
from typing import Any

import brotli
import pytest
from django.test import Client

from tests.addresses import NAMES, address
from tests.factories import centers
from tests.helpers import LANGUAGES
from tests.wpiforum.kept_pages.helpers import HIT, MACHINE, MISS, NOT_KEPT, how
from wpiforum.notices import current
from wpiforum.pagecache import middleware, version
from wpiforum.pagecache.asking import encoding_for

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_second_reader_gets_the_kept_page(reader: Client, name: str, language: str) -> None:
    path = address(name, language)
    first, second = reader.get(path), reader.get(path)
    if name in NOT_KEPT:
        assert (how(first), how(second), "no-store" in first["Cache-Control"] or name in MACHINE) == ("", "", True)
    else:
        assert (how(first), how(second), first.content == second.content) == (MISS, HIT, True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_kept_page_asks_the_database_for_the_version_only(
    reader: Client, language: str, django_assert_num_queries: Any
) -> None:
    reader.get(f"/{language}/centers/")
    with django_assert_num_queries(1):
        assert how(reader.get(f"/{language}/centers/")) == HIT


def test_version_trusted_for_a_second_costs_a_kept_page_no_query(
    reader: Client, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    reader.get("/en/centers/")
    monkeypatch.setattr(version, "CHECK_SECONDS", 60)
    with django_assert_num_queries(0):
        assert how(reader.get("/en/centers/")) == HIT


def test_each_language_has_its_own_page(reader: Client) -> None:
    found = {code: reader.get(f"/{code}/about/", headers={"accept-language": "ja"}) for code in ("en", "ja", "en")}
    assert [found[code]["Content-Language"] for code in ("en", "ja")] == ["en", "ja"]
    assert ('lang="en"' in found["en"].content.decode(), how(found["en"])) == (True, HIT)


def test_head_is_answered_from_the_kept_page_without_a_body(reader: Client) -> None:
    full, head = reader.get("/en/about/"), reader.head("/en/about/")
    assert (head.content, how(head)) == (b"", HIT)
    assert head["Content-Length"] == full["Content-Length"] == str(len(full.content))


def test_head_also_fills_the_cache(reader: Client) -> None:
    assert (how(reader.head("/en/about/")), how(reader.get("/en/about/"))) == (MISS, HIT)
    assert len(reader.get("/en/about/").content) > 1000


def test_headers_tell_caches_before_the_server_what_they_may_do(reader: Client) -> None:
    center = centers.make_center()
    response = [reader.get(f"/ja/centers/{center.slug}/") for _ in range(2)][1]
    assert response["Cache-Control"] == "public, max-age=0, s-maxage=30"
    assert response["CDN-Cache-Control"] == "max-age=30, stale-if-error=86400"
    assert response["Vary"] == "Accept-Encoding"
    assert response["Surrogate-Key"] == f"wpiforum wpiforum-ja centers-detail centers-detail-{center.slug}"
    assert "'nonce-" not in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "DENY"
    assert response.cookies.output() == ""


def test_longest_way_of_a_change_to_a_reader_is_below_a_minute() -> None:
    trusted = 1 + version.PATIENCE_SECONDS
    assert trusted + middleware.LONGEST_SECONDS + current.SECONDS + middleware.SHARED_SECONDS <= 60


# Encodings and tags


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br;q=0.1, gzip;q=0.9", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("identity", ""),
        ("", ""),
        ("*", "br"),
        ("gzip;q=0", ""),
        ("gzip;q=x", ""),
    ],
)
def test_best_encoding_the_reader_accepts(accepted: str, expected: str) -> None:
    assert encoding_for(accepted) == expected


def test_packed_page_unpacks_to_the_plain_one(reader: Client) -> None:
    plain = reader.get("/ja/about/").content
    packed = {name: reader.get("/ja/about/", headers={"accept-encoding": name}) for name in ("br", "gzip")}
    assert [row["Content-Encoding"] for row in packed.values()] == ["br", "gzip"]
    assert brotli.decompress(packed["br"].content) == gzip.decompress(packed["gzip"].content) == plain
    assert len(packed["br"].content) < len(plain) // 2


def test_each_encoding_has_a_strong_tag_of_its_own(reader: Client) -> None:
    tags = {reader.get("/ja/about/", headers={"accept-encoding": name})["ETag"] for name in ("br", "gzip", "")}
    assert (len(tags), [tag for tag in tags if not tag.startswith('"')]) == (3, [])


@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', "*"])
def test_reader_who_has_the_page_gets_none(reader: Client, form: str) -> None:
    tag = reader.get("/ja/about/")["ETag"]
    again = reader.get("/ja/about/", headers={"if-none-match": form.format(tag)})
    assert (again.status_code, again.content, again["ETag"], "Content-Type" in again) == (304, b"", tag, False)


def test_tag_of_another_encoding_is_not_the_same_page(reader: Client) -> None:
    tag = reader.get("/ja/about/", headers={"accept-encoding": "br"})["ETag"]
    assert reader.get("/ja/about/", headers={"if-none-match": tag}).status_code == 200


def test_first_reader_with_a_tag_still_fills_the_cache(reader: Client) -> None:
    tag = reader.get("/ja/about/")["ETag"]
    fresh = Client(headers={"host": "testserver"})  # another process
    assert fresh.get("/ja/about/", headers={"if-none-match": tag}).status_code == 304
    assert how(fresh.get("/ja/about/")) == HIT
