"""JSON-LD (schema.org) of a page: what programs read in its head. Pure functions; addresses come in whole."""

import json
from collections.abc import Iterable
from typing import Any

from django.utils.safestring import SafeString, mark_safe

CONTEXT = "https://schema.org"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
Node = dict[str, Any]
# A data block is text to the browser and never runs, so the security policy lets it be; but `</script>` would end it.
_ESCAPED = {"<": "\\u003C", ">": "\\u003E", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def node(kind: str, **fields: Any) -> Node:
    """Return one object; what is empty is left out, since "not known" must not read as an empty name."""
    return {"@type": kind, **{name: value for name, value in fields.items() if value not in (None, "", [], {})}}


def script(nodes: Iterable[Node]) -> SafeString:
    """Return the data block of a page, or nothing where there is nothing to say."""
    graph = list(nodes)
    if not graph:
        return SafeString("")
    text = json.dumps({"@context": CONTEXT, "@graph": graph}, ensure_ascii=False, separators=(",", ":"))
    for character, escaped in _ESCAPED.items():
        text = text.replace(character, escaped)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308  escaped above


def breadcrumb(steps: Iterable[tuple[str, str]]) -> Node:
    """Return the way to a page; the last step needs no address."""
    items = [
        node("ListItem", position=position, name=name, item=address)
        for position, (name, address) in enumerate(steps, start=1)
    ]
    return node("BreadcrumbList", itemListElement=items)


def publisher(origin: str) -> Node:
    """Return the site as the publisher of what it says."""
    return {"@id": f"{origin}#site", **node("Organization", name="WPI Forum", url=origin)}


def download(address: str, media_type: str) -> Node:
    return node("DataDownload", contentUrl=address, encodingFormat=media_type)


def dataset(*, name: str, description: str, url: str, language: Any, origin: str, covers: str,
            downloads: list[Node], version: str = "") -> Node:  # fmt: skip
    """Return a set of data with its licence and where it is downloaded."""
    return {"@id": f"{url}#dataset"} | node(
        "Dataset",
        name=name,
        description=description,
        url=url,
        inLanguage=language,
        license=LICENCE,
        isAccessibleForFree=True,
        creator=publisher(origin),
        temporalCoverage=covers,
        version=version,
        distribution=downloads,
    )
