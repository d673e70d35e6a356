"""Calendar dates, resolved against the lender's business date."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from bot.engine.entities.calendar_words import (
    CHINESE_MONTH,
    CHINESE_WEEKDAY,
    ENGLISH_MONTH,
    ENGLISH_WEEKDAY,
    chinese_month,
    chinese_weekday,
    english_month,
    english_weekday,
)
from bot.engine.entities.durations import COUNT_WORDS
from bot.engine.entities.finding import Finding
from bot.engine.entities.numbers import to_number

DATE = "date"
UNCLEAR_DATE = "unclear_date"

Resolve = Callable[[re.Match[str], date], date | None]

_DAY = (
    r"(?P<day>\d{1,2}|twenty[- ](?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|thirty[- ]first"
    r"|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth"
    r"|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth)"
)
_NTH = rf"{_DAY}(?:st|nd|rd|th)?"
_NTH_MARKED = r"(?P<day>\d{1,2})(?:st|nd|rd|th)"
_CHINESE_DAY = "(?P<day>\\d{1,2}|[一二三四五六七八九十廿]{1,3})"
_DAY_SIGN = "[号日]"
_COUNT = rf"(?P<count>\d{{1,3}}|{COUNT_WORDS}|an?(?: couple of)?|a couple of|couple of)"
_CHINESE_COUNT = "(?P<count>\\d{1,3}|[一二两三四五六七八九十]+)"
_YEAR = r"(?P<year>20\d\d)"
_STEPS = {
    "last": -1,
    "previous": -1,
    "this": 0,
    "current": 0,
    "the": 0,
    "next": 1,
    "following": 1,
    "上": -1,
    "这": 0,
    "本": 0,
    "当": 0,
    "下": 1,
    "下下": 2,
    "上上": -2,
}
_ORDINAL_WORDS = {
    word: number
    for number, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth"
        " fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split(),
        start=1,
    )
} | {"thirtieth": 30}


def find_dates(text: str, business_date: date) -> Iterator[Finding]:
    """Find dates; the value is an ISO date on or after `business_date`.

    A date that is past, impossible or ambiguous ("last Friday", "31 February", "5/6") is an `unclear_date` with the
    words as its value, for the bot to ask about. Rules stand in order: a word is read by the first that fits it.
    """
    taken: list[Finding] = []
    for pattern, resolve in _RULES:
        for match in pattern.finditer(text):
            finding = _finding(match, resolve(match, business_date), business_date)
            if not any(finding.overlaps(other) for other in taken):
                taken.append(finding)
    yield from taken


def _finding(match: re.Match[str], day: date | None, business_date: date) -> Finding:
    if day is None or day < business_date:
        return Finding(UNCLEAR_DATE, match[0].strip(), *match.span())
    return Finding(DATE, day.isoformat(), *match.span())


def _make(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month_end(day: date) -> date:
    return day + relativedelta(day=31)


def _day_number(words: str) -> int:
    if words.isdigit():
        return int(words)
    if words.replace("廿", "二十")[0] in "一二三四五六七八九十":
        return int(to_number(words.replace("廿", "二十")) or 0)
    *tens, last = re.split("[- ]", words)
    return _ORDINAL_WORDS[last] + {"twenty": 20, "thirty": 30}.get("".join(tens), 0)


def _nearest(month: int, day: int, today: date) -> date | None:
    """Return this month and day in the year that brings it nearest to `today`, before or after it."""
    years = (_make(today.year + step, month, day) for step in (-1, 0, 1))
    if month == 2 and day == 29:
        years = (_make(today.year + step, month, day) for step in range(9))
        return next((each for each in years if each and each >= today), None)
    return min((each for each in years if each), key=lambda each: abs(each - today), default=None)


def _full(match: re.Match[str], today: date) -> date | None:
    return _make(int(match["year"]), _month_of(match), _day_number(match["day"]))


def _month_and_day(match: re.Match[str], today: date) -> date | None:
    if match.groupdict().get("year"):
        return _full(match, today)
    return _nearest(_month_of(match), _day_number(match["day"]), today)


def _month_of(match: re.Match[str]) -> int:
    name = match["month"]
    return english_month(name) if name[0].isalpha() and name.isascii() else chinese_month(name) or 0


def _slashed(match: re.Match[str], today: date) -> date | None:
    first, second = int(match["first"]), int(match["second"])
    if first > 12:
        return _nearest(second, first, today)
    if second > 12 or first == second:
        return _nearest(first, second, today)
    return None


def _day_in_stepped_month(match: re.Match[str], today: date) -> date | None:
    month = today + relativedelta(day=1, months=_STEPS[match["step"].rstrip("个")])
    return _make(month.year, month.month, _day_number(match["day"]))


def _day_of_month(match: re.Match[str], today: date) -> date | None:
    day = _day_number(match["day"])
    firsts = (today + relativedelta(day=1, months=step) for step in range(3))
    days = (_make(first.year, first.month, day) for first in firsts)
    return next((each for each in days if each and each >= today), None)


def _part_of_month(match: re.Match[str], today: date) -> date | None:
    groups = match.groupdict()
    step = (groups.get("step") or "").rstrip("个")
    month = today + relativedelta(day=1, months=_STEPS.get(step, 0))
    if groups.get("month"):
        month = _nearest(_month_of(match), 28, today) + relativedelta(day=1)
    part = match["part"]
    if part in ("end", "last day", "底", "末", "最后一天"):
        return _month_end(month)
    day = month + relativedelta(day=15 if part in ("middle", "mid", "中") else 1)
    return day + relativedelta(months=1) if day < today and not step and not groups.get("month") else day


def _year_end(match: re.Match[str], today: date) -> date:
    return date(today.year + (1 if match["step"] in ("next", "明") else 0), 12, 31)


def _weekday(match: re.Match[str], today: date) -> date:
    monday = today - timedelta(days=today.weekday())
    name, step = match["weekday"], (match["step"] or "").rstrip("个")
    chosen = english_weekday(name) if name.isascii() else chinese_weekday(name)
    day = monday + timedelta(days=chosen, weeks=_STEPS.get(step, 0))
    return day + timedelta(weeks=1) if (not step and day < today) or (step == "this" and day < today) else day


def _weekend(match: re.Match[str], today: date) -> date:
    saturday = today + timedelta(days=max(5 - today.weekday(), 0))
    return saturday + timedelta(weeks=_STEPS.get(match["step"] or "the", 0))


def _named_day(match: re.Match[str], today: date) -> date:
    return today + timedelta(days=next(days for name, days in _NAMED_DAYS if match[0].startswith(name)))


_NAMED_DAYS = (
    ("the day after tomorrow", 2),
    ("day after tomorrow", 2),
    ("the day before yesterday", -2),
    ("yesterday", -1),
    ("today", 0),
    ("tonight", 0),
    ("tomorrow", 1),
    ("tmrw", 1),
    ("tmr", 1),
    ("tomoro", 1),
    ("2moro", 1),
    ("tomorow", 1),
    ("tommorow", 1),
    ("tommorrow", 1),
    ("大后", 3),
    ("后", 2),
    ("明", 1),
    ("听", 1),
    ("今", 0),
    ("琴", -1),
    ("寻", -1),
    ("大前", -3),
    ("前", -2),
    ("昨", -1),
)


def _from_now(match: re.Match[str], today: date) -> date:
    words = match["count"]
    count = (2 if "couple" in words else 1) if words.startswith(("a", "couple")) else int(to_number(words) or 0)
    unit = match["unit"]
    if unit[0] in "d天日":
        return today + timedelta(days=count)
    return today + (timedelta(weeks=count) if unit[0] in "w周星礼" else relativedelta(months=count))


def _week_from(match: re.Match[str], today: date) -> date:
    if match["weekday"] in ("today", "now"):
        return today + timedelta(weeks=1)
    if match["weekday"] == "tomorrow":
        return today + timedelta(weeks=1, days=1)
    days = (english_weekday(match["weekday"]) - today.weekday()) % 7
    return today + timedelta(weeks=1, days=days)


def _unclear(match: re.Match[str], today: date) -> None:
    return None


_MONTH = f"(?P<month>{ENGLISH_MONTH})"
_MONTH_STEP = "(?P<step>上上个?|上个?|下下个?|下个?|这个?|本|当)月"
_RULES: tuple[tuple[re.Pattern[str], Resolve], ...] = tuple(
    (re.compile(pattern, re.ASCII), resolve)
    for pattern, resolve in (
        (rf"(?<!\d){_YEAR}(?P<s>[-/.])(?P<month>\d{{1,2}})(?P=s)(?P<day>\d{{1,2}})(?!\d)", _full),
        (f"{_YEAR}年(?P<month>\\d{{1,2}})月{_CHINESE_DAY}{_DAY_SIGN}?", _full),
        (r"(?<!\d)(?P<day>1[3-9]|2\d|3[01])[-/.](?P<month>\d{1,2})[-/.](?P<year>20\d\d)(?!\d)", _full),
        (r"(?<!\d)(?P<month>\d{1,2})[-/.](?P<day>1[3-9]|2\d|3[01])[-/.](?P<year>20\d\d)(?!\d)", _full),
        (r"(?<!\d)\d{1,2}[-/.]\d{1,2}[-/.]20\d\d(?!\d)", _unclear),
        (rf"\b(?:the )?{_NTH}(?: of)?[ -]{_MONTH}\b,?(?: {_YEAR})?", _month_and_day),
        (rf"\b{_MONTH}\.?[ -](?:the )?{_NTH}\b(?!:|[ ]?%)(?:,? {_YEAR})?", _month_and_day),
        (
            f"明年(?P<month>{CHINESE_MONTH})月{_CHINESE_DAY}{_DAY_SIGN}?",
            lambda match, today: _make(today.year + 1, _month_of(match), _day_number(match["day"])),
        ),
        (f"(?P<month>{CHINESE_MONTH})月(?:份)?{_CHINESE_DAY}(?:{_DAY_SIGN}|(?![\\d个期天万千百块元]))", _month_and_day),
        (r"(?<![\d/.$¥£€-])(?!24/7)(?P<first>\d{1,2})/(?P<second>\d{1,2})(?![\d/.%])", _slashed),
        (rf"\b(?:the )?{_NTH} (?:of )?(?P<step>last|this|next) month\b", _day_in_stepped_month),
        (rf"\b(?P<step>last|this|next) month(?:'s)?,? (?:on |by )?(?:the )?{_NTH}\b", _day_in_stepped_month),
        (f"{_MONTH_STEP}的?{_CHINESE_DAY}{_DAY_SIGN}", _day_in_stepped_month),
        (
            r"\b(?:the )?(?P<part>end|last day|middle|beginning|start|mid) (?:of )?(?:the )?(?:(?P<step>this"
            r"|next|current|following) )?month\b",
            _part_of_month,
        ),
        (rf"\b(?:the )?(?P<part>end|middle|mid|beginning|start)(?: of |[ -]){_MONTH}\b", _part_of_month),
        (
            r"\b(?P<part>mid)[ -]?month\b|\bmonth[ -]?(?P<end>end)\b|\beom\b",
            lambda match, today: _part_of_month(match, today) if match["part"] else _month_end(today),
        ),
        (
            rf"(?:{_MONTH_STEP}|(?<![\d个一二三四五六七八九十])月)的?(?P<part>底|末|最后一天|初|中)(?!旬?国|文|间)",
            _part_of_month,
        ),
        (f"(?P<month>{CHINESE_MONTH})月(?:份)?的?(?P<part>底|末|最后一天|初|中旬|中)", _part_of_month),
        (
            r"\b(?:the )?end of (?:the |this )?(?P<step>next )?year\b",
            lambda match, today: date(today.year + bool(match["step"]), 12, 31),
        ),
        ("(?P<step>明|今)?年(?:底|末)", _year_end),
        (rf"\b(?:a |one )?week (?:from|on|after) (?P<weekday>{ENGLISH_WEEKDAY}|today|now|tomorrow)\b", _week_from),
        (rf"\b(?:(?P<step>last|this|next|previous|following) )(?P<weekday>{ENGLISH_WEEKDAY})\b", _weekday),
        (
            r"\b(?P<step>)(?P<weekday>monday|tuesday|wednesday|thursday|friday|satur?day|sunday|mon|tues?|wed|thurs?|fri)\b",
            _weekday,
        ),
        (r"\b(?:on|by|till|until|before|after) (?P<step>)(?P<weekday>sat|sun)\b", _weekday),
        (
            f"(?P<step>上上个?|上个?|下下个?|下个?|这个?|本)?(?:周|星期|礼拜)(?P<weekday>{CHINESE_WEEKDAY})(?![个期]|[百千万十])",
            _weekday,
        ),
        (r"\b(?:(?P<step>this|next|the|last) )?weekend\b", _weekend),
        (
            r"\b(?:the )?day (?:after tomorrow|before yesterday)\b|\b(?:today|tonight|tomorrow|tomorow"
            r"|tommorr?ow|tomoro|tmrw?|2moro|yesterday)\b",
            _named_day,
        ),
        (
            "(?:大后|(?<![之以今往先])后|明|听|今|昨|琴|寻|大前|(?<![之以])前)(?:天|日|晚|早|儿个?)(?![\\d一二三四五六七八九十]+天)",
            _named_day,
        ),
        (
            rf"\b(?:in|after) (?:another )?{_COUNT}(?: more)?[ -]?(?P<unit>days?|weeks?|wks?|months?)(?:'? time)?\b",
            _from_now,
        ),
        (rf"\b{_COUNT}[ -]?(?P<unit>days?|weeks?|months?)(?:'? time| from (?:now|today))\b", _from_now),
        (f"(?<![\\d第期]){_CHINESE_COUNT}个?(?P<unit>天|日|周|星期|礼拜|月)(?:之后|以后|后)(?!悔)", _from_now),
        (f"(?:再过|过){_CHINESE_COUNT}个?(?P<unit>天|日|周|星期|礼拜|月)(?!期)", _from_now),
        (f"(?<![第\\d.一二三四五六七八九十月共]){_CHINESE_DAY}(?:号|日)(?!线|楼|码|店|卡|常|子|期|元)", _day_of_month),
        (
            rf"\bthe {_NTH}(?! (?:bill|instal|payment|one|loan|time|thing|of|month|day|week|call|person|term"
            rf"|plan|option|part|half|place|reminder|message))\b(?!-)(?! \w+ (?:bill|instal))",
            _day_of_month,
        ),
        (
            rf"\b{_NTH_MARKED}\b(?! (?:bill|instal|payment|one|loan|time|thing|month|day|week|call|term|plan|option))",
            _day_of_month,
        ),
    )
)
