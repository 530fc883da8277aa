"""What the page cache never keeps, and what cannot poison it."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client, RequestFactory

from tests.factories import centers
from tests.wpiforum.kept_pages.helpers import HIT, MISS, how, twice
from wpiforum.pagecache import middleware

pytestmark = pytest.mark.django_db


# What is never kept


def test_staff_neither_fill_nor_read_the_cache(client: Client, reader: Client) -> None:
    client.force_login(User.objects.create_superuser("editor", password="secret"))
    assert twice(client, "/en/about/", headers={"host": "testserver"}) == ["", ""]
    assert twice(reader, "/en/about/") == [MISS, HIT]
    assert twice(client, "/en/about/", headers={"host": "testserver"}) == ["", ""]


@pytest.mark.parametrize("path", ["", "account/login/", "notices/notice/"])
def test_staff_page_is_never_kept(reader: Client, path: str) -> None:
    reader.force_login(User.objects.create_superuser("editor", password="secret"))
    assert twice(reader, f"/en/admin/{path}") == ["", ""]


@pytest.mark.parametrize(
    "path",
    ["/en/nowhere/", "/en/centers/nowhere/", "/en/centers/?as_of=x", "/en/centers/?page=99", "/en/centers", "/api/v1/"],
)
def test_what_is_no_page_is_not_kept(reader: Client, path: str) -> None:
    assert twice(reader, path) == ["", ""]


def test_page_that_appears_is_not_hidden_by_the_error_before(reader: Client) -> None:
    assert reader.get("/en/centers/acme/").status_code == 404
    centers.make_center(slug="acme")
    assert reader.get("/en/centers/acme/").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/ja/centers/x.css",
        "/ja/centers/acme/x.css",
        "/ja/centers/acme/;x.css",
        "/ja/plan/x.css",
        "/ja/plan;x.css",
        "/ja/admin/x.css",
        "/ja/plan/%2e%2e/about/",
        "/ja/about/%0aX-Header:1",
    ],
)
def test_address_that_looks_like_a_file_is_no_page(reader: Client, path: str) -> None:
    centers.make_center(slug="acme")
    assert [reader.get(path).status_code in {404, 302} for _ in range(2)] == [True, True]
    assert twice(reader, path) == ["", ""]


def test_plan_with_a_persons_dates_is_never_kept(reader: Client) -> None:
    for path in ("/ja/plan/?arrived=2026-04-03", "/ja/status/points/?age=35", "/plan.ics?arrived=2026-04-03"):
        assert twice(reader, path) == ["", ""]


# Poisoning


@pytest.mark.parametrize(
    "headers",
    [
        {"x-forwarded-host": "evil.example"},
        {"x-forwarded-proto": "https"},
        {"x-forwarded-prefix": "/evil"},
        {"x-original-url": "/evil"},
        {"x-rewrite-url": "/evil"},
        {"forwarded": "host=evil.example"},
        {"x-host": "evil.example"},
        {"accept-language": "evil"},
        {"user-agent": "evil"},
        {"referer": "https://evil.example/"},
        {"origin": "https://evil.example"},
        {"cookie": "theme=evil"},
        {"x-http-method-override": "POST"},
        {"range": "bytes=0-3"},
        {"accept": "evil/evil"},
    ],
)
def test_header_outside_the_key_changes_no_page(reader: Client, headers: dict[str, str]) -> None:
    expected = Client(headers={"host": "testserver"}).get("/en/guides/").content  # another process
    poisoned = reader.get("/en/guides/", headers=headers)
    after = reader.get("/en/guides/")
    assert (poisoned.status_code, how(poisoned), how(after)) == (200, MISS, HIT)
    assert (poisoned.content, after.content) == (expected, expected)


def test_header_is_only_hidden_while_a_page_is_made(rf: RequestFactory) -> None:
    seen = []

    def answer(request: Any) -> Any:
        from django.http import HttpResponse  # beside its use

        seen.append(request.headers.get("User-Agent"))
        return HttpResponse("x")

    request = rf.get("/en/about/", headers={"host": "testserver", "user-agent": "someone"})
    middleware.KeptPagesMiddleware(answer)(request)
    assert (seen, request.headers["User-Agent"]) == ([None], "someone")


@pytest.mark.parametrize(
    "host", ["evil.example", "testserver:8443", "testserver.", "TESTSERVER", "testserver@evil.example"]
)
def test_host_that_is_not_spelled_plainly_is_never_kept(host: str) -> None:
    assert twice(Client(headers={"host": host}), "/en/about/") == ["", ""]


@pytest.mark.parametrize(
    "query", ["utm_source=x", "as_of=2019-02-05&x=1", "AS_OF=2019-02-05", "as_of=2019-02-05;x=1&x"]
)
def test_parameter_the_view_does_not_declare_bypasses_the_cache(reader: Client, query: str) -> None:
    reader.get("/en/centers/requirements/")
    assert twice(reader, f"/en/centers/requirements/?{query}") == ["", ""]
    assert how(reader.get("/en/centers/requirements/")) == HIT


@pytest.mark.parametrize("query", ["as_of=2019-02-05", "view=map", "as_of=2019-02-05&view=cards"])
def test_declared_parameter_has_a_page_of_its_own(reader: Client, query: str) -> None:
    plain = reader.get("/en/centers/").content
    assert twice(reader, f"/en/centers/?{query}") == [MISS, HIT]
    assert reader.get(f"/en/centers/?{query}").content != plain
    assert reader.get("/en/centers/").content == plain


def test_sweep_over_parameters_pushes_out_no_plain_page(reader: Client, settings: Any) -> None:
    settings.PAGE_CACHE_BYTES = 400_000
    reader.get("/en/about/")
    for day in range(1, 29):
        reader.get(f"/en/centers/requirements/?as_of=2019-02-{day:02}")
    assert how(reader.get("/en/about/")) == HIT
    assert how(reader.get("/en/centers/requirements/?as_of=2019-02-01")) == MISS


def test_cache_switched_off_keeps_nothing(settings: Any) -> None:
    settings.PAGE_CACHE_BYTES = 0
    assert twice(Client(headers={"host": "testserver"}), "/en/about/") == ["", ""]
