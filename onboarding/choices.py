"""Choices of the guides: who reads, when, who acts, and how a deadline is counted."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Audience(models.TextChoices):
    RESEARCHER = "researcher", _("Researchers")
    FAMILY = "family", _("Families")
    HOST = "host", _("Host staff")


class Stage(models.TextChoices):
    BEFORE_APPLYING = "before_applying", _("Before applying")
    BEFORE_ARRIVAL = "before_arrival", _("Before arrival")
    FIRST_14_DAYS = "first_14_days", _("First 14 days")
    FIRST_3_MONTHS = "first_3_months", _("First 3 months")
    LIVING = "living", _("Living in Japan")
    LEAVING = "leaving", _("Leaving")


class Actor(models.TextChoices):
    RESEARCHER = "researcher", _("Researcher")
    FAMILY = "family", _("Family")
    HOST = "host", _("Host office")
    LAB = "lab", _("Laboratory")


class Role(models.TextChoices):
    EMPLOYEE = "employee", _("Employee")
    FELLOW = "fellow", _("Fellow")
    VISITOR = "visitor", _("Unpaid visitor")


class Event(models.TextChoices):
    """The life events a deadline counts from; the values are the plan's parameters."""

    ISSUED = "issued", _("the issue of the certificate of eligibility")
    ARRIVED = "arrived", _("arrival in Japan")
    MOVED_IN = "moved_in", _("moving in")
    STARTED = "started", _("the first day of work")
    CONTRACT_END = "contract_end", _("the last day of the contract")
    STAY_END = "stay_end", _("the last day of the period of stay")
    PAID = "paid", _("the first payment")
    BORN = "born", _("the birth of a child")
    MOVED = "moved", _("moving house")
    MOVED_OUT = "moved_out", _("moving out of Japan")
    CHANGED_HOST = "changed_host", _("the change of institution")
    LOST_CARD = "lost_card", _("the loss of the residence card")
    ABSENT_FROM = "absent_from", _("the temporary departure")
    DEPARTS = "departs", _("the final departure")
    YEARLY = "yearly", _("the same dates every year")


class Direction(models.TextChoices):
    AFTER = "after", pgettext_lazy("time", "after")
    BEFORE = "before", pgettext_lazy("time", "before")
    ON = "on", pgettext_lazy("time", "on the day")


class TimeUnit(models.TextChoices):
    DAY = "day", _("days")
    MONTH = "month", _("months")
    YEAR = "year", _("years")


class Rolling(models.TextChoices):
    """The law that moves a last day off closed days."""

    NONE = "none", _("never moves")
    NATIONAL = "national", _("Act on Holidays of Administrative Organs, article 2")
    LOCAL = "local", _("Local Autonomy Act, article 4-2")
    TAX = "tax", _("General Act of National Taxes, article 10")


class RuleKind(models.TextChoices):
    STATUTORY = "statutory", _("statutory deadline")
    EFFORT = "effort", _("duty of effort")
    ADVICE = "advice", _("advice")


class Certainty(models.TextChoices):
    OFFICIAL = "A", _("official source")
    CONSISTENT = "B", _("several consistent sources")
    UNCONFIRMED = "C", _("unconfirmed")


class FactUnit(models.TextChoices):
    YEN = "yen", _("yen")
    YEN_A_MONTH = "jpy-month", _("yen a month")
    PERCENT = "percent", "%"
    HOUR = "hour", _("hours")
    DAY = "day", _("days")
    WEEK = "week", _("weeks")
    MONTH = "month", _("months")
    YEAR = "year", _("years")
    PERSON = "person", pgettext_lazy("unit", "people")
    QUESTION = "question", _("questions")
    POINT = "point", _("points")
    PHONE = "phone", _("phone number")
    TEXT = "text", _("text")


class ContactKind(models.TextChoices):
    EMERGENCY = "emergency", _("Emergency")
    SAFETY = "safety", _("Safety and disasters")
    MEDICAL = "medical", _("Medical help")
    CONSULTATION = "consultation", _("Someone to talk to")
    LEGAL = "legal", _("Legal help")
    IMMIGRATION = "immigration", _("Immigration")
    LIFE = "life", _("Daily life")


class PhraseGroup(models.TextChoices):
    CALL = "call", _("On the phone")
    FIRE_MEDICAL = "fire_medical", _("Fire or medical emergency")
    SYMPTOM = "symptom", _("What is wrong")
    POLICE = "police", _("To the police")
    SELF = "self", _("About yourself")
    OPERATOR = "operator", _("What the operator asks")


class MaterialKind(models.TextChoices):
    CALL = "call", _("example of an open call")
    MAIL = "mail", _("mail template")


class ReportState(models.TextChoices):
    NEW = "new", pgettext_lazy("report", "new")
    SEEN = "seen", pgettext_lazy("report", "being looked at")
    CLOSED = "closed", pgettext_lazy("report", "closed")


class ResultKind(models.TextChoices):
    """What a way through the status guide ends in."""

    STATUS = "status", _("a status that may fit")
    NONE = "none", _("no new status")
    ASK = "ask", _("ask: the questions cannot decide")


class PointCounting(models.TextChoices):
    """How the rows of one group of the points table add up."""

    HIGHEST = "highest", _("only the highest row counts")
    SUM = "sum", _("every row counts")
    SEVERAL = "several", _("one row, or the points for two or more")


class PointMeasure(models.TextChoices):
    """Numbers the points calculator asks for; the values are its parameters."""

    AGE = "age", _("age on the day of application")
    PAY = "pay", _("yearly pay in yen")
    YEARS = "years", _("full years of research")
