"""Whatever is said in Simplified Chinese can be said in Traditional Chinese, in the lending terms of the glossary."""

import opencc
import pytest

from respite.languages import to_traditional, traditional_terms
from tests.lints.project import PLACEHOLDER
from tests.lints.texts import Text, texts

CHINESE_TEXTS = [text for text in texts() if text.language == "zh"]
CHARACTERS_ONLY = opencc.OpenCC("s2tw").convert


def test_there_is_something_to_read() -> None:
    assert len(CHINESE_TEXTS) > 400


@pytest.mark.parametrize("text", dict.fromkeys(CHINESE_TEXTS), ids=str)
def test_a_text_turns_wholly_traditional(text: Text) -> None:
    traditional = to_traditional(text.words)

    assert {character for character in traditional if to_traditional(character) != character} == set()
    assert to_traditional(traditional) == traditional
    assert PLACEHOLDER.findall(traditional) == PLACEHOLDER.findall(text.words)


@pytest.mark.parametrize(("simplified", "said"), traditional_terms().items())
def test_a_term_of_the_glossary_is_said_in_one_way_everywhere(simplified: str, said: str) -> None:
    assert to_traditional(simplified) == said
    other = CHARACTERS_ONLY(simplified)
    everything = "".join(to_traditional(text.words) for text in CHINESE_TEXTS)
    assert other == said or other in said or other not in everything


@pytest.mark.parametrize(
    ("simplified", "traditional"),
    [
        ("逾期账单的罚息会影响征信吗", "逾期帳單的罰息會影響信用紀錄嗎"),
        ("短信验证码已发送，请登录应用", "簡訊驗證碼已傳送，請登入應用程式"),
        ("请联系客服，或用本人账户转账还款", "請聯絡客服，或用本人帳戶轉帳還款"),
        ("分期手续费、利息和信用卡", "分期手續費、利息和信用卡"),
    ],
)
def test_lending_terms(simplified: str, traditional: str) -> None:
    assert to_traditional(simplified) == traditional
