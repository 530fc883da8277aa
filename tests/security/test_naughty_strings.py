"""Strings that break programs, in every parameter and every part of every public address: never an error of ours."""

from urllib.parse import quote

import pytest
from django.test import Client

from tests.addresses import NAMES, address
from wpiforum.opendata import middleware

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
STRINGS = [
    "", " ", "\x00", "\x00\x01\x02", "\t\r\n", "undefined", "null", "None", "NaN", "Infinity", "-1", "0", "00", "1e309",
    "9" * 400, "-9223372036854775809", "0x10", "１２３", "٣", "²", "1/0", "2026-02-30", "9999-99-99", "0000-00-00",
    "-0001-01-01", "10000-01-01", "2026-04-01T00:00:00Z", "<script>alert(1)</script>", "' OR '1'='1",
    '"', "\\", "%", "%%",
    "%s", "%(x)s", "{}", "{{ 7*7 }}", "${7*7}", "../../../etc/passwd", "..\\..\\", "file:///etc/passwd", "C:\\", "con",
    "\ud7ff", "\ufeff", "\u200b", "\u202e\u0645", "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "ｶﾀｶﾅ", "か\u3099", "Z\u0351\u036b\u0343",
    "𠮷野家", "ﷺ" * 50, "A" * 5000, "\uffff", "; ls", "| id", "`id`", "$(id)", "\r\nSet-Cookie: x=1",
    "()", "[]", "[", "*",
    "?", "_", "&", "#", "+", "=", ",", ";", "true", "AND", "OR NOT", '"unclosed', "NEAR(a b)", "a:b", "a*", "^a", "-a",
]  # fmt: skip
PARAMETERS = [
    "as_of", "from", "to", "page", "q", "view", "stage", "topic", "cohort", "status", "state",
    "host", "prefecture", "field",
    "arrived", "moved_in", "employment", "left", "until", "family", "language", "kind", "sort",
    "limit", "cursor", "center",
    "degree", "age", "salary", "type", "format",
    "next", "case", "role", "actor", "audience", "nationality",
]  # fmt: skip
MACHINE = [
    "/plan.ics",
    "/api/v1/centers",
    "/api/v1/guides",
    "/api/v1/plan",
    "/api/v1/search",
    "/sw.js",
    "/robots.txt",
    "/oembed",
]


def is_read(client: Client, path: str, parameter: str) -> bool:
    """Tell whether a page does anything with a parameter but carry it into its own links."""
    unknown = client.get(f"{path}?unread_parameter=zzz")
    asked = client.get(f"{path}?{parameter}=zzz")
    same = asked.content.replace(f"{parameter}=zzz".encode(), b"unread_parameter=zzz") == unknown.content
    return not same or asked.status_code != unknown.status_code


@pytest.mark.parametrize("name", NAMES)
def test_page_survives_every_string_in_every_parameter(client: Client, name: str) -> None:
    path = address(name, "en")
    client.raise_request_exception = False
    bad = []
    for parameter in PARAMETERS:
        # A parameter that nothing reads breaks nothing; a few strings are enough for it.
        for text in STRINGS if is_read(client, path, parameter) else STRINGS[:4]:
            status = client.get(f"{path}?{parameter}={quote(text)}").status_code
            if status >= 500:
                bad.append((parameter, text, status))
    assert bad == []


@pytest.mark.parametrize("path", MACHINE)
def test_machine_address_survives_every_string(client: Client, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    client.raise_request_exception = False
    monkeypatch.setattr(middleware, "LIMIT", 1_000_000)  # else most tries meet the limit of requests
    found = [
        (p, s, client.get(f"{path}?{p}={quote(s)}").status_code)
        for p in PARAMETERS
        for s in (STRINGS if is_read(client, path, p) else STRINGS[:4])
    ]
    assert [one for one in found if one[2] >= 500] == []


@pytest.mark.parametrize("name", NAMES)
def test_address_survives_every_string_as_its_part(client: Client, name: str) -> None:
    client.raise_request_exception = False
    path = address(name, "ja")
    head = path.rstrip("/").rsplit("/", 1)[0]
    bad = []
    for text in [*STRINGS, "%ff", "%ed%a0%80", "%c0%ae", "%2500"]:
        part = text if text.startswith("%") and len(text) > 2 else quote(text, safe="")
        for tried in (f"{head}/{part}/", f"{path}{part}", f"{path}?{part}", f"{path}?as_of={part}&as_of={part}"):
            if client.get(tried).status_code >= 500:
                bad.append(tried)
    assert bad == []
