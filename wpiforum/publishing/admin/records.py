"""Staff pages of the record: read by everybody with a role, written by the verbs alone; and who edits which rows."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wpiforum.http import JAPAN, csv_response
from wpiforum.provenance.admin_base import PortalAdmin
from wpiforum.publishing.choices import Status
from wpiforum.publishing.models import Assignment, Event, Redirect, Revision, Waiver, Withdrawal
from wpiforum.publishing.permissions import ADMINISTRATOR, roles_of


def is_administrator(user: Any) -> bool:
    """Tell whether somebody looks after people and their roles."""
    return bool(user.is_superuser or any(role.name == ADMINISTRATOR for role in roles_of(user)))


class RecordAdmin(PortalAdmin):
    """A page that is read: nobody, administrators included, adds, changes or deletes here."""

    actions: Any = ()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Event)
class EventAdmin(RecordAdmin):
    list_display = ("at", "verb", "label", "actor", "note")
    list_filter = ("verb", "content_type", "actor")
    list_select_related = ("actor", "content_type", "revision")
    search_fields = ("label", "note", "actor__username")
    date_hierarchy = "at"
    actions = ("export",)
    fieldsets = ((None, {"fields": ["at", "verb", "actor", "label", "content_type", "object_id", "note", "details"]}),)

    @admin.action(description=gettext_lazy("Export the selected entries as CSV"), permissions=["export"])
    def export(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse:
        head = [_("when"), _("who"), _("act"), _("kind of row"), _("row"), _("name of the row then"), _("note")]
        rows = (
            [
                event.at.astimezone(JAPAN).isoformat(timespec="seconds"),
                str(event.actor or ""),
                event.get_verb_display(),
                str(event.content_type or ""),
                event.object_id,
                event.label,
                event.note,
            ]
            for event in queryset.select_related("actor", "content_type").order_by("at", "id")
        )
        return csv_response("wpi-forum-log.csv", [head, *rows])

    def has_export_permission(self, request: HttpRequest) -> bool:
        return is_administrator(request.user)


class QueueFilter(admin.SimpleListFilter):
    """Drafts by what they wait for from the person who looks."""

    title = gettext_lazy("queue")
    parameter_name = "queue"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("review", gettext_lazy("to review")), ("sent_back", gettext_lazy("sent back to you"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet:
        user = request.user
        if self.value() == "review":
            return queryset.filter(status=Status.SUBMITTED).exclude(author=user).exclude(last_editor=user)
        return queryset.sent_back().filter(author=user) if self.value() == "sent_back" else queryset


@admin.register(Revision)
class RevisionAdmin(RecordAdmin):
    list_display = ("subject_now", "status", "author", "last_editor", "edited_at", "publish_at", "published_at")
    list_display_links = None
    list_filter = (QueueFilter, "status", "content_type", "author")
    list_select_related = ("content_type", "author", "last_editor")
    list_prefetch_related = ("subject",)
    search_fields = ("object_id", "author__username", "note")
    date_hierarchy = "edited_at"
    fieldsets = (
        (None, {"fields": ["subject_now", "number", "status", "weights", "languages", "note"]}),
        (
            gettext_lazy("Who and when"),
            {
                "fields": [
                    ("author", "created_at"),
                    ("last_editor", "edited_at"),
                    ("submitted_by", "submitted_at"),
                    ("reviewed_by", "reviewed_at"),
                    ("published_by", "published_at", "publish_at"),
                ]
            },
        ),
    )

    @admin.display(description=gettext_lazy("row"))
    def subject_now(self, obj: Revision) -> str:
        """Link the desk of the row, where the draft is worked on."""
        if obj.subject is None:
            return str(obj.object_id)
        opts = obj.subject._meta
        address = reverse(f"admin:{opts.app_label}_{opts.model_name}_desk", args=[obj.object_id])
        return format_html('<a href="{}">{}</a>', address, obj.subject)


@admin.register(Waiver)
class WaiverAdmin(RecordAdmin):
    list_display = ("sentence", "reason", "by", "at")
    list_filter = ("content_type", "by")
    list_select_related = ("by", "content_type")
    search_fields = ("sentence", "reason")
    date_hierarchy = "at"
    fieldsets = ((None, {"fields": ["sentence", "reason", "by", "at", "content_type", "object_id"]}),)


@admin.register(Withdrawal)
class WithdrawalAdmin(RecordAdmin):
    list_display = ("__str__", "reason_ja", "reason_en", "since")
    list_filter = ("content_type",)
    list_prefetch_related = ("subject",)
    search_fields = ("reason_ja", "reason_en")
    date_hierarchy = "since"
    fieldsets = ((None, {"fields": [("reason_ja", "reason_en"), "content_type", "object_id", "since"]}),)


@admin.register(Redirect)
class RedirectAdmin(RecordAdmin):
    list_display = ("slug", "content_type", "target_now", "since")
    list_filter = ("content_type",)
    list_prefetch_related = ("target",)
    search_fields = ("slug",)
    date_hierarchy = "since"
    fieldsets = ((None, {"fields": ["slug", "content_type", "target_now", "since"]}),)

    @admin.display(description=gettext_lazy("leads to"))
    def target_now(self, obj: Redirect) -> str:
        return str(obj.target or "-")


@admin.register(Assignment)
class AssignmentAdmin(PortalAdmin):
    list_display = ("user", "content_type", "subject_now")
    list_filter = ("user", "content_type")
    list_select_related = ("user", "content_type")
    list_prefetch_related = ("subject",)
    search_fields = ("user__username", "object_id")
    autocomplete_fields = ("user",)
    fieldsets = ((None, {"fields": ["user", "content_type", "object_id"]}),)

    @admin.display(description=gettext_lazy("row"))
    def subject_now(self, obj: Assignment) -> str:
        return str(obj.subject or obj.object_id)


admin.site.unregister(User)


@admin.register(User)
class PersonAccountAdmin(UserAdmin):
    """People who sign in. Who has done something here is deactivated, not deleted: the log names them."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
