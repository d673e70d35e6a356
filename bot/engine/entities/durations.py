"""Lengths of time in days or months."""

import re
from collections.abc import Iterator
from decimal import Decimal

from bot.engine.entities.finding import Finding
from bot.engine.entities.numbers import to_number

DURATION = "duration"

_SMALL = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen"
    "|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
)
COUNT_WORDS = rf"(?:{_SMALL})(?:[ -](?:{_SMALL}))?"
_ENGLISH = re.compile(
    rf"(?:\b(?P<count>\d+(?:\.5)?|(?:\d+|{COUNT_WORDS}) and a half|{COUNT_WORDS}|an?(?: couple(?: of)?)?|a"
    rf"|couple(?: of)?)"
    rf"(?:[ -]?(?:to|or|-)[ -]?(?P<upper>\d+|{_SMALL}))?(?: (?:more|extra|whole|full|calendar|working|business))?[ -]?"
    r"(?P<unit>days?|weeks?|wks?|months?|mths?|mos?|years?|yrs?)\b(?P<half> and a half)?"
    r"|\b(?P<fortnight>(?:a |one |two )?fortnights?)\b|\bhalf a (?P<half_unit>month|year)\b)",
    re.ASCII,
)
_CHINESE_COUNT = "(?:\\d+(?:\\.5)?|[一二两俩仨三四五六七八九十百]+)"
_CHINESE = re.compile(
    rf"(?<![第\d.])(?:(?P<lower>[一二两三四五六七八九])(?=[二三四五六七八九]))?(?P<count>{_CHINESE_COUNT})(?:来|多|几)?"
    "(?:(?P<half_month>个半月)|(?P<half_year>年半)|个?(?P<unit>天|日(?!号)|周|星期|礼拜|个月|(?<=[俩仨])月|(?<!\\d{3})年(?!代|化|利率|底|末)))"
    "|(?P<half>(?<!一)半个?(?P<half_unit>月|年))"
)
_DAYS = {"d": 1, "w": 7, "天": 1, "日": 1, "周": 7, "星": 7, "礼": 7}
_MONTHS = {"m": 1, "y": 12, "个": 1, "月": 1, "年": 12}
_RATE_BEFORE = re.compile(
    r"(?:\d[\d,.]*|hundred|thousand|grand|dollars?|bucks|pounds|quid|yuan|k|rmb|much|once|twice|times?|per"
    r"|each|every|元|块) ?$"
)
_RATE_AFTER = re.compile("(?:最多|只|能|可以|大概|就)*(?:还|付|交|给|工资|收入|挣|赚|多少)")


def find_durations(text: str) -> Iterator[Finding]:
    """Find durations; the value is `{"days": n}` or `{"months": n}`."""
    for match in _ENGLISH.finditer(text):
        is_rate = match["count"] in ("a", "an") and _RATE_BEFORE.search(text[: match.start()])
        if not is_rate:
            yield Finding(DURATION, _english(match), *match.span())
    for match in _CHINESE.finditer(text):
        is_rate = match["count"] == "一" and _RATE_AFTER.match(text, match.end())
        value = _chinese(match)
        if value and not is_rate:
            yield Finding(DURATION, value, *match.span())


def _english(match: re.Match[str]) -> dict[str, int]:
    if match["fortnight"]:
        return {"days": 28 if match["fortnight"].startswith("two") else 14}
    if match["half_unit"]:
        return {"days": 15} if match["half_unit"] == "month" else {"months": 6}
    count = _english_count(match["upper"] or match["count"])
    return _measured(count + (Decimal("0.5") if match["half"] else 0), match["unit"][0])


def _english_count(words: str) -> Decimal:
    if words.startswith(("a", "couple")):
        return Decimal(2 if "couple" in words else 1)
    whole, _, half = words.partition(" and a ")
    return to_number(whole) + (Decimal("0.5") if half else 0)


def _chinese(match: re.Match[str]) -> dict[str, int] | None:
    if match["half"]:
        return {"days": 15} if match["half_unit"] == "月" else {"months": 6}
    count = to_number(match["count"])
    if count is None:
        return None
    if match["half_month"]:
        return {"days": int(count * 30) + 15}
    if match["half_year"]:
        return {"months": int(count * 12) + 6}
    return _measured(count, match["unit"][0])


def _measured(count: Decimal, unit: str) -> dict[str, int]:
    if unit in _DAYS:
        return {"days": int(count * _DAYS[unit])}
    months = count * _MONTHS[unit]
    return {"months": int(months)} if months == int(months) else {"days": int(months * 30)}
