"""The page where texts go out to translators and come back: shown first, then taken into drafts whole or not at all."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from wpiforum.http import csv_response
from wpiforum.publishing import texts
from wpiforum.publishing.choices import Verb
from wpiforum.publishing.log import WorkflowError, record
from wpiforum.publishing.permissions import may
from wpiforum.tables import Line, TableError, read, xlsx

_SALT = "publishing.texts"
_PREVIEW_SECONDS = 3600


class FileForm(forms.Form):
    """The file that came back."""

    file = forms.FileField(label=_("File (CSV or XLSX)"))


def urls() -> list[URLPattern]:
    """Return the addresses of these pages, for the staff site."""
    view = admin.site.admin_view
    return [
        path("texts/", view(page), name="publishing_texts"),
        path("texts/download/", view(download), name="publishing_texts_download"),
    ]


def _choices(user: Any) -> list[tuple[str, list[tuple[str, str]]]]:
    found = []
    for model in texts.kinds():
        rows = [
            (f"{model._meta.label_lower}:{row.pk}", str(row))
            for row in model._default_manager.order_by("pk")
            if may(user, Verb.EXPORT, row)
        ]
        if rows:
            found.append((str(capfirst(model._meta.verbose_name_plural)), rows))
    return found


def download(request: HttpRequest) -> HttpResponse:
    """Answer with the texts of the chosen rows; the log says that they went out."""
    rows: list[list[object]] = [list(texts.COLUMNS)]
    for chosen in request.GET.getlist("row"):
        root = _root(chosen)
        if root is None or not may(request.user, Verb.EXPORT, root):
            raise PermissionDenied
        rows += texts.rows_of(root)
        record(Verb.EXPORT, root, by=request.user)
    if len(rows) == 1:
        messages.error(request, _("Choose what to send out."))
        return redirect("admin:publishing_texts")
    if request.GET.get("format") == "csv":
        return csv_response("wpi-texts.csv", rows)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    response = HttpResponse(xlsx(rows), content_type=kind)
    response.headers["Content-Disposition"] = 'attachment; filename="wpi-texts.xlsx"'
    return response


def _root(chosen: str) -> Any:
    label, _colon, key = chosen.partition(":")
    model: Any = next((kind for kind in texts.kinds() if kind._meta.label_lower == label), None)
    try:
        return model._base_manager.filter(pk=key).first() if model is not None else None
    except ValidationError:
        return None


def page(request: HttpRequest) -> HttpResponse:
    """Show the choice of texts, and what a file would change; take it when that is confirmed and still true."""
    choices = _choices(request.user)
    if not choices:
        raise PermissionDenied
    if request.method != "POST":
        return _draw(request, choices, FileForm(), [])
    if "lines" in request.POST:
        return _take(request, choices)
    form = FileForm(request.POST, request.FILES)
    lines: list[Line] = []
    if form.is_valid():
        try:
            lines = read(form.cleaned_data["file"].read(), texts.COLUMNS, texts.REQUIRED)
        except TableError as error:
            form.add_error("file", error.sentence)
        else:
            if not lines:
                form.add_error("file", _("The file has no rows below its first one."))
    return _draw(request, choices, form, lines)


def _draw(request: HttpRequest, choices: Any, form: FileForm, lines: list[Line]) -> HttpResponse:
    rows = texts.read_lines(lines, by=request.user)
    changed = sum(len(row.changes) for row in rows)
    wrong = sum(bool(row.problems) for row in rows)
    context = {
        **admin.site.each_context(request),
        "title": _("Texts for translators"),
        "choices": choices,
        "form": form,
        "is_read": bool(lines),
        "rows": [row for row in rows if row.problems or row.changes],
        "changed": changed,
        "wrong": wrong,
        "is_clean": bool(changed) and not wrong,
        "lines": signing.dumps([lines, texts.fingerprint(rows)], salt=_SALT, compress=True) if lines else "",
    }
    return TemplateResponse(request, "admin/publishing/texts.html", context)


def _take(request: HttpRequest, choices: Any) -> HttpResponse:
    try:
        packed, shown = signing.loads(request.POST["lines"], salt=_SALT, max_age=_PREVIEW_SECONDS)
    except signing.BadSignature:
        messages.error(request, _("This preview is no longer valid. Please send the file again."))
        return redirect("admin:publishing_texts")
    lines = [Line(number, cells) for number, cells in packed]
    try:
        taken = texts.save(lines, shown, by=request.user)
    except WorkflowError as error:
        messages.error(request, str(error))
        return _draw(request, choices, FileForm(), lines)
    if taken is None:
        messages.error(request, gettext("Nothing was saved: the texts changed meanwhile. This is how it stands now."))
        return _draw(request, choices, FileForm(), lines)
    said = ngettext("%(count)d text was put into drafts.", "%(count)d texts were put into drafts.", taken)
    messages.success(request, said % {"count": taken})
    return redirect("admin:publishing_texts")
