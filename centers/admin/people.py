"""Staff page of people."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from centers.admin.inlines import PersonDirectorshipInline
from centers.models import Person
from wpiforum.http import today
from wpiforum.provenance.admin_base import UnconfirmedFilter, pair
from wpiforum.publishing.admin import LIVE, LiveFilter, PublishableAdmin


@admin.register(Person)
class PersonAdmin(PublishableAdmin):
    list_display = ("__str__", "kana", "sort_en", "directs_now", "is_live")
    list_filter = (LiveFilter, "directorships__center", UnconfirmedFilter)
    list_prefetch_related = ("directorships__center",)
    search_fields = ("slug", *pair("name"), "kana", "sort_en")
    date_hierarchy = "live_from"
    fieldsets = (
        (None, {"fields": [pair("name"), ("kana", "sort_en"), "slug", "unverified"]}),
        LIVE,
    )
    inlines = (PersonDirectorshipInline,)

    @admin.display(description=_("director today of"))
    def directs_now(self, obj: Person) -> str:
        day = today()
        return ", ".join(row.center.acronym for row in obj.directorships.all() if row.is_valid_on(day)) or "-"
