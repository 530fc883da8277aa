"""The developers' page: its examples answer, and it names every address of the document."""

from typing import Any

import pytest
from django.test import Client

from tests.helpers import main_text, page
from wpiforum.api import api
from wpiforum.api_docs import EXAMPLES

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("loaded_fixtures")
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.path.split("?")[0])
def test_example_answers_with_something(client: Client, example: Any) -> None:
    response = client.get(f"/api/v1/{example.path}")
    assert response.status_code == 200
    found = response.json()
    assert found.get("items") or found.get("key")


def test_page_names_every_address(client: Client) -> None:
    text = main_text(page(client, "/api/v1/docs"))
    assert [path for path in api.get_openapi_schema()["paths"] if path not in text] == []


def test_document_is_openapi_3_1(client: Client) -> None:
    found = client.get("/api/v1/openapi.json").json()
    assert (found["openapi"], found["info"]["license"]["identifier"]) == ("3.1.0", "CC-BY-4.0")


def test_document_says_that_errors_are_problem_details(client: Client) -> None:
    answers = client.get("/api/v1/openapi.json").json()["paths"]["/api/v1/centers"]["get"]["responses"]
    assert list(answers["400"]["content"]) == ["application/problem+json"]
