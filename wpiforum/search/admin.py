"""Staff pages of the search: synonyms, and questions that found nothing or were asked again differently."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from wpiforum.provenance.admin_base import PortalAdmin
from wpiforum.search.models import Asked, Synonym


class WaitingFilter(admin.SimpleListFilter):
    """What found nothing and could do with a synonym."""

    title = _("needs")
    parameter_name = "needs"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("synonym", _("without result and without synonym"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet:
        return queryset.waiting() if self.value() == "synonym" else queryset


@admin.register(Synonym)
class SynonymAdmin(PortalAdmin):
    list_display = ("typed", "means")
    list_filter = ("means",)
    search_fields = ("typed", "means")
    fieldsets = ((None, {"fields": [("typed", "means")]}),)


@admin.register(Asked)
class AskedAdmin(PortalAdmin):
    """Counts by day; what few people typed stays hidden, since it may name somebody."""

    list_display = ("query", "day", "language", "without_result", "refined", "add_synonym")
    list_filter = (WaitingFilter, "language", "day")
    search_fields = ("query",)
    date_hierarchy = "day"
    fieldsets = ((None, {"fields": ["query", ("day", "language"), ("times", "without_result", "refined")]}),)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).filter(pk__in=Asked.objects.shown().order_by().values("pk"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("synonym"))
    def add_synonym(self, obj: Asked) -> SafeString:
        address = f"{reverse('admin:search_synonym_add')}?{urlencode({'typed': obj.query})}"
        return format_html('<a href="{}">{}</a>', address, _("Add a synonym"))
