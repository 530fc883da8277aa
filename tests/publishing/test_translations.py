"""The states of translations: by what the texts say, on the board, confirmed anew, and as readers are warned."""

from collections import Counter
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from onboarding.models import Guide
from tests.factories import centers, onboarding
from tests.factories.publishing import make_person, make_revision
from tests.helpers import LANGUAGES, page
from wpiforum.localization import status
from wpiforum.localization.choices import State
from wpiforum.localization.models import TranslationState
from wpiforum.publishing import translations
from wpiforum.publishing.choices import Verb
from wpiforum.publishing.models import Event
from wpiforum.publishing.snapshot import take
from wpiforum.publishing.workflow import WorkflowError

pytestmark = pytest.mark.django_db


def state_of(row: Any) -> State:
    return next(item.state for item in translations.items() if item.row.pk == row.pk and item.language == "en")


@pytest.fixture
def practice() -> Any:
    row = centers.make_practice(
        title_ja="研究者を迎える", title_en="Welcoming", body_ja="<p>文</p>", body_en="<p>Text</p>"
    )
    status.stamp([row])
    return row


def test_text_in_both_languages_as_loaded_is_up_to_date_and_confirmed_by_nobody(practice: Any) -> None:
    known = TranslationState.objects.get()
    assert (state_of(practice), known.confirmed_by, known.confirmed_at) == (State.UP_TO_DATE, None, None)


def test_changed_source_makes_the_translation_outdated_and_back_again(practice: Any) -> None:
    type(practice).objects.update(title_ja="研究者を送り出す")
    assert state_of(practice) == State.OUTDATED
    type(practice).objects.update(title_ja="研究者を迎える")
    assert state_of(practice) == State.UP_TO_DATE


@pytest.mark.parametrize("change", [{"order": 9}, {"slug": "other"}, {"title_ja": "研究者を　迎える "}])
def test_slug_order_and_widths_leave_it_up_to_date(practice: Any, change: dict[str, Any]) -> None:
    type(practice).objects.update(title_ja="研究者を 迎える")
    practice.refresh_from_db()
    status.stamp([practice])
    type(practice).objects.update(**change)
    assert state_of(practice) == State.UP_TO_DATE


def test_empty_half_is_missing(practice: Any) -> None:
    type(practice).objects.update(body_en="")
    assert state_of(practice) == State.MISSING


def test_open_draft_of_the_text_is_in_progress(practice: Any) -> None:
    data = take(practice)
    data["root"]["title_en"] = "Receiving"
    make_revision(subject=practice, data=data)
    assert state_of(practice) == State.IN_PROGRESS


def test_open_draft_of_something_else_is_not(practice: Any) -> None:
    data = take(practice)
    data["root"]["order"] = 99
    make_revision(subject=practice, data=data)
    assert state_of(practice) == State.UP_TO_DATE


def test_board_counts_equal_the_items() -> None:
    guide = onboarding.make_guide(steps=3, title_ja="題", title_en="Title")
    status.stamp(guide.steps.all())
    guide.steps.filter(order=1).update(body_en="")
    guide.steps.filter(order=2).update(body_ja="<p>別の文</p>")
    found = translations.items()
    assert sum((counts for _group, counts in translations.board(found)), Counter()) == Counter(
        item.state for item in found
    )
    assert Counter(item.state for item in found if item.root == guide and item.row != guide) == {
        State.MISSING: 1,
        State.OUTDATED: 1,
        State.UP_TO_DATE: 1,
    }
    assert {item.group for item in found if item.root == guide} == {str(guide.topic)}


def test_items_take_the_same_queries_with_one_and_with_three_guides(django_assert_num_queries: Any) -> None:
    onboarding.make_guide(steps=1)
    translations.items()  # content types are remembered by the process
    counts = []
    for more in (0, 2):
        for _guide in range(more):
            onboarding.make_guide(steps=2)
        with django_assert_num_queries(23):
            counts.append(len(translations.items()))
    assert counts[0] < counts[1]


def test_confirmation_is_logged_with_who_and_against_what(practice: Any) -> None:
    type(practice).objects.update(title_ja="研究者を送り出す")
    practice.refresh_from_db()
    by = make_person("translator_en")
    translations.confirm_translation(practice, root=practice, language="en", by=by)
    known, event = TranslationState.objects.get(), Event.objects.get()
    assert (state_of(practice), known.confirmed_by, known.source["title"]) == (State.UP_TO_DATE, by, "研究者を送り出す")
    assert (event.verb, event.actor, event.details["source"]) == (Verb.CONFIRM_TRANSLATION, by, known.digest)


def test_translator_confirms_the_own_language_only(practice: Any) -> None:
    with pytest.raises(WorkflowError):
        translations.confirm_translation(practice, root=practice, language="en", by=make_person("translator_ja"))


def test_translator_sees_what_changed_in_the_source(client: Client, practice: Any) -> None:
    type(practice).objects.update(title_ja="研究者を送り出す")
    client.force_login(make_person("translator_en"))
    [item] = [item for item in translations.items() if item.row == practice]
    with translation.override("en"):
        board = client.get(f"{reverse('admin:translations')}?state=outdated").content.decode()
        start = board.index("/en/admin/translations/", board.index("<h2>"))
        address = board[start : board.index('"', start)]
    html = client.get(address).content.decode()
    assert "研究者を<del>迎え</del><ins>送り出す</ins>" in html.replace("<del>迎える</del>", "<del>迎え</del>")
    assert client.post(address).status_code == 302
    assert state_of(practice) == State.UP_TO_DATE
    assert item.state == State.OUTDATED


@pytest.mark.parametrize("language", LANGUAGES)
def test_board_opens_in_both_languages(client: Client, practice: Any, language: str) -> None:
    client.force_login(make_person("editor"))
    with translation.override(language):
        address = reverse("admin:translations")
    assert client.get(address).status_code == 200


def test_board_is_closed_to_the_public(client: Client) -> None:
    assert client.get("/en/admin/translations/").status_code == 302


# What readers see


def test_reader_of_a_text_that_became_wrong_is_warned_in_that_language_only(client: Client) -> None:
    guide = onboarding.make_guide(steps=2, title_ja="題", title_en="Title")
    step = guide.steps.order_by("order")[0]
    status.stamp(guide.steps.all())
    status.warn([step], source="ja")
    path = f"guides/{guide.topic.slug}/{guide.slug}/"
    assert page(client, f"/en/{path}").count("Do not rely on this text.") == 1
    assert "この文に頼らないでください" not in page(client, f"/ja/{path}")
    translations.confirm_translation(step, root=guide, language="en", by=make_person("translator_en"))
    assert "Do not rely on this text." not in page(client, f"/en/{path}")


def test_merely_outdated_text_warns_nobody(client: Client) -> None:
    guide = onboarding.make_guide(steps=1)
    status.stamp(guide.steps.all())
    guide.steps.update(title_ja="別の題")
    html = page(client, f"/en/guides/{guide.topic.slug}/{guide.slug}/")
    assert "Do not rely on this text." not in html


def test_loading_stamps_once_and_leaves_later_states_alone() -> None:
    guide = onboarding.make_guide(steps=1)
    first = translations.stamp_loaded()
    Guide.objects.update(title_ja="別の題")
    assert (first > 0, translations.stamp_loaded(), state_of(guide)) == (True, 0, State.OUTDATED)


# The home of the staff


def test_home_names_what_waits_for_each_role(client: Client) -> None:
    written = make_person("editor")
    mine = make_revision(author=written, status="submitted")
    make_revision(status="approved")
    wanted = {
        "reviewer": ("to review", True),
        "publisher": ("approved, to publish", True),
        "translator_en": ("to review", False),
    }
    for role, (words, is_shown) in wanted.items():
        client.force_login(make_person(role))
        html = client.get("/en/admin/").content.decode()
        assert (words in html) == is_shown, role
    client.force_login(written)
    assert "to review" not in client.get("/en/admin/").content.decode()
    mine.status, mine.note = "draft", "Which office?"
    mine.reviewed_at, mine.reviewed_by = mine.edited_at, make_person("reviewer")
    mine.save()
    assert "sent back to you" in client.get("/en/admin/").content.decode()


def test_lists_behind_the_home_show_the_rows_that_were_counted(client: Client) -> None:
    revision = make_revision(status="submitted")
    client.force_login(make_person("reviewer"))
    response = client.get("/en/admin/publishing/revision/?queue=review")
    assert list(response.context["cl"].result_list) == [revision]
    assert f"/en/admin/centers/practice/{revision.object_id}/desk/" in response.content.decode()
