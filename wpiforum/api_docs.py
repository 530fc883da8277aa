"""The developers' page of the open data interface, made from its own OpenAPI document."""

from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from wpiforum import languages
from wpiforum.api import DESCRIPTION, VERSION, api
from wpiforum.opendata.middleware import LIMIT
from wpiforum.seo import Crumb, PageMeta


class Example(NamedTuple):
    """A question and the address that answers it; every one runs as a test."""

    question: str
    path: str


EXAMPLES = (
    Example("Which centers were members of the WPI Academy on 5 February 2019?",
            "centers?status=academy&as_of=2019-02-05&fields=slug&fields=name"),
    Example("Who headed Kavli IPMU on 1 October 2018?", "directorships?center=kavli-ipmu&valid=true&as_of=2018-10-01"),
    Example("What did the requirement board say on 5 February 2019?", "board?as_of=2019-02-05"),
    Example("Which guides are for families in their first 14 days?",
            "guides?audience=family&stage=first_14_days&fields=slug&fields=title"),
    Example("All steps with a deadline that the host office acts in", "steps?timed=true&actor=host&limit=200"),
    Example("What does extending a period of stay cost today, and what did it cost?", "facts/fee-extension-counter"),
    Example("A dated plan for an employee with family",
            "plan?arrived=2026-04-01&moved_in=2026-04-03&role=employee&family=1"),
    Example("What changed for guides since 2024", "changes?since=2024-01-01"),
)  # fmt: skip


class Parameter(NamedTuple):
    name: str
    form: str
    description: str


class Operation(NamedTuple):
    """One address of the interface."""

    path: str
    summary: str
    description: str
    parameters: list[Parameter]
    shape: str


def operations() -> list[tuple[str, list[Operation]]]:
    """Return the operations by tag, as the OpenAPI document describes them."""
    groups: dict[str, list[Operation]] = {}
    document = api.get_openapi_schema()
    for path, methods in document["paths"].items():
        operation = methods["get"]
        answer = operation["responses"][200]["content"]["application/json"]["schema"]
        found = Operation(
            path,
            operation["summary"],
            operation.get("description", ""),
            [
                Parameter(row["name"], _form(row["schema"], document), row["schema"].get("description", ""))
                for row in operation["parameters"]
            ],
            answer.get("$ref", "").rsplit("/", 1)[-1],
        )
        groups.setdefault(operation["tags"][0], []).append(found)
    return list(groups.items())


def _form(schema: dict[str, Any], document: dict[str, Any]) -> str:
    """Return the form of a parameter in a few words."""
    if "$ref" in schema:
        return _form(document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]], document)
    if "anyOf" in schema:
        return _form(next(row for row in schema["anyOf"] if row.get("type") != "null"), document)
    if "allOf" in schema:
        return _form(schema["allOf"][0], document)
    if schema.get("type") == "array":
        return f"{_form(schema['items'], document)}, repeatable"
    if "enum" in schema:
        return " | ".join(schema["enum"])
    if "examples" in schema:
        return f"such as {schema['examples'][0]}"
    return schema.get("type", "string")


class ApiDocsView(TemplateView):
    template_name = "wpiforum/api_docs.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        base = languages.absolute("/api/v1/", self.request)
        return super().get_context_data(**kwargs) | {
            "version": VERSION,
            "paragraphs": DESCRIPTION.strip().split("\n\n"),
            "limit": LIMIT,
            "document": reverse("api:openapi-json"),
            "examples": [(example.question, f"{base}{example.path}") for example in EXAMPLES],
            "groups": operations(),
            "page": PageMeta(
                _("Open data interface"),
                _("Addresses, parameters and examples for programs that read the data of WPI Forum."),
                (Crumb(_("Reuse of the data"), f"/{languages.current()}/about/data/"),),
                languages=(),
            ),
        }
