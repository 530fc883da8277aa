"""The open data as one archive: every list of the interface as CSV and JSON Lines, with a Data Package description.

Rows come from the interface itself and columns from its OpenAPI document, so that archive, CSV and interface never
say different things. The same data of the same day give the same bytes.
"""

import csv
import hashlib
import io
import json
import os
import zipfile
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.urls import resolve

from wpiforum.api import VERSION, api
from wpiforum.http import japan_midnight
from wpiforum.jsonld import LICENCE
from wpiforum.opendata.listing import LARGEST_LIMIT

API = "/api/v1/"
PROFILES = "https://datapackage.org/profiles/2.0/"
_TITLE = "WPI Forum: register of WPI centers and guides for researchers from abroad"
_README = """\
# WPI Forum: open data of {day}

Every list in `csv/` (one row a line, nested lists as JSON) and in `jsonl/` (one JSON object a line), in Japanese and
English. `datapackage.json` describes every column (Data Package 2.0). Each row names its source, the day its evidence
speaks of (`as_of`), its licence and its page. Values that change with the date are those of {day}.

Licence: Creative Commons Attribution 4.0 International, {licence}
Credit: WPI Forum, {home}
"""


# What rows are known by, and so comes first.
_KEYS = {"id", "slug", "key", "center", "requirement"}


class Column(NamedTuple):
    """A column of a table: where its value lies in an object, and what it is in terms of the standard."""

    name: str
    path: tuple[str, ...]
    form: dict[str, Any]
    description: str = ""


class List(NamedTuple):
    """A list of the interface: its address, its shape in the OpenAPI document and what identifies a row."""

    name: str
    title: str
    description: str
    shape: dict[str, Any]
    is_dated: bool
    has_pages: bool

    @property
    def key(self) -> list[str]:
        for names in (["id"], ["slug"], ["key"], ["center", "requirement"]):
            if set(names) <= set(self.shape["properties"]):
                return names
        return []


@cache
def _document() -> dict[str, Any]:
    return api.get_openapi_schema()


@cache
def lists() -> dict[str, List]:
    """Return every list of the interface by name, as its document has them."""
    document = _document()
    shapes = document["components"]["schemas"]
    found = {}
    for path, methods in document["paths"].items():
        operation = methods["get"]
        answer = operation["responses"][200]["content"]["application/json"]["schema"]
        page = shapes[answer["$ref"].rsplit("/", 1)[-1]]
        items = page.get("properties", {}).get("items", {})
        if "{" in path or "next" not in page.get("properties", {}):
            continue
        names = {row["name"] for row in operation["parameters"]}
        name = path.removeprefix(API)
        shape = shapes[items["items"]["$ref"].rsplit("/", 1)[-1]]
        found[name] = List(
            name,
            operation["summary"],
            operation.get("description", ""),
            shape,
            "as_of" in names,
            "limit" in names,
        )
    return found


def rows(found: List, day: date, host: str, *, secure: bool = True) -> list[dict[str, Any]]:
    """Return all rows of a list as the interface answers them on a day."""
    parameters: dict[str, Any] = {"as_of": day.isoformat()} if found.is_dated else {}
    if found.has_pages:
        parameters["limit"] = LARGEST_LIMIT
    query, items = urlencode(parameters), []
    while True:
        answer = _ask(f"{API}{found.name}", query, host, secure=secure)
        items += answer["items"]
        if not answer["next"]:
            return items
        query = answer["next"].partition("?")[2]


def _ask(path: str, query: str, host: str, *, secure: bool) -> dict[str, Any]:
    """Ask the interface inside this process, as a reader would from outside."""
    scheme = "https" if secure else "http"
    asked = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": host}
    # The second where a proxy would say it.
    asked |= {"wsgi.url_scheme": scheme, "HTTP_X_FORWARDED_PROTO": scheme}
    request = WSGIRequest({**asked, "wsgi.input": io.BytesIO()})
    match = resolve(path)
    response = match.func(request, *match.args, **match.kwargs)
    if response.status_code != 200:
        raise RuntimeError(f"{path}?{query} answered {response.status_code}")
    return json.loads(response.content)


def columns(shape: dict[str, Any], *, flat: bool) -> list[Column]:
    """Return the columns of a shape: `flat` takes objects apart for CSV and keeps only nested lists as JSON."""
    shapes = _document()["components"]["schemas"]

    def resolved(form: dict[str, Any]) -> dict[str, Any]:
        if "$ref" in form:
            return shapes[form["$ref"].rsplit("/", 1)[-1]]
        if "allOf" in form:
            return resolved(form["allOf"][0])
        if "anyOf" in form:
            return resolved(next(one for one in form["anyOf"] if one.get("type") != "null"))
        return form

    def walk(properties: dict[str, Any], path: tuple[str, ...]) -> list[Column]:
        found = []
        for name, form in properties.items():
            inner, here = resolved(form), (*path, name)
            if flat and "properties" in inner:
                found += walk(inner["properties"], here)
            else:
                found.append(Column("_".join(here), here, _form(inner), form.get("description", "")))
        return found

    found = walk(shape["properties"], ())
    return sorted(found, key=lambda column: column.name not in _KEYS) if flat else found


def _form(form: dict[str, Any]) -> dict[str, Any]:
    """Return a field's type in terms of Table Schema."""
    if "const" in form:
        return {"type": "string"}
    if "enum" in form:
        return {"type": "string", "constraints": {"enum": list(form["enum"])}}
    if form.get("type") == "string" and form.get("format") == "date":
        return {"type": "date"}
    if "properties" in form:
        return {"type": "object"}
    if form.get("format") == "decimal":  # in JSON a string
        return {"type": "number"}
    return {"type": form.get("type", "string")}


def cell(row: Any, path: tuple[str, ...]) -> Any:
    """Return what a CSV shows of an object at a place: nothing for "not known", JSON for lists."""
    for name in path:
        row = row.get(name) if isinstance(row, dict) else None
    if row is None:
        return ""
    if isinstance(row, bool):
        return "true" if row else "false"
    if isinstance(row, (list, dict)):
        return json.dumps(row, ensure_ascii=False, separators=(",", ":"))
    return row


def table(found: List, items: list[dict[str, Any]]) -> list[list[Any]]:
    """Return a list as rows of a table, names of columns first."""
    shown = columns(found.shape, flat=True)
    return [[column.name for column in shown], *([cell(item, column.path) for column in shown] for item in items)]


def _resource(found: List, kind: str, data: bytes) -> dict[str, Any]:
    is_csv = kind == "csv"
    fields = [
        {"name": column.name, **column.form, **({"description": column.description} if column.description else {})}
        for column in columns(found.shape, flat=is_csv)
    ]
    return {
        "$schema": f"{PROFILES}dataresource.json",
        "name": found.name if is_csv else f"{found.name}-jsonl",
        "type": "table",
        "title": found.title,
        "description": found.description or found.title,
        "path": f"{kind}/{found.name}.{kind}",
        "format": kind,
        "mediatype": "text/csv" if is_csv else "application/jsonl",
        "encoding": "utf-8",
        "bytes": len(data),
        "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
        "schema": {"$schema": f"{PROFILES}tableschema.json", "fields": fields, "primaryKey": found.key,
                   "missingValues": [""]},
    }  # fmt: skip


def _csv(found: List, items: list[dict[str, Any]]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(table(found, items))
    return buffer.getvalue().encode()


def _jsonl(items: list[dict[str, Any]]) -> bytes:
    return "".join(f"{json.dumps(item, ensure_ascii=False, separators=(',', ':'))}\n" for item in items).encode()


def files(day: date, host: str, *, secure: bool = True) -> dict[str, bytes]:
    """Return the archive's files by name."""
    scheme = "https" if secure else "http"
    home = settings.SITE_ORIGIN or f"{scheme}://{host}"
    made, resources, sources = {}, [], []
    for found in lists().values():
        items = rows(found, day, host, secure=secure)
        if found.name == "sources":
            sources = [
                {"title": item["title"]["en"] or item["title"]["ja"], **({"path": item["url"]} if item["url"] else {})}
                for item in items
            ]
        for kind, data in (("csv", _csv(found, items)), ("jsonl", _jsonl(items))):
            made[f"{kind}/{found.name}.{kind}"] = data
            resources.append(_resource(found, kind, data))
    package = {
        "$schema": f"{PROFILES}datapackage.json",
        "name": "wpi-forum",
        "title": _TITLE,
        "description": f"The content of {home} as of {day} (Japan), in Japanese and English.",
        "homepage": home,
        "version": f"{VERSION}+{day:%Y%m%d}",
        "created": japan_midnight(day).isoformat(),
        "keywords": ["WPI", "research centers", "Japan", "researchers from abroad"],
        "licenses": [{"name": "CC-BY-4.0", "path": LICENCE, "title": "Creative Commons Attribution 4.0"}],
        "contributors": [{"title": "WPI Forum", "path": home, "roles": ["publisher"]}],
        "sources": sources,
        "resources": resources,
    }
    made["datapackage.json"] = json.dumps(package, ensure_ascii=False, indent=1).encode()
    made["README.md"] = _README.format(day=day, licence=LICENCE, home=home).encode()
    return made


def packed(made: dict[str, bytes], day: date) -> bytes:
    """Return files as one archive, whose bytes depend on nothing but them and the day."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(made, key=lambda name: (name != "datapackage.json", name)):
            info = zipfile.ZipInfo(f"wpi-forum/{name}", (day.year, day.month, day.day, 0, 0, 0))
            info.external_attr = 0o644 << 16
            info.create_system = 3
            archive.writestr(info, made[name], zipfile.ZIP_DEFLATED, 9)
    return buffer.getvalue()


def path() -> Path:
    """Return where the archive lies."""
    return Path(settings.VAR_DIR) / "open-data" / "wpi-forum.zip"


def keep(data: bytes) -> bool:
    """Put the archive in its place at once; tell whether it is another than before."""
    target = path()
    if target.exists() and target.read_bytes() == data:
        return False  # its moment stays, so that nobody downloads it again
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_suffix(f".{os.getpid()}")
    try:
        fresh.write_bytes(data)
        fresh.replace(target)
    except OSError:
        fresh.unlink(missing_ok=True)  # a full disk needs its room
        raise
    return True
