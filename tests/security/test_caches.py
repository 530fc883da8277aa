"""Caches that are fed a wrong page, and private pages under the name of a file; nginx's own in tests/faults.

Headers that no key holds: tests/wpiforum/kept_pages/.
"""

from typing import Any

import pytest
from django.test import Client

from tests.factories.centers import make_center
from wpiforum.settings import MIDDLEWARE

pytestmark = pytest.mark.django_db
EVIL = "evil.example"


@pytest.fixture
def reader(settings: Any) -> Client:
    """Return a reader of a fresh process that keeps its pages."""
    settings.MIDDLEWARE = [name for name in MIDDLEWARE if not name.startswith("whitenoise.")]
    return Client(headers={"host": "testserver"})


@pytest.mark.parametrize(
    "query",
    [
        f"utm_source={EVIL}",
        f"as_of=2019-02-05&as_of={EVIL}",
        f"as_of=2019-02-05;as_of={EVIL}",
        f"%61s_of={EVIL}",
        f"as_of%3D{EVIL}",
        f"view=table%26as_of%3D{EVIL}",
        f"AS_OF={EVIL}",
        f"as_of[]={EVIL}",
        f"callback={EVIL}",
        f"_method={EVIL}",
        "as_of=",
        "&&",
        "x" * 400,
    ],
)
def test_page_asked_with_odd_parameters_is_not_what_others_get(reader: Client, query: str) -> None:
    make_center()
    clean = Client(headers={"host": "testserver"}).get("/en/centers/").content  # another process
    reader.get(f"/en/centers/?{query}")
    for plain in ("/en/centers/", "/en/centers/?view=table"):
        after = reader.get(plain)
        assert (after.status_code, EVIL.encode() in after.content) == (200, False)
    assert reader.get("/en/centers/").content == clean


@pytest.mark.parametrize("pair", [("as_of=2019-02-05", "%61s_of=2017-10-01"), ("as_of=2017-10-01", "as_of=2019-02-05")])
def test_two_days_are_two_pages_however_they_are_spelled(reader: Client, pair: tuple[str, str]) -> None:
    make_center()
    own = [Client(headers={"host": "testserver"}).get(f"/en/centers/?{query}").content for query in pair]
    assert [reader.get(f"/en/centers/?{query}").content for query in (*pair, *pair)] == own * 2
    assert own[0] != own[1]


@pytest.mark.parametrize("method", ["post", "put", "delete", "options", "head"])
def test_other_method_leaves_no_page_behind(reader: Client, method: str) -> None:
    clean = Client(headers={"host": "testserver"}).get("/en/about/").content  # another process
    getattr(reader, method)("/en/about/", headers={"X-HTTP-Method-Override": "GET"})
    after = reader.get("/en/about/")
    assert (after.status_code, after.content) == (200, clean)


DATES = "arrived=2026-04-01"


@pytest.mark.parametrize(
    "address",
    [
        f"/en/plan?{DATES}",
        f"/en/plan/?{DATES}",
        f"/en/%70lan/?{DATES}",
        f"/en/plan/x.css?{DATES}",
        f"/en/plan/;.js?{DATES}",
        f"/en/plan%2Fx.css?{DATES}",
        f"/en/plan/%2e%2e%2fx.css?{DATES}",
        f"/en/plan.css?{DATES}",
        f"/en//plan/?{DATES}",
        f"/static/..%2fen/plan/?{DATES}",
        f"/plan.ics?{DATES}",
        f"/plan.ics/x.css?{DATES}",
        f"/plan?{DATES}",
        f"/api/v1/plan?{DATES}",
        f"/api/v1/plan/x.css?{DATES}",
        "/ja/status?degree=phd",
        "/ja/status/;.js?degree=phd",
        "/ja/search?q=words",
        "/ja/search/x.png?q=words",
        "/en/admin",
        "/en/admin/a.css",
        "/en/admin/account/login/a.css",
    ],
)
def test_what_a_reader_typed_is_kept_by_no_cache(reader: Client, address: str) -> None:
    assert "no-store" in reader.get(address).headers.get("Cache-Control", "")
