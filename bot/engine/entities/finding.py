"""What a finder returns, and the text it looks at."""

import unicodedata
from dataclasses import dataclass
from typing import Any

from bot.engine.language import to_simplified


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
    """Return `text` half-width, lower-case and Simplified, every character in its place."""
    narrow = "".join(_one_for_one(character) for character in text)
    simplified = to_simplified(narrow)
    return simplified if len(simplified) == len(narrow) else "".join(map(to_simplified, narrow))


def _one_for_one(character: str) -> str:
    folded = unicodedata.normalize("NFKC", character).lower()
    return {"’": "'", "‘": "'"}.get(folded, folded if len(folded) == 1 else character)
