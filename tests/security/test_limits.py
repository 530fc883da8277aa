"""Limits of requests: wide enough for an office behind one address, and counted by the address that our proxy saw."""

from typing import Any

import pytest
from django.test import Client, RequestFactory

from wpiforum import limits
from wpiforum.opendata import middleware

pytestmark = pytest.mark.django_db
OFFICE = 300  # people behind one address who open a page of data in the same minute


def test_office_behind_one_address_is_not_stopped(client: Client) -> None:
    found = {client.get("/api/v1/centers", REMOTE_ADDR="203.0.113.9").status_code for _ in range(OFFICE)}
    assert found == {200}


def test_machine_that_asks_without_end_is_stopped_and_others_are_not(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(middleware, "LIMIT", 3)
    found = [client.get("/api/v1/centers", REMOTE_ADDR="203.0.113.9") for _ in range(4)]
    assert [one.status_code for one in found] == [200, 200, 200, 429]
    assert 0 < int(found[-1]["Retry-After"]) <= 60
    assert client.get("/api/v1/centers", REMOTE_ADDR="203.0.113.10").status_code == 200


@pytest.mark.parametrize(
    ("behind_proxy", "first", "second", "is_same"),
    [
        (True, "1.1.1.1, 203.0.113.9", "2.2.2.2, 203.0.113.9", True),  # what the client wrote changes nothing
        (True, "203.0.113.9", "203.0.113.10", False),
        (False, "1.1.1.1", "2.2.2.2", True),  # without a proxy nobody wrote this but the client
    ],
)
def test_sender_is_who_the_proxy_saw(settings: Any, behind_proxy: bool, first: str, second: str, is_same: bool) -> None:
    settings.BEHIND_TLS_PROXY = behind_proxy
    names = [limits.sender(RequestFactory().get("/", headers={"X-Forwarded-For": one})) for one in (first, second)]
    assert (names[0] == names[1]) == is_same
    assert "203.0.113" not in "".join(names)


def test_emergency_page_is_never_limited(client: Client) -> None:
    assert {client.get("/en/emergency/").status_code for _ in range(30)} == {200}
