"""Who may keep a page: browsers public ones if they ask each time, shared caches for moments, nobody the others."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.addresses import NAMES, address
from tests.factories.notices import make_notice
from tests.helpers import LANGUAGES
from wpiforum.notices.models import forget

pytestmark = pytest.mark.django_db
BRIEFLY = "public, max-age=0, s-maxage=30, must-revalidate"
NEVER = {"onboarding:plan", "onboarding:status", "onboarding:points", "onboarding:report", "preview", "search"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_page_is_kept_briefly_or_never_and_sets_no_cookie(client: Client, name: str, language: str) -> None:
    response = client.get(address(name, language))
    keep = response.get("Cache-Control", "")
    assert (response.status_code, response.cookies.output(), "Cookie" in response.get("Vary", "")) == (200, "", False)
    if name in NEVER:
        assert "no-store" in keep
    elif response["Content-Type"].startswith("text/html"):
        assert keep == BRIEFLY


@pytest.mark.parametrize(
    ("path", "status"),
    [("nowhere/", 404), ("plan/nowhere/", 404), ("centers/?as_of=x", 400), ("guides/?stage=x", 400)],
)
def test_page_that_says_what_is_wrong_is_not_kept(client: Client, path: str, status: int) -> None:
    response = client.get(f"/en/{path}")
    assert (response.status_code, response["Cache-Control"]) == (status, "no-store")


@pytest.mark.parametrize("path", ["", "account/login/", "notices/notice/", "account/password/"])
def test_staff_page_is_not_kept(client: Client, path: str) -> None:
    if path != "account/login/":
        client.force_login(User.objects.create_superuser("editor", password="secret"))
    response = client.get(f"/en/admin/{path}")
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]


def test_reader_who_has_the_page_is_told_that_it_is_the_same(client: Client) -> None:
    first = client.get("/en/centers/")
    again = client.get("/en/centers/", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["Cache-Control"]) == (304, b"", BRIEFLY)
    assert "Content-Security-Policy" in again.headers


@pytest.mark.parametrize("language", LANGUAGES)
def test_notice_changes_every_pages_tag(client: Client, language: str) -> None:
    path = f"/{language}/about/"
    first = client.get(path)
    make_notice()
    forget()
    changed = client.get(path, headers={"If-None-Match": first["ETag"]})
    assert (changed.status_code, changed["ETag"] == first["ETag"]) == (200, False)


def test_private_page_has_no_tag(client: Client) -> None:
    response: Any = client.get("/en/plan/?arrived=2026-04-03")
    assert "ETag" not in response.headers
