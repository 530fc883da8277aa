"""Changing an address everywhere: as drafts, corrections or at once; all or none; nothing public in silence."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse
from django.utils import translation

from centers.models import Center
from onboarding.models import ContactPoint, Step
from tests.factories import centers, onboarding
from tests.factories.links import listed
from tests.factories.publishing import make_assignment, make_person, publish_draft
from tests.helpers import LANGUAGES
from wpiforum.links import replacing
from wpiforum.links.models import Link, State
from wpiforum.links.replacing import How
from wpiforum.provenance.models import Source
from wpiforum.publishing import workflow
from wpiforum.publishing.choices import Status, Verb
from wpiforum.publishing.models import Event, Revision
from wpiforum.publishing.snapshot import Change, patch
from wpiforum.publishing.writing import merged

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
OLD, NEW = "https://old.example/?a=1&b=2", "https://new.example/?c=3&d=4"
TEXT = '<p>See <a href="https://old.example/?a=1&amp;b=2">https://old.example/?a=1&amp;b=2</a>.</p>'
TEXT_NEW = '<p>See <a href="https://new.example/?c=3&amp;d=4">https://new.example/?c=3&amp;d=4</a>.</p>'


def change(by: Any, *, old: str = OLD, new: str = NEW) -> tuple[bool, dict[Any, tuple[How, str]]]:
    """Change the address in every row that can be chosen."""
    chosen = {item.key for item in replacing.plan(old, new, by=by)}
    done, items = replacing.replace(old, new, by=by, chosen=chosen)
    return done, {item.row: (item.how, item.refusal) for item in items}


@pytest.fixture
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def editor() -> Any:
    return make_person("editor")


def test_public_text_becomes_a_draft_and_stays_public_until_it_is_published(editor: Any) -> None:
    step = onboarding.make_step(body_en=TEXT, body_ja=TEXT)
    assert change(editor) == (True, {step.guide: (How.DRAFT, "")})
    step.refresh_from_db()
    assert (step.body_en, step.body_ja) == (TEXT, TEXT)
    draft = workflow.open_revision(step.guide)
    assert draft is not None
    fields = draft.data["children"]["steps"][str(step.pk)]["fields"]
    assert (fields["body_en"], fields["body_ja"]) == (TEXT_NEW, TEXT_NEW)
    publish_draft(step.guide)
    step.refresh_from_db()
    assert (step.body_en, step.body_ja) == (TEXT_NEW, TEXT_NEW)


def test_address_joins_an_open_draft_and_keeps_what_it_says(editor: Any) -> None:
    step = onboarding.make_step(body_en=TEXT, title_en="Before")
    now = merged(step.guide, None)
    typed = patch(now, [Change("steps", str(step.pk), "title_en", "Before", "After")])
    workflow.save_draft(step.guide, data=typed, by=make_person("editor"))
    workflow.submit(step.guide, by=make_person("editor"))
    assert change(editor) == (True, {step.guide: (How.JOINS, "")})
    draft = workflow.open_revision(step.guide)
    assert draft is not None
    fields = draft.data["children"]["steps"][str(step.pk)]["fields"]
    assert (fields["title_en"], fields["body_en"], draft.status) == ("After", TEXT_NEW, Status.DRAFT)


def test_address_that_only_a_draft_holds_is_found(editor: Any) -> None:
    step = onboarding.make_step(body_en="<p>x</p>")
    typed = patch(merged(step.guide, None), [Change("steps", str(step.pk), "body_en", "<p>x</p>", TEXT)])
    workflow.save_draft(step.guide, data=typed, by=editor)
    assert change(editor) == (True, {step.guide: (How.JOINS, "")})


def test_nothing_is_to_do_where_the_draft_has_it_already(editor: Any) -> None:
    step = onboarding.make_step(body_en=TEXT)
    change(editor)
    items = replacing.plan(OLD, NEW, by=editor)
    assert [(item.row, item.how, item.is_open) for item in items] == [(step.guide, How.WAITS, False)]
    assert Revision.objects.count() == 1


def test_address_of_a_center_becomes_a_draft(editor: Any) -> None:
    center = centers.make_center(website=OLD)
    assert change(editor) == (True, {center: (How.DRAFT, "")})
    assert Center.objects.get().website == OLD


def test_text_that_was_never_public_is_changed_at_once(editor: Any) -> None:
    step = onboarding.make_step(guide=onboarding.make_guide(published=False), body_en=TEXT)
    assert change(editor) == (True, {step: (How.DIRECT, "")})
    assert Step.objects.get(pk=step.pk).body_en == TEXT_NEW
    saved = Event.objects.get()
    assert (saved.verb, saved.actor, saved.subject) == (Verb.SAVE_DRAFT, editor, step.guide)  # who may not approve it


def test_confirmed_row_gets_a_proposed_correction(editor: Any) -> None:
    contact = onboarding.make_contact(url=OLD)
    assert change(editor) == (True, {contact: (How.CORRECTION, "")})
    copy = ContactPoint.objects.get(replaces=contact)
    assert (copy.url, copy.entered_by, copy.is_confirmed()) == (NEW, editor, False)
    contact.refresh_from_db()
    assert (contact.url, contact.is_confirmed()) == (OLD, True)


def test_waiting_correction_is_not_proposed_twice(editor: Any) -> None:
    contact = onboarding.make_contact(url=OLD)
    change(editor)
    assert [item.how for item in replacing.plan(OLD, NEW, by=editor)] == [How.WAITS]
    assert ContactPoint.objects.count() == 2
    assert contact.corrections.count() == 1


def test_unconfirmed_row_is_changed_by_who_then_may_not_confirm_it(editor: Any) -> None:
    contact = onboarding.make_contact(url=OLD, confirmed=False, entered_by=make_person("editor"))
    assert change(editor) == (True, {contact: (How.DIRECT, "")})
    contact.refresh_from_db()
    assert (contact.url, contact.entered_by) == (NEW, editor)


def test_source_is_changed_at_once_and_its_history_says_who(editor: Any) -> None:
    source = centers.make_source(url=OLD)
    assert change(editor) == (True, {source: (How.DIRECT, "")})
    assert Source.objects.get().url == NEW
    entry = LogEntry.objects.get()
    assert (entry.user_id, entry.object_id) == (editor.pk, str(source.pk))
    assert entry.change_message == '[{"changed": {"fields": ["address"]}}]'


def test_list_of_links_follows_at_once(editor: Any) -> None:
    centers.make_source(url=OLD)
    listed(OLD)
    change(editor)
    assert [(link.url, link.state) for link in Link.objects.all()] == [(NEW, State.NEVER)]


def test_one_refused_row_stops_all_of_them() -> None:
    center, other = centers.make_center(website=OLD), centers.make_center(website=OLD)
    person = make_person("center_editor")
    make_assignment(user=person, subject=center)
    done, items = change(person)
    assert (done, items[center][1]) == (False, "")
    assert items[other][1] == "Your role does not allow this."
    assert (Revision.objects.count(), Event.objects.count()) == (0, 0)
    done, _items = replacing.replace(OLD, NEW, by=person, chosen={f"centers.center:{center.pk}"})
    assert (done, [found.subject for found in Revision.objects.all()]) == (True, [center])


def test_row_refused_in_the_middle_undoes_the_rows_before(editor: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    source, center = centers.make_source(url=OLD), centers.make_center(website=OLD)
    chosen = {item.key for item in replacing.plan(OLD, NEW, by=editor)}
    monkeypatch.setattr(replacing, "_refusal", lambda item, root, *, by: "")  # as if the role were lost meanwhile
    reviewer = make_person("reviewer")
    done, items = replacing.replace(OLD, NEW, by=reviewer, chosen=chosen)
    assert (done, {item.row: bool(item.refusal) for item in items}) == (False, {source: False, center: True})
    source.refresh_from_db()
    assert source.url == OLD


def test_translator_changes_the_texts_of_one_language_only() -> None:
    translator = make_person("translator_en")
    step = onboarding.make_step(body_en=TEXT)
    assert change(translator) == (True, {step.guide: (How.DRAFT, "")})
    other = onboarding.make_step(body_ja=TEXT, body_en="<p>x</p>")
    source = centers.make_source(url=OLD)
    refused = {item.row: item.refusal for item in replacing.plan(OLD, NEW, by=translator) if item.refusal}
    assert refused == dict.fromkeys([other.guide, source], "Your role changes the texts of one language only.")


def test_address_too_long_for_a_field_is_refused_in_words(editor: Any) -> None:
    centers.make_center(website=OLD)
    done, items = change(editor, new=f"https://new.example/{'a' * 300}")
    assert done is False
    assert "200" in next(iter(items.values()))[1]


def address(link: Link, language: str = "en") -> str:
    with translation.override(language):
        return reverse("admin:links_link_replace", args=[link.pk])


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_shows_what_happens_and_then_what_became_of_it(client: Client, editor: Any, language: str) -> None:
    step, source = onboarding.make_step(body_en=TEXT), centers.make_source(url=OLD)
    link = listed(OLD, state=State.MOVED, moved_to=NEW)
    client.force_login(editor)
    html = client.get(address(link, language)).text
    assert 'value="https://new.example/?c=3&amp;d=4"' in html
    assert html.count('type="checkbox"') == 2
    keys = [f"onboarding.guide:{step.guide.pk}", f"provenance.source:{source.pk}"]
    html = client.post(address(link, language), {"new": NEW, "row": keys}).text
    assert {"ja": "下書きを保存しました", "en": "a draft was saved"}[language] in html
    assert {"ja": "変更しました", "en": "changed"}[language] in html
    assert 'role="status"' in html
    assert Source.objects.get(pk=source.pk).url == NEW


@pytest.mark.parametrize(
    ("new", "sentence"),
    [
        ("", "This field is required."),
        ("nonsense", "Enter a valid URL."),
        ("ftp://new.example/", "Only addresses that begin with https:// or http:// can be asked."),
        ("http://new.example:8080/", "The port 8080 is none of the web (80, 443)."),
        ("https://me:secret@new.example/", "The address holds a user name or a password."),
        (OLD, "This is the address that is used now."),
    ],
)
def test_bad_new_address_is_answered_in_words(client: Client, editor: Any, new: str, sentence: str) -> None:
    source = centers.make_source(url=OLD)
    link = listed(OLD)
    client.force_login(editor)
    html = client.post(address(link), {"new": new, "row": [f"provenance.source:{source.pk}"]}).text
    assert sentence in html
    assert Source.objects.get().url == OLD


def test_form_without_a_row_asks_for_one(client: Client, editor: Any) -> None:
    centers.make_source(url=OLD)
    link = listed(OLD)
    client.force_login(editor)
    assert "Choose at least one row." in client.post(address(link), {"new": NEW}).text


def test_refused_rows_are_named_on_the_page(client: Client) -> None:
    center, other = centers.make_center(website=OLD), centers.make_center(website=OLD)
    link = listed(OLD)
    person = make_person("center_editor")
    make_assignment(user=person, subject=center)
    client.force_login(person)
    html = client.get(address(link)).text
    assert html.count('type="checkbox"') == 1
    keys = [f"centers.center:{row.pk}" for row in (center, other)]
    html = client.post(address(link), {"new": NEW, "row": keys}).text
    assert "Nothing was changed" in html
    assert "Your role does not allow this." in html
    assert not Revision.objects.exists()


@pytest.mark.parametrize("role", ["reviewer", "publisher"])
def test_page_is_closed_to_who_may_not_write(client: Client, role: str) -> None:
    source = centers.make_source(url=OLD)
    link = listed(OLD)
    client.force_login(make_person(role))
    answer = client.post(address(link), {"new": NEW, "row": [f"provenance.source:{source.pk}"]})
    assert (answer.status_code, Source.objects.get().url) == (403, OLD)
    with translation.override("en"):
        assert address(link) not in client.get(reverse("admin:links_link_change", args=[link.pk])).text


def test_page_of_a_link_that_is_gone_is_not_found(client: Client, editor: Any) -> None:
    client.force_login(editor)
    with translation.override("en"):
        assert client.get(reverse("admin:links_link_replace", args=[12345])).status_code == 404
