"""The parts of replies that actions put together themselves, taken from the responses of domain.yml.

Whole replies are worded by Rasa. A part is a line of a list, the title of a card or of a button: it becomes a value
inside a whole reply.
"""

from functools import cache
from typing import Any

from actions.domain import domain
from actions.formatting import Part
from respite.formatting import Fact
from respite.support.words import TEXTS
from respite.wording import Wording


def part(name: str, language: str, values: dict[str, str]) -> Part:
    """The response `utter_part_<name>` in `language`, with the formatted `values` in their places."""
    return Part(_variant(f"utter_part_{name}", language).format(**values))


class CoreWords(Wording):
    """The core's own words in `language` (en, zh); the facts in them are added to `facts`."""

    def __init__(self, language: str, facts: list[str]) -> None:
        super().__init__(TEXTS, language)
        self._facts = facts

    def fact(self, fact: Fact) -> str:
        """One value, which goes with the reply."""
        value = super().fact(fact)
        self._facts.append(value)
        return value


@cache
def _variant(response: str, language: str) -> str:
    variants: list[dict[str, Any]] = domain()["responses"][response]
    for variant in variants:
        if any(condition["value"] == language for condition in variant.get("condition", ())):
            return str(variant["text"])
    return next(str(variant["text"]) for variant in variants if "condition" not in variant)
