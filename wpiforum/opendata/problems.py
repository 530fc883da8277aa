"""Errors of the machine addresses as problem details (RFC 9457)."""

from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from pydantic import BaseModel, Field

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


class Said(BaseModel):
    """One text or address in both languages."""

    ja: str | None
    en: str | None


class Gone(Problem):
    """Why an object that was public is no longer, since when, and the nearest page that takes its place."""

    reason: Said
    since: datetime
    replacement: Said = Field(description="The nearest page above that is public, in each language.")


def problem(
    request: HttpRequest, status: int, detail: str, errors: list[ParameterProblem] | None = None
) -> HttpResponse:
    """Return an answer in the form of RFC 9457; no cache keeps it."""
    return _answer(_problem(request, status, detail, errors))


def gone(request: HttpRequest, *, reason: Said, since: datetime, replacement: Said) -> HttpResponse:
    """Return the answer for what was withdrawn (RFC 9110, 15.5.11), with what readers of the page are told."""
    common = _problem(request, 410, _("This was withdrawn."))
    return _answer(Gone(**common.model_dump(), reason=reason, since=since, replacement=replacement))


def _problem(request: HttpRequest, status: int, detail: str, errors: list[ParameterProblem] | None = None) -> Problem:
    titles = {400: _("The request cannot be understood"), 404: _("There is no such thing here"),
              405: _("This address only answers reading"), 410: _("This is no longer public"),
              429: _("Too many requests")}  # fmt: skip
    return Problem(
        title=titles.get(status, HTTPStatus(status).phrase),
        status=status,
        detail=detail,
        instance=request.path,
        errors=errors or [],
    )


def _answer(body: Problem) -> HttpResponse:
    response = JsonResponse(
        body.model_dump(mode="json"),
        status=body.status,
        content_type=CONTENT_TYPE,
        json_dumps_params={"ensure_ascii": False},
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
# What one object that has a page may answer too: it was renamed, or withdrawn.
MOVED: dict[int, Any] = {**ANSWERS, 301: None, 410: Gone}
