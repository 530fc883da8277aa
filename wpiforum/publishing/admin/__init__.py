"""Staff pages of publication: drafts of root rows and their children, the desk, confirmations, and the record."""

from wpiforum.publishing.admin.confirmable import (
    ConfirmableAdmin,
    ConfirmationFilter,
    confirm_row,
    confirmation_text,
    open_correction,
)
from wpiforum.publishing.admin.drafts import LIVE, LiveFilter, OwnedAdmin, PublishableAdmin
from wpiforum.publishing.admin.links import change_url, link_to
from wpiforum.publishing.admin.records import EventAdmin

__all__ = [
    "LIVE",
    "ConfirmableAdmin",
    "ConfirmationFilter",
    "EventAdmin",
    "LiveFilter",
    "OwnedAdmin",
    "PublishableAdmin",
    "change_url",
    "confirm_row",
    "confirmation_text",
    "link_to",
    "open_correction",
]
