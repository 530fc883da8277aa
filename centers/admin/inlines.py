"""Rows edited on the page of the center, host, person, cohort or program page they belong to."""

from typing import Any

from centers.models import (
    DatedName,
    Directorship,
    Donation,
    Observation,
    ProfileSection,
    ProgramItem,
    Requirement,
    Satellite,
    Standing,
)
from wpiforum.provenance.admin_base import DATES, SOURCE, UNCONFIRMED, DatedInline, PortalInline, pair


def _sheet(*lines: Any) -> tuple[Any, ...]:
    """Return the fieldsets of an inline: its own lines, then source and unconfirmed fields."""
    return ((None, {"fields": [*lines, SOURCE]}), UNCONFIRMED)


class CenterNameInline(DatedInline):
    model = DatedName
    fk_name = "center"
    autocomplete_fields = ("source",)
    fieldsets = _sheet(pair("name"), DATES, pair("note"))


class HostNameInline(DatedInline):
    model = DatedName
    fk_name = "host"
    autocomplete_fields = ("source",)
    fieldsets = _sheet(pair("name"), "ror_id", DATES, pair("note"))


class StandingInline(DatedInline):
    model = Standing
    autocomplete_fields = ("source",)
    fieldsets = _sheet("kind", DATES)


class CenterDirectorshipInline(DatedInline):
    model = Directorship
    autocomplete_fields = ("person", "source")
    fieldsets = _sheet("person", pair("title"), DATES)


class PersonDirectorshipInline(DatedInline):
    model = Directorship
    autocomplete_fields = ("center", "source")
    fieldsets = _sheet("center", pair("title"), DATES)


class SatelliteInline(DatedInline):
    model = Satellite
    classes = ("collapse",)
    autocomplete_fields = ("institution", "source")
    fieldsets = _sheet(("institution", "kind"), pair("note"), DATES)


class ProfileSectionInline(PortalInline):
    model = ProfileSection
    classes = ("collapse",)
    autocomplete_fields = ("source",)
    fieldsets = _sheet(("kind", "order"), pair("body"))


class ObservationInline(PortalInline):
    model = Observation
    classes = ("collapse",)
    autocomplete_fields = ("indicator", "source")
    fieldsets = _sheet(("indicator", "fiscal_year"), ("value", "qualifier"), pair("note"))


class DonationInline(DatedInline):
    model = Donation
    classes = ("collapse",)
    autocomplete_fields = ("source",)
    fieldsets = _sheet(pair("donor"), ("kind", "amount", "currency", "order"), pair("body"), DATES)


class RequirementInline(PortalInline):
    model = Requirement
    autocomplete_fields = ("source",)
    fieldsets = _sheet(pair("name"), ("key", "order"), ("minimum", "minimum_upper", "unit"))


class ProgramItemInline(PortalInline):
    model = ProgramItem
    autocomplete_fields = ("source",)
    fieldsets = _sheet(("part", "order"), pair("title"), pair("body"), ("value", "unit", "qualifier"))
