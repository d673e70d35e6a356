"""Which instalment is meant."""

import re
from collections.abc import Iterator
from datetime import date

from dateutil.relativedelta import relativedelta

from bot.engine.entities.calendar_words import CHINESE_MONTH, ENGLISH_MONTH, month_number, ordinal_number
from bot.engine.entities.finding import Finding
from bot.engine.entities.numbers import to_number

INSTALMENT_REFERENCE = "instalment_reference"

_BILL = r"(?:bill|instal+ment|payment|repayment|statement|due|one)s?\b"
_CHINESE_BILL = "(?:份)?(?:的|嘅)?(?:那|这|𠮶|嗰|呢)?(?:一)?(?:个|张)?(?:期|笔|账单|单|分期|还款|账|款|欠款|月供)"
_ALONE = r"(?:的|嘅|那个|𠮶个|嗰个)\W*\Z"
_MONTH_BILL = re.compile(
    rf"\b(?P<english>{ENGLISH_MONTH})(?:'?s)? {_BILL}"
    rf"|\b(?:bill|instal+ment|payment|one) (?:for|of|in|from) (?P<english_after>{ENGLISH_MONTH})\b(?! \d)"
    rf"|(?P<chinese>{CHINESE_MONTH})月(?:{_CHINESE_BILL}|份?{_ALONE})"
)
_RELATIVE_BILL = re.compile(
    rf"\b(?P<english>last|this|next) month(?:'?s)? {_BILL}"
    rf"|(?P<chinese>上个?|这个?|本|当|今个?|呢个|下个?)月(?:{_CHINESE_BILL}|份?{_ALONE})"
)
_STEPS = {"last": -1, "next": 1, "上": -1, "下": 1}

_EARLY_ORDINAL = "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth"
_LISTED = r"(?: (?:bill|instal+ment|payment|one|loan|term|plan|option|choice)s?\b| of (?:the|them|those|these)\b)"
_CHINESE_LISTED = "(?:期|笔|单|张|份|次还款|条|项|种|款|个(?:账单|方案|贷款|选项)|个(?=\\W|$|吧|就))"
_ORDINAL = re.compile(
    rf"\b(?:the |my )?(?P<english>{_EARLY_ORDINAL}|last|final|\d{{1,2}}(?:st|nd|rd|th)){_LISTED}(?! (?:month"
    rf"|week|day)\b)"
    r"|\b(?:instal+ment|payment|bill|option|plan|number|no\.) (?:no\.? ?|number |#)?(?P<number>\d{1,2})\b"
    r"(?! ?(?:days?|weeks?|months?|,|\.\d|%|dollars|pounds|in)\b)(?![\d-])"
    rf"|第(?P<chinese>\d{{1,2}}|[一二三四五六七八九十]+){_CHINESE_LISTED}"
    f"|(?:头一?|首|最早一?)(?P<chinese_first>期|笔|个账单|张单)"
    f"|(?:最后|最尾)(?:那|𠮶|嗰|一)?(?P<chinese_last>期|笔|个(?=\\W|$|吧)|张单)|(?P<chinese_tail>[尾末]期)"
)


def find_instalment_references(text: str, business_date: date) -> Iterator[Finding]:
    """Find instalments by month (`{"month": 6}`) or by place (`{"ordinal": 2}`, -1 for the last)."""
    for match in _MONTH_BILL.finditer(text):
        month = month_number(match["chinese"] or match["english"] or match["english_after"])
        if month:
            yield Finding(INSTALMENT_REFERENCE, {"month": month}, *match.span())
    for match in _RELATIVE_BILL.finditer(text):
        step = _STEPS.get(match["english"] or match["chinese"][0], 0)
        month = (business_date + relativedelta(months=step)).month
        yield Finding(INSTALMENT_REFERENCE, {"month": month}, *match.span())
    for match in _ORDINAL.finditer(text):
        yield Finding(INSTALMENT_REFERENCE, {"ordinal": _ordinal(match)}, *match.span())


def _ordinal(match: re.Match[str]) -> int:
    if match["chinese_last"] or match["chinese_tail"] or match["english"] in ("last", "final"):
        return -1
    if match["chinese_first"]:
        return 1
    words = match["english"] or match["number"] or match["chinese"]
    if words.isascii() and words.isalpha():
        return ordinal_number(words)
    return int(to_number(re.sub("[a-z]", "", words)) or 0)
