"""Choices of the register."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wpiforum.prefectures import Prefecture as Prefecture  # a choice of this app too


class Status(models.TextChoices):
    """What a center is on a date; computed, and not exclusive."""

    FUNDED = "funded", _("Funded")
    EXTENDED = "extended", _("Funded by extension")
    ACADEMY = "academy", _("Academy member")


class StandingKind(models.TextChoices):
    GRANT = "grant", _("grant")
    EXTENSION = "extension", _("extension of the grant")
    ACADEMY = "academy", _("WPI Academy membership")


class SectionKind(models.TextChoices):
    GOAL = "goal", _("Goal")
    FEATURES = "features", _("Features")
    RESEARCH = "research", _("Research")
    COOPERATION = "cooperation", _("Cooperation")


class SatelliteKind(models.TextChoices):
    SATELLITE = "satellite", _("satellite")
    PARTNER = "partner", _("partner")


class Theme(models.TextChoices):
    GLOBALIZATION = "globalization", _("Globalization")
    REFORM = "reform", _("Reform")
    FUSION = "fusion", _("Fusion of fields")
    TRAINING = "training", _("Training of researchers")


class Unit(models.TextChoices):
    PERSONS = "persons", pgettext_lazy("unit", "people")
    PERCENT = "percent", "%"


class Qualifier(models.TextChoices):
    EXACT = "exact", _("exact")
    ABOUT = "about", pgettext_lazy("approximate figure", "about")
    MORE_THAN = "more_than", _("more than")


class AmountQualifier(models.TextChoices):
    ABOUT = "about", pgettext_lazy("approximate figure", "about")
    UP_TO = "up_to", _("up to")


class ProgramPart(models.TextChoices):
    PURPOSE = "purpose", _("Purpose")
    CONTEXT = "context", _("Background")
    MISSION = "mission", _("Missions")
    SUPPORT = "support", _("Support scheme")
    COST = "cost", _("What the support may be used for")
    EVALUATION = "evaluation", _("Evaluation")
    ACADEMY = "academy", _("WPI Academy")
    OUTCOME = "outcome", _("Outcomes")
    PRIORITY = "priority", _("Priorities for 2019")


class DonationKind(models.TextChoices):
    PARTNERSHIP = "partnership", _("comprehensive partnership")
    ENDOWMENT = "endowment", _("endowment")
    GRANT = "grant", pgettext_lazy("private support", "grant")
