"""Reading query parameters and writing machine formats."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import has_vary_header
from django.utils.translation import gettext as _

from wpiforum.tables import disarm

JAPAN = ZoneInfo("Asia/Tokyo")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)


# How long a cache before the server may answer with a public page; with what a process remembers (notices/current.py)
# a notice reaches every page within 60 s. Browsers ask every time, so that none shows an old page without a network.
SHARED_SECONDS = 30
# Below the language prefix: hold what a person typed, or are for staff; no cache keeps them, whatever a view forgets.
NEVER_KEPT = frozenset({"admin", "plan", "preview", "status", "search"})


class BadInput(Exception):
    """A query parameter that cannot be understood; carries the sentence the reader sees."""

    def __init__(self, sentence: str, *, parameter: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.parameter = parameter


def is_public_page(request: HttpRequest, response: HttpResponse) -> bool:
    """Tell whether an answer is the same for everybody and free of what a reader typed about themselves."""
    return (
        request.method in {"GET", "HEAD"}
        and response.status_code == 200
        and not response.cookies
        and not has_vary_header(response, "Cookie")
        and not is_private_address(request)
    )


def is_private_address(request: HttpRequest) -> bool:
    """Tell whether an address, right or mistyped, is below one of `NEVER_KEPT`."""
    return not NEVER_KEPT.isdisjoint(request.path_info.split("/")[1:3])


def today() -> date:
    """Return today's date in Japan, whatever the server's clock zone."""
    return timezone.now().astimezone(JAPAN).date()


def japan_midnight(day: date) -> datetime:
    """Return the moment a day begins in Japan."""
    return datetime(day.year, day.month, day.day, tzinfo=JAPAN)


def date_parameter(request: HttpRequest, name: str) -> date | None:
    """Return the date in query parameter `name`, None if absent or empty; raise BadInput for anything else."""
    values = request.GET.getlist(name)
    if len(values) > 1:
        raise BadInput(_("Give only one date for “%(name)s”.") % {"name": name}, parameter=name)
    text = values[0].strip() if values else ""
    if not text:
        return None
    try:
        return parse_day(text)
    except ValueError as error:
        raise BadInput(str(error), parameter=name) from error


def parse_day(text: str) -> date:
    """Return the day that YYYY-MM-DD names; raise ValueError with a sentence for the reader."""
    if _DATE.fullmatch(text):
        try:
            day = date.fromisoformat(text)
        except ValueError:
            pass
        else:
            if EARLIEST <= day <= LATEST:
                return day
    raise ValueError(
        _("“%(text)s” is not a date we can read. Write year, month and day as in 2019-02-05.") % {"text": text[:40]}
    )


def csv_response(filename: str, rows: Iterable[Sequence[object]]) -> HttpResponse:
    """Return rows as a CSV file in UTF-8 with a byte-order mark, so that Excel in Japan opens it as text."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    for row in rows:
        writer.writerow([disarm(cell) for cell in row])
    response = HttpResponse(buffer.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response
