"""Lengths of time in days or months."""

import re
from collections.abc import Iterator
from decimal import Decimal

from bot.engine.entities.finding import Finding
from bot.engine.entities.numbers import ENGLISH, ENGLISH_BELOW_HUNDRED, to_number

DURATION = "duration"

_WORDS = ENGLISH_BELOW_HUNDRED
_ENGLISH_COUNT = (
    rf"(?:\d+(?:\.5)?|(?:\d+|{_WORDS}) and a half|{_WORDS} hundred(?: and {_WORDS})?|{_WORDS}"
    rf"|an?(?: couple(?: of)?)?|couple(?: of)?)"
)
_ENGLISH = re.compile(
    rf"\b(?P<count>{_ENGLISH_COUNT})(?:[ -]?(?:to|or|-)[ -]?(?P<upper>\d+|{_WORDS}))?"
    r"(?: (?:more|extra|whole|full|calendar|working|business|solid))?[ -]?"
    r"(?P<unit>days?|weeks?|wks?|fortnights?|months?|mths?|mos?|quarters?|years?|yrs?)\b(?!'s)"
    r"(?:(?P<half> and a half)| or (?P<later>two|three)\b)?"
    r"|\bhalf an? (?P<half_unit>month|year)\b",
    re.ASCII,
)
_DIGITS = "零〇一二两俩仨三四五六七八九十百"
_CHINESE_COUNT = rf"(?:\d+(?:\.5)?|[{_DIGITS}]+)"
_CHINESE = re.compile(
    rf"(?<![第\d.{_DIGITS}])(?:(?P<lower>[一二两三四五六七八九])[、到至-]?(?=[二两三四五六七八九][天日周星礼个]))?"
    rf"(?:(?P<range>\d+)[到至~-](?=\d))?(?P<count>{_CHINESE_COUNT})(?:来|几)?"
    "(?:(?P<half_month>个半月)|(?P<half_year>年半)"
    "|(?:个(?:多|来|半)?)?(?:多)?(?P<unit>天(?!两头|到晚|打)|日(?![号元圆币本子])|周|星期|礼拜|季度|(?<=个)月|(?<=个多)月"
    "|(?<=个来)月|(?<=[俩仨])月"
    "|(?<!\\d{3})(?<![5-9]\\d)年(?!代|化|利率|底|末|级|息)))"
    "|(?P<half>(?<!一)半个?(?P<half_unit>月|年))"
    "|(?P<about_one>个把(?P<about_unit>月|星期|礼拜|天|年))"
)
_DAYS = {"d": 1, "w": 7, "f": 14, "天": 1, "日": 1, "周": 7, "星": 7, "礼": 7}
_MONTHS = {"m": 1, "q": 3, "y": 12, "月": 1, "季": 3, "年": 12}
_RATE_BEFORE = re.compile(
    rf"(?:\d[\d,.]*|{ENGLISH}|dollars?|bucks|pounds|quid|yuan|euros?|k|rmb|much|once|twice|times?|per|each"
    rf"|every|元|块) ?$"
)
_RATE_AFTER = re.compile(r"(?:最多|只|能|可以|大概|就)*(?:还|付|交|给|拿|出|凑|剩|有|工资|收入|人工|挣|赚|多少|\d)")
_AGE_OR_PAST_BEFORE = re.compile(r"(?:\bevery|每隔?|\bmy last|过去|最近)(?: (?:the|other))? ?$")
_AGE_OR_PAST_AFTER = re.compile(
    r" ?-?(?:ago\b|old\b|of age\b|earlier\b|back\b(?! on)|之?前(?!还清)|以前|of (?:employment|experience)"
    r"|'? (?:experience|warranty)"
    r"|大(?!概|约)|的?(?:老客户|老用户|经验|工龄|会员))"
)


def find_durations(text: str) -> Iterator[Finding]:
    """Find durations; the value is `{"days": n}` or `{"months": n}`.

    An age, a rate ("300 a month") and a time that is over ("3 months ago") are not how long something shall take.
    """
    for match in _ENGLISH.finditer(text):
        is_rate = match["count"] in ("a", "an") and _RATE_BEFORE.search(text[: match.start()])
        if not is_rate and not _is_age_or_past(match, text):
            yield Finding(DURATION, _english(match), *match.span())
    for match in _CHINESE.finditer(text):
        is_divided = text[: match.start()].endswith(("分", "分成", "分为"))
        is_rate = match["count"] == "一" and not is_divided and _RATE_AFTER.match(text, match.end())
        value = _chinese(match)
        if value and not is_rate and not _is_age_or_past(match, text):
            yield Finding(DURATION, value, *match.span())


def _is_age_or_past(match: re.Match[str], text: str) -> bool:
    return bool(_AGE_OR_PAST_AFTER.match(text, match.end()) or _AGE_OR_PAST_BEFORE.search(text[: match.start()]))


def _english(match: re.Match[str]) -> dict[str, int]:
    if match["half_unit"]:
        return {"days": 15} if match["half_unit"] == "month" else {"months": 6}
    count = _english_count(match["later"] or match["upper"] or match["count"])
    return _measured(count + (Decimal("0.5") if match["half"] else 0), match["unit"])


def _english_count(words: str) -> Decimal:
    if words.startswith(("a", "couple")):
        return Decimal(2 if "couple" in words else 1)
    whole, _, half = words.partition(" and a ")
    return (to_number(whole) or Decimal(0)) + (Decimal("0.5") if half else 0)


def _chinese(match: re.Match[str]) -> dict[str, int] | None:
    if match["half"]:
        return {"days": 15} if match["half_unit"] == "月" else {"months": 6}
    if match["about_one"]:
        return _measured(Decimal(1), match["about_unit"])
    count = to_number(match["count"])
    if count is None:
        return None
    if match["half_month"]:
        return {"days": int(count * 30) + 15}
    if match["half_year"]:
        return {"months": int(count * 12) + 6}
    return _measured(count, match["unit"])


def _measured(count: Decimal, unit: str) -> dict[str, int]:
    if unit[0] in _DAYS:
        return {"days": int(count * _DAYS[unit[0]])}
    months = count * _MONTHS[unit[0]]
    return {"months": int(months)} if months == int(months) else {"days": int(months * 30)}
