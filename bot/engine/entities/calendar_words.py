"""The names of months, days of the week and days of the month."""

import re

from bot.engine.entities.numbers import to_number

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_WEEKDAYS = "mon tue wed thu fri sat sun".split()
_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth"
    " sixteenth seventeenth eighteenth nineteenth twentieth"
).split()

ENGLISH_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may(?! (?:i|we|you|be|not|have|need|want)\b)|june?|july?"
    r"|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
CHINESE_MONTH = "(?<![\\d一二三四五六七八九十个])(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
ENGLISH_WEEKDAY = (
    r"(?:mon(?:day)?|tues?(?:day)?|wed(?:nesday|s)?|thu(?:rs?)?(?:day)?|fri(?:day)?|satur?day|sat|sunday|sun)"
)
CHINESE_WEEKDAY = "[一二三四五六日天1-6]"
ORDINAL_WORD = (
    r"(?:twenty[- ](?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|thirty[- ]first|thirtieth"
    rf"|{'|'.join(sorted(_ORDINALS, key=len, reverse=True))})"
)
CHINESE_DAY = "(?:\\d{1,2}|[一二三四五六七八九十廿卅]{1,3})"


def english_month(name: str) -> int:
    """Return the number of a month from its English name or abbreviation."""
    return _MONTHS.index(name[:3]) + 1


def chinese_month(number: str) -> int | None:
    """Return the number of a month written in digits or characters."""
    month = to_number(re.sub("^0", "", number))
    return int(month) if month and 1 <= month <= 12 else None


def month_number(name: str) -> int:
    """Return the number of a month named in either language, 0 where there is no such month."""
    is_english = name.isascii() and name[0].isalpha()
    return english_month(name) if is_english else chinese_month(name) or 0


def weekday_number(name: str) -> int:
    """Return 0 for Monday to 6 for Sunday."""
    if name.isascii() and name.isalpha():
        return _WEEKDAYS.index(name[:3])
    return 6 if name in "日天" else int(to_number(name) or 0) - 1


def ordinal_number(words: str) -> int:
    """Return the number that an ordinal in words stands for: 25 for twenty-fifth."""
    *tens, last = re.split("[- ]", words)
    if last == "thirtieth":
        return 30
    return _ORDINALS.index(last) + 1 + {"twenty": 20, "thirty": 30}.get("".join(tens), 0)


def day_number(words: str) -> int:
    """Return the day of a month from digits, an English ordinal in words or Chinese characters."""
    return ordinal_number(words) if words[0].isalpha() and words.isascii() else int(to_number(words) or 0)
