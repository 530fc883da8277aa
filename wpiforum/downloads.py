"""Files of the open data: the archive, whole or in parts, and every list as CSV."""

import hashlib
import re
from functools import lru_cache
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wpiforum import archive
from wpiforum.http import BadInput, csv_response, date_parameter, today

_RANGE = re.compile(r"bytes=(\d*)-(\d*)", re.ASCII)


@lru_cache(maxsize=4)
def _tag(path: Path, moment: int, size: int) -> str:
    """Return the entity tag of a file; read again only when the file is another."""
    return f'"{hashlib.sha256(path.read_bytes()).hexdigest()[:32]}"'


def _asked_part(request: HttpRequest, size: int, tag: str, changed: str) -> tuple[int, int] | None:
    """Return first and last byte asked for (RFC 9110, 14.2); None for the whole; raise ValueError where there is none.

    Several parts at once and forms we do not know are answered with the whole, as the standard allows.
    """
    match = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    if match is None or match.groups() == ("", ""):
        return None
    # The part of an older file would not fit to what the reader has.
    if request.headers.get("If-Range", tag) not in {tag, changed}:
        return None
    first, last = match.groups()
    if not first:
        start, end = max(size - int(last), 0), size - 1
        if int(last) == 0:
            raise ValueError
    else:
        start, end = int(first), min(int(last), size - 1) if last else size - 1
        if last and int(last) < start:
            return None
    if start >= size:
        raise ValueError
    return start, end


@require_safe
def archive_file(request: HttpRequest) -> HttpResponseBase:
    """Answer with the archive; a download that broke off goes on where it stopped."""
    path = archive.path()
    try:
        state = path.stat()
        tag, changed = _tag(path, state.st_mtime_ns, state.st_size), http_date(state.st_mtime)
        part = _asked_part(request, state.st_size, tag, changed)
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise Http404 from error
    except ValueError:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{state.st_size}", "Accept-Ranges": "bytes"})
    response = HttpResponse(data if part is None else data[part[0] : part[1] + 1], content_type="application/zip")
    if part is not None:
        response.status_code = 206
        response.headers["Content-Range"] = f"bytes {part[0]}-{part[1]}/{len(data)}"
    for name, value in (("ETag", tag), ("Last-Modified", changed), ("Accept-Ranges", "bytes"),
                        ("Content-Disposition", f'attachment; filename="{path.name}"')):  # fmt: skip
        response.headers[name] = value
    return response


@require_safe
def list_csv(request: HttpRequest, name: str) -> HttpResponse:
    """Answer with one list as CSV for spreadsheets: both languages, byte-order mark, cells that run disarmed."""
    found = archive.lists().get(name)
    if found is None:
        raise Http404
    unknown = sorted(set(request.GET) - ({"as_of"} if found.is_dated else set()))
    if unknown:
        known = "as_of" if found.is_dated else "–"
        sentence = _("There is no parameter “%(name)s” here. There are: %(names)s.")
        raise BadInput(sentence % {"name": unknown[0][:40], "names": known}, parameter=unknown[0][:40])
    day = date_parameter(request, "as_of") or today()
    items = archive.rows(found, day, request.get_host(), secure=request.is_secure())
    return csv_response(f"wpi-forum-{name}-{day}.csv", archive.table(found, items))
