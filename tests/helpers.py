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


def form_data(response: Any) -> dict[str, Any]:
    """Return what a browser would post from a staff form in which nothing was changed."""
    formsets = [inline.formset for inline in response.context["inline_admin_formsets"]]
    forms = [response.context["adminform"].form]
    for formset in formsets:
        forms += [formset.management_form, *formset.forms]
    data: dict[str, Any] = {}
    for form in forms:
        for bound in form:
            value, widget = bound.value(), bound.field.widget
            if hasattr(widget, "decompress"):
                parts = widget.decompress(value)
                data |= {f"{bound.html_name}_{number}": part or "" for number, part in enumerate(parts)}
            elif value is not False:
                data[bound.html_name] = "" if value is None else value
    if token := response.context.get("draft_token"):
        data["_drawn_from"] = token
    return data


def add_row(data: dict[str, Any], prefix: str, **fields: Any) -> None:
    """Add what a browser would post for one more inline row."""
    number = data[f"{prefix}-TOTAL_FORMS"]
    data[f"{prefix}-TOTAL_FORMS"] = int(number) + 1
    data |= {f"{prefix}-{number}-{name}": value for name, value in fields.items()}
