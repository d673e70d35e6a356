"""JSON with exact decimals: what a question is read from and an answer is written to."""

from datetime import date
from typing import Any

import simplejson

from respite.lending.errors import LendingError

Answer = dict[str, Any]
Question = dict[str, Any]


def read(text: str) -> Question:
    """The JSON object in `text`, its numbers as decimals.

    Raises LendingError for anything else, and for a word given twice.
    """
    if not text.strip():
        raise LendingError("input", 'Nothing came in; give one JSON object, such as {"principal": 100}.')
    try:
        question = simplejson.loads(text, use_decimal=True, object_pairs_hook=_once)
    except simplejson.JSONDecodeError as error:
        raise LendingError(
            "input", f"This is no JSON at line {error.lineno}, column {error.colno}; give one JSON object."
        ) from error
    except RecursionError as error:
        raise LendingError("input", "Too deeply nested; give one flat JSON object.") from error
    if not isinstance(question, dict):
        raise LendingError("input", "Give one JSON object, in braces.")
    return question


def write(answer: Answer) -> str:
    """`answer` as JSON; decimals become numbers with the digits that they have."""
    return simplejson.dumps(answer, use_decimal=True, ensure_ascii=False, indent=2, default=date.isoformat)


def _once(pairs: list[tuple[str, Any]]) -> Question:
    words = [word for word, _ in pairs]
    for word in words:
        if words.count(word) > 1:
            raise LendingError(word, "This word is given twice; give it once.")
    return dict(pairs)
