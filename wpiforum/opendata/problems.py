"""Errors of the machine addresses as problem details (RFC 9457)."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from pydantic import BaseModel

CONTENT_TYPE = "application/problem+json"


class ParameterProblem(BaseModel):
    parameter: str
    detail: str


class Problem(BaseModel):
    """What went wrong, for people and programs. `title` and `detail` follow Accept-Language."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    instance: str
    errors: list[ParameterProblem] = []


def problem(
    request: HttpRequest, status: int, detail: str, errors: list[ParameterProblem] | None = None
) -> HttpResponse:
    """Return an answer in the form of RFC 9457; no cache keeps it."""
    titles = {400: _("The request cannot be understood"), 404: _("There is no such thing here"),
              405: _("This address only answers reading"), 429: _("Too many requests")}  # fmt: skip
    body = Problem(
        title=titles.get(status, HTTPStatus(status).phrase),
        status=status,
        detail=detail,
        instance=request.path,
        errors=errors or [],
    )
    response = JsonResponse(
        body.model_dump(), status=status, content_type=CONTENT_TYPE, json_dumps_params={"ensure_ascii": False}
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def validation_problem(request: HttpRequest, errors: list[dict[str, Any]]) -> HttpResponse:
    """Return the problem of parameters that do not have the documented form."""
    found = [
        ParameterProblem(parameter=str(next((part for part in reversed(row["loc"]) if isinstance(part, str)), "")),
                         detail=str(row["msg"]))
        for row in errors
    ]  # fmt: skip
    names = ", ".join(dict.fromkeys(row.parameter for row in found if row.parameter))
    return problem(request, 400, _("Please correct: %(names)s.") % {"names": names}, found)


# What every address may answer besides its data.
ANSWERS: dict[int, type[Problem]] = {400: Problem, 404: Problem, 429: Problem}
