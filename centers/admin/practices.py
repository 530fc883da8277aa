"""Staff page of practices."""

from django.contrib import admin

from centers.models import Practice
from wpiforum.provenance.admin_base import EVIDENCE, UnconfirmedFilter, pair
from wpiforum.publishing.admin import LIVE, LiveFilter, PublishableAdmin


@admin.register(Practice)
class PracticeAdmin(PublishableAdmin):
    list_display = ("__str__", "theme", "center", "order", "is_live")
    list_filter = ("theme", LiveFilter, "center", UnconfirmedFilter)
    list_select_related = ("center",)
    search_fields = ("slug", *pair("title"), *pair("body"), "center__acronym")
    date_hierarchy = "as_of_on"
    autocomplete_fields = ("center", "source")
    fieldsets = (
        (None, {"fields": [pair("title"), pair("body"), ("theme", "center"), ("slug", "order")]}),
        EVIDENCE,
        LIVE,
    )
