"""The base of staff pages whose rows the search shows: a save or a deletion reaches the index with the row."""

from typing import Any

from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from wpiforum.search.documents import affected, refresh, reindex


class IndexedAdmin(admin.ModelAdmin):
    """Brings the index up to date in the transaction of the save."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        reindex(form.instance)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        with transaction.atomic():
            shown = list(affected(obj))
            super().delete_model(request, obj)
            refresh(shown)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        with transaction.atomic():
            shown = [pair for row in queryset for pair in affected(row)]
            super().delete_queryset(request, queryset)
            refresh(shown)
