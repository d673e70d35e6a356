"""No text for a borrower threatens, blames, cheers, presses or promises what is not given: docs/forbidden-words.yml."""

import re
from functools import cache
from typing import Any

import pytest
import yaml

from tests.lints.project import PLACEHOLDER, ROOT
from tests.lints.texts import Text, texts

LISTED = ROOT / "docs/forbidden-words.yml"
LONGEST = {"en": 280, "zh": 110}
"""Characters of a reply, values aside; the terms of a plan, which must be complete, are the exception."""
TERMS = ("utter_review_", "confirmation")


@cache
def reasons() -> dict[str, dict[str, Any]]:
    return dict(yaml.safe_load(LISTED.read_text(encoding="utf-8")))


def words(language: str) -> list[Any]:
    return [
        pytest.param(reason, word, id=f"{reason}: {word}")
        for reason in reasons()
        for word in reasons()[reason][language]
    ]


def saying(word: str, language: str) -> list[Text]:
    return [text for text in texts() if text.language == language and re.search(word, text.words, re.IGNORECASE)]


@pytest.mark.parametrize(("reason", "word"), words("en"))
def test_no_english_text_says(reason: str, word: str) -> None:
    assert [str(text) for text in saying(word, "en") if not is_allowed(text, reason)] == []


@pytest.mark.parametrize(("reason", "word"), words("zh"))
def test_no_chinese_text_says(reason: str, word: str) -> None:
    assert [str(text) for text in saying(word, "zh") if not is_allowed(text, reason)] == []


@pytest.mark.parametrize("reason", reasons())
def test_an_exception_is_needed_and_has_a_reason(reason: str) -> None:
    said = [
        text for language in ("en", "zh") for word in reasons()[reason][language] for text in saying(word, language)
    ]
    for place, why in allowed(reason).items():
        assert why
        assert any(place in text.where.split("/") for text in said), f"{place} says none of these words"


@pytest.mark.parametrize("text", [text for text in texts() if not text.where.startswith(TERMS)], ids=str)
def test_a_text_is_short(text: Text) -> None:
    assert len(PLACEHOLDER.sub("…", text.words)) <= LONGEST[text.language]


def test_the_style_page_names_the_list_and_every_reason_says_what_to_write() -> None:
    assert LISTED.name in (ROOT / "docs/style.md").read_text(encoding="utf-8")
    assert all(reason["instead"] for reason in reasons().values())


def allowed(reason: str) -> dict[str, str]:
    return reasons()[reason].get("allowed", {})


def is_allowed(text: Text, reason: str) -> bool:
    return any(place in text.where.split("/") for place in allowed(reason))
