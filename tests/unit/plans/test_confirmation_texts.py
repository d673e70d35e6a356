"""The words of the confirmation: the same in both languages, and every figure left to the core."""

import re
from string import Formatter

import pytest

from respite.plans.confirmation.wording import TEXTS, Wording
from respite.wording import read_texts


@pytest.mark.parametrize("name", read_texts(TEXTS))
def test_a_text_says_the_same_in_both_languages_and_types_no_number(name: str) -> None:
    words = read_texts(TEXTS)[name]
    assert set(words) == {"en", "zh"}
    assert fields(words["en"]) == fields(words["zh"])
    for text in words.values():
        assert not re.search(r"\d", text.replace("SHA-256", ""))


@pytest.mark.parametrize(("language", "said"), [("en", "Overdue"), ("zh-Hans", "已逾期"), ("zh-Hant", "已逾期")])
def test_texts_are_said_in_the_language_asked_for(language: str, said: str) -> None:
    assert Wording(language).say("overdue") == said


def test_traditional_chinese_is_made_from_the_simplified() -> None:
    assert (Wording("zh-Hans").say("rights"), Wording("zh-Hant").say("rights")) == ("您的权利", "您的權利")


def fields(text: str) -> set[str | None]:
    return {field for _, field, _, _ in Formatter().parse(text)} - {None}
