"""The headers that every answer carries, and what none ever does."""

from typing import Any

import pytest
from django.test import Client

from tests.addresses import NAMES, address
from tests.helpers import LANGUAGES

pytestmark = pytest.mark.django_db
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def policy(response: Any) -> dict[str, list[str]]:
    """Return the content security policy by directive."""
    parts = response["Content-Security-Policy"].split("; ")
    return {words[0]: words[1:] for words in (part.split() for part in parts)}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_page_has_a_strict_policy_and_every_header(client: Client, name: str, language: str) -> None:
    response = client.get(address(name, language))
    assert {key: response.get(key) for key in EVERYWHERE} == EVERYWHERE
    assert response["Referrer-Policy"] in {"same-origin", "no-referrer"}
    found = policy(response)
    assert (found["default-src"], found["script-src"], found["style-src"]) == (["'self'"], ["'self'"], ["'self'"])
    assert (found["object-src"], found["base-uri"]) == (["'none'"], ["'none'"])
    assert (found["require-trusted-types-for"], found["trusted-types"]) == (["'script'"], ["worker"])
    for word in ("unsafe-inline", "unsafe-eval", "nonce-", "http:", "*"):
        assert word not in response["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/en/nowhere/", "/en/centers/?as_of=x", "/healthz", "/api/v1/nowhere", "/robots.txt"])
def test_every_other_answer_has_them_too(client: Client, path: str) -> None:
    response = client.get(path)
    assert {key: response.get(key) for key in EVERYWHERE} == EVERYWHERE
    assert "'unsafe" not in response["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [("/en/about/", "same-origin"), ("/healthz", "same-origin"), ("/api/v1/centers", "cross-origin")],
)
def test_resource_is_for_this_site_but_open_data_for_all(client: Client, path: str, expected: str) -> None:
    assert client.get(path)["Cross-Origin-Resource-Policy"] == expected


def test_browser_is_told_to_insist_on_tls(client: Client, settings: Any) -> None:
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = 31_536_000, True
    settings.SECURE_HSTS_PRELOAD = False
    response = client.get("/en/about/", secure=True)
    assert response["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_cookies_of_staff_are_closed(client: Client, settings: Any) -> None:
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    response = client.get("/en/admin/account/login/")
    cookie = response.cookies["csrftoken"]
    assert (cookie["secure"], cookie["samesite"], cookie["domain"]) == (True, "Lax", "")
    assert settings.SESSION_COOKIE_HTTPONLY is True


def test_static_file_is_not_framed(client: Client) -> None:
    assert client.get("/static/nowhere.js")["X-Frame-Options"] == "DENY"
