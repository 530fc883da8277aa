"""Lists in pages and single objects: stable order by a unique key, some fields only, unknown parameters refused."""

import json
from collections.abc import Callable, Iterable
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from pydantic import BaseModel, BeforeValidator, Field, WithJsonSchema

from wpiforum import languages
from wpiforum.http import BadInput, parse_day, today
from wpiforum.opendata.schemas import KEY_PATTERN, LICENCE, UUID_PATTERN
from wpiforum.remembering import remembered

DEFAULT_LIMIT, LARGEST_LIMIT = 50, 200


class PageQuery(BaseModel):
    """Parameters of every list."""

    limit: int = Field(DEFAULT_LIMIT, ge=1, le=LARGEST_LIMIT, description="How many objects at most.")
    cursor: str | None = Field(
        None, pattern=KEY_PATTERN, description="Where to go on; take it from `next`, its form may change."
    )


class UuidPageQuery(PageQuery):
    """Parameters of a list whose objects have no name of their own."""

    cursor: str | None = Field(
        None, pattern=UUID_PATTERN, description="Where to go on; take it from `next`, its form may change."
    )


def _day(value: Any) -> Any:
    """Read YYYY-MM-DD as the pages do; the library itself would also take numbers and times for dates."""
    return value if value is None else parse_day(value)


# Exactly the days from 1900 to 2199, so that the document refuses what the parameter refuses.
_DAY_PATTERN = (
    r"^(?:(?:19|20|21)\d\d-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)"
    r"|02-(?:0[1-9]|1\d|2[0-8]))|(?:(?:19|20|21)(?:0[48]|[2468][048]|[13579][26])|2000)-02-29)$"
)


def day_parameter(description: str) -> Any:
    """Return the type of a parameter that is a day or left out."""
    form = WithJsonSchema({"type": "string", "pattern": _DAY_PATTERN, "examples": ["2019-02-05"]})
    day = Annotated[date, BeforeValidator(_day), form]
    return Annotated[day | None, Field(description=f"{description} (YYYY-MM-DD, 1900 to 2199)")]


Slug = Annotated[str, Field(pattern=KEY_PATTERN)]
Year = Annotated[int, Field(ge=1900, le=2199)]
Country = Annotated[str, Field(pattern="^[A-Z]{2}$")]


AskedDay: Any = day_parameter("The day that dated values are answered for; by default today in Japan")


class AsOf(BaseModel):
    """The parameter of dated answers."""

    as_of: AskedDay = None

    @property
    def day(self) -> date:
        return self.as_of or today()


def refuse_unknown(request: HttpRequest, *known: type[BaseModel]) -> None:
    """Raise BadInput for a parameter that this address does not have: a slip would silently answer something else."""
    names = {field.alias or name for model in known for name, field in model.model_fields.items()}
    for name in request.GET:
        if name not in names:
            listed = ", ".join(sorted(names)) or "–"
            raise BadInput(
                _("There is no parameter “%(name)s” here. There are: %(names)s.")
                % {"name": name[:40], "names": listed},
                parameter=name[:40],
            )
    for name in ("limit", "cursor", "as_of"):
        if len(request.GET.getlist(name)) > 1:
            raise BadInput(_("Give “%(name)s” once.") % {"name": name}, parameter=name)


def _packed(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def json_response(content: Any) -> HttpResponse:
    """Return JSON that a person can read too."""
    return _answer(_packed(content))


def _answer(body: bytes) -> HttpResponse:
    return HttpResponse(body, content_type="application/json; charset=utf-8")


def one(
    request: HttpRequest, rows: Callable[[], QuerySet], build: Callable[[Any], BaseModel], **lookup: str
) -> HttpResponse:
    """Answer with the one row of the query set that `rows` makes; remembered as a page is. Raise Http404."""

    def make() -> bytes:
        return _packed(build(get_object_or_404(rows(), **lookup)).model_dump(mode="json"))

    return _answer(remembered(("open-data", request.get_full_path()), make))


def page(
    request: HttpRequest,
    rows: Callable[[], QuerySet],
    build: Callable[[Any], BaseModel | None],
    query: Any,
    *,
    key: str,
    day: date,
    load: Callable[[list[Any]], None] | None = None,
) -> HttpResponse:
    """Answer with one page of the query set that `rows` makes; while the page is remembered it is not made at all.

    `key` names a unique column that gives order and cursor; `load` may fetch, once for all rows of the page, what
    `build` needs. A row for which `build` returns None is left out.
    """

    def make() -> dict[str, Any]:
        # The column itself orders, so that a page never shows a row twice while rows come and go.
        ordered = rows().order_by(key)
        if query.cursor:
            try:
                ordered = ordered.filter(**{f"{key}__gt": query.cursor})
            except ValidationError as error:  # not of the form of the key
                raise BadInput(_("Take “cursor” from the “next” of the page before."), parameter="cursor") from error
        found = list(ordered[: query.limit + 1])
        shown, more = found[: query.limit], len(found) > query.limit
        if load is not None:
            load(shown)
        following = _next_address(request, str(getattr(shown[-1], key))) if more else None
        fields = {str(name) for name in getattr(query, "fields", ())} or None
        return {
            "licence": LICENCE,
            "as_of": day.isoformat(),
            "next": following,
            "items": [item.model_dump(mode="json", include=fields) for item in map(build, shown) if item is not None],
        }

    return _answer(remembered(("open-data", request.get_full_path()), lambda: _packed(make())))


def whole(request: HttpRequest, items: Callable[[], Iterable[BaseModel]], *, day: date) -> HttpResponse:
    """Answer with a list that is bounded by its nature and has no pages; remembered as a page is."""

    def make() -> bytes:
        content = [item.model_dump(mode="json") for item in items()]
        return _packed({"licence": LICENCE, "as_of": day.isoformat(), "next": None, "items": content})

    return _answer(remembered(("open-data", request.get_full_path()), make))


def _next_address(request: HttpRequest, cursor: str) -> str:
    pairs = [(name, value) for name, values in request.GET.lists() for value in values if name != "cursor"]
    return languages.absolute(f"{request.path}?{urlencode([*pairs, ('cursor', cursor)])}", request)
