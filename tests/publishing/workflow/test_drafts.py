"""Drafts and review: what each verb does and what it refuses."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.factories import centers
from tests.factories.publishing import make_person, make_revision
from tests.publishing.workflow.helpers import approved, draft
from wpiforum.publishing import workflow
from wpiforum.publishing.choices import Status, Verb
from wpiforum.publishing.log import record
from wpiforum.publishing.models import Revision
from wpiforum.publishing.snapshot import take
from wpiforum.publishing.workflow import WorkflowError

pytestmark = pytest.mark.django_db


# Drafts


def test_draft_leaves_the_public_row_as_it_is(people: Any) -> None:
    practice = centers.make_practice(title_ja="前", title_en="Before")
    found = draft(practice, people["editor"], title_ja="後", title_en="After")
    practice.refresh_from_db()
    assert (practice.title_en, found.data["root"]["title_en"]) == ("Before", "After")


def test_draft_that_says_what_is_public_is_none(people: Any) -> None:
    practice = centers.make_practice()
    assert workflow.save_draft(practice, data=take(practice), by=people["editor"]) is None
    assert not Revision.objects.exists()


def test_draft_put_back_to_what_is_public_ends(people: Any) -> None:
    practice = centers.make_practice()
    found = draft(practice, people["editor"], title_en="After")
    assert workflow.save_draft(practice, data=take(practice), by=people["editor"]) is None
    found.refresh_from_db()
    assert found.status == Status.DISCARDED


def test_one_row_has_one_open_draft() -> None:
    practice = centers.make_practice()
    make_revision(subject=practice)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_revision(subject=practice)


def test_saving_takes_a_draft_out_of_review(people: Any) -> None:
    practice = centers.make_practice()
    approved(practice, people, title_ja="後", title_en="After")
    assert draft(practice, people["editor"], title_en="Later").status == Status.DRAFT


def test_translator_changes_texts_of_one_language_only() -> None:
    translator, practice = make_person("translator_en"), centers.make_practice()
    draft(practice, translator, title_en="After")
    for fields in ({"title_ja": "後"}, {"order": 99}):
        with pytest.raises(WorkflowError, match="one language only"):
            draft(practice, translator, **fields)


def test_center_editor_reaches_the_assigned_center_only() -> None:
    from tests.factories.publishing import make_assignment

    own, other = centers.make_center(), centers.make_center()
    editor = make_assignment(subject=own).user
    draft(own, editor, website="https://own.example.ac.jp/")
    draft(centers.make_practice(center=own), editor, order=3)
    for row in (other, centers.make_practice(center=other), centers.make_practice()):
        with pytest.raises(WorkflowError, match="Your role"):
            workflow.save_draft(row, data=take(row), by=editor)


# Review


def test_nobody_approves_what_they_wrote(people: Any) -> None:
    practice = centers.make_practice()
    for author in (people["administrator"], make_person("editor", is_superuser=True)):
        draft(practice, author, title_ja="後", title_en=f"After {author.pk}")
        workflow.submit(practice, by=author)
        with pytest.raises(WorkflowError, match="Somebody else has to approve"):
            workflow.approve(practice, by=author)
        workflow.discard(practice, by=author)


def test_who_changed_it_last_does_not_approve_either(people: Any) -> None:
    practice = centers.make_practice()
    draft(practice, people["editor"], title_en="After")
    draft(practice, people["administrator"], title_en="Later")
    workflow.submit(practice, by=people["editor"])
    with pytest.raises(WorkflowError, match="Somebody else has to approve"):
        workflow.approve(practice, by=people["administrator"])


def test_who_changed_it_in_between_does_not_approve_either(people: Any) -> None:
    practice = centers.make_practice(title_ja="題", title_en="One")
    both = make_person("editor", "reviewer")
    for text, by in (("Two", people["editor"]), ("Three", both), ("Four", people["editor"])):
        draft(practice, by, title_en=text)
    workflow.submit(practice, by=people["editor"])
    with pytest.raises(WorkflowError, match="Somebody else has to approve"):
        workflow.approve(practice, by=both)


def test_who_saved_a_row_that_was_never_public_does_not_approve_it(people: Any) -> None:
    practice = centers.make_practice(published=False, title_ja="題", title_en="One")
    both = make_person("editor", "reviewer")
    record(Verb.SAVE_DRAFT, practice, by=both)
    found = workflow.submit(practice, by=people["editor"])
    assert (found.author, found.last_editor) == (both, both)
    with pytest.raises(WorkflowError, match="Somebody else has to approve"):
        workflow.approve(practice, by=both)


def test_sent_back_needs_a_note_and_becomes_a_draft_again(people: Any) -> None:
    practice = centers.make_practice()
    draft(practice, people["editor"], title_en="After")
    workflow.submit(practice, by=people["editor"])
    with pytest.raises(WorkflowError, match="Say what has to change"):
        workflow.send_back(practice, by=people["reviewer"], note="  ")
    found = workflow.send_back(practice, by=people["reviewer"], note="Which office?")
    assert (found.status, found.note) == (Status.DRAFT, "Which office?")


def test_unreviewed_draft_is_not_published(people: Any) -> None:
    practice = centers.make_practice()
    draft(practice, people["editor"], title_en="After")
    with pytest.raises(WorkflowError, match="approved"):
        workflow.publish(practice, by=people["publisher"])
