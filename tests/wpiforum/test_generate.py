"""Content generated for measuring: as many rows as asked for, the same for the same seed, and never among real work."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command

from centers.models import Center, DatedName, Directorship, Observation
from onboarding.models import Guide, Step
from tests.factories import centers, onboarding
from tests.factories.publishing import make_revision
from wpiforum.generating import PREFIX, Generator

pytestmark = pytest.mark.django_db


@pytest.fixture
def content() -> None:
    """A center and a guide to copy."""
    row = centers.make_center()
    centers.make_directorship(center=row)
    centers.make_observation(center=row)
    onboarding.make_guide(steps=2)


def made(model: Any, path: str = "slug") -> Any:
    return model.objects.filter(**{f"{path}__startswith": PREFIX})


def test_scale_one_makes_the_stated_numbers_of_public_rows(content: None) -> None:
    call_command("generate", "--yes", verbosity=0)
    assert made(Center).published().count() == 20
    assert made(Guide).published().count() == 500
    assert made(Step, "guide__slug").count() == 5000
    assert made(DatedName, "center__slug").values("name_ja").distinct().count() == 20
    assert made(Directorship, "center__slug").values("person").distinct().count() == 20
    assert made(Observation, "center__slug").values("fiscal_year").distinct().count() == 20


@pytest.mark.slow  # makes thousands of rows three times
def test_same_seed_makes_the_same_rows_with_other_keys_for_another(content: None) -> None:
    found = []
    for seed in (1, 1, 2):
        Generator(seed).make(1)
        found.append(set(made(Center).values_list("pk", "latitude", "prefecture")))
        made(Observation, "center__slug").delete()
        made(Center).delete()
        made(Step, "guide__slug").delete()
        made(Guide).delete()
        made(centers.HostInstitution).delete()
        made(centers.Person).delete()
    assert (found[0] == found[1], found[0] & found[2]) == (True, set())


@pytest.mark.parametrize("make", [centers.make_center, onboarding.make_guide, make_revision])
def test_database_that_holds_content_is_refused(make: Any) -> None:
    make()
    with pytest.raises(CommandError, match="holds content, so it may be the one that readers see"):
        call_command("generate")
    assert (made(Center).count(), made(Guide).count()) == (0, 0)


def test_database_with_generated_rows_is_refused(content: None) -> None:
    onboarding.make_guide(slug=f"{PREFIX}1")
    with pytest.raises(CommandError, match="generated content already"):
        call_command("generate", "--yes")


def test_scale_below_one_is_refused() -> None:
    with pytest.raises(CommandError, match="--scale must be 1 or more"):
        call_command("generate", "--scale", "0")
