"""What the core says to borrowers by itself."""

from pathlib import Path

from respite.wording import Wording

TEXTS = Path(__file__).with_name("texts.yml")


def words_in(language: str) -> Wording:
    """The texts in English or Simplified Chinese for a reader of `language` (en, zh-Hans, zh-Hant)."""
    return Wording(TEXTS, language)
