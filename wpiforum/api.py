"""The open data interface: every router of the project, its OpenAPI document, and errors as problem details."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import ValidationError
from ninja.openapi.schema import OpenAPISchema

from centers.api import router as centers
from onboarding.api import router as onboarding
from wpiforum.http import BadInput
from wpiforum.opendata.problems import CONTENT_TYPE, ParameterProblem, problem, validation_problem
from wpiforum.provenance.api import router as provenance

VERSION = "1.0.0"
DESCRIPTION = """\
The content of WPI Forum as open data: read-only, without a key, in Japanese and English, under CC BY 4.0.

Every object names its source, the day its evidence speaks of, its licence and its page. Dated lists answer for a day
(`as_of`, by default today in Japan). Lists come in pages: follow `next`. `fields` (repeated) leaves out what you do
not need. Unknown parameters are refused, so that a slip never answers something else. Errors are problem details
(RFC 9457). Answers carry `ETag` and `Last-Modified`; ask again with `If-None-Match` and pay nothing if nothing changed.
"""


class OpenData(NinjaAPI):
    """The interface; its document says that errors are problem details, which the library itself would not."""

    def get_openapi_schema(self, **kwargs: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**kwargs)
        for operations in schema["paths"].values():
            for operation in operations.values():
                for status, answer in operation["responses"].items():
                    if int(status) >= 400 and "application/json" in answer.get("content", {}):
                        answer["content"][CONTENT_TYPE] = answer["content"].pop("application/json")
        return schema


api = OpenData(
    title="WPI Forum",
    version=VERSION,
    description=DESCRIPTION,
    urls_namespace="api",
    docs_url=None,
    openapi_extra={
        "info": {
            "license": {"name": "CC BY 4.0", "identifier": "CC-BY-4.0"},
        }
    },
)
api.add_router("", centers)
api.add_router("", onboarding)
api.add_router("", provenance)


@api.exception_handler(ValidationError)
def _wrong_form(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return validation_problem(request, error.errors)


@api.exception_handler(BadInput)
def _bad_input(request: HttpRequest, error: BadInput) -> HttpResponse:
    found = [ParameterProblem(parameter=error.parameter, detail=error.sentence)]
    return problem(request, 400, error.sentence, found)


@api.exception_handler(Http404)
def _not_there(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem(request, 404, _("The list of this kind names what there is."))
