"""The staff pages of the register: both languages side by side, and dates that cannot contradict each other."""

import json
from datetime import date
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.text import capfirst

from centers.choices import StandingKind
from centers.models import Center, DatedName, Directorship, Person, Standing
from tests.factories import centers as make
from tests.factories.publishing import publish_draft
from tests.helpers import add_row, form_data
from wpiforum.provenance.admin_forms import DatedFormSet
from wpiforum.provenance.dates import Ending
from wpiforum.provenance.models import Claim
from wpiforum.publishing.models import Revision

pytestmark = pytest.mark.django_db

OTHER_SUPPORT = "Another support period of this center covers part of this time. End it first."
OTHER_DIRECTOR = "Another director of this center is listed for part of this time. End that term first."


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("editor", password="secret"))
    return client


def _url(page: str, *args: Any, language: str = "en") -> str:
    with translation.override(language):
        return reverse(f"admin:{page}", args=args)


def _post(client: Client, url: str, data: dict[str, Any]) -> Any:
    return client.post(url, data)


def _dated(center: Center, start: str, end: str = "") -> dict[str, Any]:
    return {
        "source": center.source_id,
        "as_of_precision": "day",
        "start_on": start,
        "start_precision": "day",
        "ending": Ending.DATE if end else Ending.OPEN,
        "end_on": end,
        "end_precision": "day",
    }


def _spans(center: Center) -> list[tuple[str, date | None, date | None]]:
    return [
        (row.kind, row.start_on, row.end_on)
        for row in Standing.objects.filter(center=center).order_by("start_on", "kind")
    ]


@pytest.fixture
def center() -> Center:
    """Make a center with a grant of ten years and an extension of five."""
    center = make.make_center()
    make.make_standing(center=center, start_on=date(2007, 10, 1), end_on=date(2017, 4, 1))
    make.make_standing(center=center, kind=StandingKind.EXTENSION, start_on=date(2017, 4, 1), end_on=date(2022, 4, 1))
    return center


@pytest.mark.parametrize(("language", "named"), [("ja", "日本語"), ("en", "(Japanese)")])
def test_languages_stand_side_by_side(staff: Client, center: Center, language: str, named: str) -> None:
    field: Any = Center._meta.get_field("city_ja")
    with translation.override(language):
        label = capfirst(str(field.verbose_name))
    assert named in label
    html = staff.get(_url("centers_center_change", center.pk, language=language)).content.decode()
    assert 'class="form-row flex-container form-multiline field-city_ja field-city_en"' in html
    assert 'class="form-row flex-container form-multiline field-name_ja field-name_en"' in html
    assert f'<label for="id_city_ja">{label}:</label>' in html
    assert 'name="city_en" value="Bunkyo" class="vTextField" maxlength="80" lang="en"' in html
    for bare in ("city", "names-0-name"):
        assert f'name="{bare}"' not in html


def test_saving_unchanged_changes_nothing(staff: Client, center: Center) -> None:
    make.make_directorship(center=center)
    make.make_section(center=center)
    url = _url("centers_center_change", center.pk)
    before = _spans(center), Center.objects.filter(pk=center.pk).values().get()
    assert _post(staff, url, form_data(staff.get(url))).status_code == 302
    assert before == (_spans(center), Center.objects.filter(pk=center.pk).values().get())
    assert not Revision.objects.exists()
    assert not LogEntry.objects.exists()


def test_a_text_is_cleared_in_the_language_of_the_page(staff: Client, center: Center) -> None:
    url = _url("centers_center_change", center.pk)
    assert _post(staff, url, form_data(staff.get(url)) | {"city_en": ""}).status_code == 302
    center = publish_draft(center)
    assert (center.city_ja, center.city_en or "") == ("文京区", "")


def test_a_required_text_is_needed_in_one_language(staff: Client, center: Center) -> None:
    url = _url("centers_center_change", center.pk)
    response = _post(staff, url, form_data(staff.get(url)) | {"city_ja": "", "city_en": ""})
    assert response.context["adminform"].form.errors == {"city_ja": ["Fill this in, in at least one language."]}


def test_rows_typed_together_are_judged_together(staff: Client, center: Center) -> None:
    url = _url("centers_center_change", center.pk)
    data = form_data(staff.get(url))
    add_row(data, "standings", kind="extension", **_dated(center, "2022-04-01", "2027-04-01"))
    add_row(data, "standings", kind="extension", **_dated(center, "2026-04-01"))
    add_row(data, "standings", kind="academy", **_dated(center, "2026-04-01"))  # may be a member meanwhile
    response = _post(staff, url, data)
    formset = response.context["inline_admin_formsets"][1].formset
    assert [dict(errors) for errors in formset.errors] == [{}, {}, {}, {"__all__": [OTHER_SUPPORT]}, {}]
    assert OTHER_SUPPORT in response.content.decode()
    assert len(_spans(center)) == 2


def test_a_new_center_is_judged_with_its_rows(staff: Client, center: Center) -> None:
    url = _url("centers_center_add")
    values = Center.objects.filter(pk=center.pk).values("cohort", "host", "field", "source", "prefecture").get()
    data = form_data(staff.get(url)) | values | {"acronym": "NEW", "slug": "new", "as_of_precision": "day"}
    data["city_ja"] = "仙台市"
    add_row(data, "standings", kind="grant", **_dated(center, "2017-10-01"))
    add_row(data, "standings", kind="grant", **_dated(center, "2018-10-01"))
    assert OTHER_SUPPORT in _post(staff, url, data).content.decode()
    assert not Center.objects.filter(slug="new").exists()
    data |= {"standings-0-ending": "date", "standings-0-end_on": "2018-10-01"}
    assert _post(staff, url, data).status_code == 302
    assert len(_spans(Center.objects.get(slug="new"))) == 2


def test_an_end_before_its_start_is_refused(staff: Client, center: Center) -> None:
    url = _url("centers_center_change", center.pk)
    data = form_data(staff.get(url)) | {"standings-1-end_on": "2017-03-31"}
    assert "The end must be after the start." in _post(staff, url, data).content.decode()


@pytest.mark.parametrize(
    ("changes", "after"),
    [
        pytest.param(
            {
                "standings-0-start_on": "2017-04-01",
                "standings-0-end_on": "2022-04-01",
                "standings-1-start_on": "2007-10-01",
                "standings-1-end_on": "2017-04-01",
            },
            [
                ("extension", date(2007, 10, 1), date(2017, 4, 1)),
                ("grant", date(2017, 4, 1), date(2022, 4, 1)),
            ],
            id="swapped",
        ),
        pytest.param(
            {"standings-0-end_on": "2016-04-01", "standings-1-start_on": "2016-04-01"},
            [
                ("grant", date(2007, 10, 1), date(2016, 4, 1)),
                ("extension", date(2016, 4, 1), date(2022, 4, 1)),
            ],
            id="boundary moved to an earlier day",
        ),
        pytest.param(
            {"standings-0-end_on": "2018-04-01", "standings-1-start_on": "2018-04-01"},
            [
                ("grant", date(2007, 10, 1), date(2018, 4, 1)),
                ("extension", date(2018, 4, 1), date(2022, 4, 1)),
            ],
            id="boundary moved to a later day",
        ),
        pytest.param(
            {"standings-1-DELETE": "on", "standings-0-end_on": "2022-04-01"},
            [("grant", date(2007, 10, 1), date(2022, 4, 1))],
            id="one deleted, the other takes its time",
        ),
    ],
)
def test_rows_change_places_in_one_save(
    staff: Client, center: Center, changes: dict[str, str], after: list[Any]
) -> None:
    url = _url("centers_center_change", center.pk)
    kept = set(Standing.objects.filter(center=center).values_list("pk", flat=True))
    data = form_data(staff.get(url))
    assert data["standings-0-end_on"] == date(2017, 4, 1)
    assert _post(staff, url, data | changes).status_code == 302
    assert _spans(center) == after
    assert set(Standing.objects.filter(center=center).values_list("pk", flat=True)) <= kept


def test_a_row_outside_the_form_is_respected(staff: Client, center: Center) -> None:
    make.make_directorship(center=center, start_on=date(2007, 10, 1), end_on=date(2018, 10, 15))
    person = make.make_person()
    url = _url("centers_person_change", person.pk)
    data = form_data(staff.get(url))
    add_row(data, "directorships", center=center.pk, **_dated(center, "2018-10-01"))
    assert OTHER_DIRECTOR in _post(staff, url, data).content.decode()
    data["directorships-0-start_on"] = "2018-10-15"
    assert _post(staff, url, data).status_code == 302
    assert Directorship.objects.get(person=person).start_on == date(2018, 10, 15)


def test_a_row_saved_meanwhile_is_met_by_checking_again(
    staff: Client, center: Center, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first check sees nothing, as it would if the other editor's row arrived just after it."""
    url = _url("centers_center_change", center.pk)
    data = form_data(staff.get(url))
    add_row(data, "standings", kind="extension", **_dated(center, "2020-04-01"))
    judge = DatedFormSet._refuse_overlaps
    blind = [True]

    def judge_too_early(formset: Any, constraint: Any, rows: Any) -> None:
        if not blind[0]:
            judge(formset, constraint, rows)

    save = DatedFormSet.save

    def see_again(formset: Any, commit: bool = True) -> Any:
        blind[0] = False
        return save(formset, commit)

    monkeypatch.setattr(DatedFormSet, "_refuse_overlaps", judge_too_early)
    monkeypatch.setattr(DatedFormSet, "save", see_again)
    response = _post(staff, url, data)
    assert response.status_code == 200
    assert OTHER_SUPPORT in response.content.decode()
    assert len(_spans(center)) == 2


def test_imprecise_bounds_touch(staff: Client) -> None:
    center = make.make_center(name_ja="")
    url = _url("centers_center_change", center.pk)
    data = form_data(staff.get(url))
    for start, end in (("2007-10-01", "2013-07-05"), ("2013-02-03", "")):
        years = {"start_precision": "year", "end_precision": "year"}
        add_row(data, "names", name_ja="名称", **_dated(center, start, end) | years)
    assert _post(staff, url, data).status_code == 302
    ends = DatedName.objects.filter(center=center).order_by("start_on").values_list("end_on", flat=True)
    assert list(ends) == [date(2013, 1, 1), None]


def test_doubled_rows_are_named_in_words(staff: Client, center: Center) -> None:
    url = _url("centers_center_change", center.pk)
    data = form_data(staff.get(url))
    evidence = {"source": center.source_id, "as_of_precision": "day", "order": 0}
    for _row in range(2):
        add_row(data, "sections", kind="goal", body_ja="目的", **evidence)
    assert "Two rows of this form are the same in: section" in _post(staff, url, data).content.decode()


def test_unconfirmed_fields_are_ticked(staff: Client) -> None:
    center = make.make_center(unverified=["website", "slug"])
    url = _url("centers_center_change", center.pk)
    response = staff.get(url)
    field = response.context["adminform"].form.fields["unverified"]
    with translation.override("en"):
        offered = {name: str(label) for name, label in field.choices}
    assert offered["website"] == "Website"
    assert offered["city_ja"] == "City (Japanese)"
    assert offered["city"] == "City"
    assert offered["slug"] == "slug"  # never offered, but the row holds it, so it is kept
    assert {"key", "source", "unverified", "as_of_precision", "live_from"}.isdisjoint(offered)
    assert '<input type="checkbox" name="unverified" value="website"' in response.content.decode()
    data = form_data(response) | {"unverified": ["city", "slug"]}
    assert _post(staff, url, data).status_code == 302
    assert publish_draft(center).unverified == ["city", "slug"]
    wrong = _post(staff, url, data | {"unverified": ["password"]})
    assert "unverified" in wrong.context["adminform"].form.errors


def test_history_names_fields_by_the_catalogue(staff: Client, center: Center) -> None:
    url = _url("centers_center_change", center.pk, language="ja")
    changes = {"city_ja": "柏市", "city_en": "Kashiwa", "standings-1-end_on": "2023-04-01"}
    assert _post(staff, url, form_data(staff.get(url)) | changes).status_code == 302
    changed = [entry["changed"] for entry in json.loads(LogEntry.objects.get().change_message)]
    assert [entry["fields"] for entry in changed] == [["city"], ["until (first day no longer valid)"]]
    assert changed[1]["name"] == "support period or membership"


def test_center_list_reads_as_of_today(staff: Client) -> None:
    host = make.make_host(name_ja="東京科学大学", name_en="Institute of Science Tokyo")
    center = make.make_center(host=host, name_ja="地球生命研究所", name_en="Earth-Life Science Institute")
    person = make.make_person(name_ja="廣瀬 敬", name_en="Kei Hirose")
    make.make_directorship(center=center, person=person)
    make.make_standing(center=center, kind=StandingKind.ACADEMY, start_on=date(2017, 4, 1))
    expected = {
        "en": ("Earth-Life Science Institute", "Institute of Science Tokyo", "Kei Hirose"),
        "ja": ("地球生命研究所", "東京科学大学", "廣瀬 敬"),
    }
    for language, words in expected.items():
        html = staff.get(_url("centers_center_changelist", language=language)).content.decode()
        assert all(word in html for word in words)
    assert "Academy member" in staff.get(_url("centers_center_changelist")).content.decode()


def test_live_filter_and_column_agree(staff: Client) -> None:
    live, hidden = make.make_center(), make.make_center(published=False)
    for choice, row in (("yes", live), ("no", hidden)):
        results = staff.get(_url("centers_center_changelist"), {"live": choice}).context["cl"].result_list
        assert list(results) == [row]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_public_page_is_linked_while_it_is_public(staff: Client, language: str) -> None:
    public, hidden = make.make_person(), make.make_person(published=False)
    with translation.override(language):
        link = f'<a href="{public.get_absolute_url()}" class="viewsitelink">'
    assert link in staff.get(_url("centers_person_change", public.pk, language=language)).content.decode()
    page = staff.get(_url("centers_person_change", hidden.pk, language=language)).content.decode()
    assert "viewsitelink" not in page


def test_a_claim_is_added_from_its_row(staff: Client) -> None:
    person = make.make_person(name_ja="斎藤 通紀", name_en="Mitinori Saitou")
    source = make.make_source()
    kind = ContentType.objects.get_for_model(Person)
    add = f"{_url('provenance_claim_add')}?content_type={kind.pk}&amp;object_id={person.pk}"
    assert f'<a href="{add}">' in staff.get(_url("centers_person_change", person.pk)).content.decode()
    response = staff.get(add.replace("&amp;", "&"))
    form = response.context["adminform"].form
    assert (str(person.pk), "Mitinori Saitou") in form.fields["object_id"].choices
    assert ("name_ja", "name (Japanese)") in form.fields["field"].choices
    data = form_data(response) | {"field": "name_ja", "value": "斎藤達紀", "source": source.pk, "is_chosen": "on"}
    assert _post(staff, _url("provenance_claim_add"), data).status_code == 302
    claim = Claim.objects.get()
    assert (claim.subject, claim.field, claim.chosen_by) == (person, "name_ja", User.objects.get())
    # A second chosen claim about the same field is refused in words; unchosen it is saved.
    second = _post(staff, _url("provenance_claim_add"), data | {"value": "齋藤通紀"})
    assert "Another claim about this field is already chosen." in second.content.decode()


def test_a_claim_lists_the_rows_of_the_chosen_kind_only(staff: Client) -> None:
    center = make.make_center(acronym="IRCN")
    response = staff.get(_url("provenance_claim_add"))
    form = response.context["adminform"].form
    assert form.fields["object_id"].choices == [("", "---------")]
    kinds = {kind.model_class() for kind in form.fields["content_type"].queryset}
    assert Center in kinds
    assert User not in kinds
    kind = ContentType.objects.get_for_model(Center)
    response = _post(staff, _url("provenance_claim_add"), {"content_type": kind.pk})
    assert (str(center.pk), "IRCN") in response.context["adminform"].form.fields["object_id"].choices


def test_claim_list_query_count_does_not_grow_with_kinds_of_rows(
    staff: Client, django_assert_max_num_queries: Any
) -> None:
    subjects = (make.make_host(), make.make_directorship(), make.make_satellite(), make.make_observation())
    for subject in subjects:
        for _row in range(2):
            make.make_claim(subject=subject)
    with django_assert_max_num_queries(9 + 3 * len(subjects)) as captured:  # a kind and the two rows its label reads
        html = staff.get(_url("provenance_claim_changelist")).content.decode()
    assert captured
    with translation.override("en"):
        assert all(str(subject) in html for subject in subjects)
