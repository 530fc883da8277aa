"""The plan as a calendar file (RFC 5545): all-day entries in both languages, with stable identities."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.utils import translation
from django.utils.html import strip_tags
from icalendar import Alarm, Calendar
from icalendar import Event as Entry

from onboarding.choices import Actor, RuleKind
from onboarding.plan import Item, Plan, Situation
from onboarding.rules import when_text
from wpiforum import languages
from wpiforum.provenance.wording import day_text

ALARM_DAYS = (14, 3)
_DOMAIN = "wpi-forum"


def uid(item: Item, situation: Situation, part: str = "") -> str:
    """Return an identity that stays when dates change; `ref` keeps two newcomers in one calendar apart."""
    pieces = [str(item.step.pk), situation.ref or "plan", *([part] if part else [])]
    return f"{'.'.join(pieces)}@{_DOMAIN}"


def sequence(item: Item) -> int:
    """Return the revision: it rises with the text's and the rule's version (RFC 5545, 3.8.7.4)."""
    return item.step.version + item.rule.version


def build(plan: Plan, situation: Situation, *, stamp: datetime, link: Callable[[Item, str], str]) -> bytes:
    """Return the calendar. `link(item, code)` is the address of a step in a language; `stamp` the moment made."""
    calendar = Calendar()
    calendar.add("prodid", "-//WPI Forum//Plan//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", "WPI Forum: 予定 / plan")
    calendar.add("x-wr-calname", "WPI Forum: 予定 / plan")
    calendar.add("x-wr-timezone", "Asia/Tokyo")
    for item in plan.items:
        if item.due.opens and item.due.opens < item.due.act_by:
            calendar.add_component(_entry(item, situation, item.due.opens, "opens", stamp, link))
        calendar.add_component(_entry(item, situation, item.due.act_by, "", stamp, link))
    return calendar.to_ical()


def _entry(
    item: Item,
    situation: Situation,
    day: date,
    part: str,
    stamp: datetime,
    link: Callable[[Item, str], str],
) -> Entry:
    entry = Entry()
    entry.add("uid", uid(item, situation, part))
    entry.add("dtstamp", stamp)
    entry.add("dtstart", day)
    entry.add("dtend", day + timedelta(days=1))  # exclusive
    entry.add("sequence", sequence(item))
    entry.add("transp", "TRANSPARENT")
    prefix = {"ja": "受付開始: ", "en": "Possible from: "} if part else {"ja": "", "en": ""}
    titles = [f"{prefix[code]}{getattr(item.step, f'title_{code}')}" for code in languages.CODES]
    entry.add("summary", " / ".join(titles))
    entry.add("description", "\n\n".join(_description(item, code, link) for code in languages.CODES))
    entry.add("url", link(item, languages.CODES[0]))
    entry.add("categories", [actor.value for actor in Actor if actor in item.step.actors])
    if item.rule.kind == RuleKind.STATUTORY and not part:
        for days in ALARM_DAYS:
            entry.add_component(_alarm(days, " / ".join(titles)))
    return entry


def _description(item: Item, code: str, link: Callable[[Item, str], str]) -> str:
    with translation.override(code):
        lines = [
            getattr(item.step, f"title_{code}") or "",
            f"{when_text(item.rule)} ({RuleKind(item.rule.kind).label})",
            translation.gettext("Act by %(day)s. Last day: %(last)s.")
            % {"day": day_text(item.due.act_by), "last": day_text(item.due.legal_last)},
        ]
        if item.due.is_provisional:
            lines.append(translation.gettext("Provisional: the holidays of that year are not published yet."))
        lines.append(link(item, code))
    return "\n".join(strip_tags(line) for line in lines if line)


def _alarm(days: int, text: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", text)
    alarm.add("trigger", timedelta(days=-days))
    return alarm
