"""What tests of the page cache ask."""

from collections.abc import Callable
from typing import Any

from django.db import OperationalError
from django.test import Client

HIT, MISS = "wpiforum; hit", "wpiforum; fwd=miss; stored"
NOT_KEPT = {
    "onboarding:plan",
    "onboarding:status",
    "onboarding:points",
    "onboarding:report",
    "preview",
    "search",
    "search-suggestions",
    "search-description",
}
MACHINE = {"search-suggestions", "search-description"}  # for browsers and other programs
Committed = Callable[..., Any]


def fail(*args: Any, **kwargs: Any) -> Any:
    raise OperationalError("server closed the connection")


def how(response: Any) -> str:
    return str(response.headers.get("Cache-Status", ""))


def twice(client: Client, path: str, **kwargs: Any) -> list[str]:
    return [how(client.get(path, **kwargs)) for _ in range(2)]
