"""Strings that break programs, in every parameter and every part of every public address.

Each try must be answered without an error of ours, without markup of the sender in the page and without a header of
theirs. Which parameters an address has is seen from what its view reads: a new one is tried from its first day.
"""

import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from tests.addresses import MACHINE, NAMES, address, machine_address, parts
from tests.factories import onboarding
from tests.security.hostile import SAMPLE, STRINGS, reflected
from wpiforum import languages, limits
from wpiforum.accounts import throttle
from wpiforum.api import api
from wpiforum.settings import MIDDLEWARE

pytestmark = pytest.mark.django_db
EVERY = [*NAMES, *MACHINE]
API = api.get_openapi_schema()["paths"]
# What an address wants before it reads the rest.
FIRST = {"search": "q=visa&", "oembed": "url=https://testserver/en/&"}
HEADERS = ["Accept", "Accept-Language", "Cookie", "If-Modified-Since", "If-None-Match", "Origin", "Range", "Referer"]
FORMS = {"account_login": ["login", "password", "next"], "account_reset_password": ["email"]}
WORDS_OF_THE_SITE = {501}  # oEmbed says so to a format that is not JSON


class Tries:
    """A reader who counts requests and keeps the answers that are wrong."""

    def __init__(self, client: Client) -> None:
        self.client, self.number, self.bad = client, 0, list[tuple[str, str]]()

    def get(self, path: str, **headers: str) -> None:
        self._judge(f"{path} {headers or ''}", self.client.get(path, headers=headers))

    def post(self, path: str, body: str) -> None:
        kind = "application/x-www-form-urlencoded"
        response = self.client.post(path, body, content_type=kind, headers={"sec-fetch-site": "same-origin"})
        self._judge(f"POST {path} {body}", response)

    def _judge(self, what: str, response: Any) -> None:
        self.number += 1
        found = []
        if response.status_code >= 500 and response.status_code not in WORDS_OF_THE_SITE:
            found.append(str(response.status_code))
        if response.headers.get("Content-Type", "").startswith("text/html"):
            found += reflected(response.text)
        if "x" in response.cookies:
            found.append("a cookie of the sender")
        self.bad += [(what[:300], one) for one in found]


@pytest.fixture
def tries(
    client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[Tries]:
    """Yield a reader whom no limit stops, before all the middleware of production."""
    settings.MIDDLEWARE = [name for name in MIDDLEWARE if not name.startswith("whitenoise.")]
    monkeypatch.setattr(limits, "count", lambda key, window: limits.Count(1, window))
    monkeypatch.setattr(throttle, "PER_PAIR", 10**9)
    monkeypatch.setattr(throttle, "PER_ADDRESS", 10**9)
    client.raise_request_exception = False
    made, began = Tries(client), time.process_time()
    yield made
    print(f"{request.node.name}: {made.number} requests, {time.process_time() - began:.1f} s of the processor")


def path_of(name: str) -> str:
    return machine_address(name) if name in MACHINE else address(name, "en")


def read_by(client: Client, path: str, first: str) -> list[str]:
    """Return the parameters that the view of an address reads, asked plainly and then with each of them."""
    names: set[str] = set()

    def recording(method: Any) -> Any:
        def read(self: Any, key: Any, *args: Any, **kwargs: Any) -> Any:
            names.add(str(key))
            return method(self, key, *args, **kwargs)

        return read

    with pytest.MonkeyPatch.context() as patched:
        for name in ("get", "getlist", "__getitem__", "__contains__"):
            patched.setattr(QueryDict, name, recording(getattr(QueryDict, name)))
        client.get(f"{path}?{first}")
        for name in sorted(names):
            client.get(f"{path}?{first}{name}=1")
    return sorted(names)


def try_parameters(tries: Tries, name: str, strings: list[str]) -> None:
    path, first = path_of(name), FIRST.get(name, "")
    for parameter in read_by(tries.client, path, first):
        for text in strings:
            tries.get(f"{path}?{first}{parameter}={text}")
        tries.get(f"{path}?{first}{parameter}={strings[0]}&{parameter}={strings[-1]}")
    for text in strings:
        tries.get(f"{path}?{text}={text}")  # as the name of one that nobody knows


def try_parts(tries: Tries, name: str, strings: list[str]) -> None:
    """Try each string as each part of an address that names a row, and behind the address."""
    named = parts(name)
    plain = reverse(name, kwargs=named) if name in MACHINE else languages.localized_url(name, "ja", **named)
    templates = {f"{plain}{{}}", *(plain.replace(value, "{}") for value in named.values())}
    for template in sorted(templates):
        for text in strings:
            tries.get(template.replace("{}", text))


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("centers:list", {"as_of", "cohort", "status", "host", "prefecture", "field", "page", "view"}),
        ("onboarding:plan", {"arrived", "moved_in", "stay_end", "role", "family", "for", "ref"}),
        ("search", {"q", "page"}),
        ("plan-ics", {"arrived", "role", "ref"}),
        ("oembed", {"url", "format", "maxwidth", "maxheight"}),
    ],
)
def test_parameters_are_seen_by_what_is_read(client: Client, name: str, known: set[str]) -> None:
    assert known - set(read_by(client, path_of(name), FIRST.get(name, ""))) == set()


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<p>&lt;evil7&gt;</p>", 0),
        ("<evil7>", 1),
        ('<a title="" evil7=1>', 1),
        ("<a href=' javascript:alert(1)'>", 1),
        ("<title></title><evil7>", 1),
    ],
)
def test_markup_of_the_sender_is_seen(html: str, found: int) -> None:
    assert len(reflected(html)) == found


@pytest.mark.parametrize("name", EVERY)
def test_sample_breaks_no_address(tries: Tries, name: str) -> None:
    try_parameters(tries, name, SAMPLE)
    try_parts(tries, name, SAMPLE)
    assert tries.bad == []


@pytest.mark.slow
@pytest.mark.parametrize("name", EVERY)
def test_no_string_breaks_a_parameter(tries: Tries, name: str) -> None:
    try_parameters(tries, name, STRINGS)
    assert tries.bad == []


@pytest.mark.slow
@pytest.mark.parametrize("name", EVERY)
def test_no_string_breaks_a_part_of_an_address(tries: Tries, name: str) -> None:
    try_parts(tries, name, STRINGS)
    assert tries.bad == []


@pytest.mark.slow
@pytest.mark.parametrize("path", API)
def test_no_string_breaks_the_interface(tries: Tries, path: str) -> None:
    places = [(found["name"], found["in"]) for found in API[path]["get"].get("parameters", [])]
    for name, place in places:
        for text in STRINGS:
            tries.get(path.replace(f"{{{name}}}", text) if place == "path" else f"{path}?{name}={text}")
    assert tries.bad == []


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/", "/en/centers/", "/api/v1/centers", "/feeds/en.atom"])
def test_no_string_breaks_a_header(tries: Tries, path: str) -> None:
    for name in HEADERS:
        for text in STRINGS:
            tries.get(path, **{name: unquote(text, "latin-1")})
    assert tries.bad == []


@pytest.mark.slow
@pytest.mark.parametrize("name", FORMS)
def test_no_string_breaks_a_form_of_signing_in(tries: Tries, name: str) -> None:
    path = languages.localized_url(name, "en")
    for field in FORMS[name]:
        others = "".join(f"&{other}=x" for other in FORMS[name] if other != field)
        for text in STRINGS:
            tries.post(path, f"{field}={text}{others}")
    assert tries.bad == []


@pytest.mark.slow
def test_no_string_breaks_a_report(tries: Tries) -> None:
    step = onboarding.make_step()
    path = languages.localized_url(
        "onboarding:report", "ja", topic=step.guide.topic.slug, guide=step.guide.slug, step=step.slug
    )
    for text in STRINGS:
        tries.post(path, f"text={text}")
        tries.post(path, f"text=x&website={text}")
        tries.post(path, f"{text}={text}")
    assert tries.bad == []
