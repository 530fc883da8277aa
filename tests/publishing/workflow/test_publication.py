"""Publication, withdrawal and earlier versions."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from onboarding.models import Guide, Step
from tests.factories import centers, onboarding
from tests.publishing.workflow.helpers import approved
from wpiforum.http import JAPAN
from wpiforum.localization import status
from wpiforum.publishing import workflow
from wpiforum.publishing.choices import Status, Weight
from wpiforum.publishing.models import Redirect, Withdrawal
from wpiforum.publishing.snapshot import changes, take
from wpiforum.publishing.workflow import WorkflowError
from wpiforum.search.documents import reindex

pytestmark = pytest.mark.django_db


def test_publication_changes_the_row_and_keeps_a_version(people: Any) -> None:
    practice = centers.make_practice(title_ja="前", title_en="Before")
    approved(practice, people, title_ja="後", title_en="After")
    version = workflow.publish(practice, by=people["publisher"])
    practice.refresh_from_db()
    assert (practice.title_ja, practice.title_en) == ("後", "After")
    assert (version.status, version.number, version.published_by) == (Status.PUBLISHED, 1, people["publisher"])
    assert version.data == take(practice)


def test_guide_is_published_with_its_steps(people: Any) -> None:
    guide = onboarding.make_guide(steps=2, title_ja="題", title_en="Title")
    kept, gone = guide.steps.order_by("order")
    data = take(guide)
    new = "11111111-1111-4111-8111-111111111111"
    record = data["children"]["steps"].pop(str(gone.pk))
    data["children"]["steps"][new] = {**record, "fields": {**record["fields"], "slug": "new-step"}}
    data["children"]["steps"][str(kept.pk)]["fields"]["title_en"] = "Kept"
    data["children"]["steps"][str(kept.pk)]["fields"]["title_ja"] = "残る"
    workflow.save_draft(guide, data=data, by=people["editor"])
    assert set(guide.steps.values_list("pk", flat=True)) == {kept.pk, gone.pk}
    workflow.submit(guide, by=people["editor"])
    workflow.approve(guide, by=people["reviewer"])
    workflow.publish(guide, by=people["publisher"])
    assert {str(pk) for pk in guide.steps.values_list("pk", flat=True)} == {str(kept.pk), new}
    assert guide.steps.get(pk=kept.pk).title_en == "Kept"
    assert guide.steps.get(pk=new).sources.count() == 1


def test_row_that_was_never_public_becomes_public(people: Any) -> None:
    practice = centers.make_practice(published=False, title_ja="題", title_en="Title", body_ja="文", body_en="Text")
    workflow.submit(practice, by=people["editor"])
    workflow.approve(practice, by=people["reviewer"])
    workflow.publish(practice, by=people["publisher"])
    practice.refresh_from_db()
    assert practice.is_published()


def test_check_meanwhile_is_not_undone(people: Any) -> None:
    guide = onboarding.make_guide(steps=1, title_ja="題", title_en="Title")
    step = guide.steps.get()
    approved(guide, people, title_ja="新しい題", title_en="New title")
    step.mark_checked(datetime(2026, 11, 20, tzinfo=UTC).date())
    workflow.publish(guide, by=people["publisher"])
    assert Step.objects.get().as_of_on.isoformat() == "2026-11-20"


def test_public_text_that_changed_meanwhile_is_not_overwritten(people: Any) -> None:
    practice = centers.make_practice(title_ja="前", title_en="Before")
    approved(practice, people, title_ja="後", title_en="After")
    type(practice).objects.filter(pk=practice.pk).update(title_en="Somebody else's")
    with pytest.raises(WorkflowError, match="changed meanwhile in 1 places"):
        workflow.publish(practice, by=people["publisher"])


def test_gate_stops_what_the_languages_state_differently(people: Any) -> None:
    practice = centers.make_practice(body_ja="<p>14日以内に届け出ます。</p>", body_en="<p>Report within 14 days.</p>")
    approved(practice, people, body_ja="<p>10日以内に届け出ます。</p>")
    with pytest.raises(WorkflowError, match="different figures"):
        workflow.publish(practice, by=people["publisher"])
    practice.refresh_from_db()
    assert practice.body_ja == "<p>14日以内に届け出ます。</p>"


def test_waived_finding_passes_until_the_text_changes(people: Any) -> None:
    from wpiforum.publishing.review import findings

    practice = centers.make_practice(body_ja="<p>文</p>", body_en="<p>Text</p>")
    revision = approved(practice, people, body_ja="<p>10日</p>")
    [found] = [one for one in findings(practice, revision) if one.is_blocking]
    workflow.waive(
        practice, by=people["reviewer"], owner=practice, fingerprint=found.fingerprint,
        sentence=found.problem.sentence, reason="The English names no days.",
    )  # fmt: skip
    workflow.publish(practice, by=people["publisher"])
    approved(practice, people, body_ja="<p>11日</p>")
    with pytest.raises(WorkflowError, match="different figures"):
        workflow.publish(practice, by=people["publisher"])


def test_one_language_alone_leaves_the_other_a_draft(people: Any) -> None:
    practice = centers.make_practice(title_ja="前", title_en="Before")
    approved(practice, people, title_ja="後", title_en="After")
    version = workflow.publish(practice, by=people["publisher"], languages=["en"])
    practice.refresh_from_db()
    rest = workflow.open_revision(practice)
    assert (practice.title_ja, practice.title_en, version.languages) == ("前", "After", ["en"])
    assert rest is not None
    assert [(change.field, change.after) for change in changes(rest.base, rest.data)] == [("title_ja", "後")]


def test_urgent_change_goes_out_alone_and_warns_the_other_language(people: Any) -> None:
    practice = centers.make_practice(body_ja="<p>14日以内</p>", body_en="<p>Within 14 days</p>")
    status.stamp([practice])
    approved(practice, people, Weight.WRONG, body_ja="<p>10日以内</p>")
    workflow.publish(practice, by=people["publisher"], languages=["ja"])
    assert status.wrong_languages([practice]) == {practice.pk: {"en"}}


def test_scheduled_draft_goes_public_at_its_moment_and_once(people: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    practice = centers.make_practice(title_ja="前", title_en="Before")
    approved(practice, people, title_ja="後", title_en="After")
    moment = timezone.now().astimezone(JAPAN) + timedelta(days=1)
    assert workflow.publish(practice, by=people["publisher"], at=moment).status == Status.SCHEDULED
    assert workflow.publish_due() == []
    monkeypatch.setattr(timezone, "now", lambda: moment + timedelta(minutes=1))
    [(version, problem)] = workflow.publish_due()
    practice.refresh_from_db()
    version.refresh_from_db()
    assert (practice.title_en, problem, version.published_by) == ("After", "", people["publisher"])
    assert workflow.publish_due() == []


def test_draft_taken_off_the_schedule_as_the_command_runs_stays_a_draft(
    people: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    practice = centers.make_practice(title_ja="題", title_en="Before")
    at = timezone.now() + timedelta(hours=1)
    approved(practice, people, title_en="After")
    workflow.publish(practice, by=people["publisher"], at=at)
    lock = workflow._lock

    def lock_late(row: Any) -> Any:
        monkeypatch.setattr(workflow, "_lock", lock)
        workflow.unschedule(row, by=people["publisher"])
        return lock(row)

    monkeypatch.setattr(workflow, "_lock", lock_late)
    assert workflow.publish_due(at=at + timedelta(minutes=1)) == []
    practice.refresh_from_db()
    assert practice.title_en == "Before"


def test_scheduled_draft_that_cannot_go_out_says_why(people: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    practice = centers.make_practice(title_ja="前", title_en="Before")
    approved(practice, people, title_ja="後", title_en="After")
    moment = timezone.now() + timedelta(days=1)
    workflow.publish(practice, by=people["publisher"], at=moment)
    type(practice).objects.filter(pk=practice.pk).update(title_en="Else")
    [(version, problem)] = workflow.publish_due(at=moment)
    assert (version.status, "changed meanwhile" in problem) == (Status.SCHEDULED, True)


def test_old_slug_leads_to_the_new_one_for_good(client: Any, people: Any) -> None:
    center = centers.make_center(slug="old-name", city_ja="市", city_en="City")
    approved(center, people, slug="new-name")
    workflow.publish(center, by=people["publisher"])
    for language in ("ja", "en"):
        response = client.get(f"/{language}/centers/old-name/")
        assert (response.status_code, response["Location"]) == (301, f"/{language}/centers/new-name/")


def test_new_slug_of_a_public_row_leads_nowhere_else(people: Any) -> None:
    center = centers.make_center(slug="one", city_ja="市", city_en="City")
    for slug in ("two", "one"):
        approved(center, people, slug=slug)
        workflow.publish(center, by=people["publisher"])
    assert list(Redirect.objects.values_list("slug", flat=True)) == ["two"]


def test_withdrawn_page_says_why_in_both_languages(client: Any, people: Any) -> None:
    center = centers.make_center(slug="gone")
    with pytest.raises(WorkflowError, match="both languages"):
        workflow.unpublish(center, by=people["publisher"], reason_ja="統合のため", reason_en="")
    workflow.unpublish(center, by=people["publisher"], reason_ja="統合のため", reason_en="It was merged.")
    for language, reason in (("ja", "統合のため"), ("en", "It was merged.")):
        response = client.get(f"/{language}/centers/gone/")
        assert (response.status_code, reason in response.content.decode()) == (410, True)


def withdraw(row: Any, people: Any, successor: str) -> None:
    words = {"reason_ja": "統合のため", "reason_en": "It was merged."}
    workflow.unpublish(row, by=people["publisher"], successor=successor, **words)


@pytest.mark.parametrize("given", ["new", "/ja/centers/new/", "https://portal.example/en/centers/new/?view=table"])
def test_withdrawn_page_leads_to_its_successor(client: Any, people: Any, given: str) -> None:
    centers.make_center(slug="new")
    withdraw(centers.make_center(slug="gone"), people, given)
    for language in ("ja", "en"):
        response = client.get(f"/{language}/centers/gone/")
        assert (response.status_code, response["Location"]) == (301, f"/{language}/centers/new/")


@pytest.mark.parametrize("given", ["nowhere", "gone", "draft", "https://evil.example/"])
def test_successor_that_is_no_other_public_page_is_refused(people: Any, given: str) -> None:
    gone = centers.make_center(slug="gone")
    centers.make_center(slug="draft", published=False)
    with pytest.raises(WorkflowError, match="No other public page of this kind has this address"):
        withdraw(gone, people, given)
    gone.refresh_from_db()
    assert (gone.is_published(), Redirect.objects.count(), Withdrawal.objects.count()) == (True, 0, 0)


def test_successor_of_a_successor_is_led_to_and_nothing_goes_in_a_ring(client: Any, people: Any) -> None:
    rows = {slug: centers.make_center(slug=slug) for slug in ("one", "two", "three")}
    withdraw(rows["one"], people, "two")
    withdraw(rows["two"], people, "three")
    assert client.get("/en/centers/one/")["Location"] == "/en/centers/three/"
    type(rows["three"]).objects.filter(slug="three").update(live_until=timezone.now())
    Redirect.objects.create(target=rows["one"], slug="three")
    assert client.get("/en/centers/one/").status_code == 410


def test_step_of_a_withdrawn_guide_leads_to_the_guide_that_took_its_place(client: Any, people: Any) -> None:
    old, new = (onboarding.make_step().guide for _number in range(2))
    step = old.steps.get()
    sheet, frame = (f"{place}/{old.topic.slug}/{old.slug}/{step.slug}/" for place in ("/en/guides", "/embed/en/guides"))
    withdraw(old, people, new.slug)
    assert client.get(f"{sheet}sheet/")["Location"] == f"/en/guides/{new.topic.slug}/{new.slug}/"
    assert client.get(frame)["Location"] == f"/embed/en/guides/{new.topic.slug}/{new.slug}/"


def test_page_that_is_public_again_has_its_address_for_itself(client: Any, people: Any) -> None:
    center = centers.make_center(slug="back", city_ja="市", city_en="City")
    centers.make_center(slug="new")
    withdraw(center, people, "new")
    workflow.submit(center, by=people["editor"])
    workflow.approve(center, by=people["reviewer"])
    workflow.publish(center, by=people["publisher"])
    assert (client.get("/en/centers/back/").status_code, Redirect.objects.count()) == (200, 0)


def test_published_again_is_no_longer_withdrawn(client: Any, people: Any) -> None:
    center = centers.make_center(slug="back", city_ja="市", city_en="City")
    workflow.unpublish(center, by=people["publisher"], reason_ja="点検", reason_en="Checks.")
    workflow.submit(center, by=people["editor"])
    workflow.approve(center, by=people["reviewer"])
    workflow.publish(center, by=people["publisher"])
    assert (client.get("/en/centers/back/").status_code, Withdrawal.objects.count()) == (200, 0)


def test_old_version_is_restored_as_a_draft(people: Any) -> None:
    practice = centers.make_practice(title_ja="一", title_en="First")
    versions = []
    for ja, en in (("二", "Second"), ("三", "Third")):
        approved(practice, people, title_ja=ja, title_en=en)
        versions.append(workflow.publish(practice, by=people["publisher"]))
    found = workflow.restore(practice, version=versions[0], by=people["editor"])
    practice.refresh_from_db()
    assert (practice.title_en, found.status, found.data["root"]["title_en"]) == ("Third", Status.DRAFT, "Second")


def test_step_without_a_source_keeps_its_guide_from_the_public(people: Any) -> None:
    guide = onboarding.make_guide(published=False, title_ja="題", title_en="Title")
    onboarding.make_step(guide=guide, title_en="Untrusted", title_ja="手順", sources=[])
    workflow.submit(guide, by=people["editor"])
    workflow.approve(guide, by=people["reviewer"])
    with pytest.raises(WorkflowError, match="The step “Untrusted” lacks: sources"):
        workflow.publish(guide, by=people["publisher"])
    assert not Guide.objects.get().is_published()


def test_guide_of_twelve_changed_steps_is_published_within_sixty_queries(
    people: Any, django_assert_max_num_queries: Any
) -> None:
    guide = onboarding.make_guide(steps=12, title_ja="題", title_en="Title")
    data = take(guide)
    for number, step in enumerate(data["children"]["steps"].values()):
        step["fields"] |= {"title_ja": f"手順{number}", "title_en": f"Step {number}"}
    workflow.save_draft(guide, data=data, by=people["editor"])
    workflow.submit(guide, by=people["editor"])
    workflow.approve(guide, by=people["reviewer"])
    reindex(guide)  # the search has the old texts, which have to go
    before = len(connection.savepoint_ids)
    with django_assert_max_num_queries(60):
        workflow.publish(guide, by=people["publisher"])
    assert len(connection.savepoint_ids) == before
    assert sorted(guide.steps.values_list("title_en", flat=True)) == sorted(f"Step {number}" for number in range(12))
