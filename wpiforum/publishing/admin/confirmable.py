"""Staff pages of rows that a second person confirms: what is confirmed can only be replaced."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.admin.options import ActionLocation
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html_join
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from wpiforum.provenance.admin_base import PortalAdmin
from wpiforum.publishing import confirmation
from wpiforum.publishing.admin.links import change_url, link_to
from wpiforum.publishing.choices import Verb
from wpiforum.publishing.log import WorkflowError
from wpiforum.publishing.models import Confirmable
from wpiforum.publishing.permissions import may
from wpiforum.search.admin_base import IndexedAdmin


class ConfirmationFilter(admin.SimpleListFilter):
    """Rows in effect, or waiting for a second person."""

    title = _("confirmation")
    parameter_name = "confirmation"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("waiting", _("Waiting for confirmation")), ("done", _("Confirmed"))]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        if self.value() in {"waiting", "done"}:
            return queryset.filter(confirmed_at__isnull=self.value() == "waiting")
        return queryset


def _log(request: HttpRequest, row: models.Model, flag: int, message: list[dict[str, Any]]) -> None:
    user_id: Any = request.user.pk
    LogEntry.objects.log_actions(user_id, [row], flag, change_message=message, single_object=True)


def confirm_row(request: HttpRequest, row: Confirmable) -> bool:
    """Confirm a row for the person who asks, log it, and say what came of it; tell whether it is in effect now."""
    replaced = row.replaces
    with override(None):  # in words of the catalogue, which the history page translates
        ended = {"name": str(row._meta.verbose_name), "object": str(replaced)}
    try:
        confirmation.confirm(row, by=request.user)
    except (WorkflowError, ValidationError, IntegrityError) as error:
        if isinstance(error, IntegrityError):  # PostgreSQL's word on a race
            sentences = [gettext("Someone else changed the same rows meanwhile. Please check and try again.")]
        else:
            sentences = error.messages if isinstance(error, ValidationError) else [str(error)]
        messages.error(request, f"{row}: {' '.join(sentences)}")
        return False
    log: list[dict[str, Any]] = [{"changed": {"fields": ["confirmed by", "confirmed at"]}}]
    if replaced is not None:
        log.append({"deleted": ended})
    _log(request, row, CHANGE, log)
    messages.success(request, _("Confirmed and in effect: %(row)s.") % {"row": row})
    return True


class ConfirmableAdmin(IndexedAdmin, PortalAdmin):
    """The staff page of rows that a second person confirms; what is confirmed can only be replaced."""

    actions = ("confirm_rows", "propose_correction")
    list_select_related: ClassVar[Any] = ("entered_by", "confirmed_by")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*super().get_readonly_fields(request, obj), "confirmation", "correction_of", "waiting_corrections")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        own = super().get_fieldsets(request, obj)
        if obj is None:
            return own
        return (*own, (_("Confirmation"), {"fields": ["confirmation", "correction_of", "waiting_corrections"]}))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse to edit what is confirmed; the page shows it and offers a correction."""
        return (obj is None or not obj.is_confirmed()) and super().has_change_permission(request, obj)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        """Refuse to delete what is in effect: one person alone would change what readers see."""
        row = self.get_object(request, unquote(object_id))
        if row is not None and row.is_confirmed():
            messages.error(request, _("What is confirmed is not deleted. Propose a correction that ends it."))
            return HttpResponseRedirect(change_url(row))
        return super().delete_view(request, object_id, extra_context)

    def get_actions(
        self, request: HttpRequest, action_location: ActionLocation = ActionLocation.CHANGE_LIST
    ) -> dict[str, Any]:
        actions = super().get_actions(request, action_location=action_location)
        actions.pop("delete_selected", None)  # it would take confirmed rows along
        return actions

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        row = context.get("original")
        if row is not None and row.is_confirmed():
            context["show_delete"] = False
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Remember who entered the values last: somebody else has to confirm them."""
        if form.changed_data or not change:
            obj.entered_by = request.user
        super().save_model(request, obj, form, change)

    def has_confirm_permission(self, request: HttpRequest) -> bool:
        return may(request.user, Verb.CONFIRM)

    def offers(self, request: HttpRequest, obj: Any, action: str) -> bool:
        if action == "confirm_rows":
            return not obj.is_confirmed() and obj.entered_by_id != request.user.pk
        if action == "propose_correction":
            return obj.is_confirmed() and not obj.corrections.exists()
        return super().offers(request, obj, action)

    @admin.action(
        description=_("Confirm"),
        description_plural=_("Confirm the selected rows as a second person"),
        permissions=["confirm"],
        location=[ActionLocation.CHANGE_LIST, ActionLocation.CHANGE_FORM],
    )
    def confirm_rows(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        for row in queryset:
            confirm_row(request, row)

    @admin.action(description=_("Propose a correction"), permissions=["change"], location=ActionLocation.CHANGE_FORM)
    def propose_correction(self, request: HttpRequest, queryset: models.QuerySet) -> HttpResponse | None:
        return open_correction(request, queryset.get())

    @admin.display(description=_("confirmation"))
    def confirmation(self, obj: Any) -> str:
        return confirmation_text(obj)

    @admin.display(description=_("replaces"))
    def correction_of(self, obj: Any) -> str:
        return link_to(obj.replaces) if obj.replaces else "-"

    @admin.display(description=_("waiting corrections"))
    def waiting_corrections(self, obj: Any) -> str:
        return format_html_join(", ", "{}", ((link_to(row),) for row in obj.corrections.all())) or "-"


def open_correction(request: HttpRequest, row: Confirmable) -> HttpResponse | None:
    """Make an unconfirmed copy of a confirmed row and go to its page; say so if the rules refuse."""
    if not request.user.has_perm(f"{row._meta.app_label}.change_{row._meta.model_name}", row):
        messages.error(request, gettext("Your role does not allow this."))
        return None
    try:
        copy = confirmation.propose_correction(row, by=request.user)
    except WorkflowError as error:
        messages.error(request, str(error))
        return None
    _log(request, copy, ADDITION, [{"added": {}}])
    messages.success(request, _("This is a copy. Change it and save; it takes effect once somebody else confirms it."))
    return HttpResponseRedirect(change_url(copy))


def confirmation_text(row: Confirmable) -> str:
    """Return how a row stands: who entered it and who confirmed it."""
    if not row.is_confirmed():
        if row.entered_by is None:
            return gettext("waiting for confirmation")
        return gettext("entered by %(person)s, waits for somebody else") % {"person": row.entered_by}
    if row.confirmed_by is None:
        return gettext("confirmed before loading")
    return gettext("confirmed by %(person)s") % {"person": row.confirmed_by}
