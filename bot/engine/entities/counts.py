"""Into how many instalments."""

import re
from collections.abc import Iterator

from bot.engine.entities.durations import COUNT_WORDS
from bot.engine.entities.finding import Finding
from bot.engine.entities.numbers import to_number

INSTALMENT_COUNT = "instalment_count"

_COUNT = rf"(?P<count>\d{{1,3}}|{COUNT_WORDS})"
_PAYMENT = (
    r"(?:(?:equal|monthly|weekly|smaller|small|more|easy) )*(?:instal+ments?|payments?|repayments?|parts|terms"
    r"|goes|chunks|pieces|splits)\b"
)
_SPLITTING = (
    r"(?:split(?:ting)?|spread(?:ing)?|divid(?:e|ing)|break(?:ing)?|restructur\w*|stretch(?:ing)?|pay(?:ing)?|chop)"
)
_ENGLISH = (
    re.compile(rf"\b{_COUNT}[ -]{_PAYMENT}"),
    re.compile(
        rf"\b{_SPLITTING}(?: \w+){{0,5}}? (?:over|across|into|in|by|for|to|out over) {_COUNT}\b(?! ?(?:days?"
        rf"|weeks?|hours?|minutes?|%|dollars|\d|,\d))(?P<unit> ?(?:months?|years?))?"
    ),
    re.compile(rf"\b(?:over|across) (?:the (?:next|course of) )?(?:{_COUNT}|(?P<one>an?)) ?(?P<unit>months?|years?)\b"),
)
_CHINESE_COUNT = "(?P<count>\\d{1,3}|[一二两三四五六七八九十]+)"
_CHINESE = (
    re.compile(f"(?<![第\\d一二三四五六七八九十月])(?!一个?期){_CHINESE_COUNT}个?期(?![间限待望权])"),
    re.compile(f"分(?:成|为|作|开|摊)?(?:到|在)?{_CHINESE_COUNT}(?P<unit>个月|年|次|笔|份|批)"),
    re.compile("分(?:成|为)?(?P<half>半)年"),
    re.compile(f"(?<![第\\d]){_CHINESE_COUNT}(?P<unit>个月|年|次)(?:来|慢慢)?(?:还清|还完|分期|分摊)"),
)


def find_instalment_counts(text: str) -> Iterator[Finding]:
    """Find numbers of instalments; the value is an integer. "Over a year" is 12."""
    for pattern in (*_ENGLISH, *_CHINESE):
        for match in pattern.finditer(text):
            count = _count(match.groupdict())
            if count:
                yield Finding(INSTALMENT_COUNT, count, *match.span())


def _count(parts: dict[str, str | None]) -> int:
    if parts.get("half"):
        return 6
    number = 1 if parts.get("one") else to_number(parts["count"] or "")
    is_years = (parts.get("unit") or "").strip().startswith(("year", "年"))
    return int(number or 0) * (12 if is_years else 1)
