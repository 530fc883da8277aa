"""What is in the index: what is public, no draft, nothing withdrawn, in the transaction that made it so."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone

from onboarding.models import Guide
from tests.factories import centers, onboarding
from tests.factories.publishing import make_person
from tests.helpers import LANGUAGES, form_data, main_text, page
from wpiforum.publishing import confirmation, workflow
from wpiforum.publishing.snapshot import take
from wpiforum.search.documents import KINDS, rebuild, reindex
from wpiforum.search.models import Entry

pytestmark = pytest.mark.django_db
MARK = "zyxwort"


def titles() -> set[str]:
    return set(Entry.objects.visible().order_by("pk").values_list("title", flat=True))


@pytest.mark.parametrize("language", LANGUAGES)
def test_hidden_rows_never_reach_the_index_or_the_page(client: Client, language: str) -> None:
    marked: Any = {"title_ja": MARK, "title_en": MARK}
    onboarding.make_guide(published=False, steps=1, **marked)
    onboarding.make_guide(topic=onboarding.make_topic(published=False), **marked)
    onboarding.make_step(guide=onboarding.make_guide(published=False), **marked)
    onboarding.make_term(published=False, japanese=MARK, english=MARK)
    onboarding.make_contact(confirmed=False, name_ja=MARK, name_en=MARK)
    onboarding.make_guide(live_until=timezone.now() - timedelta(minutes=1), **marked)
    hidden = centers.make_center(published=False, acronym=MARK)
    centers.make_practice(center=hidden, title_ja=MARK, title_en=MARK)
    centers.make_satellite(center=hidden)
    rebuild()
    assert [entry for entry in Entry.objects.order_by("pk") if MARK in entry.title + entry.body + entry.context] == []
    assert 'class="results"' not in page(client, f"/{language}/search/?q={MARK}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_draft_of_a_public_guide_never_reaches_the_index(client: Client, language: str) -> None:
    guide = onboarding.make_guide(steps=1, title_ja="公開中", title_en="Public")
    rebuild()
    data = take(guide)
    data["root"] |= {"title_ja": MARK, "title_en": MARK}
    for record in data["children"]["steps"].values():
        record["fields"] |= {"title_ja": MARK, "body_en": f"<p>{MARK}</p>"}
    workflow.save_draft(guide, data=data, by=make_person("editor"))
    for _act in (reindex, lambda row: rebuild()):
        _act(guide)
        assert all(
            MARK not in entry.title + entry.body_tokens + entry.context for entry in Entry.objects.order_by("pk")
        )
    assert 'class="results"' not in page(client, f"/{language}/search/?q={MARK}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_row_that_is_public_only_later_is_named_nowhere_before(client: Client, language: str) -> None:
    later = timezone.now() + timedelta(hours=1)
    onboarding.make_term(japanese="秘密語", english="Frobword", aliases=["frobalias"], live_from=later)
    onboarding.make_contact(kind="emergency", name_en=MARK, name_ja=MARK, start_on=later.date() + timedelta(days=2))
    rebuild()
    assert Entry.objects.filter(title="Frobword").exists()  # so that it could leak
    for typed in ("Frobwort", "Frobword", "frobalias", "ambulance"):
        html = page(client, f"/{language}/search/?q={typed}")
        found = {"Frobword", "秘密語", MARK} & set(re.findall(r"\w+", main_text(html)))
        assert (found - {typed}, 'class="results"' in html) == (set(), False)  # the page names its own address
    names = client.get(f"/{language}/search/suggestions.json?q=frob").json()["names"]
    assert names == []


def test_scheduled_row_appears_at_its_moment_and_leaves_at_its_end() -> None:
    now = timezone.now()
    onboarding.make_guide(
        title_ja=MARK, title_en=MARK, live_from=now + timedelta(hours=1), live_until=now + timedelta(hours=2)
    )
    rebuild()
    seen = [
        Entry.objects.visible(now + timedelta(minutes=minutes)).filter(title=MARK).count() for minutes in (0, 90, 150)
    ]
    assert seen == [0, 2, 0]


def test_rolled_back_change_leaves_the_index_as_it_was() -> None:
    guide = onboarding.make_guide(title_ja="前", title_en="before")
    reindex(guide)
    with transaction.atomic():
        Guide.objects.filter(pk=guide.pk).update(title_en="after")
        reindex(guide)
        transaction.set_rollback(True)
    assert "before" in titles()
    assert "after" not in titles()


def test_reindex_takes_along_the_steps_and_drops_those_that_are_gone() -> None:
    guide = onboarding.make_guide(steps=1)
    step = guide.steps.get()
    reindex(guide)
    assert Entry.objects.filter(kind="step", row=str(step.pk)).count() == 2
    step.delete()
    reindex(guide)
    assert Entry.objects.filter(kind="step").count() == 0


def test_unpublishing_drops_the_guide_and_its_steps() -> None:
    guide = onboarding.make_guide(steps=1)
    reindex(guide)
    assert Entry.objects.filter(kind__in=["guide", "step"]).count() == 4
    workflow.unpublish(guide, by=None, reason_ja="改訂中", reason_en="Under revision")
    assert Entry.objects.filter(kind__in=["guide", "step"]).count() == 0


def test_saving_in_the_staff_site_reaches_the_index(client: Client) -> None:
    client.force_login(User.objects.create_superuser("editor", password="secret"))
    institution = centers.make_satellite().institution
    rebuild()
    url = f"/en/admin/centers/partnerinstitution/{institution.pk}/change/"
    data = form_data(client.get(url)) | {"name_en": "University of Frobnia"}
    assert client.post(url, data).status_code == 302
    assert "University of Frobnia" in titles()


def test_confirmed_value_replaces_the_one_it_corrects() -> None:
    one, other = onboarding.make_user(), onboarding.make_user()
    contact = onboarding.make_contact(name_en="Old desk", name_ja="旧窓口", number="100")
    reindex(contact)
    new = confirmation.propose_correction(contact, by=one)
    type(new).objects.filter(pk=new.pk).update(name_en="New desk")
    assert "New desk 100" not in titles()
    confirmation.confirm(type(new).objects.get(pk=new.pk), by=other)
    assert {"New desk 100", "Old desk 100"} & titles() == {"New desk 100"}


def test_contact_leaves_with_its_last_day(japan_noon: Any) -> None:
    onboarding.make_contact(name_en="Desk", name_ja="窓口", number="1", end_on=date(2030, 4, 1))
    rebuild()
    japan_noon(date(2030, 3, 31))
    assert "Desk 1" in titles()
    japan_noon(date(2030, 4, 1))
    assert "Desk 1" not in titles()


def test_every_kind_of_row_is_registered() -> None:
    expected = {"topic", "guide", "step", "term", "contact", "fact", "center", "person", "satellite", "practice"}
    assert set(KINDS) == expected


def test_rebuild_shows_progress(capsys: Any) -> None:
    onboarding.make_term()
    call_command("rebuild_search")
    out = capsys.readouterr().out
    assert "search: term: 2" in out
