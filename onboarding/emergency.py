"""The centers' own emergency contacts for the emergency page."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import QuerySet

from centers.models import Center
from onboarding.models import Slot, SlotValue

# What a newcomer needs of the own center in an emergency, in this order.
SLOT_KEYS = ("guard-room-phone", "international-office-phone", "health-center-phone")


class CenterContacts(NamedTuple):
    center: Center
    values: list[tuple[Slot, SlotValue | None]]


def centers() -> QuerySet[Center]:
    """Return the public centers, with what their rows on the page show of them."""
    return Center.objects.published().order_by("acronym", "slug").only("slug", "acronym")


def with_contacts(shown: Iterable[Center]) -> list[CenterContacts]:
    """Return these centers with their emergency slots, filled or not, in two queries."""
    rows = list(shown)
    slots = {slot.key: slot for slot in Slot.objects.filter(key__in=SLOT_KEYS)}
    wanted = [slots[key] for key in SLOT_KEYS if key in slots]
    filled: dict[Any, dict[Any, SlotValue]] = defaultdict(dict)
    for row in SlotValue.objects.filter(slot__in=wanted, center__in=rows, confirmed_at__isnull=False):
        filled[row.center_id][row.slot_id] = row
    return [CenterContacts(center, [(slot, filled[center.pk].get(slot.pk)) for slot in wanted]) for center in rows]
