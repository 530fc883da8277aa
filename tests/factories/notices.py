"""Notices for tests: in effect now, everywhere and in both languages unless a test says otherwise."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from wpiforum.notices.models import Notice


def notice_fields(**fields: Any) -> dict[str, Any]:
    """Return the columns of a notice."""
    now = timezone.now()
    return {
        "title_ja": "停電のお知らせ",
        "title_en": "Power cut",
        "text_ja": "土曜日は停電します。",
        "text_en": "There is no power on Saturday.",
        "starts_at": now - timedelta(hours=1),
        "ends_at": now + timedelta(hours=1),
        **fields,
    }


def make_notice(**fields: Any) -> Notice:
    return Notice.objects.create(**notice_fields(**fields))


def make_notice_elsewhere(**fields: Any) -> Notice:
    """Make a notice as another process does: this one is not told."""
    return Notice.objects.bulk_create([Notice(**notice_fields(**fields))])[0]
