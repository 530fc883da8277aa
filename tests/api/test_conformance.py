"""Everything the OpenAPI document allows, and much that it does not, asked of the real interface over the content."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, settings

from wpiforum.api import api
from wpiforum.opendata import middleware

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.usefixtures("loaded_fixtures", "_unlimited", "_one_connection"),
]


@pytest.fixture
def _unlimited(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask more than one sender may in a minute."""
    monkeypatch.setattr(middleware, "LIMIT", 10**9)


@pytest.fixture
def _one_connection() -> Iterator[None]:
    """Keep the connection that holds the test's transaction, as test clients do: a server ends it."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


document = json.loads(json.dumps(api.get_openapi_schema()))
schema = schemathesis.openapi.from_dict(document)
schema.app = get_wsgi_application()
LISTS = {
    parameter["name"]
    for path in document["paths"].values()
    for operation in path.values()
    for parameter in operation.get("parameters", ())
    if parameter["schema"].get("type") == "array"
}


@schema.hook
def filter_query(_context: Any, query: dict[str, Any] | None) -> bool:
    """Leave out true and false in place of a list: in an address they read "true", a list of one name."""
    return not any(name in LISTS and isinstance(value, bool) for name, value in (query or {}).items())


@schema.parametrize()
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_interface_keeps_its_document(case: Any) -> None:
    case.call_and_validate(headers={"Host": "testserver"})
