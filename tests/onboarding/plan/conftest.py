"""The day on which these plans are read."""

from typing import Any

import pytest

from tests.onboarding.plan.helpers import TODAY


@pytest.fixture(autouse=True)
def _clock(japan_noon: Any) -> None:
    japan_noon(TODAY)
