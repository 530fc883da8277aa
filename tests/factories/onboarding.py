"""Rows of the guides for tests: complete, public, confirmed and bilingual unless a test says otherwise.

Every function takes keywords only, fills what a test leaves out, and makes the owners it is not given.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from onboarding.choices import (
    Actor,
    Audience,
    ContactKind,
    Direction,
    Event,
    FactUnit,
    MaterialKind,
    PhraseGroup,
    RuleKind,
    Stage,
    TimeUnit,
)
from onboarding.models import (
    Case,
    ChangeNote,
    ContactPoint,
    EmergencyCard,
    Fact,
    FactPeriod,
    Guide,
    Material,
    Office,
    Phrase,
    Pillar,
    Report,
    Slot,
    SlotValue,
    Step,
    Term,
    TimingRule,
    Topic,
)
from tests.factories.centers import make_center, make_source
from wpiforum.provenance.dates import Ending, Precision

LONG_AGO = datetime(2019, 2, 5, tzinfo=UTC)
AS_OF = date(2026, 6, 1)
_numbers = count(1)


def _live(*, published: bool) -> dict[str, Any]:
    return {"live_from": LONG_AGO if published else None}


def _confirmation(*, confirmed: bool) -> dict[str, Any]:
    return {"confirmed_at": LONG_AGO if confirmed else None}


def _evidence(fields: dict[str, Any]) -> dict[str, Any]:
    """Give the row a source and evidence of June 2026, unless the test brings its own."""
    if "source" not in fields:
        fields["source"] = make_source()
    return {"as_of_on": AS_OF, "as_of_precision": Precision.MONTH, **fields}


def _dated(fields: dict[str, Any]) -> dict[str, Any]:
    """As `_evidence`; a row with an end date says so."""
    if fields.get("end_on"):
        fields.setdefault("ending", Ending.DATE)
    return {"start_on": None, **_evidence(fields)}


def make_user(**fields: Any) -> Any:
    """Make an editor; a username that no other test row has."""
    user = get_user_model().objects.create_user(**{"username": f"staff-{next(_numbers)}", "is_staff": True, **fields})
    user.groups.add(Group.objects.get_or_create(name="editor")[0])
    return user


def make_pillar(**fields: Any) -> Pillar:
    number = next(_numbers)
    return Pillar.objects.create(
        **{"slug": f"pillar-{number}", "name_ja": f"柱{number}", "name_en": f"Pillar {number}", **fields}
    )


def make_topic(*, published: bool = True, **fields: Any) -> Topic:
    number = next(_numbers)
    if "pillar" not in fields:
        fields["pillar"] = make_pillar()
    return Topic.objects.create(
        **{
            "slug": f"topic-{number}",
            "name_ja": f"分類{number}",
            "name_en": f"Topic {number}",
            "summary_ja": "手続きを順に案内します。",
            "summary_en": "It explains the procedures in order.",
            "order": number % 1000,
            **_live(published=published),
            **fields,
        }
    )


def make_office(**fields: Any) -> Office:
    number = next(_numbers)
    return Office.objects.create(
        **{"key": f"office-{number}", "name_ja": f"第{number}窓口", "name_en": f"Office {number}", **fields}
    )


def make_guide(*, published: bool = True, steps: int = 0, **fields: Any) -> Guide:
    """Make a guide, with that many plain steps."""
    number = next(_numbers)
    if "topic" not in fields:
        fields["topic"] = make_topic()
    related = fields.pop("related", ())
    guide = Guide.objects.create(
        **{
            "slug": f"guide-{number}",
            "code": f"T-{number}",
            "title_ja": f"案内{number}",
            "title_en": f"Guide {number}",
            "summary_ja": "することが分かります。",
            "summary_en": "It says what to do.",
            "audience": [Audience.RESEARCHER],
            "stages": [Stage.FIRST_14_DAYS],
            "order": number % 1000,
            **_live(published=published),
            **fields,
        }
    )
    guide.related.set(related)
    for order in range(1, steps + 1):
        make_step(guide=guide, order=order)
    return guide


def make_step(**fields: Any) -> Step:
    """Make a step with an office and a source; `sources=[...]` replaces the source."""
    number = next(_numbers)
    if "guide" not in fields:
        fields["guide"] = make_guide()
    if "office" not in fields:
        fields["office"] = make_office()
    sources = fields.pop("sources", None)
    step = Step.objects.create(
        **{
            "slug": f"step-{number}",
            "order": number % 1000,
            "title_ja": f"手順{number}",
            "title_en": f"Step {number}",
            "body_ja": f"<p>窓口で届けを出します（{number}）。</p>",
            "body_en": f"<p>Hand in the form at the desk ({number}).</p>",
            "where_ja": "役所の窓口",
            "where_en": "The desk of the city office",
            "bring_ja": "旅券\n届出書",
            "bring_en": "passport\nform",
            "missed_ja": "もう一度行くことになります。",
            "missed_en": "You have to come again.",
            "actors": [Actor.RESEARCHER],
            "as_of_on": AS_OF,
            "as_of_precision": Precision.MONTH,
            **fields,
        }
    )
    step.sources.set([make_source()] if sources is None else sources)
    return step


def make_rule(*, confirmed: bool = True, **fields: Any) -> TimingRule:
    """Make the rule "within 14 days after moving in" unless the test says otherwise."""
    if "step" not in fields:
        fields["step"] = make_step()
    return TimingRule.objects.create(
        **{
            "kind": RuleKind.STATUTORY,
            "event": Event.MOVED_IN,
            "direction": Direction.AFTER,
            "offset": 14,
            "unit": TimeUnit.DAY,
            **_confirmation(confirmed=confirmed),
            **fields,
        }
    )


def make_fact(*, value: str = "", periods: Iterable[tuple[Any, Any, str]] = (), **fields: Any) -> Fact:
    """Make a fact; `value` holds without limit, `periods` are (start, end, value), all confirmed."""
    number = next(_numbers)
    fact = Fact.objects.create(
        **{
            "key": f"fact-{number}",
            "label_ja": f"手数料{number}",
            "label_en": f"Fee {number}",
            "unit": FactUnit.YEN,
            **fields,
        }
    )
    for start, end, held in [*periods, *([(None, None, value)] if value else [])]:
        make_period(fact=fact, value=held, start_on=start, end_on=end)
    return fact


def make_period(*, confirmed: bool = True, **fields: Any) -> FactPeriod:
    """Make one value of a fact, by default 6000 without limit."""
    if "fact" not in fields:
        fields["fact"] = make_fact()
    if not {"text_ja", "text_en"} & set(fields):
        fields.setdefault("value", "6000")
    return FactPeriod.objects.create(**{**_confirmation(confirmed=confirmed), **_dated(fields)})


def make_term(*, published: bool = True, **fields: Any) -> Term:
    number = next(_numbers)
    return Term.objects.create(
        **{
            "slug": f"term-{number}",
            "japanese": f"用語{number}号",
            "kana": f"ようご{number}ごう",
            "english": f"word number {number}",
            "meaning_ja": "役所で使う言葉です。",
            "meaning_en": "A word that offices use.",
            "plain_japanese": "やくしょの ことばです。",
            **_live(published=published),
            **_evidence(fields),
        }
    )


def make_contact(*, confirmed: bool = True, **fields: Any) -> ContactPoint:
    number = next(_numbers)
    return ContactPoint.objects.create(
        **{
            "key": f"contact-{number}",
            "kind": ContactKind.CONSULTATION,
            "name_ja": f"相談窓口{number}",
            "name_en": f"Help desk {number}",
            "number": f"0120-000-{number % 1000:03}",
            "note_ja": "困ったときの相談",
            "note_en": "For any trouble",
            "hours_ja": "平日9時から17時",
            "hours_en": "Weekdays 9:00 to 17:00",
            "languages_ja": "日本語、英語",
            "languages_en": "Japanese, English",
            "order": number % 1000,
            **_confirmation(confirmed=confirmed),
            **_dated(fields),
        }
    )


def make_phrase(**fields: Any) -> Phrase:
    number = next(_numbers)
    return Phrase.objects.create(
        **{
            "group": PhraseGroup.CALL,
            "japanese": f"{number}番です。",
            "reading": f"{number}ばんです。",
            "english": f"Number {number}.",
            "order": number % 1000,
            **fields,
        }
    )


def make_card(*, published: bool = True, **fields: Any) -> EmergencyCard:
    number = next(_numbers)
    return EmergencyCard.objects.create(
        **{
            "key": f"card-{number}",
            "title_ja": f"地震{number}",
            "title_en": f"Earthquake {number}",
            "items_ja": "机の下に入ってください。\n外に飛び出さないでください。",
            "items_en": "Get under a desk.\nDo not run outside.",
            "order": number % 1000,
            **_live(published=published),
            **_evidence(fields),
        }
    )


def make_slot(**fields: Any) -> Slot:
    number = next(_numbers)
    return Slot.objects.create(
        **{"key": f"slot-{number}", "label_ja": f"守衛室{number}", "label_en": f"Guard room {number}", **fields}
    )


def make_slot_value(*, confirmed: bool = True, **fields: Any) -> SlotValue:
    """Fill a slot for a center, in both languages alike unless the test says otherwise."""
    if "slot" not in fields:
        fields["slot"] = make_slot()
    if "center" not in fields:
        fields["center"] = make_center()
    if "source" not in fields:
        fields["source"] = make_source()
    return SlotValue.objects.create(
        **{
            "value_ja": "03-0000-0110",
            "value_en": "03-0000-0110",
            "as_of_on": AS_OF,
            **_confirmation(confirmed=confirmed),
            **fields,
        }
    )


def make_change(**fields: Any) -> ChangeNote:
    if "guide" not in fields:
        fields["guide"] = make_guide()
    if "source" not in fields:
        fields["source"] = make_source()
    return ChangeNote.objects.create(
        **{
            "happened_on": date(2025, 4, 1),
            "before_ja": "4,000円でした。",
            "before_en": "It was 4,000 yen.",
            "after_ja": "6,000円になりました。",
            "after_en": "It is 6,000 yen.",
            **fields,
        }
    )


def _passage(fields: dict[str, Any], guides: Iterable[Guide], model: Any) -> Any:
    row = model.objects.create(**fields)
    row.guides.set(guides)
    return row


def make_case(*, published: bool = True, guides: Iterable[Guide] = (), **fields: Any) -> Case:
    number = next(_numbers)
    filled = {
        "slug": f"case-{number}",
        "host_ja": "第一大学",
        "host_en": "University One",
        "title_ja": f"事例{number}",
        "title_en": f"Case {number}",
        "body_ja": "<p>一緒に役所へ行きました。</p>",
        "body_en": "<p>They went to the office together.</p>",
        **_live(published=published),
        **_evidence(fields),
    }
    return _passage(filled, guides, Case)


def make_material(*, published: bool = True, guides: Iterable[Guide] = (), **fields: Any) -> Material:
    number = next(_numbers)
    filled = {
        "slug": f"material-{number}",
        "kind": MaterialKind.MAIL,
        "title_ja": f"文例{number}",
        "title_en": f"Template {number}",
        "body_ja": "<p>お世話になっております。</p>",
        "body_en": "<p>Dear colleague,</p>",
        "order": number % 1000,
        **_live(published=published),
        **fields,
    }
    return _passage(filled, guides, Material)


def make_report(**fields: Any) -> Report:
    if "step" not in fields:
        fields["step"] = make_step()
    return Report.objects.create(**{"language": "en", "text": "The fee is not right any more.", **fields})
