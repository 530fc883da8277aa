"""Staff pages of cases from centers, call examples and mail templates."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from onboarding.admin.base import GuideFields
from onboarding.models import Case, Material
from wpiforum.provenance.admin_base import EVIDENCE, UnconfirmedFilter, pair
from wpiforum.publishing.admin import LIVE, LiveFilter, PublishableAdmin


class GuidePartAdmin(GuideFields, PublishableAdmin):
    """A text that appears on the pages of its guides; the link leads to the first of them that is public."""

    list_prefetch_related = ("guides",)

    def view_on_site(self, obj: Any) -> str | None:
        guide = obj.guides.published().select_related("topic").by_order().first() if obj.is_published() else None
        return guide.get_absolute_url() if guide else None

    @admin.display(description=_("guides"))
    def guide_titles(self, obj: Any) -> str:
        return ", ".join(str(guide) for guide in obj.guides.all()) or "-"


@admin.register(Case)
class CaseAdmin(GuidePartAdmin):
    list_display = ("__str__", "host_now", "center", "guide_titles", "is_live")
    list_filter = (LiveFilter, "center", UnconfirmedFilter)
    list_select_related = ("center",)
    search_fields = ("slug", *pair("title"), *pair("host"), *pair("body"), "center__acronym")
    date_hierarchy = "as_of_on"
    autocomplete_fields = ("center", "guides", "source")
    fieldsets = (
        (None, {"fields": [pair("title"), pair("host"), pair("body"), ("slug", "center"), "guides"]}),
        EVIDENCE,
        LIVE,
    )

    @admin.display(description=_("host institution"))
    def host_now(self, obj: Case) -> str:
        return obj.host or obj.host_ja or obj.host_en or ""


@admin.register(Material)
class MaterialAdmin(GuidePartAdmin):
    list_display = ("__str__", "kind", "guide_titles", "order", "is_live")
    list_filter = ("kind", LiveFilter)
    search_fields = ("slug", *pair("title"), *pair("body"))
    autocomplete_fields = ("guides",)
    fieldsets = ((None, {"fields": [pair("title"), pair("body"), ("slug", "kind", "order"), "guides"]}), LIVE)
