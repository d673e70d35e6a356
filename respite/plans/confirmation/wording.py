"""The words of the confirmation, in the borrower's language, with facts in their places."""

from datetime import datetime
from pathlib import Path

from babel.dates import get_timezone_name
from babel.numbers import get_currency_name

from respite import wording
from respite.formatting import LOCALES, format_amount
from respite.lending.money import Money

TEXTS = Path(__file__).with_name("texts.yml")
NOTHING = "–"


class Wording(wording.Wording):
    """Says the texts of the confirmation in one language (en, zh-Hans, zh-Hant)."""

    def __init__(self, language: str) -> None:
        super().__init__(TEXTS, language)

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
