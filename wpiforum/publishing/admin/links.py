"""Links between staff pages."""

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString


def link_to(row: models.Model, label: Any = None) -> SafeString:
    """Return a link to the staff page of a row."""
    return format_html('<a href="{}">{}</a>', change_url(row), label or row)


def change_url(row: models.Model) -> str:
    """Return the address of the staff page of a row."""
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
