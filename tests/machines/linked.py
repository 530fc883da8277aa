"""Reading the JSON-LD of pages with a library that is not ours, against the vocabulary of schema.org, offline."""

import json
import re
from pathlib import Path
from typing import Any

from pyld import jsonld

# Which properties schema.org gives to the types we use, with those of the types above them (npm schema-dts 2.1.0).
VOCABULARY = {
    kind: set(names.split())
    for kind, names in json.loads((Path(__file__).parent.parent / "data/schema-org.json").read_text()).items()
}
SCHEMA = "https://schema.org/"
_ADDRESSES = {"url", "sameAs", "license", "mainEntityOfPage", "item", "contentUrl", "serviceUrl", "citation"}
# Without @vocab, so that a word schema.org does not have is dropped by the expansion and missed by the test.
_CONTEXT: dict[str, Any] = {kind: f"{SCHEMA}{kind}" for kind in VOCABULARY} | {
    name: {"@id": f"{SCHEMA}{name}", "@type": "@id"} if name in _ADDRESSES else f"{SCHEMA}{name}"
    for names in VOCABULARY.values()
    for name in names
}
_BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


def _load(address: str, options: Any) -> dict[str, Any]:
    assert address == "https://schema.org", f"A page names another context: {address}"
    return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": address,
            "document": {"@context": _CONTEXT}}  # fmt: skip


def blocks(html: str) -> list[dict[str, Any]]:
    """Return the data blocks of a page, parsed."""
    return [json.loads(text) for text in _BLOCK.findall(html)]


def graph(html: str) -> dict[str, dict[str, Any]]:
    """Return the nodes of a page by their type, after checking that every block expands without losing a word."""
    found = {}
    for block in blocks(html):
        expanded = jsonld.expand(block, {"documentLoader": _load})
        for node in block["@graph"]:
            check(node)
            found[node["@type"]] = node
        assert _words(expanded) == _words_of(block["@graph"])
    return found


def check(node: Any, via: str = "") -> None:
    """Check that each property belongs to its type; a role repeats the property that it stands in."""
    if isinstance(node, list):
        for one in node:
            check(one, via)
    elif isinstance(node, dict):
        kind = node.get("@type")
        own = {name for name in node if not name.startswith("@")}
        if kind is None:
            assert set(node) == {"@id"}, node
            return
        allowed = VOCABULARY[kind] | ({via} if kind.endswith("Role") else set())
        assert own <= allowed, (kind, own - allowed)
        for name in own:
            assert node[name] not in ("", None, [], {}), (kind, name)
            check(node[name], name)


def _words(expanded: Any) -> set[str]:
    if isinstance(expanded, list):
        return set().union(*map(_words, expanded))
    if isinstance(expanded, dict):
        own = {name.removeprefix(SCHEMA) for name in expanded if not name.startswith("@")}
        return own.union(*(_words(value) for value in expanded.values()))
    return set()


def _words_of(node: Any) -> set[str]:
    if isinstance(node, list):
        return set().union(*map(_words_of, node))
    if isinstance(node, dict):
        return {name for name in node if not name.startswith("@")}.union(*map(_words_of, node.values()))
    return set()
