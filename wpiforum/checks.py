"""System checks on settings: one sentence per mistake, at start."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, register

from wpiforum import languages


@register()
def languages_agree(**kwargs: Any) -> list[Error]:
    """LANGUAGES and wpiforum/languages.py must name the same languages in the same order."""
    if tuple(code for code, _name in settings.LANGUAGES) == languages.CODES:
        return []
    return [Error("LANGUAGES and wpiforum/languages.py name different languages.", id="wpiforum.E001")]
