"""The plan as a calendar file (RFC 5545): all-day entries in both languages, with stable identities."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.utils import translation
from icalendar import Alarm, Calendar, Timezone, TimezoneStandard
from icalendar import Event as Entry

from onboarding.choices import Actor, RuleKind
from onboarding.plan import Item, Plan, Situation
from onboarding.rules import when_text
from wpiforum import languages
from wpiforum.provenance.wording import day_text

ALARM_DAYS = (14, 3)
# How often a subscribed calendar asks again.
REFRESH = timedelta(days=1)
_DOMAIN = "wpi-forum"
_ONE_DAY = timedelta(days=1)


class Writer(NamedTuple):
    """What the entries need of the site: the address of a step, and a field of a step as plain text, in a language."""

    link: Callable[[Item, str], str]
    plain: Callable[[Item, str, str], str]


def uid(item: Item, situation: Situation, part: str = "") -> str:
    """Return an identity that stays when dates change; `ref` keeps two newcomers in one calendar apart."""
    pieces = [str(item.step.pk), situation.ref or "plan", *([part] if part else [])]
    return f"{'.'.join(pieces)}@{_DOMAIN}"


def sequence(item: Item) -> int:
    """Return the revision: it rises with the text's and the rule's version (RFC 5545, 3.8.7.4)."""
    return item.step.version + item.rule.version


def build(plan: Plan, situation: Situation, *, stamp: datetime, writer: Writer) -> bytes:
    """Return the calendar; `stamp` is the moment it was made."""
    calendar = Calendar()
    calendar.add("prodid", "-//WPI Forum//Plan//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    name = " / ".join(("WPI Forum: 予定", *([situation.ref] if situation.ref else []), "plan"))
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", "Asia/Tokyo")
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})  # RFC 7986, 5.7
    calendar.add("x-published-ttl", f"P{REFRESH.days}D")  # the older name, which Outlook reads
    # All-day entries need no time zone; it keeps the file valid when no step applies (one component at least).
    calendar.add_component(_japan())
    for item in plan.items:
        if item.due.opens and item.due.opens < item.due.act_by:
            calendar.add_component(_entry(item, situation, item.due.opens, "opens", stamp, writer))
        calendar.add_component(_entry(item, situation, item.due.act_by, "", stamp, writer))
    return calendar.to_ical()


def _japan() -> Timezone:
    zone, standard = Timezone(), TimezoneStandard()
    zone.add("tzid", "Asia/Tokyo")
    standard.add("dtstart", datetime(1970, 1, 1))  # noqa: DTZ001  local time, as the standard wants it here
    standard.add("tzoffsetfrom", timedelta(hours=9))
    standard.add("tzoffsetto", timedelta(hours=9))
    standard.add("tzname", "JST")
    zone.add_component(standard)
    return zone


def _entry(item: Item, situation: Situation, day: date, part: str, stamp: datetime, writer: Writer) -> Entry:
    entry = Entry()
    entry.add("uid", uid(item, situation, part))
    entry.add("dtstamp", stamp)
    entry.add("dtstart", day)
    entry.add("dtend", day + _ONE_DAY)  # exclusive
    entry.add("sequence", sequence(item))
    entry.add("transp", "TRANSPARENT")
    summary = " / ".join(_titles(item, part, writer))
    entry.add("summary", summary)
    entry.add("description", "\n\n".join(_description(item, code, writer) for code in languages.CODES))
    entry.add("url", writer.link(item, languages.CODES[0]))
    entry.add("categories", [actor.value for actor in Actor if actor in item.step.actors])
    if item.rule.kind == RuleKind.STATUTORY and not part:
        for days in ALARM_DAYS:
            entry.add_component(_alarm(days, summary))
    return entry


def _titles(item: Item, part: str, writer: Writer) -> list[str]:
    """Return the title in each language that has one, once each."""
    found: list[str] = []
    for code in languages.CODES:
        title = writer.plain(item, "title", code)
        if title in found:
            continue
        with translation.override(code):
            found.append(title)
            if part:
                found[-1] = translation.gettext("Possible from today: %(title)s") % {"title": title}
    return found


def _description(item: Item, code: str, writer: Writer) -> str:
    with translation.override(code):
        due, gettext = item.due, translation.gettext
        lines = [
            writer.plain(item, "title", code),
            f"{when_text(item.rule)} ({RuleKind(item.rule.kind).label})",
            _act_text(item),
        ]
        if due.is_provisional:
            lines.append(gettext("Provisional: the holidays of that year are not published yet."))
        comma = "、" if code == "ja" else ", "
        actors = comma.join(str(Actor(actor).label) for actor in item.step.actors)
        for label, value in (
            (gettext("For:"), writer.plain(item, "condition", code)),
            (gettext("Who acts:"), actors),
            (gettext("Bring:"), comma.join(writer.plain(item, "bring", code).splitlines())),
            (gettext("Office in charge:"), writer.plain(item, "office", code)),
        ):
            if value:
                lines.append(f"{label} {value}")
        lines.append(writer.link(item, code))
    return "\n".join(line for line in lines if line)


def _act_text(item: Item) -> str:
    """Return the dates in a sentence; advice has no legal last day."""
    day, last = day_text(item.due.act_by), day_text(item.due.legal_last)
    if item.rule.kind == RuleKind.ADVICE:
        return translation.gettext("Act by %(day)s.") % {"day": day}
    return translation.gettext("Act by %(day)s. Last day: %(last)s.") % {"day": day, "last": last}


def _alarm(days: int, text: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", text)
    alarm.add("trigger", timedelta(days=-days))
    return alarm
