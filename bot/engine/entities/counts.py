"""Into how many instalments."""

import re
from collections.abc import Iterator

from bot.engine.entities.durations import find_durations
from bot.engine.entities.finding import Finding
from bot.engine.entities.numbers import ENGLISH_BELOW_HUNDRED, NOT_INSIDE_NUMBER, to_number

INSTALMENT_COUNT = "instalment_count"

_COUNT = rf"(?P<count>\d{{1,3}}|half a dozen|(?:a|one|two) dozen|{ENGLISH_BELOW_HUNDRED})"
_PAYMENT = (
    r"(?:(?:equal|monthly|weekly|fortnightly|quarterly|separate|smaller|small|more|easy|even|low|simple"
    r"|affordable) )*"
    r"(?:instal+ments?|instal+s|payments?|repayments?|parts|terms|goes|chunks|pieces|splits|lots|shares|emis?)\b"
)
_SPLITTING = (
    r"(?:split(?:ting)?|spread(?:ing)?|divid(?:e|ing)|break(?:ing)?|restructur\w*|stretch(?:ing)?|chop|extend(?:ing)?"
    r"|cut(?:ting)?|re-?schedul\w+)(?: \w+){0,5}? (?:over|across|into|in|by|for|to)"
)
_PAYING = r"pay(?:ing)?(?: \w+){0,5}? (?:over|across|into|in)"
_CHINESE_COUNT = "(?P<count>\\d{1,3}|[一二两三四五六七八九十]+)"
_DIVIDING = "[分拆切摊劈](?:成|为|作|做|开|摊|期|到|在|个)*"
_PAID_OFF = "(?:来|慢慢|内)?(?:还清|还完|分期|分摊|摊还|摊开)"
_IN_WORDS = (
    re.compile(rf"(?<![\d.,$£€-])\b{_COUNT}[ -](?:x )?{_PAYMENT}"),
    re.compile(rf"(?<![\d.,$£€-])\b{_COUNT} ?x(?= ?[$£€]?\d)"),
    re.compile(
        rf"\b(?:{_SPLITTING}|{_PAYING}) (?:another )?{_COUNT}\b(?![- ]?(?:days?|weeks?|months?|years?|hours?|minutes?|%"
        r"|dollars|pounds|quid|bucks|hundred|thousand|k\b|am\b|pm\b|of\b|st\b|nd\b|rd\b|th\b"
        rf"|{ENGLISH_BELOW_HUNDRED}|\d|,\d))"
    ),
    re.compile(rf"\bover {_COUNT}(?= ?[.?!]*$)"),
    re.compile(
        f"(?<![第\\d一二三四五六七八九十月前后头上这那剩欠])(?!一个?期){_CHINESE_COUNT}个?期(?![间限待望权末中])"
    ),
    re.compile(f"{_DIVIDING}{_CHINESE_COUNT}[次笔份批期回半]"),
    re.compile(f"(?<!第){NOT_INSIDE_NUMBER}{_CHINESE_COUNT}次{_PAID_OFF}"),
)
_SHARES = re.compile(r"\b(?:in|into) (?P<shares>halves|thirds|quarters)\b")
_NUMBER_OF_SHARES = {"halves": 2, "thirds": 3, "quarters": 4}
_SPREAD_OVER = re.compile(
    rf"(?:\b(?:(?:over|across)(?: the (?:next|course of))?|{_SPLITTING}|{_PAYING})(?: another)? |{_DIVIDING})$"
)
_SPREAD = re.compile(_PAID_OFF)


def find_instalment_counts(text: str) -> Iterator[Finding]:
    """Find numbers of instalments; the value is an integer. "Over a year" is 12."""
    for match in (match for pattern in _IN_WORDS for match in pattern.finditer(text)):
        count = to_number(match["count"])
        if count:
            yield Finding(INSTALMENT_COUNT, int(count), *match.span())
    for match in _SHARES.finditer(text):
        yield Finding(INSTALMENT_COUNT, _NUMBER_OF_SHARES[match["shares"]], *match.span())
    for duration in find_durations(text):
        months = duration.value.get("months")
        if months and (_SPREAD_OVER.search(text[: duration.start]) or _SPREAD.match(text, duration.end)):
            yield Finding(INSTALMENT_COUNT, months, duration.start, duration.end)
