import pytest

from bot.engine.normalizer import normalise


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("呢個月要還幾多錢", "这个月要还多少钱"),
        ("點解唔得", "为什么不得"),
        ("出糧先還得唔得", "发工资先还行不行"),
        ("可以展延繳款嗎", "可以延期还款吗"),
        ("我想活", "我想活"),
        ("我唔想活喇", "我不想活了"),
    ],
)
def test_words_of_hong_kong_and_taiwan_are_put_as_on_the_mainland(said, meant):
    assert normalise(said) == meant
