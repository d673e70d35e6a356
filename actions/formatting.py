"""Wording that is made of facts, and several of them as one phrase."""

from collections.abc import Sequence

from babel.lists import format_list

from respite.formatting import LOCALES


class Part(str):
    """Wording made of facts that are already known, so that it is not a fact of its own."""


def join(items: Sequence[str], language: str) -> Part:
    """Several names as one phrase: `a, b and c`."""
    return Part(format_list(items, locale=LOCALES[language]))
