"""A timing rule in words, in the active language."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from onboarding.choices import Direction, Event, Rolling, RuleKind, TimeUnit
from onboarding.models import TimingRule
from wpiforum import languages
from wpiforum.provenance.wording import MONTHS


def length_text(number: int, unit: str) -> str:
    """Return a span of time: 14 days, 3か月."""
    if unit == TimeUnit.MONTH:
        return ngettext("%(n)d month", "%(n)d months", number) % {"n": number}
    if unit == TimeUnit.YEAR:
        return ngettext("%(n)d year", "%(n)d years", number) % {"n": number}
    return ngettext("%(n)d day", "%(n)d days", number) % {"n": number}


def event_text(event: str) -> str:
    return str(Event(event).label)


def _month_day(text: str) -> str:
    month, day = (int(part) for part in text.split("-"))
    if languages.current() == "ja":
        return f"{month}月{day}日"
    return f"{day} {MONTHS[month - 1]}"


def when_text(rule: TimingRule) -> str:
    """Return when the step is due: "within 14 days after moving in", "by 15 March every year"."""
    if rule.event == Event.YEARLY:
        until = _month_day(rule.yearly_to)
        if rule.yearly_from:
            return _("every year from %(start)s to %(end)s") % {"start": _month_day(rule.yearly_from), "end": until}
        return _("by %(end)s every year") % {"end": until}
    event = event_text(rule.event)
    if rule.day_of_next_month:
        return _("by day %(day)d of the month after %(event)s") % {"day": rule.day_of_next_month, "event": event}
    length = length_text(rule.offset, rule.unit)
    if rule.direction == Direction.ON or not rule.offset:
        if rule.direction == Direction.BEFORE:
            text = _("by %(event)s") % {"event": event}
        else:
            text = _("on %(event)s") % {"event": event}
    elif rule.direction == Direction.AFTER:
        text = _("within %(length)s after %(event)s") % {"length": length, "event": event}
    else:
        text = _("%(length)s before %(event)s at the latest") % {"length": length, "event": event}
    if rule.window_direction and rule.window_offset:
        opens = length_text(rule.window_offset, rule.window_unit)
        if rule.window_direction == Direction.BEFORE:
            text = _("%(text)s (possible from %(length)s before)") % {"text": text, "length": opens}
        else:
            text = _("%(text)s (possible from %(length)s after)") % {"text": text, "length": opens}
    if rule.not_after_event:
        text = _("%(text)s, and not after %(event)s") % {"text": text, "event": event_text(rule.not_after_event)}
    return text


def counting_text(rule: TimingRule) -> str:
    """Return how days are counted and what moves the last day, with the laws; empty for mere advice."""
    if rule.kind == RuleKind.ADVICE:
        return ""
    parts = []
    law = getattr(rule, f"counting_law_{languages.current()}") or ""
    if rule.offset and rule.direction == Direction.AFTER and not rule.day_of_next_month:
        if rule.counts_first_day:
            text = _("The first day counts (%(law)s).") if law else _("The first day counts.")
        else:
            text = _("The first day is not counted (%(law)s).") if law else _("The first day is not counted.")
        parts.append(text % {"law": law} if law else text)
    if rule.rolls == Rolling.NONE:
        if rule.offset:
            parts.append(_("A closed office does not move the last day."))
    else:
        parts.append(
            _("If the office is closed on the last day, the next open day counts (%(law)s).")
            % {"law": Rolling(rule.rolls).label}
        )
    return ("" if languages.current() == "ja" else " ").join(parts)
