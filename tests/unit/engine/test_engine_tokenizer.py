import pytest
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.engine.tokenizer import BilingualTokenizer


@pytest.fixture(scope="module")
def tokenizer():
    return BilingualTokenizer(BilingualTokenizer.get_default_config())


def words(tokenizer, text):
    return [token.text for token in tokenizer.tokenize(Message({TEXT: text}), TEXT)]


def test_english_is_split_into_words_and_chinese_into_characters(tokenizer):
    assert words(tokenizer, "我的loan什么时候due?") == ["我", "的", "loan", "什", "么", "时", "候", "due", "?"]


@pytest.mark.parametrize(
    "text",
    [
        "I can't pay $1,200.50 by 5pm!!",
        "我这个月还不上了，怎么办？？",
        "還款 OK嗎 👍🏽",
        "a\tb\n c",
        "1w5块",
        "x" * 10_000,
        "ａｂｃ",
    ],
)
def test_no_character_but_white_space_is_lost(tokenizer, text):
    tokens = tokenizer.tokenize(Message({TEXT: text}), TEXT)
    assert "".join(token.text for token in tokens) == "".join(text.split())
    assert all(text[token.start : token.end] == token.text for token in tokens)


def test_lemmas_are_normalised(tokenizer):
    lemmas = [token.lemma for token in tokenizer.tokenize(Message({TEXT: "PAY 還"}), TEXT)]
    assert lemmas == ["pay", "还"]
