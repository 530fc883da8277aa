"""Loading fixtures into a database that staff edit."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from centers.models import Person
from tests.factories.onboarding import make_step
from wpiforum.provenance.loading import Loader, contradictions, load_all
from wpiforum.provenance.models import Claim, LoadedRow, Source

pytestmark = pytest.mark.django_db
KEY = "5b3f6f1e-0000-5000-8000-000000000001"


def record(**fields: Any) -> dict[str, Any]:
    return {
        "model": "centers.person",
        "pk": KEY,
        "fields": {"slug": "motoko-kotani", "name_ja": "小谷 元子", "name_en": "Motoko Kotani", "sort_en": "Kotani"}
        | fields,
    }


def load(*records: dict[str, Any]) -> Loader:
    loader = Loader()
    for row in records:
        loader.load(row)
    loader.finish()
    return loader


def test_first_load_creates_the_row_with_its_fixed_key() -> None:
    assert load(record()).counts == {"created": 1}
    person = Person.objects.get(pk=KEY)
    assert (person.name_ja, person.name_en) == ("小谷 元子", "Motoko Kotani")


def test_second_load_adds_and_changes_nothing() -> None:
    load(record())
    assert load(record()).counts == {"unchanged": 1}
    assert Person.objects.count() == LoadedRow.objects.count() == 1


def test_new_fixture_value_replaces_the_one_loaded_before() -> None:
    load(record())
    assert load(record(name_en="Motoko KOTANI")).counts == {"updated": 1}
    assert Person.objects.get().name_en == "Motoko KOTANI"


def test_staff_edit_is_kept_while_other_fields_follow_the_fixture() -> None:
    load(record())
    Person.objects.update(name_en="M. Kotani")
    loader = load(record(name_en="Motoko KOTANI", name_ja="小谷元子"))
    person = Person.objects.get()
    assert (person.name_en, person.name_ja) == ("M. Kotani", "小谷元子")
    assert [line.split(" – ")[-1] for line in loader.kept] == ["name_en"]


def test_staff_edit_survives_every_later_load() -> None:
    load(record())
    Person.objects.update(name_en="M. Kotani")
    for value in ("A", "B", "Motoko Kotani"):
        load(record(name_en=value))
    assert Person.objects.get().name_en == "M. Kotani"


def test_what_staff_deleted_stays_deleted() -> None:
    load(record())
    Person.objects.all().delete()
    assert load(record()).counts == {"deleted by staff": 1}
    assert Person.objects.count() == 0


def test_child_of_a_deleted_owner_is_left_out() -> None:
    source = {"model": "provenance.source", "pk": KEY[:-1] + "2", "fields": {"key": "s", "standing": "official"}}
    child = {
        "model": "provenance.claim",
        "pk": KEY[:-1] + "3",
        "fields": {
            "content_type": ["centers", "person"],
            "object_id": KEY,
            "field": "name_ja",
            "source": ["s"],
            "value": "x",
        },
    }
    load(source)
    Source.objects.all().delete()
    assert load(source, child).counts == {"deleted by staff": 1, "without their owner": 1}


def test_row_that_staff_made_under_the_same_slug_is_adopted_not_doubled() -> None:
    Person.objects.create(slug="motoko-kotani", name_ja="小谷 元子", name_en="Prof. Kotani", sort_en="Kotani")
    loader = load(record())
    assert (loader.counts, Person.objects.count()) == ({"unchanged": 1}, 1)
    assert Person.objects.get().name_en == "Prof. Kotani"


def test_rows_of_plain_loaddata_are_known_after_rebuild(settings: Any, tmp_path: Path) -> None:
    from django.core.management import call_command

    (tmp_path / "people.json").write_text(json.dumps([record()]), encoding="utf-8")
    settings.FIXTURE_DIRS, settings.CONTENT_FIXTURES = [tmp_path], ["people"]
    call_command("loaddata", "people", verbosity=0)
    call_command("rebuild")
    Person.objects.all().delete()
    assert load_all(["people"]).counts == {"deleted by staff": 1}


def test_contradictions_name_fields_whose_claims_differ() -> None:
    load(record())
    person = Person.objects.get()
    source = Source.objects.create(key="s", standing="official", title_en="Slides")
    from django.contrib.contenttypes.models import ContentType

    kind = ContentType.objects.get_for_model(Person)
    for field, values in {"name_ja": ["小倉 元子", "小谷 元子"], "name_en": ["Kotani", "Kotani"]}.items():
        for value in values:
            Claim.objects.create(content_type=kind, object_id=person.pk, field=field, source=source, value=value)
    assert [(row, field, len(claims)) for row, field, claims in contradictions()] == [(person, "name_ja", 2)]


def test_a_row_is_found_by_its_key_without_the_tables_that_order_its_model() -> None:
    step = make_step()
    with CaptureQueriesContext(connection) as queries:
        load({"model": "onboarding.step", "pk": str(step.pk), "fields": {"title_en": "Register"}})
    reads = [query["sql"] for query in queries if 'FROM "onboarding_step"' in query["sql"]]
    assert reads
    assert [sql for sql in reads if "JOIN" in sql] == []
