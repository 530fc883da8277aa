"""The stock staff form as the form of a draft: it validates and saves as always, and the database forgets it.

What the form made of the rows is kept as a revision; the public rows stay as they are. Rows that were never public,
and have no draft, are saved as they are.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import ActionLocation
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.forms.models import _get_foreign_key
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from wpiforum.http import today
from wpiforum.provenance.admin_base import PortalAdmin
from wpiforum.publishing import workflow
from wpiforum.publishing.admin.links import change_url
from wpiforum.publishing.choices import Verb
from wpiforum.publishing.log import WorkflowError, record
from wpiforum.publishing.models import Publishable, Revision, published_q
from wpiforum.publishing.permissions import may
from wpiforum.publishing.preview import public_path
from wpiforum.publishing.snapshot import Snapshot, changes, digest, take
from wpiforum.publishing.writing import merged, pretend_draft, pretended, write
from wpiforum.search.admin_base import IndexedAdmin
from wpiforum.search.documents import reindex

LIVE: Any = (gettext_lazy("Publication"), {"fields": [("live_from", "live_until")]})
# What the form was drawn from; a save that starts from something else is refused.
TOKEN = "_drawn_from"  # noqa: S105  names a field of the form


class LiveFilter(admin.SimpleListFilter):
    """Rows the public sees now, or does not."""

    title = gettext_lazy("live")
    parameter_name = "live"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        now = timezone.now()
        if self.value() == "yes":
            return queryset.filter(published_q(at=now))
        if self.value() == "no":
            return queryset.filter(models.Q(live_from__isnull=True) | ~published_q(at=now))
        return queryset


class DraftingAdmin(IndexedAdmin, PortalAdmin):
    """What the pages of root rows and of their children share: saving goes into the root's draft."""

    def root_of(self, request: HttpRequest, object_id: str | None) -> Any:
        """Return the root row whose draft this page edits; None for a new root."""
        raise NotImplementedError

    def is_drafted(self, root: Any) -> bool:
        """Tell whether a save goes into a draft: what is public, and what has a draft already."""
        return root.is_published() or workflow.open_revision(root) is not None

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        def stock(context: dict[str, Any] | None = extra_context) -> Any:
            return super(DraftingAdmin, self).changeform_view(request, object_id, form_url, context)

        root = self.root_of(request, object_id)
        # A button of an action is no save: each judges for itself what it touches.
        if root is None or f"{ActionLocation.CHANGE_FORM.value}-action" in request.POST:
            return stock()
        if request.method != "POST":
            return self._draw(root, stock, extra_context)
        return self._keep(request, root, stock, extra_context, is_new=object_id is None)

    def _context(self, root: Any, revision: Revision | None, before: Snapshot) -> dict[str, Any]:
        return {
            "draft_token": digest(before, self._dated_rows(root)),
            "revision": revision,
            "draft_root": root,
            "is_drafted": self.is_drafted(root),
        }

    def _dated_rows(self, root: Any) -> list[str]:
        """Return the rows of this form that take effect by their own dates, for the token."""
        return []

    def _draw(self, root: Any, stock: Callable[..., Any], extra: dict[str, Any] | None) -> HttpResponse:
        revision = workflow.open_revision(root)
        context = self._context(root, revision, merged(root, revision))
        with pretended():
            pretend_draft(root, revision)
            response = stock({**(extra or {}), **context})
            if hasattr(response, "render"):
                response.render()
        return response

    def _keep(
        self, request: Any, root: Any, stock: Callable[..., Any], extra: dict[str, Any] | None, *, is_new: bool
    ) -> HttpResponse:
        """Keep what the form makes of the rows: as the root's draft, and undo it; or as it is, if nobody sees it."""
        with transaction.atomic():
            root = type(root)._base_manager.select_for_update().get(pk=root.pk)
            revision = workflow.open_revision(root, lock=True)
            before = merged(root, revision)
            context = {**(extra or {}), **self._context(root, revision, before)}
            # A new row takes nobody's place. A form without the token was not drawn here.
            is_stale = not is_new and request.POST.get(TOKEN) != context["draft_token"]
            if not is_stale and not context["is_drafted"]:
                response = stock(context)
                if response.status_code == 302:
                    record(Verb.SAVE_DRAFT, root, by=request.user)
                return response
            request.is_drafting, request.is_silent, data = True, is_stale, None
            with pretended():
                pretend_draft(root, revision)
                response = stock(context)
                if response.status_code == 302:
                    data = take(root)
                elif hasattr(response, "render"):
                    response.render()
            if data is None:
                return response
            if is_stale:
                return self._refuse_stale(request, root, revision, before, data, stock, context)
            try:
                workflow.save_draft(root, data=data, by=request.user)
            except WorkflowError as error:
                raise PermissionDenied(str(error)) from error
            if getattr(request, "has_live_changes", False):
                self._save_live_rows(request, root, stock)
        return HttpResponseRedirect(self._after(request, root, response))

    def _after(self, request: HttpRequest, root: Any, response: HttpResponse) -> str:
        """Return where to go after a save: the page itself, unless another is asked for or this one is new."""
        return response.headers["Location"] if "_addanother" in request.POST else change_url(root)

    def _refuse_stale(
        self,
        request: Any,
        root: Any,
        revision: Revision | None,
        before: Snapshot,
        data: Snapshot,
        stock: Callable[..., Any],
        context: dict[str, Any],
    ) -> HttpResponse:
        """Draw the form again with everything typed, beside what somebody else saved meanwhile."""
        from wpiforum.publishing.admin.desk import readable_changes  # the desk imports this module

        request.stop_saving = True
        with pretended():
            pretend_draft(root, revision)
            response = stock({**context, "meanwhile": readable_changes(root, changes(before, data))})
            if hasattr(response, "render"):
                response.render()
        response.status_code = 409
        return response

    def _save_live_rows(self, request: Any, root: Any, stock: Callable[..., Any]) -> None:
        """Save the dated rows of the form, which are not drafted, and put the public text back as it was."""
        live = take(root)
        request.is_silent = True
        stock()
        fresh = type(root)._base_manager.get(pk=root.pk)
        write(fresh, changes(take(fresh), live), is_checked=False)
        reindex(fresh)

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        if not getattr(request, "stop_saving", False):
            return form

        class Unsaved(form):  # type: ignore[misc, valid-type]  # made by the admin
            def is_valid(self) -> bool:
                # The admin shows a form again, with the typed values, that is not valid.
                super().is_valid()
                return False

        return Unsaved

    def save_formset(self, request: Any, form: Any, formset: Any, change: bool) -> None:
        owned = {relation.related_model for relation in _owned(self.model)}
        if formset.model not in owned and formset.has_changed():
            request.has_live_changes = True
        super().save_formset(request, form, formset, change)

    def message_user(self, request: Any, message: Any, level: Any = messages.INFO, *args: Any, **kwargs: Any) -> None:
        if getattr(request, "is_silent", False):
            return
        if getattr(request, "is_drafting", False) and level == messages.SUCCESS:
            message = _("The draft is saved. What is public stays as it is until the draft is published.")
        super().message_user(request, message, level, *args, **kwargs)

    def get_actions(
        self, request: HttpRequest, action_location: ActionLocation = ActionLocation.CHANGE_LIST
    ) -> dict[str, Any]:
        actions = super().get_actions(request, action_location=action_location)
        actions.pop("delete_selected", None)  # it would take public rows along
        return actions

    @admin.action(
        description=gettext_lazy("Checked, still right"),
        permissions=["check"],
        location=[ActionLocation.CHANGE_LIST, ActionLocation.CHANGE_FORM],
    )
    def mark_checked(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        rows = list(queryset)
        if foreign := [str(row) for row in rows if not may(request.user, Verb.MARK_CHECKED, row)]:
            text = _("Nothing was changed: these are not yours to check: %(rows)s.")
            self.message_user(request, text % {"rows": ", ".join(foreign)}, messages.ERROR)
            return
        for row in rows:
            row.mark_checked(today())
            record(Verb.MARK_CHECKED, row, by=request.user)
            reindex(row)
        said = ngettext("%(n)d row is as of today.", "%(n)d rows are as of today.", len(rows))
        self.message_user(request, said % {"n": len(rows)}, messages.SUCCESS)

    def has_check_permission(self, request: HttpRequest) -> bool:
        return may(request.user, Verb.MARK_CHECKED)

    def has_confirm_permission(self, request: HttpRequest) -> bool:
        return may(request.user, Verb.CONFIRM)


def _owned(model: Any) -> list[Any]:
    return [model._meta.get_field(name) for name in getattr(model, "owned", ())]


class PublishableAdmin(DraftingAdmin):
    """The staff page of a root row: drafted while public, with a desk for review, versions and publication."""

    change_form_template = "admin/publishing/change_form.html"

    def root_of(self, request: HttpRequest, object_id: str | None) -> Any:
        if object_id is None:
            return None
        return self.get_object(request, unquote(object_id))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*super().get_readonly_fields(request, obj), "live_from", "live_until")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse to delete what is or was public: it is unpublished, and its address says why."""
        if obj is not None and (obj.live_from is not None or Revision.objects.about(obj).exists()):
            return False
        return super().has_delete_permission(request, obj)

    def _dated_rows(self, root: Any) -> list[str]:
        owned = {relation.related_model for relation in _owned(self.model)}
        found = []
        for inline in self.inlines:
            if inline.model not in owned:
                key = _get_foreign_key(self.model, inline.model, fk_name=inline.fk_name)
                found.append(
                    str(list(inline.model._base_manager.filter(**{key.name: root.pk}).order_by("pk").values()))
                )
        return found

    def log_addition(self, request: Any, obj: Any, message: Any) -> Any:
        record(Verb.SAVE_DRAFT, obj, by=request.user)  # whoever wrote it does not approve it
        return super().log_addition(request, obj, message)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not may(request.user, Verb.SAVE_DRAFT, obj):
            raise PermissionDenied
        super().save_model(request, obj, form, change)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if (row := context.get("original")) is not None:
            address = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_desk", args=[row.pk])
            context["tools"] = [(_("Draft, review and versions"), address), *context.get("tools", [])]
        return super().render_change_form(request, context, *args, **kwargs)

    def get_urls(self) -> list[Any]:
        from wpiforum.publishing.admin.desk import urls  # the desk imports this module

        return [*urls(self), *super().get_urls()]

    def view_on_site(self, obj: Publishable) -> str | None:
        if not obj.is_published():
            return None
        return str(obj.get_absolute_url()) if hasattr(obj, "get_absolute_url") else public_path(obj)

    @admin.display(description=gettext_lazy("live"), boolean=True)
    def is_live(self, obj: Publishable) -> bool:
        return obj.is_published()


class OwnedAdmin(DraftingAdmin):
    """The staff page of a child, which is drafted and published with its root."""

    owner_field = ""
    change_form_template = "admin/publishing/change_form.html"

    def root_of(self, request: HttpRequest, object_id: str | None) -> Any:
        """Return the root of a child, also of one that only a draft has."""
        field = self.model._meta.get_field(self.owner_field)
        roots = field.related_model._base_manager
        if object_id is None:
            key = request.POST.get(self.owner_field) or request.GET.get(self.owner_field) or ""
            return roots.filter(pk=key).first() if _is_key(key) else None
        key = unquote(object_id)
        if not _is_key(key):
            return None
        row = self.model._base_manager.filter(pk=key).select_related(self.owner_field).first()
        if row is not None:
            return getattr(row, self.owner_field)
        name = field.remote_field.name
        for found in Revision.objects.open().filter(content_type__model=roots.model._meta.model_name):
            if key in found.data["children"].get(name, {}):
                return found.subject
        return None

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        found = super().get_readonly_fields(request, obj)
        return found if obj is None else (*found, self.owner_field)  # a step stays in its guide

    def _after(self, request: HttpRequest, root: Any, response: HttpResponse) -> str:
        return response.headers["Location"]

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        """Take a child out of the draft; what is public stays."""
        root = self.root_of(request, object_id)
        if root is None or not self.is_drafted(root):
            response = super().delete_view(request, object_id, extra_context)
            if root is not None and response.status_code == 302:
                record(Verb.SAVE_DRAFT, root, by=request.user)
            return response
        with transaction.atomic():
            revision = workflow.open_revision(root, lock=True)
            data = None
            with pretended():
                pretend_draft(root, revision)
                response = super().delete_view(request, object_id, extra_context)
                if response.status_code == 302:
                    data = take(root)
                elif hasattr(response, "render"):
                    response.render()
            if data is not None:
                workflow.save_draft(root, data=data, by=request.user)
        return response if data is None else HttpResponseRedirect(change_url(root))


def _is_key(text: str) -> bool:
    try:
        models.UUIDField().to_python(text)
    except Exception:
        return False
    return bool(text)
