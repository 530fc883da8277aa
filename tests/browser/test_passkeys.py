"""A passkey in a real browser, whose authenticator is a virtual one (W3C WebAuthn, section 11)."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from django.db import connection
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def desk(open_page: Any, site: str, db: None, settings: Any) -> Iterator[tuple[Page, str, list[str]]]:
    """Open the sign-in page at localhost, which browsers trust without TLS, on a device with a fingerprint reader."""
    if connection.vendor != "sqlite":
        pytest.skip("The server sees this transaction only where it shares the connection: on SQLite in memory.")
    settings.SECOND_FACTOR = "required"
    User.objects.create_superuser("browser", password="correct horse battery")
    page: Page = open_page("en", "about/")
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page, site.replace("127.0.0.1", "localhost"), said
    page.wait_for_load_state("networkidle")  # the rows go with the transaction that the server still reads


@pytest.mark.parametrize("language", ["ja", "en"])
def test_passkey_is_added_after_the_first_sign_in_and_then_signs_in_alone(
    desk: tuple[Page, str, list[str]], language: str
) -> None:
    page, site, said = desk
    account = f"{site}/{language}/admin/account"
    page.goto(f"{account}/login/")
    assert Axe().run(page, options={"resultTypes": ["violations"]}).violations_count == 0
    page.locator("#id_login").fill("browser")
    page.locator("#id_password").fill("correct horse battery")
    page.locator("form[action$='/login/'] [type=submit]").click()
    expect(page).to_have_url(f"{account}/factors/")
    page.goto(f"{account}/factors/keys/add/")
    page.locator("#id_passwordless").check()
    page.locator("#mfa_webauthn_add").click()
    expect(page).to_have_url(re.compile(f"{account}/factors/(recovery|keys)/$"))
    assert Authenticator.objects.get(type="webauthn").wrap().is_passwordless is True
    page.goto(f"{site}/{language}/admin/")
    page.locator("#logout-form button").click()
    page.goto(f"{account}/login/?next=/{language}/admin/auth/user/")
    page.locator("#passkey_login").click()
    expect(page).to_have_url(f"{site}/{language}/admin/auth/user/")
    assert said == []
