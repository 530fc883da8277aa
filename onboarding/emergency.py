"""The centers' own emergency contacts for the emergency page."""

from collections import defaultdict
from typing import Any, NamedTuple

from django.db.models import Case, Q, When

from centers.models import Center
from onboarding.models import Slot, SlotValue

# What a newcomer needs of the own center in an emergency, in this order.
SLOT_KEYS = ("guard-room-phone", "international-office-phone", "health-center-phone")


# The page must stay small enough for a bad connection; further centers are asked for by name.
CENTERS_SHOWN = 20


class CenterContacts(NamedTuple):
    center: Center
    values: list[tuple[Slot, SlotValue | None]]
    is_chosen: bool


def centers_with_contacts(chosen: str = "") -> tuple[list[CenterContacts], bool]:
    """Return public centers with their emergency slots, filled or not, and whether there are more, in three queries.

    The chosen center, by its slug or acronym, comes first.
    """
    is_chosen = Case(When(Q(slug=chosen) | Q(acronym__iexact=chosen), then=True), default=False)
    centers = Center.objects.published().annotate(is_chosen=is_chosen).order_by("-is_chosen", "acronym")
    found: list[Any] = list(centers.only("slug", "acronym")[: CENTERS_SHOWN + 1])
    slots = {slot.key: slot for slot in Slot.objects.filter(key__in=SLOT_KEYS)}
    wanted = [slots[key] for key in SLOT_KEYS if key in slots]
    filled: dict[Any, dict[Any, SlotValue]] = defaultdict(dict)
    for row in SlotValue.objects.filter(slot__in=wanted, center__in=found, confirmed_at__isnull=False):
        filled[row.center_id][row.slot_id] = row
    rows = [
        CenterContacts(center, [(slot, filled[center.pk].get(slot.pk)) for slot in wanted], center.is_chosen)
        for center in found[:CENTERS_SHOWN]
    ]
    return rows, len(found) > CENTERS_SHOWN
