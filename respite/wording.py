"""The core's own words: a file of texts in English and Simplified Chinese, with facts in their places."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import yaml
from babel.lists import format_list

from respite.formatting import LOCALES, Fact, format_fact
from respite.languages import to_traditional, written_in
from respite.policies.section import Language


@cache
def read_texts(file: Path) -> dict[str, dict[Language, str]]:
    """Every text of a file by its name, in each language, with `{fact}` where a fact goes."""
    loaded: dict[str, dict[Language, str]] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return loaded


class Wording:
    """Says the texts of a file in one language (en, zh-Hans, zh-Hant)."""

    def __init__(self, file: Path, language: str) -> None:
        self._texts = read_texts(file)
        self._written = written_in(language)
        self._is_traditional = language == "zh-Hant"

    def say(self, name: str, /, **facts: Fact) -> str:
        """The text of that name."""
        return self.of(self._texts[name]).format(**{key: self.fact(fact) for key, fact in facts.items()})

    def of(self, words: dict[Language, str]) -> str:
        """What the policy says, in this language."""
        return self._in_script(words[self._written])

    def fact(self, fact: Fact) -> str:
        """One value; a name stays as it is written."""
        return fact if isinstance(fact, str) else self._in_script(format_fact(fact, self._written))

    def join(self, phrases: Sequence[str]) -> str:
        """Several phrases as one: `a, b and c`."""
        return self._in_script(format_list(phrases, locale=LOCALES[self._written]))

    def _in_script(self, text: str) -> str:
        return to_traditional(text) if self._is_traditional else text
