"""The page on reusing the data: every list with its files, the archive, feeds, and how to show a guide elsewhere."""

from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from onboarding.models import Guide
from wpiforum import archive, embed, jsonld, languages
from wpiforum.http import JAPAN
from wpiforum.provenance.wording import day_text
from wpiforum.views import COMPLETE_TO, AboutView

# What the interface's lists are called for people, in the order of its document.
LABELS: dict[str, Any] = {
    "centers": gettext_lazy("Centers"),
    "hosts": gettext_lazy("Host institutions"),
    "people": gettext_lazy("People"),
    "directorships": gettext_lazy("Directorships"),
    "satellites": gettext_lazy("Satellites and partners"),
    "indicators": gettext_lazy("Indicators"),
    "observations": pgettext_lazy("list of data", "Figures"),
    "requirements": gettext_lazy("Requirements of the program"),
    "board": gettext_lazy("Requirement board"),
    "practices": gettext_lazy("Practices"),
    "program": gettext_lazy("Statements about the program"),
    "topics": gettext_lazy("Topics"),
    "guides": gettext_lazy("Guides"),
    "steps": pgettext_lazy("list of data", "Steps"),
    "facts": gettext_lazy("Fees, numbers of days and other values"),
    "offices": gettext_lazy("Offices in charge"),
    "contacts": gettext_lazy("Where to ask"),
    "terms": gettext_lazy("Glossary"),
    "changes": gettext_lazy("Changes of guides"),
    "sources": gettext_lazy("Sources"),
    "claims": gettext_lazy("Where sources disagree"),
}


class Archive(NamedTuple):
    """The archive as it lies there: its address, and size and day in words."""

    address: str
    size: str
    day: str


def _archive() -> Archive | None:
    try:
        state = archive.path().stat()
    except FileNotFoundError:
        return None
    day = datetime.fromtimestamp(state.st_mtime, UTC).astimezone(JAPAN).date()
    return Archive(reverse("archive"), filesizeformat(state.st_size), day_text(day))


class DataView(AboutView):
    page_key = "data"

    def shown(self) -> dict[str, Any]:
        context = super().shown()
        found, lists = _archive(), archive.lists()
        guide = Guide.objects.published().select_related("topic").order_by("slug").first()
        own = languages.current()
        example = {}
        if guide is not None:
            path = reverse("embed-guide", args=[own, guide.topic.slug, guide.slug])
            title = getattr(guide, f"title_{own}") or str(guide)
            example = {
                "page": languages.absolute(guide.get_absolute_url(), self.request),
                "frame": embed.frame(languages.absolute(path, self.request), title),
                "oembed": languages.absolute(reverse("oembed"), self.request),
            }
        return context | {
            "archive": found,
            "lists": [
                (label, reverse("list-csv", args=[name]), f"{archive.API}{name}", lists[name].is_dated)
                for name, label in LABELS.items()
            ],
            "feeds": [(row.own_name, row.code, reverse("feed", args=[row.code])) for row in languages.LANGUAGES],
            "example": example,
            "page": context["page"]._replace(
                description=_(
                    "How to reuse the text and data of WPI Forum: license, files, interface, feeds, embedding."
                ),
                card="data",
                nodes=(self._dataset(found),),
            ),
        }

    def _dataset(self, found: Archive | None) -> jsonld.Node:
        def whole(path: str) -> str:
            return languages.absolute(path, self.request)

        files = [(reverse("list-csv", args=[name]), "text/csv") for name in LABELS]
        files = [(found.address, "application/zip"), *files] if found else files
        return jsonld.dataset(
            name=_("Open data of WPI Forum"),
            description=_(
                "Japan's WPI research centers with directors, support, figures and satellites on any date, and what "
                "researchers from abroad and their hosts have to do, each with source and date, in both languages."
            ),
            url=whole(self.request.path),
            language=list(languages.CODES),
            origin=whole("/"),
            covers=f"2007-10-01/{COMPLETE_TO}",
            downloads=[jsonld.download(whole(path), kind) for path, kind in files],
        )
