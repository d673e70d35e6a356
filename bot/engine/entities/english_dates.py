"""Dates in English words."""

from datetime import date, timedelta

from bot.engine.entities.calendar_words import (
    ENGLISH_MONTH,
    ENGLISH_WEEKDAY,
    ORDINAL_WORD,
    day_number,
    ordinal_number,
    weekday_number,
)
from bot.engine.entities.date_rules import (
    Match,
    days_on,
    month_and_day,
    next_day_of_month,
    not_one_day,
    part_of_month,
    part_of_named_month,
    part_of_this_month,
    rule,
)
from bot.engine.entities.days import (
    coming,
    day_of_week,
    first_of_month,
    from_now,
    in_month,
    month_end,
    weekday_in_month,
    weekend,
)
from bot.engine.entities.numbers import ENGLISH_BELOW_HUNDRED, to_number

_MONTH = rf"(?P<month>{ENGLISH_MONTH})"
_NTH = rf"(?P<day>\d{{1,2}}(?=(?:st|nd|rd|th)?\b)|{ORDINAL_WORD})(?:st|nd|rd|th)?"
_YEAR = r"(?:,? (?P<year>20\d\d))?"
_ON_WEEKDAY = rf"(?:\b{ENGLISH_WEEKDAY},? (?:the )?)?"
_WEEKDAY = rf"(?P<weekday>{ENGLISH_WEEKDAY})"
_MONTH_STEP = r"(?P<step>last|this|next) month"
_COUNT = rf"(?P<count>\d{{1,3}}|(?:a )?couple(?: of)?|an?|{ENGLISH_BELOW_HUNDRED})"
_UNIT = r"(?P<unit>day|week|fortnight|month|year)s?"
_EARLY_ORDINAL = "(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)"
_AFTER_PREPOSITION = (
    r"(?:(?<=\bon )|(?<=\bby )|(?<=\btill )|(?<=\buntil )|(?<=\bbefore )|(?<=\bafter )"
    r"|(?<=\bfrom )|(?<=\baround )|(?<=\bto ))"
)
_COUNTED_THINGS = (
    r"(?! (?:\w+ )?(?:bills?|instal\w*|payments?|repayments?|ones?|loans?|times?|things?|months?|days?|weeks?|calls?"
    r"|person|people|terms?|plans?|options?|parts?|half|places?|reminders?|messages?|floor|part(?:y|ies)|requests?"
    r"|charges?|attempts?|years?|quarters?|letters?|sms|texts?|emails?|warnings?|accounts?|items?|entr(?:y|ies)"
    r"|lines?"
    r"|questions?|steps?|names?|class|grade|degree|opinion|hand|birthday|anniversary|baby|child|kid|job|street"
    r"|avenue)\b)"
    r"(?! (?:of|two|three|few|available)\b)(?!-)"
)

_STEPS = {"last": -1, "previous": -1, "this": 0, "current": 0, "next": 1, "following": 1}
_HOLIDAYS = {
    "new year's eve": (12, 31),
    "new years eve": (12, 31),
    "nye": (12, 31),
    "new year": (1, 1),
    "valentine": (2, 14),
    "halloween": (10, 31),
    "christmas eve": (12, 24),
    "xmas eve": (12, 24),
    "christmas": (12, 25),
    "xmas": (12, 25),
    "boxing day": (12, 26),
}
_TOMORROW = r"tomorrow|tomorow|tommorr?ow|tomorro|tomoro|tomoz|tomo|tmrw?|tmw|2moro|2morrow"


def _day_in_month(match: Match, today: date) -> date | None:
    return in_month(_STEPS[match["step"]], day_number(match["day"]), today)


def _part_of_month(match: Match, today: date) -> date:
    if match["step"] in (None, "this", "current"):
        return part_of_this_month(match["part"], today)
    return part_of_month(match["part"], first_of_month(1, today))


def _holiday(match: Match, today: date) -> date | None:
    return coming(*next(day for name, day in _HOLIDAYS.items() if match["name"].startswith(name)), today)


def _weekday_of_month(match: Match, today: date) -> date:
    place = -1 if match["place"] == "last" else ordinal_number(match["place"])
    weekday = weekday_number(match["weekday"])
    if match["step"]:
        return weekday_in_month(place, weekday, first_of_month(_STEPS[match["step"]], today))
    days = (weekday_in_month(place, weekday, first_of_month(step, today)) for step in (0, 1))
    return next(day for day in days if day >= today)


def _weekday(match: Match, today: date) -> date:
    return day_of_week(weekday_number(match["weekday"]), today, _STEPS.get(match["step"] or ""))


def _weekday_after_next(match: Match, today: date) -> date:
    return day_of_week(weekday_number(match["weekday"]), today, 2)


def _week_after(match: Match, today: date) -> date:
    name = match["weekday"]
    if name in ("today", "now", "tomorrow"):
        return today + timedelta(days=8 if name == "tomorrow" else 7)
    return day_of_week(weekday_number(name), today) + timedelta(weeks=1)


def _from_now(match: Match, today: date) -> date:
    words = match["count"]
    count = 2 if "couple" in words else 1 if words in ("a", "an") else int(to_number(words) or 0)
    return from_now(count, match["unit"], today)


RULES = (
    rule(rf"{_ON_WEEKDAY}\b(?:the )?{_NTH}(?: of)?[ ,-]{{1,2}}{_MONTH}\b{_YEAR}", month_and_day),
    rule(
        rf"{_ON_WEEKDAY}\b{_MONTH}\.?[ -](?:the )?{_NTH}\b(?!:|[.,]\d| ?%| (?:payments?|instal|bills?|months?"
        rf"|weeks?|days?"
        rf"|times|of|loans?|people)){_YEAR}",
        month_and_day,
    ),
    rule(rf"{_ON_WEEKDAY}\b(?:the )?{_NTH} (?:of )?{_MONTH_STEP}\b", _day_in_month),
    rule(rf"\b(?:the )?{_NTH} of (?:the|each|every) month\b", next_day_of_month),
    rule(rf"\b{_MONTH_STEP}(?:'s)?,? (?:on |by )?(?:the )?{_NTH}\b(?! (?:payment|instal|bill))", _day_in_month),
    rule(
        r"\b(?:the )?(?P<part>end|last day|middle|beginning|start|mid)[ -](?:of )?(?:the )?"
        r"(?:(?P<step>this|next|current|following) )?month\b",
        _part_of_month,
    ),
    rule(rf"\b(?:the )?(?P<part>end|last day|middle|mid|beginning|start)(?: of |[ -]){_MONTH}\b", part_of_named_month),
    rule(r"\bmonth(?:'?s)?[ -]?end\b|\beom\b", lambda match, today: month_end(today)),
    rule(
        r"\b(?:the )?end of (?:the |this )?(?P<step>next )?year\b",
        lambda match, today: date(today.year + bool(match["step"]), 12, 31),
    ),
    rule(
        r"(?<!merry )(?<!happy )\b(?P<name>new year'?s eve|nye|new year(?:'?s)?(?: day)?|valentine'?s?(?: day)?"
        r"|halloween"
        r"|(?:christmas|xmas)(?: eve| day)?|boxing day)\b(?! (?:shopping|presents?|gifts?|party|bonus))",
        _holiday,
    ),
    rule(
        rf"\b(?:the )?(?P<place>first|second|third|fourth|last) {_WEEKDAY} (?:of|in) (?:the |(?P<step>this"
        rf"|next) )?month\b",
        _weekday_of_month,
    ),
    rule(rf"{_ON_WEEKDAY}\b(?:the )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)\b{_COUNTED_THINGS}", next_day_of_month),
    rule(rf"\bthe (?!{_EARLY_ORDINAL}\b)(?P<day>{ORDINAL_WORD})\b{_COUNTED_THINGS}", next_day_of_month),
    rule(rf"{_AFTER_PREPOSITION}the (?P<day>{ORDINAL_WORD})\b{_COUNTED_THINGS}", next_day_of_month),
    rule(
        rf"{_AFTER_PREPOSITION}the (?P<day>\d{{1,2}})(?= ?(?:$|[^\w\s,.-]|[,.](?!\d)|(?:please|pls|if|then"
        rf"|instead|when|or|and|at)\b))",
        next_day_of_month,
    ),
    rule(rf"\b(?:a |one )?week (?:from|on|after) (?P<weekday>{ENGLISH_WEEKDAY}|today|now|tomorrow)\b", _week_after),
    rule(rf"\b(?P<weekday>{ENGLISH_WEEKDAY}|today|tomorrow) week\b", _week_after),
    rule(rf"\b(?:the )?{_WEEKDAY} after next\b", _weekday_after_next),
    rule(rf"\b(?P<step>this|next|last) week(?:'s)?,? (?:on )?{_WEEKDAY}\b", _weekday),
    rule(rf"\b{_WEEKDAY},? (?:of )?(?P<step>this|next|last) week\b", _weekday),
    rule(
        rf"\b(?P<step>last|this|next|previous|following|this coming|coming) {_WEEKDAY}\b",
        _weekday,
    ),
    rule(
        r"(?<!every )(?<!each )\b(?P<weekday>monday|tuesday|wednesday|thursday|friday|satur?day|sunday|mon"
        r"|tues?|wed|thurs?|fri)"
        r"(?P<step>)\b",
        _weekday,
    ),
    rule(r"\b(?:on|by|till|until|before|after|come) (?P<weekday>sat|sun)(?P<step>)\b", _weekday),
    rule(r"\b(?:the )?weekend after next\b", lambda match, today: weekend(today, 2)),
    rule(
        r"\b(?:(?P<step>this|next|the|last|coming) )?weekend\b",
        lambda match, today: weekend(today, _STEPS.get(match["step"] or "", 0)),
    ),
    rule(r"\b(?:the )?day after tomorrow\b", days_on(2)),
    rule(r"\b(?:the )?day before yesterday\b", days_on(-2)),
    rule(rf"\b(?:{_TOMORROW})\b", days_on(1)),
    rule(r"\b(?:today|tonight|tonite|2day|2night|this (?:morning|afternoon|evening))\b", days_on(0)),
    rule(r"\byesterday\b", days_on(-1)),
    rule(
        rf"\b(?:in|after) (?:about |another )?{_COUNT}(?: more)?[ -]?{_UNIT}(?:'? time)?\b(?! (?:or|instal"
        rf"|payments?|of))",
        _from_now,
    ),
    rule(rf"\b{_COUNT}[ -]?{_UNIT}(?:'? time| from (?:now|today))\b", _from_now),
    rule(rf"\b(?:{_COUNT}|few) (?:days?|weeks?|fortnights?|nights?) (?:ago|back)\b", not_one_day),
)
"""In the order in which they are tried: a word is read by the first that fits it."""
