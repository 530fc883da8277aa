"""What attackers try first: each try is answered with the ordinary page, a clear refusal, or nothing."""

from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import pytest
from django.test import Client

from tests.factories.centers import make_center
from tests.factories.onboarding import make_step

pytestmark = pytest.mark.django_db
ELSEWHERE = ["//evil.example/", "https://evil.example/", r"/\evil.example", "javascript:alert(1)", "%2F%2Fevil.example"]


@pytest.mark.parametrize("target", ELSEWHERE)
@pytest.mark.parametrize(
    "path", ["/{}", "/ja{}", "/?next={}", "/en/?next={}", "/en/centers?next={}", "/en/admin/account/login/?next={}"]
)
def test_no_address_leads_elsewhere(client: Client, path: str, target: str) -> None:
    response = client.get(path.format(target))
    location = response.headers.get("Location", "")
    assert response.status_code < 500
    assert location == "" or (location.startswith("/") and not location.startswith(("//", "/\\"))), location


@pytest.mark.parametrize("target", ELSEWHERE)
def test_sign_in_leads_nowhere_else(client: Client, django_user_model: Any, target: str) -> None:
    django_user_model.objects.create_superuser("editor", password="secret")
    fields = {"login": "editor", "password": "secret", "next": target}
    response = client.post("/en/admin/account/login/", fields)
    led = urlsplit(urljoin("https://testserver/en/admin/account/login/", response["Location"]))
    assert (response.status_code, led.scheme, led.netloc) == (302, "https", "testserver")


@pytest.mark.parametrize(
    "path",
    [
        "/static/../wpiforum/settings.py",
        "/static/%2e%2e/%2e%2e/etc/passwd",
        "/static/..%2fsettings.py",
        "/en/centers/..%2f..%2fetc%2fpasswd/",
        "/en/guides/%2e%2e/%2e%2e/",
        "/media/../wpiforum.sqlite3",
        "/en/centers/%00/",
        "/data/..%2fwpiforum.sqlite3",
        "/data/%2e%2e/settings.csv",
        "/feeds/en/guides/..%2f..%2fsecrets.atom",
        "/embed/en/guides/%2e%2e/%2e%2e/",
        "/api/v1/centers/..%2f..%2fetc%2fpasswd",
    ],
)
def test_no_path_leads_out_of_the_site(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code in {301, 302, 400, 404}
    assert (b"SECRET_KEY" in response.content, b"root:" in response.content) == (False, False)


PROBES = [
    "' OR '1'='1",
    '" OR 1=1 --',
    "1; DROP TABLE centers_center; --",
    "' UNION SELECT 1,2,3 --",
    "%' OR 'x' LIKE '%",
]


@pytest.mark.parametrize("probe", PROBES)
@pytest.mark.parametrize(
    "parameter", ["as_of", "cohort", "state", "host", "prefecture", "field", "page", "view", "sort"]
)
def test_probe_for_sql_finds_no_more_than_nonsense_does(client: Client, parameter: str, probe: str) -> None:
    center = make_center()
    tried = client.get("/en/centers/", {parameter: probe})
    nonsense = client.get("/en/centers/", {parameter: "nonsense"})
    assert tried.status_code == nonsense.status_code
    name = f"/centers/{center.slug}/".encode()
    assert (name in tried.content) == (name in nonsense.content)


# Where a value reaches a query by another way than the facets of the register.
QUERIED = [
    ("/api/v1/centers", "cursor"),
    ("/api/v1/centers", "host"),
    ("/api/v1/steps", "cursor"),
    ("/api/v1/guides", "topic"),
    ("/en/guides/", "actor"),
    ("/en/guides/", "page"),
    ("/en/emergency/", "center"),
    ("/en/satellites/", "page"),
    ("/en/search/", "type"),
    ("/feeds/en.atom", "page"),
]


@pytest.mark.parametrize("probe", PROBES)
@pytest.mark.parametrize(("path", "parameter"), QUERIED)
def test_probe_for_sql_is_answered_as_nonsense_is(client: Client, path: str, parameter: str, probe: str) -> None:
    make_step()
    make_center()
    tried, nonsense = client.get(path, {parameter: probe}), client.get(path, {parameter: "no such value"})
    assert tried.status_code == nonsense.status_code < 500
    both = (b"</li>", b'"id"')
    assert [tried.content.count(mark) for mark in both] == [nonsense.content.count(mark) for mark in both]


@pytest.mark.parametrize("probe", PROBES)
@pytest.mark.parametrize("path", ["/en/search/", "/en/search/suggestions.json"])
def test_probe_for_sql_is_a_question_like_others(client: Client, path: str, probe: str) -> None:
    make_step()
    response = client.get(path, {"q": probe})
    assert (response.status_code, b"syntax" in response.content) == (200, False)


@pytest.mark.parametrize("path", ["/en//evil.example/", "/ja/%2F%2Fevil.example/", "/en/centers//evil.example/"])
def test_switch_of_languages_stays_on_the_site(client: Client, path: str) -> None:
    html = client.get(path, follow=True).content
    assert (b'href="//' in html, b"href='//" in html) == (False, False)


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "testserver.evil.example"},
        {"Host": "testserver:80@evil.example"},
        {"Host": ""},
    ],
)
def test_other_host_gets_no_page(client: Client, headers: dict[str, str]) -> None:
    response = client.get("/en/about/", headers=headers)
    assert (response.status_code, b"evil" in response.content) == (400, False)


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-Host": "evil.example"},
        {"X-Original-URL": "/en/admin/"},
        {"X-Rewrite-URL": "/en/admin/"},
        {"Forwarded": "host=evil.example"},
        {"X-Forwarded-Prefix": "/evil.example"},
        {"X-HTTP-Method-Override": "DELETE"},
        {"Cookie": "django_language=ja; sessionid=evil.example"},
        {"Accept-Language": "ja"},
        {"User-Agent": "evil.example"},
    ],
)
def test_header_that_caches_do_not_know_changes_no_page(client: Client, headers: dict[str, str]) -> None:
    plain = client.get("/en/centers/")
    told = client.get("/en/centers/", headers=headers)
    assert (told.status_code, told.content) == (200, plain.content)


@pytest.mark.parametrize(
    "ending", ["x.css", "x.js", ";x.css", "%3Bx.css", "%0Ax.css", "%23x.css", "%3Fx.css", "..%2fx.css"]
)
@pytest.mark.parametrize("page", ["/en/plan/", "/en/admin/", "/en/status/"])
def test_private_page_under_the_name_of_a_file_is_not_there_or_not_kept(
    client: Client, django_user_model: Any, page: str, ending: str
) -> None:
    client.force_login(django_user_model.objects.create_superuser("editor", password="secret"))
    response = client.get(f"{page}{ending}")
    assert response.status_code < 500
    if response.status_code == 200:
        assert "no-store" in response["Cache-Control"]
    assert b"editor" not in response.content or "no-store" in response["Cache-Control"]


def test_words_of_an_address_are_shown_as_words(client: Client) -> None:
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    for path in ("/en/centers/?as_of=", "/ja/plan/?arrived=", "/en/guides/?stage=", "/en/", "/en/glossary/?q="):
        response = client.get(path + quote(evil))
        assert response.status_code < 500
        assert (b"<script>alert" in response.content, b"<img src=x" in response.content) == (False, False)


def test_form_with_thousands_of_fields_is_refused(client: Client) -> None:
    assert client.get("/en/plan/?" + "&".join(f"a{n}=1" for n in range(1500))).status_code == 400


def test_body_of_megabytes_is_refused(client: Client) -> None:
    response = client.post(
        "/en/admin/account/login/", "login=" + "x" * 3_000_000, content_type="application/x-www-form-urlencoded"
    )
    assert response.status_code in {400, 413}
