"""A fact's value with its unit, in both languages."""

import pytest
from django.utils import translation

from onboarding.choices import FactUnit
from onboarding.models import FactPeriod
from onboarding.values import unknown_text, value_text
from tests.helpers import LANGUAGES


def both(value: str, unit: str, **fields: str) -> tuple[str, ...]:
    """Return the value in Japanese and in English."""
    found = []
    for code in LANGUAGES:
        with translation.override(code):
            found.append(value_text(FactPeriod(value=value, **fields), unit))
    return tuple(found)


@pytest.mark.parametrize(
    ("unit", "value", "ja", "en"),
    [
        (FactUnit.YEN, "6000", "6,000円", "6,000 yen"),
        (FactUnit.YEN, "1", "1円", "1 yen"),
        (FactUnit.YEN_A_MONTH, "88000", "月88,000円", "88,000 yen a month"),
        (FactUnit.PERCENT, "90", "90%", "90%"),
        (FactUnit.PERCENT, "20.42", "20.42%", "20.42%"),
        (FactUnit.HOUR, "28", "28時間", "28 hours"),
        (FactUnit.HOUR, "1", "1時間", "1 hour"),
        (FactUnit.DAY, "14", "14日", "14 days"),
        (FactUnit.DAY, "1", "1日", "1 day"),
        (FactUnit.WEEK, "2", "2週間", "2 weeks"),
        (FactUnit.WEEK, "1", "1週間", "1 week"),
        (FactUnit.MONTH, "36", "36か月", "36 months"),
        (FactUnit.MONTH, "1", "1か月", "1 month"),
        (FactUnit.YEAR, "5", "5年", "5 years"),
        (FactUnit.YEAR, "1", "1年", "1 year"),
        (FactUnit.PERSON, "51", "51人", "51 people"),
        (FactUnit.PERSON, "1", "1人", "1 person"),
        (FactUnit.QUESTION, "50", "50問", "50 questions"),
        (FactUnit.QUESTION, "1", "1問", "1 question"),
        (FactUnit.POINT, "70", "70点", "70 points"),
        (FactUnit.POINT, "1", "1点", "1 point"),
        (FactUnit.PHONE, "0570-013904", "0570-013904", "0570-013904"),
        (FactUnit.TEXT, "JESTA", "JESTA", "JESTA"),
    ],
)
def test_value_reads_with_its_unit(unit: str, value: str, ja: str, en: str) -> None:
    assert both(value, unit) == (ja, en)


def test_every_unit_is_tested_above() -> None:
    [mark] = test_value_reads_with_its_unit.pytestmark  # type: ignore[attr-defined]
    assert {row[0] for row in mark.args[1]} == set(FactUnit)


@pytest.mark.parametrize(
    ("value", "ja", "en"),
    [
        ("9999", "9,999円", "9,999 yen"),
        ("10000", "1万円", "10,000 yen"),
        ("12500", "12,500円", "12,500 yen"),
        ("380000", "38万円", "380,000 yen"),
        ("1000000", "100万円", "1 million yen"),
        ("1500000", "150万円", "1.5 million yen"),
        ("1234567", "1,234,567円", "1,234,567 yen"),
        ("100000000", "1億円", "100 million yen"),
        ("120000000", "1億2,000万円", "120 million yen"),
        ("700000000", "7億円", "700 million yen"),
        ("12345600000", "123億4,560万円", "12,345.6 million yen"),
    ],
)
def test_large_amounts_read_as_each_language_writes_them(value: str, ja: str, en: str) -> None:
    assert both(value, FactUnit.YEN) == (ja, en)


def test_words_come_before_the_number() -> None:
    assert both("6000", FactUnit.YEN, text_ja="無料", text_en="free") == ("無料", "free")


def test_value_that_is_no_number_is_shown_as_it_is() -> None:
    assert both("about 6", FactUnit.YEN) == ("about 6", "about 6")


def test_missing_value_is_said_in_both_languages() -> None:
    found = []
    for code in LANGUAGES:
        with translation.override(code):
            found.append(unknown_text())
    assert found == ["不明", "not known"]
