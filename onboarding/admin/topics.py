"""Staff pages of pillars and topics."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from onboarding.admin.base import GuideFields, GuideRowAdmin
from onboarding.models import Pillar, Topic
from wpiforum.provenance.admin_base import pair
from wpiforum.publishing.admin import LIVE, LiveFilter, PublishableAdmin


@admin.register(Pillar)
class PillarAdmin(GuideRowAdmin):
    list_display = ("__str__", "slug", "order", "topic_names")
    list_filter = ("topics",)
    list_prefetch_related = ("topics",)
    search_fields = ("slug", *pair("name"))
    fieldsets = ((None, {"fields": [pair("name"), ("slug", "order")]}),)

    @admin.display(description=_("topics"))
    def topic_names(self, obj: Pillar) -> str:
        return ", ".join(str(topic) for topic in obj.topics.all())


@admin.register(Topic)
class TopicAdmin(GuideFields, PublishableAdmin):
    list_display = ("__str__", "pillar", "order", "guide_count", "is_live")
    list_filter = ("pillar", LiveFilter)
    list_select_related = ("pillar",)
    search_fields = ("slug", *pair("name"), *pair("summary"))
    autocomplete_fields = ("pillar",)
    fieldsets = ((None, {"fields": [pair("name"), pair("summary"), ("pillar", "slug", "order")]}), LIVE)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(guide_count=Count("guides"))

    @admin.display(description=_("guides"), ordering="guide_count")
    def guide_count(self, obj: Any) -> int:
        return int(obj.guide_count)
