"""What nginx keeps when somebody asks in bad faith, set up as deploy/ does."""

import http.client

import pytest

from tests.faults.host import Host

pytestmark = pytest.mark.slow
DATES = "arrived=2026-04-01&ref=deceived"
EVIL = "evil.example"


def kept(host: Host, path: str, **headers: str) -> tuple[int, str, bool]:
    """Ask twice; return status and text of the second answer, and whether nginx could have kept it."""
    host.ask(path, **headers)
    status, text, found = host.ask(path)
    control = found.get("cache-control", "")
    return status, text, "no-store" not in control and ("public" in control or "s-maxage" in control)


@pytest.mark.parametrize(
    "path",
    [
        f"/en/plan/x.css?{DATES}",
        f"/en/plan/;.js?{DATES}",
        f"/en/plan%2Fx.css?{DATES}",
        f"/en/plan/%2e%2e/x.css?{DATES}",
        f"/en/%70lan/?{DATES}",
        f"/en//plan/?{DATES}",
        f"/static/..%2fen/plan/?{DATES}",
        f"/static/%2e%2e/en/plan/?{DATES}",
        f"/static/x.0123456789ab.css/..%2f..%2f..%2fen/plan/?{DATES}",
        f"/plan.ics/x.css?{DATES}",
        "/en/status/;.js?degree=deceived",
        "/en/admin/a.css",
        "/en/admin/account/login/%2e%2e/a.css",
    ],
)
def test_nginx_keeps_no_private_page_under_the_name_of_a_file(host: Host, path: str) -> None:
    status, text, may_be_kept = kept(host, path)
    assert (status < 500, may_be_kept) == (True, False)
    files = [one for one in (host.etc / "cache").rglob("*") if one.is_file()]
    assert [one for one in files if b"deceived" in one.read_bytes()] == []
    assert "root:" not in text


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-Host": EVIL},
        {"X-Forwarded-Proto": EVIL},
        {"X-Forwarded-For": EVIL},
        {"Forwarded": f"host={EVIL}"},
        {"X-Original-URL": f"/{EVIL}"},
        {"X-HTTP-Method-Override": "DELETE"},
        {"Accept-Language": EVIL},
        {"Referer": f"https://{EVIL}/"},
        {"Accept-Encoding": EVIL},
        {"Range": "bytes=0-3"},
    ],
    ids=lambda headers: next(iter(headers)),
)
def test_nginx_keeps_no_page_of_an_attackers_headers(host: Host, headers: dict[str, str]) -> None:
    path = f"/en/centers/?as_of=2018-01-{10 + len(str(headers)) % 20:02}"  # not yet kept
    status, text, _may = kept(host, path, **headers)
    assert (status, EVIL in text, text.rstrip().endswith("</html>")) == (200, False, True)


def test_nginx_answers_no_other_host(host: Host) -> None:
    with pytest.raises(http.client.RemoteDisconnected):  # it closes without a word
        host.ask("/en/centers/", Host=EVIL)
    assert EVIL not in host.ask("/en/centers/")[1]
