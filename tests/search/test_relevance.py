"""The site's own questions find what they must, on the database that the tests use."""

from pathlib import Path

import pytest

from wpiforum.search.documents import rebuild
from wpiforum.search.relevance import measure, share

SET = Path(__file__).with_name("relevance.json")


@pytest.mark.django_db
def test_questions_find_their_targets(loaded_fixtures: None) -> None:
    rebuild()
    results = measure(SET)
    assert sum(row.language == "ja" for row in results) >= 50
    assert sum(row.language == "en" for row in results) >= 30
    missed = [row for row in results if row.place is None or row.place > 3]
    assert share(results, 3) >= 95, missed
    assert share(results, 1) >= 85
