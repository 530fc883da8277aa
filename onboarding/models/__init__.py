"""The models of the guides."""

from onboarding.models.contacts import ContactPoint, EmergencyCard, Office, Phrase, Slot, SlotValue
from onboarding.models.facts import Fact, FactPeriod
from onboarding.models.glossary import Term
from onboarding.models.guides import ChangeNote, Guide, Step, TimingRule
from onboarding.models.materials import Case, Material, Report
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
    "Report",
    "Slot",
    "SlotValue",
    "Step",
    "Term",
    "TimingRule",
    "Topic",
]
