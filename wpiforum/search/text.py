"""Turns Japanese and English text into the tokens that every database can index: words in one form each.

The same functions read documents and questions, so what is written in two ways meets in one token.
"""

import json
import re
import threading
import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import snowballstemmer
import sudachipy
from sudachipy import Dictionary, SplitMode

# The tokenizer refuses more than 49,149 bytes; a character has up to four.
_CHUNK = 12_000
_SHORT = 200
WORDS: dict[str, str] = json.loads(Path(__file__).with_name("words.json").read_text(encoding="utf-8"))
_FOLDED = str.maketrans(WORDS["old_kanji"], WORDS["new_kanji"])
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−－﹣", "-"))
_KANA = str.maketrans({chr(code): chr(code + 0x60) for code in range(0x3041, 0x3097)})
_PIECE = re.compile(r"[A-Za-z0-9À-ɏ']+|[^\W_A-Za-z0-9À-ɏ]+")
_KANA_ONLY = re.compile(r"[ァ-ヴー]+")
_KANJI = re.compile(r"[\u3400-\u9fff々]")
_NUMBER = re.compile(r"(?<![\w-])\+?\d[\d\-() ]{4,18}\d(?![\w-])")
_IDLE = {"助詞", "助動詞", "補助記号", "空白", "記号", "接続詞", "感動詞", "代名詞", "連体詞"}
_IDLE_WORDS = frozenset(WORDS["idle_ja"].split())
STOP_WORDS = frozenset(WORDS["idle_en"].split())
# What a stemmer of rules does not bring together: irregular forms, and British spellings of words in use here.
_IRREGULAR = dict(pair.split("-") for pair in WORDS["irregular_en"].split())
_VERB_ENDS = dict(zip("うくぐすつぬぶむる", "いきぎしちにびみり", strict=True))
_local = threading.local()


class Token(NamedTuple):
    """One word in its indexed form, and where it stands in the normalized text."""

    text: str
    start: int
    end: int
    reading: str = ""
    other: str = ""  # another form under which a question may look for it: visa, ビザ
    is_idle: bool = False  # says nothing in a question: the, する, どこ


@cache
def _dictionary() -> Dictionary:
    """Return the one dictionary of the process; its pages are mapped and shared by all workers."""
    resources = Path(sudachipy.__file__).parent / "resources"
    # Our own settings leave out the joining of unknown katakana, with which ビザ is not found in ビザサポート.
    return Dictionary(config=str(Path(__file__).with_name("sudachi.json")), resource_dir=str(resources), dict="small")


def _tokenizer() -> Any:
    """Return this thread's tokenizer: two threads must not use one."""
    if not hasattr(_local, "tokenizer"):
        _local.tokenizer = _dictionary().tokenizer()
        _local.stemmer = snowballstemmer.stemmer("english")
    return _local


def normal(text: str) -> str:
    """Return text in one width, with one kind of dash, without control and direction signs, old kanji as new ones."""
    text = unicodedata.normalize("NFKC", text)
    if not text.isprintable():  # which is quick to ask, and most texts are
        text = "".join(
            sign if unicodedata.category(sign)[0] != "C" else " " if sign in "\n\t\r" else "" for sign in text
        )
    return re.sub(r"(?<=\d),(?=\d{3})", "", text).translate(_DASHES).translate(_FOLDED)


def _plain(word: str) -> str:
    """Return a Latin word in small letters without accents and apostrophes."""
    word = unicodedata.normalize("NFKD", word.lower()).replace("'", " ").split(" ")[0] or word.replace("'", "").lower()
    return "".join(sign for sign in word if not unicodedata.combining(sign))


def romaji(word: str) -> str:
    """Return a romanized name without its long vowels: Saitō, Saitou and Saito; Ōguri, Ooguri and Ohguri."""
    word = re.sub(r"[^a-z]", "", _plain(word))
    return re.sub(r"uu", "u", re.sub(r"oh(?=[^aeiouy]|$)", "o", re.sub(r"o[ou]", "o", word)))


def _katakana(text: str) -> str:
    text = text.translate(_KANA)
    return text[:-1] if len(text) > 3 and text.endswith("ー") else text


def _latin(word: str, start: int) -> Token | None:
    stem, other, is_idle = _latin_forms(word)
    return Token(stem, start, start + len(word), other=other, is_idle=is_idle) if stem else None


@lru_cache(maxsize=20_000)
def _latin_forms(word: str) -> tuple[str, str, bool]:
    """Return the stem of a word, the dictionary's other form of it if there is one, and whether it is idle."""
    plain = _plain(word)
    if not plain:
        return "", "", False
    stem = _tokenizer().stemmer.stemWord(_IRREGULAR.get(plain, plain)) if plain.isalpha() else plain
    other = ""
    if len(plain) > 2 and plain.isalpha():
        [*rest, last] = _tokenizer().tokenizer.tokenize(plain, SplitMode.C)
        form = last.normalized_form()
        other = _katakana(form) if not rest and form.lower() != plain and _PIECE.fullmatch(form) else ""
    return re.sub(r"[\W_]", "", stem), other, plain in STOP_WORDS


def _noun_like(form: str, kind: str) -> str:
    """Return a verb as the noun made of it: 申し込む is 申し込み, 届け出る is 届け出."""
    if "一段" in kind and form.endswith("る"):
        return form[:-1]
    return form[:-1] + _VERB_ENDS[form[-1]] if "五段" in kind and form[-1] in _VERB_ENDS else form


def _clean(form: str) -> str:
    return re.sub(
        r"[\W_]", "", _katakana(form.lower()) if _KANA_ONLY.fullmatch(form.translate(_KANA)) else form.lower()
    )


def _japanese(run: str, start: int) -> list[Token]:
    tokens = []
    for word in _tokenizer().tokenizer.tokenize(run, SplitMode.C):
        pos = word.part_of_speech()
        if pos[0] in _IDLE:
            continue
        is_whole = pos[0] in {"動詞", "形容詞"}
        for part in [word] if is_whole else (word.split(SplitMode.A) or [word]):
            form = part.normalized_form()
            if part.part_of_speech()[0] in _IDLE or form in {"為る", "する"}:
                continue
            if is_whole:
                noun = _noun_like(form, pos[4])
                # The dictionary knows many nouns made of verbs by a form of their own (申込).
                found = _dictionary_form(noun)
                text = found if pos[0] == "動詞" and found else noun
            else:
                text = form
            text = _clean(text)
            if text:
                idle = form in _IDLE_WORDS or part.surface() in _IDLE_WORDS
                reading = _katakana(part.reading_form())
                tokens.append(Token(text, start + part.begin(), start + part.end(), reading, is_idle=idle))
    return tokens


@lru_cache(maxsize=20_000)
def _dictionary_form(noun: str) -> str:
    """Return the dictionary's form of a noun made of a verb; empty if it knows none."""
    found = list(_tokenizer().tokenizer.tokenize(noun, SplitMode.C))
    return found[0].normalized_form() if len(found) == 1 else ""


def tokens(text: str) -> list[Token]:
    """Return the tokens of a text that went through `normal`."""
    return _short(text) if len(text) <= _SHORT else _read(text)


@lru_cache(maxsize=200)
def _short(text: str) -> list[Token]:
    """Remember names and questions for a moment: they are read several times in a row."""
    return _read(text)


def _read(text: str) -> list[Token]:
    found: list[Token] = []
    for offset in range(0, len(text), _CHUNK):
        for piece in _PIECE.finditer(text[offset : offset + _CHUNK]):
            start = offset + piece.start()
            if piece[0][0].isascii() or "À" <= piece[0][0] <= "ɏ":
                word = _latin(piece[0], start)
                found += [word] if word is not None else []
            else:
                found += _japanese(piece[0], start)
    return found


def numbers(text: str) -> list[str]:
    """Return the digits of what may be telephone numbers, however they are grouped."""
    return [re.sub(r"\D", "", match[0]) for match in _NUMBER.finditer(text)]


def indexed(text: str) -> str:
    """Return a text as the words of an index, separated by spaces."""
    clean = normal(text)
    return " ".join([*(token.text for token in tokens(clean)), *numbers(clean)])


def readings(text: str) -> list[str]:
    """Return marked readings of a name or a title, so that kana find kanji but kanji do not find what sounds alike."""
    found = tokens(normal(text))
    single = [token.reading for token in found if _KANJI.search(token.text)]
    whole = ["".join(token.reading or token.text for token in found)] if single else []
    return [f"yomi{reading}" for reading in dict.fromkeys([*single, *whole]) if reading]


def kana_reading(text: str) -> str:
    """Return the marked reading that a text written in kana alone stands for; empty for any other text."""
    kana = re.sub(r"[\W_]", "", normal(text)).translate(_KANA)
    return f"yomi{_katakana(kana)}" if _KANA_ONLY.fullmatch(kana) else ""


def key(text: str) -> str:
    """Return what two spellings of one name have in common."""
    return "".join(token.text for token in tokens(normal(text)))[:200]


def folded(text: str) -> str:
    """Return a name as it is compared while somebody types: one width, small letters, katakana, no spaces or signs."""
    return re.sub(r"[\W_]", "", _plain_all(normal(text)))[:200]


def ends(folded_name: str) -> tuple[str, str]:
    """Return how a folded name begins and ends: two letters, or one sign of a script that has more of them."""
    size = 2 if folded_name.isascii() else 1
    return folded_name[:size], folded_name[-size:]


def _plain_all(text: str) -> str:
    text = unicodedata.normalize("NFC", text.lower().translate(_KANA))
    return "".join(unicodedata.normalize("NFKD", sign)[0] if "À" <= sign <= "ɏ" else sign for sign in text)
