"""Which language a request gets, and how addresses change language."""

import pytest
from django.test import Client

from wpiforum import languages


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", "ja"),
        ("en", "en"),
        ("en-GB,en;q=0.8,ja;q=0.5", "en"),
        ("ja,en;q=0.9", "ja"),
        ("fr,de;q=0.9", "ja"),
        ("fr,en;q=0.2", "en"),
        ("en;q=0,fr", "ja"),
        ("*", "ja"),
        ("\x00;;q=x,,", "ja"),
    ],
)
def test_root_redirects_by_accept_language_alone(client: Client, header: str, expected: str) -> None:
    client.cookies["django_language"] = "en" if expected == "ja" else "ja"
    response = client.get("/", headers={"accept-language": header})
    assert (response.status_code, response["Location"], response["Vary"]) == (
        302,
        f"/{expected}/",
        "Accept-Language",
    )


@pytest.mark.parametrize(
    ("path", "expected"),
    [("/ja/centers/", "/en/centers/"), ("/ja", "/en"), ("/japan/", "/japan/"), ("/healthz", "/healthz")],
)
def test_swap_prefix_changes_only_a_language_prefix(path: str, expected: str) -> None:
    assert languages.swap_prefix(path, "en") == expected


def test_localized_url_needs_no_active_language() -> None:
    assert languages.localized_url("centers:detail", "en", "kavli-ipmu") == "/en/centers/kavli-ipmu/"
    assert languages.localized_url("centers:detail", "ja", "kavli-ipmu") == "/ja/centers/kavli-ipmu/"


@pytest.mark.parametrize(("code", "sentence"), [("ja", "このアドレスのページはありません"), ("en", "There is no page")])
def test_unknown_page_answers_in_the_language_of_its_prefix(client: Client, code: str, sentence: str) -> None:
    response = client.get(f"/{code}/nowhere/", headers={"accept-language": "en" if code == "ja" else "ja"})
    assert response.status_code == 404
    assert sentence in response.content.decode()


def test_unknown_page_without_prefix_answers_in_the_browser_language(client: Client) -> None:
    response = client.get("/nowhere", headers={"accept-language": "en"})
    assert (response.status_code, response["Content-Language"]) == (404, "en")
    assert "Accept-Language" in response["Vary"]
