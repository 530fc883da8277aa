"""Staff page of the glossary."""

from typing import Any

from django.contrib import admin
from django.urls import reverse

from onboarding.admin.base import GuideFields
from onboarding.models import Term
from wpiforum.provenance.admin_base import EVIDENCE, UnconfirmedFilter, pair
from wpiforum.publishing.admin import LIVE, LiveFilter, PublishableAdmin


@admin.register(Term)
class TermAdmin(GuideFields, PublishableAdmin):
    list_display = ("japanese", "kana", "english", "topic", "is_live")
    list_filter = ("topic", LiveFilter, UnconfirmedFilter)
    list_select_related = ("topic",)
    search_fields = ("slug", "japanese", "kana", "english", "aliases", "wrong_names", *pair("meaning"))
    date_hierarchy = "as_of_on"
    autocomplete_fields = ("topic", "source")
    line_lists = ("aliases", "wrong_names")
    fieldsets = (
        (
            None,
            {
                "fields": [
                    ("japanese", "kana", "english"),
                    pair("meaning"),
                    "plain_japanese",
                    ("aliases", "wrong_names"),
                    ("slug", "topic", "order"),
                ]
            },
        ),
        EVIDENCE,
        LIVE,
    )

    def view_on_site(self, obj: Any) -> str | None:
        return f"{reverse('onboarding:glossary')}#{obj.slug}" if obj.is_published() else None
