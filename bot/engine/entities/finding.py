"""What a finder returns, and the text it looks at."""

import unicodedata
from dataclasses import dataclass
from typing import Any

from bot.engine.language import to_simplified

_PLAIN = str.maketrans("’‘`壹贰叁肆伍陆柒捌玖拾佰仟", "'''一二三四五六七八九十百千")


@dataclass(frozen=True)
class Finding:
    """An entity of kind `entity` and its value, at `start` to `end` of the text."""

    entity: str
    value: Any
    start: int
    end: int

    def overlaps(self, other: "Finding") -> bool:
        """Return whether the two share a character."""
        return self.start < other.end and other.start < self.end


def fold(text: str) -> str:
    """Return `text` half-width, lower-case, Simplified and without formal numerals, every character in its place."""
    narrow = "".join(_one_for_one(character) for character in text)
    simplified = to_simplified(narrow)
    kept_in_place = simplified if len(simplified) == len(narrow) else "".join(map(to_simplified, narrow))
    return kept_in_place.translate(_PLAIN)


def _one_for_one(character: str) -> str:
    folded = unicodedata.normalize("NFKC", character).lower()
    return folded if len(folded) == 1 else character
