"""The languages of a conversation: English, and Chinese written in Simplified or in Traditional characters."""

import opencc

TO_TRADITIONAL = opencc.OpenCC("s2tw")


def to_traditional(text: str) -> str:
    """Simplified Chinese as it is written in Traditional characters."""
    return str(TO_TRADITIONAL.convert(text))
