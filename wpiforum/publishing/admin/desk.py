"""The desk of one root row: what its draft changes, what the gate found, the verbs, and the versions there were."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wpiforum import languages
from wpiforum.http import JAPAN
from wpiforum.publishing import preview, workflow
from wpiforum.publishing.admin.links import change_url
from wpiforum.publishing.choices import Status, Verb, Weight
from wpiforum.publishing.log import WorkflowError
from wpiforum.publishing.models import Event, Revision
from wpiforum.publishing.permissions import may
from wpiforum.publishing.review import Finding, findings
from wpiforum.publishing.snapshot import MISSING, WHOLE, Change, changes, language_of, model_of, take
from wpiforum.wording_diff import word_diff


class ReadableChange(NamedTuple):
    """One changed field: whose it is, its name, the language of its text, and the difference word by word."""

    row: str
    field: str
    language: str
    diff: SafeString


def _name(root: Any, record: dict[str, Any] | None, change: Change) -> str:
    """Return what a row is called: the root by itself, a child by its title in the draft."""
    if not change.relation:
        return str(root)
    model = model_of(root, change.relation)
    fields = (record or {}).get("fields", {})
    own = languages.current()
    for name in (f"title_{own}", "title_ja", "title_en", "slug", "kind", "after_ja"):
        if fields.get(name):
            return f"{capfirst(model._meta.verbose_name)}: {str(fields[name])[:80]}"
    return str(capfirst(model._meta.verbose_name))


def _text(value: Any) -> str:
    if value is None or value is MISSING:
        return ""
    if isinstance(value, dict | list):
        return ", ".join(map(str, value if isinstance(value, list) else value.values()))
    return str(value)


def readable_changes(root: Any, found: list[Change], snapshot: Any = None) -> list[ReadableChange]:
    """Return changes for people, in the order of the form."""
    rows = (snapshot or take(root))["children"]
    result = []
    for change in found:
        model = model_of(root, change.relation)
        record = rows.get(change.relation, {}).get(change.key)
        if change.field == WHOLE:
            side = change.before if change.after is MISSING else change.after
            what = _("removed") if change.after is MISSING else _("new")
            text = "\n".join(_text(value) for name, value in side["fields"].items() if language_of(model, name))
            before, after = (text, "") if change.after is MISSING else ("", text)
            result.append(ReadableChange(_name(root, side, change), what, "", word_diff(before, after)))
            continue
        fields: Any = [*model._meta.concrete_fields, *model._meta.many_to_many]
        field = next(one for one in fields if change.field in {one.name, getattr(one, "attname", "")})
        diff = word_diff(_shown(field, change.before), _shown(field, change.after))
        code = language_of(model, change.field)
        result.append(ReadableChange(_name(root, record, change), capfirst(str(field.verbose_name)), code, diff))
    return result


def _shown(field: Any, value: Any) -> str:
    """Return a value as people read it: linked rows and choices by their names."""
    if field.is_relation and value:
        keys = value if isinstance(value, list) else [value]
        return ", ".join(str(row) for row in field.related_model._base_manager.filter(pk__in=keys))
    if field.choices and value is not None and not isinstance(value, list):
        return str(dict(field.flatchoices).get(value, value))
    return _text(value)


class NoteForm(forms.Form):
    note = forms.CharField(
        label=gettext_lazy("What has to change"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )


class SubmitForm(forms.Form):
    weight = forms.ChoiceField(
        label=gettext_lazy("What the change of the Japanese text means for its translation"),
        choices=Weight.choices,
        initial=Weight.CONTENT,
    )


class PublishForm(forms.Form):
    which = forms.ChoiceField(
        label=gettext_lazy("Languages"),
        choices=[("", gettext_lazy("Both languages")), *((row.code, row.own_name) for row in languages.LANGUAGES)],
        required=False,
    )
    at = forms.DateTimeField(
        label=gettext_lazy("When (Japan time, JST); empty: now"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        error_messages={"invalid": gettext_lazy("Write date and time as in 2026-04-01 09:00.")},
    )

    def clean_at(self) -> Any:
        at = self.cleaned_data["at"]
        if at is not None and at <= timezone.now():
            raise forms.ValidationError(_("This moment has passed. Leave it empty to publish now."))
        return at


class ReasonForm(forms.Form):
    reason_ja = forms.CharField(
        label=gettext_lazy("Reason that readers see (Japanese)"), widget=forms.Textarea(attrs={"rows": 2, "lang": "ja"})
    )
    reason_en = forms.CharField(
        label=gettext_lazy("Reason that readers see (English)"), widget=forms.Textarea(attrs={"rows": 2, "lang": "en"})
    )
    successor = forms.CharField(
        label=gettext_lazy("Address of the page that takes its place"),
        help_text=gettext_lazy("A public page of the same kind; readers are led there. Empty: they read the reason."),
        required=False,
    )


class WaiveForm(forms.Form):
    finding = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(label=gettext_lazy("Why this may pass"), widget=forms.Textarea(attrs={"rows": 2}))


class Act(NamedTuple):
    """A verb as the desk offers it: when, with which form, and how it is done."""

    verb: Verb
    label: Any
    is_offered: Callable[[Any, Revision | None, Any], bool]
    do: Callable[..., Any]
    form: type[forms.Form] = forms.Form


def _in(*statuses: str) -> Callable[[Any, Revision | None, Any], bool]:
    return lambda row, revision, user: revision is not None and revision.status in statuses


def _publish(row: Any, data: dict[str, Any], user: Any) -> Any:
    codes = [data["which"]] if data.get("which") else None
    return workflow.publish(row, by=user, languages=codes, at=data.get("at"))


ACTS: tuple[Act, ...] = (
    Act(
        Verb.SUBMIT,
        gettext_lazy("Submit for review"),
        lambda row, revision, user: revision.status == Status.DRAFT if revision else not row.is_published(),
        lambda row, data, user: workflow.submit(row, by=user, weights={languages.DEFAULT: data["weight"]}),
        SubmitForm,
    ),
    Act(
        Verb.APPROVE,
        gettext_lazy("Approve"),
        lambda row, revision, user: (
            revision is not None
            and revision.status == Status.SUBMITTED
            and not workflow.has_written(row, revision, user)
        ),
        lambda row, data, user: workflow.approve(row, by=user),
    ),
    Act(
        Verb.SEND_BACK,
        gettext_lazy("Send back"),
        _in(Status.SUBMITTED, Status.APPROVED, Status.SCHEDULED),
        lambda row, data, user: workflow.send_back(row, by=user, note=data["note"]),
        NoteForm,
    ),
    Act(Verb.PUBLISH, gettext_lazy("Publish"), _in(Status.APPROVED, Status.SCHEDULED), _publish, PublishForm),
    Act(
        Verb.UNSCHEDULE,
        gettext_lazy("Take off the schedule"),
        _in(Status.SCHEDULED),
        lambda row, data, user: workflow.unschedule(row, by=user),
    ),
    Act(
        Verb.DISCARD,
        gettext_lazy("Discard the draft"),
        lambda row, revision, user: revision is not None,
        lambda row, data, user: workflow.discard(row, by=user),
    ),
    Act(
        Verb.UNPUBLISH,
        gettext_lazy("Unpublish"),
        lambda row, revision, user: row.is_published(),
        lambda row, data, user: workflow.unpublish(row, by=user, **data),
        ReasonForm,
    ),
)


class Desk:
    """Answers the desk's pages for one model's admin."""

    def __init__(self, model_admin: Any) -> None:
        self.admin = model_admin

    def _row(self, request: HttpRequest, key: str) -> Any:
        row = self.admin.get_object(request, key)
        if row is None:
            raise Http404
        if not self.admin.has_view_permission(request, row):
            raise PermissionDenied
        return row

    def _address(self, page: str, *args: Any) -> str:
        opts = self.admin.opts
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_{page}", args=args)

    def page(self, request: Any, object_id: str) -> HttpResponse:
        """Show the desk, or do what one of its forms asks."""
        row = self._row(request, object_id)
        bound: dict[str, forms.Form] = {}
        if request.method == "POST":
            answer = self._act(request, row, bound)
            if answer is not None:
                return answer
            row.refresh_from_db()
        revision = workflow.open_revision(row)
        found = findings(row, revision) if revision is not None else []
        changed = changes(revision.base, revision.data) if revision is not None else []
        versions = Revision.objects.about(row).published().select_related("published_by", "reviewed_by")
        context = {
            **self.admin.admin_site.each_context(request),
            "opts": self.admin.opts,
            "original": row,
            "title": _("Draft, review and versions: %(row)s") % {"row": row},
            "change_url": change_url(row),
            "revision": revision,
            "changes": readable_changes(row, changed, revision.data) if revision is not None else [],
            "findings": found,
            "may_waive": may(request.user, Verb.WAIVE, row),
            "waive_form": bound.get(Verb.WAIVE),
            "acts": [
                (act, bound.get(act.verb) or act.form(auto_id=f"id_{act.verb}_%s"))
                for act in ACTS
                if may(request.user, act.verb, row) and act.is_offered(row, revision, request.user)
            ],
            "versions": [(version, self._address("version", row.pk, version.pk)) for version in versions],
            "events": Event.objects.about(row).select_related("actor")[:50],
            "preview_urls": preview.addresses(row, request) if may(request.user, Verb.SHARE_PREVIEW, row) else None,
            "japan": JAPAN,
        }
        status = 422 if bound else 200
        return TemplateResponse(request, "admin/publishing/desk.html", context, status=status)

    def _act(self, request: Any, row: Any, bound: dict[str, forms.Form]) -> HttpResponse | None:
        """Do what a form asks; None where it has to be shown again, with what was typed."""
        verb = request.POST.get("verb", "")
        if verb == Verb.WAIVE:
            return self._waive(request, row, bound)
        act = next((act for act in ACTS if act.verb == verb), None)
        if act is None or not may(request.user, act.verb, row):
            raise PermissionDenied
        form = act.form(request.POST, auto_id=f"id_{verb}_%s")
        bound[verb] = form
        if not form.is_valid():
            return None
        try:
            act.do(row, form.cleaned_data, request.user)
        except WorkflowError as error:
            form.add_error(None, str(error))
            messages.error(request, str(error))
            return None
        messages.success(request, f"{act.label}: {row}")
        return HttpResponseRedirect(self._address("desk", row.pk))

    def _waive(self, request: Any, row: Any, bound: dict[str, forms.Form]) -> HttpResponse | None:
        if not may(request.user, Verb.WAIVE, row):
            raise PermissionDenied
        form = WaiveForm(request.POST)
        bound[Verb.WAIVE] = form
        revision = workflow.open_revision(row)
        wanted = request.POST.get("finding", "")
        found = [one for one in (findings(row, revision) if revision else []) if one.fingerprint == wanted]
        if not form.is_valid() or not found:
            return None
        subject = _subject(row, found[0])
        try:
            workflow.waive(
                subject,
                by=request.user,
                owner=row,
                fingerprint=wanted,
                sentence=found[0].problem.sentence,
                reason=form.cleaned_data["reason"],
            )
        except WorkflowError as error:
            form.add_error(None, str(error))
            return None
        return HttpResponseRedirect(self._address("desk", row.pk))

    def version(self, request: Any, object_id: str, revision_id: Any) -> HttpResponse:
        """Show what a version changed, against the one before and against what is public; restore it."""
        row = self._row(request, object_id)
        version = Revision.objects.about(row).published().filter(pk=revision_id).first()
        if version is None:
            raise Http404
        if request.method == "POST":
            if not may(request.user, Verb.RESTORE, row):
                raise PermissionDenied
            try:
                workflow.restore(row, version=version, by=request.user)
            except WorkflowError as error:
                messages.error(request, str(error))
            return HttpResponseRedirect(self._address("desk", row.pk))
        context = {
            **self.admin.admin_site.each_context(request),
            "opts": self.admin.opts,
            "original": row,
            "version": version,
            "title": _("Version %(number)d of %(row)s") % {"number": version.number, "row": row},
            "desk_url": self._address("desk", row.pk),
            "own": readable_changes(row, changes(version.base, version.data), version.data),
            "since": readable_changes(row, changes(version.data, take(row))),
            "may_restore": may(request.user, Verb.RESTORE, row),
        }
        return TemplateResponse(request, "admin/publishing/version.html", context)


def _subject(row: Any, finding: Finding) -> Any:
    """Return the row a finding is about; a child that only the draft has is named by its key."""
    if not finding.relation:
        return row
    return model_of(row, finding.relation)(pk=finding.key)


def urls(model_admin: Any) -> list[Any]:
    """Return the desk's addresses of a model's admin."""
    desk, opts = Desk(model_admin), model_admin.opts
    name = f"{opts.app_label}_{opts.model_name}"
    wrap = model_admin.admin_site.admin_view
    return [
        path("<path:object_id>/desk/", wrap(desk.page), name=f"{name}_desk"),
        path("<path:object_id>/desk/<uuid:revision_id>/", wrap(desk.version), name=f"{name}_version"),
    ]
