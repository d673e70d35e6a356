"""What is wrong with a question, in one sentence that names the word and says what to do."""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError

from respite.lending.errors import LendingError

WORD_OF = {
    "annual_rate": "annual_rate_pct",
    "count": "n",
    "extra": "extra_terms",
    "fixed_payment": "payment",
    "flat_fee_rate": "monthly_flat_pct",
    "from_due": "from",
    "number": "from",
    "received_on": "payments",
    "to": "shift.to",
}
"""The words of a question for the arguments of the core."""

SENTENCES = {
    "missing": "This word is missing; give it.",
    "greater_than": "Give a number above {gt}.",
    "greater_than_equal": "Give a number of at least {ge}.",
    "less_than_equal": "Give a number of at most {le}.",
    "enum": "Choose one of {expected}.",
    "literal_error": "Choose one of {expected}.",
    "bool_type": "Write true or false.",
    "bool_parsing": "Write true or false.",
    "string_type": "Write a text in quotation marks.",
    "tuple_type": "Write a list in brackets.",
    "dict_type": "Write an object in braces.",
    "model_type": "Write an object in braces.",
    "too_short": "Give at least {min_length}.",
}


def sentence(error: LendingError) -> str:
    """`error` as a finance team reads it: the word of the question, and what to do."""
    return f"{WORD_OF.get(error.field, error.field)}: {error}"


def first_problem(error: ValidationError, words: type[BaseModel]) -> LendingError:
    """The first thing that is wrong with a question; an unknown word before all else."""
    problems = sorted(error.errors(), key=lambda problem: problem["type"] != "extra_forbidden")
    problem = problems[0]
    place = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "extra_forbidden":
        return LendingError(place, _unknown(place, words_of(words)))
    context: dict[str, Any] = problem.get("ctx", {})
    if problem["type"] == "value_error":
        return LendingError(place or getattr(context["error"], "field", "input"), str(context["error"]))
    template = SENTENCES.get(problem["type"], "This cannot be read; the page on `respite calc` shows how.")
    return LendingError(place, template.format(**context))


def words_of(model: type[BaseModel]) -> list[str]:
    """Every word that a question may use, other spellings included."""
    words = []
    for name, field in model.model_fields.items():
        alias = field.validation_alias
        words += [str(choice) for choice in getattr(alias, "choices", [alias or name])]
    return words


def _unknown(word: str, known: Sequence[str]) -> str:
    if word in known:
        return "This word says the same as another one here; give one of them."
    close = get_close_matches(word, known, n=1)
    advice = f"did you mean {close[0]}?" if close else "leave it out, or see docs/calc.md for the words."
    return f"This word is not understood in this question; {advice}"
