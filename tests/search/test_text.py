"""Two spellings of one thing meet in one form."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from wpiforum.search import text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("引っ越し", "引越"),
        ("引越し", "引っ越しました"),
        ("届出", "届け出て"),
        ("締切", "〆切"),
        ("申し込む", "申込"),
        ("齋藤", "斎藤"),
        ("斉藤", "斎藤"),
        ("髙橋", "高橋"),
        ("山﨑", "山崎"),
        ("廣澤", "広沢"),
        ("ＷＰＩ", "wpi"),
        ("I²CNER", "i2cner"),
        ("物質-細胞", "物質・細胞"),
        ("コンピューター", "コンピュータ"),
        ("ごみ", "ゴミ"),
        ("十四日", "１４日"),
        ("⑭日", "14日"),
        ("6,000", "6000"),
        ("renewing", "renewals"),
        ("lost", "losing"),
        ("Café", "cafe"),
    ],
)
def test_spellings_have_one_key(one: str, other: str) -> None:
    assert text.key(one) == text.key(other)


@pytest.mark.parametrize(("one", "other"), [("京都", "東京都"), ("公募", "酵母"), ("14日", "41日"), ("tax", "taxi")])
def test_different_words_stay_different(one: str, other: str) -> None:
    assert text.key(one) != text.key(other)


def test_unknown_katakana_stays_in_parts() -> None:
    assert [token.text for token in text.tokens("ビザサポート")] == ["ビザ", "サポート"]


@pytest.mark.parametrize("names", [("Saitō", "Saitou", "Saito"), ("Ōguri", "Ooguri", "Oguri", "Ohguri")])
def test_romanized_long_vowels_are_one(names: tuple[str, ...]) -> None:
    assert len({text.romaji(name) for name in names}) == 1


@pytest.mark.parametrize("typed", ["0570-013-904", "0570 013 904", "０５７０－０１３－９０４", "0570013904"])
def test_phone_number_is_found_in_every_grouping(typed: str) -> None:
    assert "0570013904" in text.indexed(typed).split()


def test_text_beyond_the_limit_of_the_tokenizer_is_read_whole() -> None:
    long = "年金" * 30_000  # 180,000 bytes; the tokenizer refuses more than 49,149
    assert text.indexed(long).split().count("年金") == 30_000


def test_threads_have_tokenizers_of_their_own() -> None:
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(text.key, ["健康保険の届出"] * 400)) == {text.key("健康保険の届出")}


@pytest.mark.parametrize("typed", ["\0", "\u202e年金\u202c", "a\u0301" * 99, "🙂", "' OR 1=1 --", '"*NEAR(', "゛゜ー"])
def test_tokens_hold_letters_and_digits_only(typed: str) -> None:
    assert all(word.isalnum() or "ー" in word or "々" in word for word in text.indexed(typed).split())
