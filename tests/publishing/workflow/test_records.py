"""Translations, the log and snapshots."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from onboarding.models import Guide
from tests.factories import centers, onboarding
from tests.publishing.workflow.helpers import approved
from wpiforum.localization import status
from wpiforum.localization.models import TranslationState
from wpiforum.publishing import workflow
from wpiforum.publishing.choices import Verb, Weight
from wpiforum.publishing.models import Event, Revision
from wpiforum.publishing.models.records import AppendOnly
from wpiforum.publishing.snapshot import changes, patch, take

pytestmark = pytest.mark.django_db


# Translations


@pytest.mark.parametrize(
    ("weight", "expected"),
    [(Weight.WORDING, "up_to_date"), (Weight.CONTENT, "outdated"), (Weight.WRONG, "outdated")],
)
def test_weight_of_a_change_decides_what_becomes_of_the_translation(people: Any, weight: str, expected: str) -> None:
    practice = centers.make_practice(body_ja="<p>前</p>", body_en="<p>Before</p>")
    status.stamp([practice])
    approved(practice, people, weight, body_ja="<p>後</p>")
    workflow.publish(practice, by=people["publisher"])
    practice.refresh_from_db()
    known = TranslationState.objects.get()
    assert (status.state(practice, "en", known), known.is_wrong) == (expected, weight == Weight.WRONG)


def test_published_translation_is_confirmed_by_its_publisher(people: Any) -> None:
    practice = centers.make_practice(body_ja="<p>前</p>", body_en="<p>Before</p>")
    approved(practice, people, body_en="<p>Earlier</p>")
    workflow.publish(practice, by=people["publisher"])
    practice.refresh_from_db()
    known = TranslationState.objects.get()
    assert (status.state(practice, "en", known), known.confirmed_by) == ("up_to_date", people["publisher"])


# The log


def test_every_act_is_in_the_log(people: Any) -> None:
    practice = centers.make_practice()
    approved(practice, people, title_ja="後", title_en="After")
    workflow.publish(practice, by=people["publisher"])
    found = Event.objects.about(practice).order_by("id").values_list("verb", "actor")
    assert list(found) == [
        (Verb.SAVE_DRAFT, people["editor"].pk),
        (Verb.SUBMIT, people["editor"].pk),
        (Verb.APPROVE, people["reviewer"].pk),
        (Verb.PUBLISH, people["publisher"].pk),
    ]


def test_log_is_only_ever_added_to() -> None:
    from tests.factories.publishing import make_event

    event = make_event()
    for act in (event.save, event.delete, Event.objects.all().delete, lambda: Event.objects.update(note="x")):
        with pytest.raises(AppendOnly):
            act()
    assert Event.objects.get().note == ""


# Snapshots


def test_patch_makes_one_snapshot_the_other() -> None:
    guide = onboarding.make_guide(steps=2)
    before = take(guide)
    guide.steps.order_by("order")[0].delete()
    onboarding.make_step(guide=guide)
    Guide.objects.update(title_en="Other")
    after = take(guide)
    assert patch(before, changes(before, after)) == after


def test_visibility_and_counted_columns_are_no_content() -> None:
    fields = take(onboarding.make_guide(steps=1))
    [record] = fields["children"]["steps"].values()
    assert {"live_from", "live_until", "title"}.isdisjoint(fields["root"])
    assert {"version", "next_check_on", "guide_id", "title"}.isdisjoint(record["fields"])


def test_command_publishes_what_is_due_and_fails_for_what_cannot_be(people: Any, capsys: Any) -> None:
    practices = [centers.make_practice(title_ja="前", title_en=f"Before {name}") for name in "ab"]
    for practice in practices:
        approved(practice, people, title_ja="後", title_en="After")
        workflow.publish(practice, by=people["publisher"], at=timezone.now() + timedelta(hours=1))
    type(practices[1]).objects.filter(pk=practices[1].pk).update(title_en="Else")
    Revision.objects.update(publish_at=timezone.now() - timedelta(hours=1))
    with pytest.raises(CommandError, match="1 scheduled drafts"):
        call_command("publish_due")
    assert "Before a: published" in capsys.readouterr().out
