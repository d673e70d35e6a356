import pytest

from bot.engine.normalizer import as_typed, normalise


@pytest.mark.parametrize(
    ("typed", "normalised"),
    [
        ("ＰＡＹ　１００", "pay 100"),
        ("我想延後還款", "我想延后还款"),
        ("I'm soooo late!!!", "i'm so late!"),
        ("救命啊啊啊啊", "救命啊啊"),
        ("谢谢", "谢谢"),
        ("好好好好", "好好"),
        ("還欵", "还款"),
        ("上個月帳單", "上个月账单"),
        ("I can’t pay", "i can't pay"),
        ("i can`t pay", "i can't pay"),
        ("𝐏𝐚𝐲 𝟏𝟎𝟎", "pay 100"),
        ("不不不", "不不"),
        ("１１１１元", "1111元"),
        ("owe 10000", "owe 10000"),
        ("can't pay 😭😭 help", "can't pay help"),
        ("👍", "ok"),
        ("👎🏽", "no"),
        ("😭", ""),
        ("  pay \t\n later  ", "pay later"),
        ("pay\u200b later", "pay later"),
        ("   ", ""),
    ],
)
def test_many_spellings_become_one(typed, normalised):
    assert normalise(typed) == normalised


def test_simplified_and_traditional_are_classified_alike():
    assert normalise("這個月還不起，可以分期嗎？") == normalise("这个月还不起，可以分期吗？")


@pytest.mark.parametrize(
    "typed",
    [
        "/restart",
        "//restart",
        " /restart",
        "／restart",
        "\u200b/restart",
        "\ufeff / /restart",
        "\x00/restart",
        "⁄restart",
    ],
)
def test_typed_slashes_in_front_are_not_part_of_the_words(typed):
    assert as_typed(typed) == "restart"
    assert normalise(typed) == "restart"


def test_other_slashes_stay():
    assert as_typed("pay and/or defer 12/25") == "pay and/or defer 12/25"
