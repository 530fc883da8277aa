"""Who acts, and in which language."""

from typing import Any

import pytest
from django.utils import translation

from tests.factories.publishing import make_person


@pytest.fixture(autouse=True)
def _english() -> Any:
    with translation.override("en"):
        yield


@pytest.fixture
def people() -> dict[str, Any]:
    return {name: make_person(name) for name in ("editor", "reviewer", "publisher", "administrator")}
