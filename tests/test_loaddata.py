"""Plain `loaddata` fills an empty database, and `rebuild` makes later loads know its rows."""

import pytest
from django.conf import settings
from django.core.management import call_command

from centers.models import Center
from wpiforum.provenance.loading import load_all


@pytest.mark.slow  # loads the content twice in two ways
@pytest.mark.django_db
def test_plain_loaddata_then_rebuild_equals_the_load_command() -> None:
    call_command("loaddata", *settings.CONTENT_FIXTURES, verbosity=0)
    assert Center.objects.count() == 13
    call_command("rebuild")
    assert set(load_all(settings.CONTENT_FIXTURES).counts) == {"unchanged"}
