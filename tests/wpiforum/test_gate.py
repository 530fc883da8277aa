"""The gate for pairs: which halves agree, which do not, and what no half may hold."""

import pytest
from django.utils import translation

from wpiforum.publishing.gate import Level, check_pair
from wpiforum.publishing.quantities import differences

AGREE = [
    ("14日以内に届け出てください。", "Report within 14 days."),
    ("14日以内", "within 14 days"),
    ("2週間以内", "within two weeks"),
    ("2週間以内", "within 14 days"),
    ("14日間", "two weeks"),
    ("3〜5日", "3 to 5 days"),
    ("3～5日", "3-5 days"),
    ("3日から5日", "3 to 5 days"),
    ("三日間", "three days"),
    ("令和8年4月1日", "1 April 2026"),
    ("令和8年4月1日", "April 1, 2026"),
    ("令和元年5月1日", "May 1, 2019"),
    ("平成31年4月30日", "April 30, 2019"),
    ("昭和64年1月7日", "7 January 1989"),
    ("2026年4月1日", "2026-04-01"),
    ("2025年10月", "October 2025"),
    ("2025年10月から12月まで", "October to December 2025"),
    ("2026年1月16日から2月16日まで", "from January 16 to February 16, 2026"),
    ("4月1日", "1 April"),
    ("4月1日", "April 1"),
    ("4月入学", "an April start"),
    ("2018年度", "FY2018"),
    ("平成30年度", "fiscal year 2018"),
    ("2019年", "2019"),
    ("５月３日", "3 May"),
    ("０３－１２３４－５６７８", "03-1234-5678"),
    ("電話は03-5796-7112です。", "Call 03-5796-7112."),
    ("+81-3-5796-7112", "03-5796-7112"),
    ("0570-013904", "0570-013904"),
    ("#7119に電話します。", "Call #7119."),
    ("110番", "Dial 110"),
    ("7億円", "¥700 million"),
    ("7億円", "700 million yen"),
    ("14億円", "1.4 billion yen"),
    ("1億5,000万円", "150 million yen"),
    ("750万ドル", "US$7.5 million"),
    ("20万円", "200,000 yen"),
    ("6,000円（オンラインは5,500円）", "6,000 yen (online 5,500)"),
    ("10万円以上", "¥100,000 or more"),
    ("30%以上", "30% or more"),
    ("30パーセント", "30 percent"),
    ("3割", "30%"),
    ("20.42%", "20.42 percent"),
    ("4分の3以上", "3/4 or more"),
    ("3か月", "3 months"),
    ("3ヶ月", "three months"),
    ("3カ月", "3 months"),
    ("1か月", "a month"),
    ("1か月以内", "within one month"),
    ("1年間", "a year"),
    ("5年・10年のルール", "the 5-year and 10-year rules"),
    ("週28時間", "28 hours a week"),
    ("1週間の労働時間", "weekly working hours"),
    ("24時間", "24 hours a day"),
    ("8時30分から17時15分まで", "8:30 to 17:15"),
    ("午前8時30分から午後5時15分まで", "8:30 a.m. to 5:15 p.m."),
    ("9時から17時", "9:00 to 17:00"),
    ("夜9時か10時を過ぎたら", "after 9 or 10 p.m."),
    ("5営業日", "5 working days"),
    ("第19条の7", "article 19-7"),
    ("2つの方法", "two ways"),
    ("二つの方法", "two ways"),
    ("3人", "3 people"),
    ("3名まで", "up to three people"),
    ("第3子以降", "the third and later child"),
    ("2年目", "year 2"),
    ("1日目と数えます。", "counts as day 1"),
    ("30点、35歳", "30 points at 35"),
    ("縦4cm、横3cm", "4 cm high, 3 cm wide"),
    ("https://www.moj.go.jp/isa/ を見てください。", "See https://www.moj.go.jp/isa/."),
    ("info@example.ac.jp", "INFO@example.ac.jp"),
    ("手数料は{{fact:fee}}です。", "The fee is {{fact:fee}}."),
    ("レベル4", "Level 4"),
    ("6弱以上", "6 lower or more"),
    ("約200人", "about 200"),
    ("80倍を超える", "more than 80 applicants"),
    ("カーボンニュートラルの研究", "I2CNER works on carbon-neutral energy."),
    ("給料から引かれることがあります。", "It may be taken from your pay."),
    ("数字のない文です。", "A sentence without figures."),
    ("11月23日(月)", "Monday, 23 November"),
    ("16歳の誕生日の6か月前", "6 months before the 16th birthday"),
    ("毎年3月15日", "15 March every year"),
    ("2月16日から3月15日まで", "16 February to 15 March"),
    ("1,234.5", "1,234.5"),
    ("2億円と3,000万円", "200 million yen and 30 million yen"),
]

DISAGREE = [
    ("10日以内に届け出てください。", "Report within 14 days."),
    ("14日以内", "within 14 months"),
    ("2週間以内", "within 10 days"),
    ("3〜5日", "3 to 6 days"),
    ("令和8年4月1日", "1 April 2025"),
    ("令和8年4月1日", "April 10, 2026"),
    ("平成30年度", "FY2019"),
    ("2025年10月", "November 2025"),
    ("4月1日", "1 May"),
    ("2019年", "2018"),
    ("03-1234-5678", "03-1234-5679"),
    ("0570-013904", "0570-013940"),
    ("119番", "Dial 110"),
    ("7億円", "¥70 million"),
    ("7億円", "¥7 billion"),
    ("20万円", "20,000 yen"),
    ("6,000円", "4,000 yen"),
    ("6,000円（オンラインは5,500円）", "6,000 yen (online 6,500)"),
    ("750万ドル", "US$75 million"),
    ("750万ドル", "7.5 million yen"),
    ("3割", "3%"),
    ("30%", "20%"),
    ("3か月", "3 years"),
    ("3か月", "three weeks"),
    ("1年以内", "within two years"),
    ("週28時間", "20 hours a week"),
    ("8時30分から", "from 9:30"),
    ("第19条の7", "article 19-16"),
    ("60か月", "36 months"),
    ("レベル4", "Level 3"),
    ("https://www.moj.go.jp/isa/", "https://www.moj.go.jp/"),
    ("info@example.ac.jp", "office@example.ac.jp"),
    ("手数料は{{fact:fee}}です。", "The fee is {{fact:fee-online}}."),
    ("手数料は{{fact:fee}}です。", "The fee is paid at the counter."),
    ("14日以内に届け出てください。", "Report at once."),
    ("すぐに届け出てください。", "Report within 14 days."),
    ("16歳以上", "18 or older"),
    ("3名まで", "up to four people"),
    ("2つの書類", "3 papers"),
    ("4分の3", "2/3"),
    ("80点", "70 points"),
    ("午後5時まで", "until 6 p.m."),
    ("令和元年5月1日", "1 May 2018"),
    ("1億5,000万円", "105 million yen"),
    ("毎年3月15日", "16 March every year"),
]


@pytest.mark.parametrize(("ja", "en"), AGREE)
def test_halves_that_state_the_same_pass(ja: str, en: str) -> None:
    assert differences(ja, en) == ([], [])


@pytest.mark.parametrize(("ja", "en"), DISAGREE)
def test_halves_that_state_different_figures_are_named(ja: str, en: str) -> None:
    assert differences(ja, en) != ([], [])


def rules(ja: str, en: str) -> list[str]:
    return [problem.rule for problem in check_pair("body", ja, en)]


@pytest.mark.parametrize(
    ("ja", "en", "expected"),
    [
        ("", "", []),
        ("日本語だけの文です。", "", ["empty-half"]),
        ("", "Only in English.", ["empty-half"]),
        ("<ul><li>一</li><li>二</li></ul>", "<ul><li>one</li></ul>", ["list-items"]),
        ("住所は●●です。", "The address is here.", ["placeholder"]),
        ("住所です。", "TODO: the address", ["placeholder"]),
        ("電話は〇〇です。", "My number is 〇〇.", []),
        ("This half was pasted in English and nobody noticed that before the publication.", "A text.", ["language"]),
        ("文です。", "この文は英語の欄に日本語のまま貼り付けられています。直してください。", ["language"]),
        ("AIMR", "AIMR", []),
        ('<a href="/ja/nowhere/">案内</a>です。', "A guide.", ["dead-link"]),
        ('<a href="/ja/guides/">案内</a>です。', '<a href="/en/guides/">A guide</a>.', []),
        ('図です。<img src="/x.png">', 'A figure. <img src="/x.png" alt="Map">', ["image-text"]),
    ],
)
def test_half_is_checked_for_what_no_reader_should_see(ja: str, en: str, expected: list[str]) -> None:
    assert rules(ja, en) == expected


def test_only_a_missing_half_merely_warns() -> None:
    levels = {problem.rule: problem.level for problem in check_pair("body", "文です。", "")}
    assert levels == {"empty-half": Level.WARNING}
    [problem] = check_pair("body", "10日以内です。", "Within 14 days.")
    assert problem.level == Level.ERROR


def test_sentence_names_what_each_side_states() -> None:
    with translation.override("en"):
        [problem] = check_pair("body", "10日以内です。", "Within 14 days.")
    assert problem.sentence == (
        "The languages state different figures: only in Japanese 10 days; only in English 14 days."
    )
