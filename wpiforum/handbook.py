"""The handbook for editors, inside the staff site: short chapters in both languages, with pictures.

The browser tests take the pictures (tests/browser/test_handbook.py) and fail when a page no longer looks as they show.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wpiforum import languages

FOLDER = Path(__file__).parent / "static" / "wpiforum" / "handbook"


class Chapter(NamedTuple):
    slug: str
    title: Promise


CHAPTERS = (
    Chapter("sign-in", gettext_lazy("Sign in for the first time")),
    Chapter("correct", gettext_lazy("Correct a step")),
    Chapter("translate", gettext_lazy("Translate")),
    Chapter("review", gettext_lazy("Review")),
    Chapter("publish", gettext_lazy("Publish, now or at a time")),
    Chapter("reports", gettext_lazy("Answer a report")),
    Chapter("links", gettext_lazy("Mend a broken link")),
    Chapter("figures", gettext_lazy("Load a year’s figures")),
    Chapter("synonyms", gettext_lazy("Help readers find it")),
)


@cache
def pictures() -> dict[str, dict[str, Any]]:
    """Return size and digest of every picture, by its path such as `ja/review.webp`."""
    found: dict[str, dict[str, Any]] = json.loads((FOLDER / "pictures.json").read_text(encoding="utf-8"))
    return found


def _pictures_in(language: str) -> dict[str, dict[str, Any]]:
    """Return the pictures of one language by name, with the file and the size that a page reserves."""
    return {
        Path(file).stem: {**found, "file": f"wpiforum/handbook/{file}"}
        for file, found in pictures().items()
        if file.startswith(f"{language}/")
    }


class Handbook:
    """Answers the handbook's pages on an admin site."""

    def __init__(self, site: Any) -> None:
        self.site = site

    def index(self, request: HttpRequest) -> HttpResponse:
        context = {
            **self.site.each_context(request),
            "title": _("Handbook for editors"),
            "chapters": [(chapter, _address(chapter)) for chapter in CHAPTERS],
        }
        return TemplateResponse(request, "admin/handbook/index.html", context)

    def chapter(self, request: HttpRequest, slug: str) -> HttpResponse:
        place = next((number for number, chapter in enumerate(CHAPTERS) if chapter.slug == slug), None)
        if place is None:
            raise Http404
        later = CHAPTERS[place + 1] if place + 1 < len(CHAPTERS) else None
        context = {
            **self.site.each_context(request),
            "title": CHAPTERS[place].title,
            "pictures": _pictures_in(languages.current()),
            "body": f"admin/handbook/{languages.current()}/{slug}.html",
            "later": later,
            "later_url": _address(later) if later else "",
        }
        return TemplateResponse(request, "admin/handbook/chapter.html", context)


def _address(chapter: Chapter) -> str:
    return reverse("admin:handbook_chapter", args=[chapter.slug])


def urls(site: Any) -> list[URLPattern]:
    """Return the handbook's addresses on an admin site; whoever may sign in may read."""
    pages = Handbook(site)
    return [
        path("handbook/", site.admin_view(pages.index), name="handbook"),
        path("handbook/<slug:slug>/", site.admin_view(pages.chapter), name="handbook_chapter"),
    ]
