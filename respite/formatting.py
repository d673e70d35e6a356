"""Facts in the borrower's language: amounts, dates and rates as Babel writes them."""

from datetime import date, time, timedelta
from decimal import Decimal

from babel.dates import format_date, format_time
from babel.numbers import format_currency, format_decimal, format_percent
from babel.units import format_unit

from respite.lending.money import Money

Fact = Money | Decimal | date | time | timedelta | int | str

LOCALES = {"en": "en_GB", "zh": "zh_Hans_CN"}


def format_fact(fact: Fact, language: str) -> str:
    """One value in words, in `en` or `zh`.

    A Decimal is a rate in percent, a timedelta whole days, an int a count, a str a name.
    """
    locale = LOCALES[language]
    match fact:
        case Money():
            return format_currency(fact.amount, fact.currency, locale=locale)
        case Decimal():
            return format_percent(fact / 100, "#,##0.##%", locale=locale)
        case date():
            return format_date(fact, "long", locale=locale)
        case time():
            return format_time(fact, "short", locale=locale)
        case timedelta():
            return format_unit(fact.days, "day", length="short", locale=locale)
        case int():
            return str(format_decimal(fact, locale=locale))
        case str():
            return fact


def format_amount(money: Money, language: str) -> str:
    """An amount without its currency, for a column that names it once."""
    return format_currency(money.amount, money.currency, "#,##0.00", locale=LOCALES[language], currency_digits=True)
