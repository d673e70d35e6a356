"""The languages of a conversation: English, and Chinese written in Simplified or in Traditional characters."""

import re
from functools import cache
from pathlib import Path

import opencc
import yaml

from respite.policies.section import Language

GLOSSARY = Path(__file__).with_name("traditional.yml")
_TO_TRADITIONAL = opencc.OpenCC("s2tw")


def written_in(language: str) -> Language:
    """The language in which words for a reader of `language` (en, zh-Hans, zh-Hant) are written here."""
    return "en" if language == "en" else "zh"


@cache
def traditional_terms() -> dict[str, str]:
    """How terms that are more than a matter of characters are said in Traditional Chinese, by the Simplified term."""
    terms: dict[str, str] = yaml.safe_load(GLOSSARY.read_text(encoding="utf-8"))
    return terms


def to_traditional(text: str) -> str:
    """Simplified Chinese as it is written in Traditional characters, in the lending terms of the glossary."""
    return str(_TO_TRADITIONAL.convert(_any_term().sub(lambda term: traditional_terms()[term[0]], text)))


@cache
def _any_term() -> re.Pattern[str]:
    longest_first = sorted(traditional_terms(), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)))
