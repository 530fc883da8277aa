"""Staff page of the states of translations, which acts move and nobody edits."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from wpiforum.localization.models import TranslationState
from wpiforum.provenance.admin_base import PortalAdmin


@admin.register(TranslationState)
class TranslationStateAdmin(PortalAdmin):
    list_display = ("subject_now", "content_type", "language", "is_wrong", "confirmed_at", "confirmed_by")
    list_filter = ("language", "is_wrong", "content_type")
    list_select_related = ("content_type", "confirmed_by")
    list_prefetch_related = ("subject",)
    search_fields = ("object_id", "confirmed_by__username")
    date_hierarchy = "confirmed_at"
    fieldsets = (
        (None, {"fields": ["subject_now", "language", "source_language", "is_wrong"]}),
        (_("Confirmation"), {"fields": [("confirmed_by", "confirmed_at"), "digest", "source"]}),
    )

    @admin.display(description=_("row"))
    def subject_now(self, obj: TranslationState) -> str:
        return str(obj.subject or obj.object_id)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False
