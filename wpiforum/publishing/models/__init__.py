"""Publication: what is public when, drafts beside what is public, and the record of every act."""

from wpiforum.publishing.models.records import Assignment, Event, Redirect, Waiver, Withdrawal
from wpiforum.publishing.models.revisions import OPEN, Revision
from wpiforum.publishing.models.states import Confirmable, Publishable, PublishableQuerySet, published_q

__all__ = [
    "OPEN",
    "Assignment",
    "Confirmable",
    "Event",
    "Publishable",
    "PublishableQuerySet",
    "Redirect",
    "Revision",
    "Waiver",
    "Withdrawal",
    "published_q",
]
