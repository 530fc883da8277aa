"""What several files of this folder need."""

from typing import Any

import pytest

from tests.factories.status import make_tree


@pytest.fixture
def tree(db: None) -> dict[str, Any]:
    return make_tree()
