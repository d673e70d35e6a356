"""The names of months and days of the week."""

import re

from bot.engine.entities.numbers import to_number

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_WEEKDAYS = "mon tue wed thu fri sat sun".split()

ENGLISH_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
CHINESE_MONTH = "(?<![\\d一二三四五六七八九十个])(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
ENGLISH_WEEKDAY = (
    r"(?:mon(?:day)?|tues?(?:day)?|wed(?:nesday|s)?|thu(?:rs?)?(?:day)?|fri(?:day)?|satur?day|sat|sunday|sun)"
)
CHINESE_WEEKDAY = "[一二三四五六日天末]"


def english_month(name: str) -> int:
    """Return the number of a month from its English name or abbreviation."""
    return _MONTHS.index(name[:3]) + 1


def chinese_month(number: str) -> int | None:
    """Return the number of a month written in digits or characters."""
    month = to_number(re.sub("^0", "", number))
    return int(month) if month and 1 <= month <= 12 else None


def english_weekday(name: str) -> int:
    """Return 0 for Monday to 6 for Sunday."""
    return _WEEKDAYS.index(name[:3])


def chinese_weekday(character: str) -> int:
    """Return 0 for Monday to 6 for Sunday; 末, the weekend, begins on Saturday."""
    return {"日": 6, "天": 6, "末": 5}.get(character, "一二三四五六".find(character))
