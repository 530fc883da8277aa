"""What every page needs: its languages and its own address in each."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from wpiforum import languages
from wpiforum.notices.current import current


def site(request: HttpRequest) -> dict[str, Any]:
    """Return the language switch (the same page, with its query, in each language) and what every page shows."""
    query = request.META.get("QUERY_STRING", "")
    path = request.path if languages.from_path(request.path) else f"/{languages.current()}/"
    switch = [
        {
            "code": language.code,
            "name": language.own_name,
            "is_current": language.code == languages.current(),
            "url": languages.swap_prefix(path, language.code) + (f"?{query}" if query else ""),
        }
        for language in languages.LANGUAGES
    ]
    return {
        "language_code": languages.current(),
        "language_switch": switch,
        "contact_email": settings.CONTACT_EMAIL,
        "notices": current,  # called by the pages that show them
        "keeps_pages_offline": settings.OFFLINE_PAGES,
    }
