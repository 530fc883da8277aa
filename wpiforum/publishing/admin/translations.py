"""Staff pages of translations: the board, the texts behind each of its numbers, and one text beside its source."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from wpiforum import languages
from wpiforum.localization.choices import State
from wpiforum.publishing import translations
from wpiforum.publishing.admin.links import change_url
from wpiforum.publishing.choices import Verb
from wpiforum.publishing.log import WorkflowError
from wpiforum.publishing.permissions import may

PAGE_SIZE = 50
_NAMES = {language.code: language.own_name for language in languages.LANGUAGES}


def _list(group: str = "", state: str = "", language: str = "") -> str:
    found = {"group": group, "state": state, "language": language}
    return f"{reverse('admin:translations')}?{urlencode({name: value for name, value in found.items() if value})}"


def _address(item: translations.Item) -> str:
    kind = ContentType.objects.get_for_model(item.row)
    return reverse("admin:translation", args=[kind.pk, item.row.pk, item.language])


class TranslationPages:
    """Answers the pages of one admin site."""

    def __init__(self, site: Any) -> None:
        self.site = site

    def board(self, request: HttpRequest) -> HttpResponse:
        """Show the numbers by group and state; with a group or a state, the texts themselves."""
        found = translations.items()
        group, state = request.GET.get("group", ""), request.GET.get("state", "")
        language = request.GET.get("language", "")
        shown = [
            item
            for item in found
            if (not group or item.group == group)
            and (not state or item.state == state)
            and (not language or item.language == language)
        ]
        page = Paginator(shown, PAGE_SIZE).get_page(request.GET.get("p"))
        rows = [
            (name, [(counts[one], _list(name, one, language)) for one in State], sum(counts.values()))
            for name, counts in translations.board(
                [item for item in found if not language or item.language == language]
            )
        ]
        context = {
            **self.site.each_context(request),
            "title": _("Translations"),
            "states": [one.label for one in State],
            "rows": rows,
            "totals": [sum(numbers[place][0] for _name, numbers, _all in rows) for place in range(len(State))],
            "page": page if group or state or language else None,
            "items": [(item, _address(item), _NAMES[item.language]) for item in page],
            "query": _list(group, state, language),
        }
        return TemplateResponse(request, "admin/publishing/translations.html", context)

    def item(self, request: Any, kind: int, key: Any, language: str) -> HttpResponse:
        """Show one text beside its source and what changed there since; confirm it without an edit."""
        found = [
            item
            for item in translations.items()
            if item.row.pk == key
            and item.language == language
            and ContentType.objects.get_for_model(item.row).pk == kind
        ]
        if not found:
            raise Http404
        item = found[0]
        if request.method == "POST":
            try:
                translations.confirm_translation(item.row, root=item.root, language=language, by=request.user)
                messages.success(request, _("Confirmed: %(row)s.") % {"row": item.row})
            except WorkflowError as error:
                messages.error(request, str(error))
            return HttpResponseRedirect(_address(item))
        context = {
            **self.site.each_context(request),
            "title": _("Translation: %(row)s") % {"row": item.row},
            "item": item,
            "names": (_NAMES[item.source_language], _NAMES[language]),
            "texts": translations.source_diff(item),
            "edit_url": change_url(item.row),
            "board_url": _list(item.group),
            "may_confirm": may(request.user, Verb.CONFIRM_TRANSLATION, item.root, language=language),
        }
        return TemplateResponse(request, "admin/publishing/translation.html", context)


def urls(site: Any) -> list[Any]:
    """Return the addresses of the translations' pages of an admin site."""
    pages = TranslationPages(site)
    return [
        path("translations/", site.admin_view(pages.board), name="translations"),
        path("translations/<int:kind>/<uuid:key>/<str:language>/", site.admin_view(pages.item), name="translation"),
    ]
