"""The forms in which both languages write a number are told alike."""

import pytest

from tests.numbers import numbers


@pytest.mark.parametrize(
    ("ja", "en"),
    [
        ("年38万円以上", "380,000 yen or more a year"),
        ("7億円", "700 million yen"),
        ("1億2,000万円", "120 million yen"),
        ("12万3,456円", "123,456 yen"),
        ("４月１日", "1 April"),
        ("2026年6月14日", "June 14, 2026"),
    ],
)
def test_known_forms_of_a_number_are_alike(ja: str, en: str) -> None:
    assert numbers(ja, "ja") == numbers(en, "en")


def test_different_numbers_are_told_apart() -> None:
    assert numbers("10日以内", "ja") != numbers("within 14 days", "en")
