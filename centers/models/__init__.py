"""The register's models."""

from centers.models.center import (
    Center,
    DatedName,
    Field,
    HostInstitution,
    ProfileSection,
    Standing,
)
from centers.models.indicators import Indicator, Observation
from centers.models.people import Directorship, Person
from centers.models.practices import Practice
from centers.models.program import Cohort, Donation, ProgramItem, ProgramPage, Requirement
from centers.models.satellites import PartnerInstitution, Satellite

__all__ = [
    "Center",
    "Cohort",
    "DatedName",
    "Directorship",
    "Donation",
    "Field",
    "HostInstitution",
    "Indicator",
    "Observation",
    "PartnerInstitution",
    "Person",
    "Practice",
    "ProfileSection",
    "ProgramItem",
    "ProgramPage",
    "Requirement",
    "Satellite",
    "Standing",
]
