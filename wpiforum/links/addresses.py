"""Which web addresses the portal asks: of the public web alone, so that a text cannot turn it on the inner network.

A name is resolved once, every address it has is judged, and `fetching` connects to exactly what was judged.
"""

import ipaddress
import re
import socket
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.utils.encoding import iri_to_uri

PORTS = frozenset({80, 443})
_DEFAULT_PORTS = {"http": 80, "https": 443}
# Real addresses of the present internet; what carries another address inside (6to4, Teredo) is left out below.
_IPV6_UNICAST = ipaddress.ip_network("2000::/3")
_IPV6_CARRIERS = [ipaddress.ip_network(text) for text in ("2001::/23", "2002::/16")]
# What no address holds, and what readers of addresses disagree about.
_STRAY = re.compile(r"[\x00-\x20\x7f\\]")


class Refused(Exception):
    """An address that is not asked; carries the code of `reasons` and what its sentence names."""

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.code, self.details = code, details


class Target(NamedTuple):
    """An address taken apart: what is asked of whom."""

    url: str
    scheme: str
    host: str
    port: int
    path: str


def is_public(address: str) -> bool:
    """Tell whether an IP address belongs to a server of the public internet.

    Neither private, loopback, link-local, multicast, reserved, shared (CGNAT) nor an IPv4 address inside an IPv6 one
    (mapped, NAT64, 6to4, Teredo).
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    if parsed.is_multicast or not parsed.is_global:
        return False
    if isinstance(parsed, ipaddress.IPv4Address):
        return not parsed.is_reserved
    return parsed in _IPV6_UNICAST and not any(parsed in network for network in _IPV6_CARRIERS)


def parse(url: str, ports: frozenset[int] = PORTS) -> Target:
    """Take a web address apart; raise Refused for what is never asked."""
    if url.startswith("//"):
        url = f"https:{url}"
    if _STRAY.search(url):
        raise Refused("malformed")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Refused("malformed") from None
    if parts.scheme not in _DEFAULT_PORTS:
        raise Refused("scheme")
    if parts.username is not None or parts.password is not None:
        raise Refused("credentials")
    if not parts.hostname:
        raise Refused("malformed")
    port = _DEFAULT_PORTS[parts.scheme] if port is None else port
    if port not in ports:
        raise Refused("port", port=port)
    try:
        host = parts.hostname if ":" in parts.hostname else parts.hostname.encode("idna").decode()
    except UnicodeError:
        raise Refused("malformed") from None
    query = f"?{parts.query}" if parts.query else ""
    return Target(url, parts.scheme, host, port, iri_to_uri((parts.path or "/") + query))


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a name, IPv4 first: a server without IPv6 then loses no time."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    unique = dict.fromkeys((family != socket.AF_INET, str(place[0])) for family, _t, _p, _n, place in found)
    return [address for _is_later, address in sorted(unique)]
