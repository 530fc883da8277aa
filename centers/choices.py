"""Choices of the register. Prefectures carry their ISO 3166-2 codes."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


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


class Prefecture(models.TextChoices):
    HOKKAIDO = "JP-01", _("Hokkaido")
    AOMORI = "JP-02", _("Aomori")
    IWATE = "JP-03", _("Iwate")
    MIYAGI = "JP-04", _("Miyagi")
    AKITA = "JP-05", _("Akita")
    YAMAGATA = "JP-06", _("Yamagata")
    FUKUSHIMA = "JP-07", _("Fukushima")
    IBARAKI = "JP-08", _("Ibaraki")
    TOCHIGI = "JP-09", _("Tochigi")
    GUNMA = "JP-10", _("Gunma")
    SAITAMA = "JP-11", _("Saitama")
    CHIBA = "JP-12", _("Chiba")
    TOKYO = "JP-13", _("Tokyo")
    KANAGAWA = "JP-14", _("Kanagawa")
    NIIGATA = "JP-15", _("Niigata")
    TOYAMA = "JP-16", _("Toyama")
    ISHIKAWA = "JP-17", _("Ishikawa")
    FUKUI = "JP-18", _("Fukui")
    YAMANASHI = "JP-19", _("Yamanashi")
    NAGANO = "JP-20", _("Nagano")
    GIFU = "JP-21", _("Gifu")
    SHIZUOKA = "JP-22", _("Shizuoka")
    AICHI = "JP-23", _("Aichi")
    MIE = "JP-24", _("Mie")
    SHIGA = "JP-25", _("Shiga")
    KYOTO = "JP-26", _("Kyoto")
    OSAKA = "JP-27", _("Osaka")
    HYOGO = "JP-28", _("Hyogo")
    NARA = "JP-29", _("Nara")
    WAKAYAMA = "JP-30", _("Wakayama")
    TOTTORI = "JP-31", _("Tottori")
    SHIMANE = "JP-32", _("Shimane")
    OKAYAMA = "JP-33", _("Okayama")
    HIROSHIMA = "JP-34", _("Hiroshima")
    YAMAGUCHI = "JP-35", _("Yamaguchi")
    TOKUSHIMA = "JP-36", _("Tokushima")
    KAGAWA = "JP-37", _("Kagawa")
    EHIME = "JP-38", _("Ehime")
    KOCHI = "JP-39", _("Kochi")
    FUKUOKA = "JP-40", _("Fukuoka")
    SAGA = "JP-41", _("Saga")
    NAGASAKI = "JP-42", _("Nagasaki")
    KUMAMOTO = "JP-43", _("Kumamoto")
    OITA = "JP-44", _("Oita")
    MIYAZAKI = "JP-45", _("Miyazaki")
    KAGOSHIMA = "JP-46", _("Kagoshima")
    OKINAWA = "JP-47", _("Okinawa")
