"""The words of the confirmation, in the borrower's language, with facts in their places."""

from datetime import datetime
from functools import cache
from pathlib import Path

import yaml
from babel.dates import get_timezone_name
from babel.numbers import get_currency_name

from respite.formatting import LOCALES, Fact, format_amount, format_fact
from respite.languages import to_traditional, written_in
from respite.lending.money import Money
from respite.policies.model import Language, Words

TEXTS = Path(__file__).with_name("texts.yml")
NOTHING = "–"


@cache
def texts() -> dict[str, dict[Language, str]]:
    """Every text by its name, in each language, with `{fact}` where a fact goes."""
    loaded: dict[str, dict[Language, str]] = yaml.safe_load(TEXTS.read_text(encoding="utf-8"))
    return loaded


class Wording:
    """Says things in one language (en, zh-Hans, zh-Hant)."""

    def __init__(self, language: str) -> None:
        self._written = written_in(language)
        self._is_traditional = language == "zh-Hant"

    def say(self, name: str, /, **facts: Fact) -> str:
        """The text of that name."""
        return self.of(texts()[name]).format(**{key: self.fact(fact) for key, fact in facts.items()})

    def of(self, words: Words | dict[Language, str]) -> str:
        """What the policy says, in this language."""
        return self._in_script(words[self._written])

    def fact(self, fact: Fact) -> str:
        """One value; a name stays as it is written."""
        return fact if isinstance(fact, str) else self._in_script(format_fact(fact, self._written))

    def amount(self, money: Money) -> str:
        """An amount in a column that names its currency."""
        return NOTHING if money.is_zero else format_amount(money, self._written)

    def difference(self, money: Money) -> str:
        """An amount with its sign."""
        return f"+{self.fact(money)}" if money.amount > 0 else self.fact(money)

    def moment(self, at: datetime) -> str:
        """A moment in its own time zone."""
        zone = self._in_script(get_timezone_name(at, locale=LOCALES[self._written]))
        return self.say("moment", day=at.date(), time=at.strftime("%H:%M:%S"), zone=zone)

    def currency(self, code: str) -> str:
        name = get_currency_name(code, locale=LOCALES[self._written])
        return self.say("currency", name=self._in_script(name), code=code)

    def _in_script(self, text: str) -> str:
        return to_traditional(text) if self._is_traditional else text
