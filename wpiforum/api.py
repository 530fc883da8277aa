"""The open data interface: every router of the project, its OpenAPI document, and errors as problem details."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import ValidationError
from ninja.openapi.schema import OpenAPISchema

from centers.api import router as centers
from centers.models import Center, Person
from onboarding.api import router as onboarding
from onboarding.models import Guide, Step
from wpiforum import languages, moved
from wpiforum.http import BadInput
from wpiforum.opendata.problems import CONTENT_TYPE, ParameterProblem, Said, gone, problem, validation_problem
from wpiforum.provenance.api import router as provenance

VERSION = "1.0.0"
DESCRIPTION = """\
The content of WPI Forum as open data: read-only, without a key, in Japanese and English, under CC BY 4.0.

Every object names its source, the day its evidence speaks of, its licence and its page. Dated lists answer for a day
(`as_of`, by default today in Japan). Lists come in pages: follow `next`. `fields` (repeated) leaves out what you do
not need. Unknown parameters are refused, so that a slip never answers something else. Errors are problem details
(RFC 9457). What was renamed answers 301 with the new address, what was withdrawn 410 with `reason`, `since` and
`replacement`. Answers carry `ETag` and `Last-Modified`; ask again with `If-None-Match` or `If-Modified-Since` and pay
nothing if nothing changed.
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


# What objects with a page of their own are called in addresses.
_KINDS: dict[str, Any] = {"centers": Center, "people": Person, "guides": Guide}


@api.exception_handler(Http404)
def _not_there(request: HttpRequest, error: Http404) -> HttpResponse:
    """Lead to the new address, say why something was withdrawn, or that there is nothing."""
    kind, _slash, key = request.path_info.removeprefix(f"/api/v{VERSION[0]}/").partition("/")
    if kind in _KINDS and (row := moved.renamed(_KINDS[kind], key)) is not None:
        query = f"?{request.META['QUERY_STRING']}" if request.META.get("QUERY_STRING") else ""
        return HttpResponsePermanentRedirect(f"{request.path.removesuffix(key)}{row.slug}{query}")
    withdrawal = moved.withdrawn(_KINDS[kind], key) if kind in _KINDS else None
    if kind == "steps" and (step := Step.objects.select_related("guide").filter(pk=key).first()) is not None:
        withdrawal = moved.withdrawn(Guide, step.guide.slug)
    if withdrawal is not None:
        pages = moved.replacement(withdrawal)
        return gone(
            request,
            reason=Said(ja=withdrawal.reason_ja, en=withdrawal.reason_en),
            since=withdrawal.since,
            replacement=Said(**{code: languages.absolute(path, request) for code, path in pages.items()}),
        )
    return problem(request, 404, _("The list of this kind names what there is."))
