"""Worked examples from public sources, put to `respite calc` in their own words.

`in` is the example's own question, `implicit` what it leaves unsaid, `out` the answer expected: a word of the
answer, `before.past_due` a word within a word, and a column of the rows by its name.
"""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import simplejson

from respite.calc import figures, questions

Vector = dict[str, Any]
FILE = Path(__file__).parent / "calc_vectors.json"
VECTORS: list[Vector] = simplejson.loads(FILE.read_text(encoding="utf-8"), use_decimal=True)
COLUMNS = {
    2: ["due", "total"],
    4: ["due", "principal", "interest", "total"],
    5: ["due", "principal", "interest", "total", "balance"],
}


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["label"].replace(" ", "-"))
def test_a_worked_example_is_answered_in_its_own_words(vector: Vector) -> None:
    question = vector["in"] | vector["implicit"]
    answer = simplejson.loads(figures.write(questions.answer(vector["question"], question)), use_decimal=True)
    tolerance = Decimal(vector.get("tolerance", "0.005"))
    for word, expected in vector["out"].items():
        assert_near(found(answer, word, expected), expected, tolerance)


def found(answer: Any, word: str, expected: Any) -> Any:
    """What the answer says where the example has `word`."""
    rows = answer.get("rows", [])
    match word:
        case "rows":
            return [[row[column] for column in COLUMNS[len(expected[0])]] for row in rows]
        case "rows_at":
            columns = ("principal", "interest", "balance")
            return {place: [rows[int(place)][column] for column in columns] for place in expected}
        case "first_second_last_due":
            return [rows[place]["due"] for place in (0, 1, -1)]
        case "interest_first":
            return [row["interest"] for row in rows[: len(expected)]]
        case "due" | "principal" | "interest" | "balance" if isinstance(expected, list):
            return [row[word] for row in rows]
    for part in word.split("."):
        answer = answer[part]
    return answer


def assert_near(value: Any, expected: Any, tolerance: Decimal) -> None:
    if isinstance(expected, list):
        assert len(value) == len(expected)
        for one, other in zip(value, expected, strict=True):
            assert_near(one, other, tolerance)
    elif isinstance(expected, dict):
        for key in expected:
            assert_near(value[key], expected[key], tolerance)
    elif isinstance(value, str):
        assert value == expected
    else:
        assert abs(value - Decimal(expected)) <= tolerance, f"{value} is not {expected}"
