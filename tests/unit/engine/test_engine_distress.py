import pytest

from bot.engine.distress import mentions_distress
from bot.engine.normalizer import normalise


@pytest.mark.parametrize(
    "text",
    [
        "I want to kill myself",
        "im going to end it all",
        "I'd be better off dead",
        "I don't want to live anymore",
        "there is no point in going on",
        "thinking about suicide",
        "he beats me",
        "my husband hits me when I ask for money",
        "I might jump off a bridge",
        "i cant go on any more",
        "my kids have not eaten",
        "我不想活了",
        "活不下去了",
        "我想死",
        "真想从楼上跳楼",
        "老公打我",
        "被家暴了",
        "结束自己的生命",
        "遺書都寫好了",
        "撐不下去了",
    ],
)
def test_distress_is_heard(text):
    assert mentions_distress(normalise(text))


@pytest.mark.parametrize(
    "text",
    [
        "this deal is to die for",
        "我快忙死了",
        "累死了",
        "烦死了",
        "can you kill the late fee",
        "my phone died",
        "打我电话",
        "逾期会怎样",
    ],
)
def test_figures_of_speech_are_not_distress(text):
    assert not mentions_distress(normalise(text))
