"""The models of the guides."""

from onboarding.models.contacts import ContactPoint, EmergencyCard, Office, Phrase, Slot, SlotValue
from onboarding.models.facts import Fact, FactPeriod
from onboarding.models.glossary import Term
from onboarding.models.guides import ChangeNote, Guide, Step
from onboarding.models.materials import Case, Material, Report
from onboarding.models.points import PointGroup, PointItem
from onboarding.models.status import StatusAnswer, StatusFlag, StatusQuestion, StatusResult
from onboarding.models.timing_rules import TimingRule
from onboarding.models.topics import Pillar, Topic

__all__ = [
    "Case",
    "ChangeNote",
    "ContactPoint",
    "EmergencyCard",
    "Fact",
    "FactPeriod",
    "Guide",
    "Material",
    "Office",
    "Phrase",
    "Pillar",
    "PointGroup",
    "PointItem",
    "Report",
    "Slot",
    "SlotValue",
    "StatusAnswer",
    "StatusFlag",
    "StatusQuestion",
    "StatusResult",
    "Step",
    "Term",
    "TimingRule",
    "Topic",
]
