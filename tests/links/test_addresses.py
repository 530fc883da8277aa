"""Which addresses the portal never asks, and how an address is taken apart."""

import pytest

from wpiforum.links.addresses import Refused, is_public, parse
from wpiforum.links.fetching import Rules, check


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "127.0.0.1",
        "0.0.0.0",  # noqa: S104  refused here
        "169.254.169.254",
        "100.64.0.1",
        "192.0.2.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "64:ff9b::7f00:1",
        "64:ff9b::808:808",
        "64:ff9b:1::1",
        "2002:7f00:1::",
        "2001:0:4136:e378::1",
        "2001:db8::1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
        "localhost",
        "",
    ],
)
def test_address_that_is_not_of_the_public_web_is_refused(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "133.11.93.0", "2001:4860:4860::8888", "2404:6800:4004::1"])
def test_address_of_the_public_web_is_asked(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("ftp://example.com/", "scheme"),
        ("file:///etc/passwd", "scheme"),
        ("javascript:alert(1)", "scheme"),
        ("http://user@example.com/", "credentials"),
        ("http://user:word@example.com/", "credentials"),
        ("http://example.com:22/", "port"),
        ("http://example.com:8080/", "port"),
        ("http://example.com:99999/", "malformed"),
        ("http://", "malformed"),
        ("https:///path", "malformed"),
        ("http://[::1", "malformed"),
        ("http://exa mple.com/", "malformed"),
        ("http://example.com\\@10.0.0.1/", "malformed"),
        ("http://..example.com/", "malformed"),
    ],
)
def test_address_that_is_never_asked(url: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        parse(url)
    assert refused.value.code == code


def test_number_that_stands_for_a_loopback_address_is_refused() -> None:
    for host in ("2130706433", "0x7f000001", "127.1", "localhost"):
        outcome = check(f"http://{host}/", Rules(user_agent="x"))
        assert outcome.reason in {"private", "dns"}, host


def test_japanese_name_and_path_are_encoded() -> None:
    target = parse("https://日本語.jp/案内?番号=1#節")
    assert (target.host, target.port) == ("xn--wgv71a119e.jp", 443)
    assert target.path == "/%E6%A1%88%E5%86%85?%E7%95%AA%E5%8F%B7=1"
