"""Numbers in the texts of both languages, in one form."""

import html
import re
import unicodedata
from collections import Counter

from onboarding.models.texts import REFERENCE

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")  # fmt: skip


def numbers(text: str | None, code: str) -> Counter[str]:
    """Return the numbers of a text as plain digits: 38万 and 380,000, 7億 and 700 million, 4月 and April are alike."""
    text = html.unescape(re.sub(r"<[^>]+>", " ", REFERENCE.sub(" ", text or "")))
    text = re.sub(r"(?<=\d),(?=\d{3})", "", unicodedata.normalize("NFKC", text))
    if code == "ja":
        text = re.sub(r"(?:\d+(?:\.\d+)?[億万])+\d*", _japanese_amount, text)
    else:
        for number, month in enumerate(MONTHS, 1):
            text = re.sub(rf"\b{month}\b", f" {number} ", text)
        text = re.sub(r"(\d+(?:\.\d+)?) million", lambda found: str(round(float(found[1]) * 1_000_000)), text)
    return Counter(re.findall(r"\d+(?:\.\d+)?", text))


def _japanese_amount(found: re.Match[str]) -> str:
    total = sum(
        round(float(number) * {"億": 100_000_000, "万": 10_000}[unit])
        for number, unit in re.findall(r"(\d+(?:\.\d+)?)([億万])", found[0])
    )
    return str(total + int(re.split(r"[億万]", found[0])[-1] or 0))
