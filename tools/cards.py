"""Draw the images that other sites show beside a link to a page (Open Graph): cards.py.

One for each kind of page and language, 1200 × 630, into wpiforum/static/wpiforum/cards/. They are committed: a font
with Japanese letters is ten megabytes, the images together less than half of one. Needs Pillow (`pip install pillow`,
in any environment) and Debian's fonts-noto-cjk (SIL Open Font License). The same input gives the same bytes.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont  # type: ignore[import-not-found, unused-ignore]

TARGET = Path(__file__).resolve().parent.parent / "wpiforum/static/wpiforum/cards"
FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-{}.ttc"  # face 0 is Japanese
SIZE, SCALE = (1200, 630), 2
# The site's colors (wpiforum/static/wpiforum/tokens.css).
BLUE, DEEP, PALE, SOFT, YELLOW = "#0017c1", "#000060", "#e8f1fe", "#9db7f9", "#ffd43d"
RED, PALE_RED, INK, GRAY, WHITE = "#ce0000", "#fdeeee", "#1a1a1a", "#4d4d4d", "#ffffff"

TEXTS: dict[str, dict[str, tuple[str, str]]] = {
    "site": {
        "ja": ("WPI Forum", "世界トップレベル研究拠点と\n日本での手続きの案内"),
        "en": ("WPI Forum", "Japan's WPI research centers,\nand what to do when you come"),
    },
    "program": {
        "ja": ("WPIプログラム", "目的、要件、支援、評価、成果"),
        "en": ("The WPI program", "Purpose, requirements,\nsupport, evaluation, outcomes"),
    },
    "centers": {
        "ja": ("拠点一覧", "どの日付でも分かる、\n名称、ホスト機関、拠点長、状況"),
        "en": ("Research centers", "Names, hosts, directors and\nstatus, on any date"),
    },
    "center": {
        "ja": ("研究拠点", "研究分野、拠点長、支援、数値、\nサテライト"),
        "en": ("A research center", "Field, director, support,\nfigures, satellites"),
    },
    "people": {
        "ja": ("拠点長", "WPI拠点を率いる人と、その任期"),
        "en": ("Directors", "Who leads WPI centers,\nand since when"),
    },
    "guides": {
        "ja": ("ガイド", "来日から帰国まで。\nすること、期限、窓口"),
        "en": ("Guides", "What to do, by when, where to ask.\nIn English and Japanese"),
    },
    "guide": {
        "ja": ("ガイド", "手順ごとに、出典と時点、\n担当窓口つき"),
        "en": ("A guide in steps", "Each with its source, date\nand office in charge"),
    },
    "emergency": {
        "ja": ("緊急のとき", "連絡先と、伝える言葉"),
        "en": ("Emergency", "Whom to call,\nand what to say in Japanese"),
    },
    "plan": {
        "ja": ("日付つきの予定表", "日付を入れると、\nいつまでに何をするかが分かります"),
        "en": ("Your dated plan", "Enter your dates:\nwhat to do, and the last day"),
    },
    "data": {
        "ja": ("データの利用", "API、一括ダウンロード、フィード。\nCC BY 4.0"),
        "en": ("Open data", "API, one archive, feeds,\nunder CC BY 4.0"),
    },
}
Draw = Any


def _box(x: float, y: float, w: float, h: float) -> tuple[float, ...]:
    return tuple(value * SCALE for value in (x, y, x + w, y + h))


def _rect(draw: Draw, x: float, y: float, w: float, h: float, color: str, radius: float = 10) -> None:
    draw.rounded_rectangle(_box(x, y, w, h), radius * SCALE, fill=color)


def _dot(draw: Draw, x: float, y: float, r: float, color: str) -> None:
    draw.ellipse(_box(x - r, y - r, 2 * r, 2 * r), fill=color)


def _line(draw: Draw, points: list[tuple[float, float]], color: str, width: float) -> None:
    draw.line([(x * SCALE, y * SCALE) for x, y in points], fill=color, width=round(width * SCALE), joint="curve")


def network(draw: Draw) -> None:
    points = [(900, 190), (1040, 250), (1080, 400), (940, 450), (850, 340)]
    for x, y in points:
        _line(draw, [(970, 325), (x, y)], SOFT, 6)
    for number, (x, y) in enumerate(points):
        _dot(draw, x, y, 34, BLUE if number % 2 else SOFT)
    _dot(draw, 970, 325, 58, YELLOW)


def pillars(draw: Draw) -> None:
    for number in range(4):
        _rect(
            draw, 850 + 72 * number, 300 - 30 * (number % 2), 46, 170 + 30 * (number % 2), SOFT if number % 2 else BLUE
        )
    _rect(draw, 830, 484, 300, 26, DEEP)
    draw.polygon([(x * SCALE, y * SCALE) for x, y in ((830, 250), (980, 160), (1130, 250))], fill=YELLOW)


def places(draw: Draw) -> None:
    for x, y, r in ((860, 460, 26), (930, 410, 34), (1000, 390, 26), (1055, 330, 46), (1085, 230, 30), (1010, 470, 20)):
        _dot(draw, x, y, r, YELLOW if r == 46 else (BLUE if r > 28 else SOFT))


def building(draw: Draw) -> None:
    _rect(draw, 860, 220, 240, 280, BLUE)
    for row in range(3):
        for column in range(3):
            _rect(draw, 890 + 66 * column, 250 + 66 * row, 44, 40, YELLOW if (row, column) == (1, 1) else PALE, 6)
    _rect(draw, 952, 448, 56, 52, PALE, 6)


def people(draw: Draw) -> None:
    for x, y, r, color in ((900, 300, 44, SOFT), (1070, 300, 44, SOFT), (985, 260, 60, BLUE)):
        _dot(draw, x, y, r, color)
        draw.pieslice(_box(x - 1.7 * r, y + 1.2 * r, 3.4 * r, 3.4 * r), 180, 360, fill=color)
    _dot(draw, 1046, 206, 20, YELLOW)


def stack(draw: Draw) -> None:
    for number, color in enumerate((SOFT, BLUE, DEEP)):
        _rect(draw, 850 + 26 * number, 190 + 84 * number, 240, 120, color)
        _rect(draw, 876 + 26 * number, 220 + 84 * number, 150, 14, WHITE if number else BLUE, 7)
        _rect(draw, 876 + 26 * number, 248 + 84 * number, 100, 14, YELLOW if number == 2 else PALE, 7)


def checklist(draw: Draw) -> None:
    _rect(draw, 850, 160, 260, 350, PALE, 16)
    for number in range(4):
        y = 205 + 76 * number
        _dot(draw, 896, y + 12, 22, BLUE if number < 3 else YELLOW)
        if number < 3:
            _line(draw, [(886, y + 12), (894, y + 20), (907, y + 3)], WHITE, 5)
        _rect(draw, 936, y + 3, 140 - 24 * (number % 2), 18, SOFT, 9)


def warning(draw: Draw) -> None:
    _dot(draw, 980, 330, 150, RED)
    _rect(draw, 956, 226, 48, 130, WHITE, 24)
    _dot(draw, 980, 410, 28, WHITE)


def calendar(draw: Draw) -> None:
    _rect(draw, 845, 180, 280, 320, PALE, 16)
    _rect(draw, 845, 180, 280, 70, BLUE, 16)
    for row in range(4):
        for column in range(5):
            color = YELLOW if (row, column) == (2, 3) else SOFT
            _rect(draw, 870 + 48 * column, 274 + 54 * row, 34, 34, color, 6)


def table(draw: Draw) -> None:
    for row in range(5):
        for column in range(3):
            color = DEEP if row == 0 else (YELLOW if (row, column) == (3, 1) else (SOFT if column else BLUE))
            _rect(draw, 845 + 96 * column, 180 + 66 * row, 84, 52, color, 6)


MOTIFS: dict[str, Callable[[Draw], None]] = {
    "site": network, "program": pillars, "centers": places, "center": building, "people": people,
    "guides": stack, "guide": checklist, "emergency": warning, "plan": calendar, "data": table,
}  # fmt: skip


def card(kind: str, language: str) -> Any:
    """Return the image of one kind of page in one language."""
    accent, pale = (RED, PALE_RED) if kind == "emergency" else (BLUE, PALE)
    image = Image.new("RGB", (SIZE[0] * SCALE, SIZE[1] * SCALE), WHITE)
    draw = ImageDraw.Draw(image)
    draw.rectangle(_box(0, 0, 24, 630), fill=accent)
    draw.rectangle(_box(24, 566, 1176, 64), fill=pale)
    MOTIFS[kind](draw)
    title, text = TEXTS[kind][language]
    # The mark of the site, as in icon.svg.
    _rect(draw, 80, 70, 72, 72, accent, 14)
    _line(draw, [(91, 90), (101, 122), (112, 97), (119, 97), (128, 122), (139, 90)], WHITE, 6)
    _dot(draw, 141, 90, 5, YELLOW)
    _text(draw, (174, 80), "WPI Forum", "Bold", 40, INK)
    _text(draw, (78, 212), title, "Bold", 76 if len(title) < 16 else 70, INK)
    _text(draw, (80, 346), text, "Regular", 40, GRAY)
    _text(draw, (80, 578), "World Premier International Research Center Initiative", "Regular", 26, GRAY)
    small = image.resize(SIZE, Image.Resampling.LANCZOS)
    return small.quantize(48, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)


def _text(draw: Draw, at: tuple[float, float], text: str, weight: str, size: int, color: str) -> None:
    font = ImageFont.truetype(FONT.format(weight), size * SCALE)
    draw.multiline_text((at[0] * SCALE, at[1] * SCALE), text, font=font, fill=color, spacing=14 * SCALE)


if __name__ == "__main__":
    TARGET.mkdir(exist_ok=True)
    for kind, texts in TEXTS.items():
        for language in texts:
            path = TARGET / f"{kind}-{language}.png"
            card(kind, language).save(path, optimize=True)
            print(f"{path.name}: {path.stat().st_size} bytes")
