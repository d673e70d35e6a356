"""What is wrong in a policy file, and where."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from pydantic_core import ErrorDetails

from respite.policies.section import Section

SENTENCES = {
    "missing": "is missing; add it to this section",
    "greater_than_equal": "is {value}; use {ge} or more",
    "less_than_equal": "is {value}; use {le} or less",
    "int_type": "is {value!r}; use a whole number",
    "int_parsing": "is {value!r}; use a whole number",
    "int_from_float": "is {value!r}; use a whole number",
    "decimal_type": "is {value!r}; use a number",
    "decimal_parsing": "is {value!r}; use a number",
    "finite_number": "is {value!r}; use a number",
    "string_type": "is {value!r}; use text, in quotes where it looks like a number, a time, or yes or no",
    "enum": "is {value!r}; use {expected}",
    "literal_error": "is {value!r}; use {expected}",
    "dict_type": "is no section; put keys with their values below it",
    "model_type": "is no section; put keys with their values below it",
    "time_parsing": 'is {value!r}; use a time of day such as "21:00"',
    "tuple_type": "is no list; write the values as [first, second]",
}
"""What to say of each kind of error that pydantic finds."""


@dataclass(frozen=True)
class Finding:
    """One thing to change in a file. `field` is the dotted path of a key, empty for the file as a whole."""

    file: Path
    line: int
    field: str
    problem: str

    def __str__(self) -> str:
        return ": ".join(filter(None, (f"{self.file}:{self.line}", self.field, self.problem)))


class PolicyError(ValueError):
    """A policy file that cannot be used, said in words for whoever edits it, with every mistake that is in it."""

    def __init__(self, sentence: str, mistakes: Sequence[Finding] = ()) -> None:
        super().__init__("\n".join([sentence, *map(str, mistakes)]))
        self.sentence = sentence
        self.mistakes = tuple(mistakes)


def problem(error: ErrorDetails) -> str:
    """What is wrong with a value, and what to write instead."""
    details = error.get("ctx", {})
    if error["type"] == "value_error":
        return str(details["error"])
    if error["type"] == "extra_forbidden":
        return _unknown_key(str(error["loc"][-1]))
    sentence = SENTENCES.get(error["type"], error["msg"])
    return sentence.format(value=error["input"], **details)


def _unknown_key(key: str) -> str:
    known = {name for section in Section.__subclasses__() for name in section.model_fields}
    if key in known:
        return "belongs to another section; move it there"
    similar = get_close_matches(key, known, n=1)
    return f"is no key of a policy; did you mean {similar[0]}?" if similar else "is no key of a policy; remove it"
