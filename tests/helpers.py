"""Small helpers of the tests."""

import re
from typing import Any

from django.test import Client

LANGUAGES = ("ja", "en")


def page(client: Client, path: str, *, status: int = 200) -> str:
    """Return the page's HTML after checking its status."""
    response = client.get(path)
    assert response.status_code == status, f"{path}: {response.status_code}"
    return response.content.decode()


def main_text(html: str) -> str:
    """Return the text of the page's main part, tags dropped and white space folded."""
    body = html[html.index("<main") : html.index("</main>")]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body)).strip()


def queries(client: Client, path: str, django_assert_num_queries: Any, number: int) -> None:
    """Open a page under a literal query count."""
    with django_assert_num_queries(number):
        page(client, path)
