import pytest

from bot.engine.language import detect_language, to_simplified


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("when is my next payment due", "en"),
        ("ok", "en"),
        ("on the 15th", "en"),
        ("when is my 花呗 due", "en"),
        ("what's 逾期", "en"),
        ("我下个月还", "zh-Hans"),
        ("你好", "zh-Hans"),
        ("我的 loan 什么时候 due", "zh-Hans"),
        ("我想defer", "zh-Hans"),
        ("wo xiang yanqi huankuan", "zh-Hans"),
        ("我下個月還款", "zh-Hant"),
        ("我係咪逾期咗", "zh-Hant"),
        ("請問 due date 係幾時", "zh-Hant"),
        ("查一下L-7K2MQ9", "zh-Hans"),
        ("L-7K2MQ9 pls", "en"),
        ("https://respite.example/pay 这是真的吗", "zh-Hans"),
        ("app打不开", "zh-Hans"),
        ("支持Apple Pay吗", "zh-Hans"),
        ("hi 你好", "zh-Hans"),
        ("花呗 bill", "en"),
        ("pay 花呗", "en"),
        ("can i pay with 支付宝", "en"),
        ("my name is 王小明", "en"),
        ("花呗", "zh-Hans"),
        ("借唄", "zh-Hant"),
        ("ni hao", "zh-Hans"),
        ("冇錢", "zh-Hant"),
        ("后天还", "zh-Hans"),
        ("後天還", "zh-Hant"),
        ("Ｉ ｃａｎ'ｔ ｐａｙ", "en"),
        ("𝐈 𝐜𝐚𝐧'𝐭 𝐩𝐚𝐲", "en"),
    ],
)
def test_the_words_tell_the_language(text, language):
    assert detect_language(text) == language


@pytest.mark.parametrize(
    "text", ["", "500", "13800138000", "RS-204118", "1.2", "2k", "👍", "?!", "500 usd", "L-7K2MQ9", "RM300", "a@b.com"]
)
def test_what_is_no_words_tells_nothing(text):
    assert detect_language(text) is None


@pytest.mark.parametrize("text", ["women can do this", "she sang a song", "can he hang on"])
def test_english_words_that_could_be_syllables_are_not_pinyin(text):
    assert detect_language(text) == "en"


@pytest.mark.parametrize(
    ("text", "previous"),
    [("ok", "zh-Hant"), ("stop", "zh-Hans"), ("你好", "zh-Hant"), ("下周五", "zh-Hant"), ("hi", "zh-Hans")],
)
def test_what_fits_any_language_keeps_the_one_spoken_before(text, previous):
    assert detect_language(text, previous) == previous


def test_evidence_overrules_the_language_spoken_before():
    assert detect_language("how much do I owe", "zh-Hant") == "en"
    assert detect_language("我还欠多少钱", "zh-Hant") == "zh-Hans"


def test_traditional_becomes_simplified():
    assert to_simplified("我想延後還款，請問利息多少") == "我想延后还款，请问利息多少"
