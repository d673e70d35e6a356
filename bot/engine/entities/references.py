"""Which instalment, and which loan, is meant."""

import re
from collections.abc import Iterator
from datetime import date

from dateutil.relativedelta import relativedelta

from bot.engine.entities.calendar_words import CHINESE_MONTH, ENGLISH_MONTH, chinese_month, english_month
from bot.engine.entities.finding import Finding
from bot.engine.entities.numbers import to_number

INSTALMENT_REFERENCE = "instalment_reference"
LOAN_REFERENCE = "loan_reference"

_BILL = r"(?:bill|instal+ment|payment|repayment|statement|due|one)s?\b"
_CHINESE_BILL = "(?:份)?的?(?:那|这)?(?:一)?(?:个)?(?:期|笔|账单|分期|还款|账|款|欠款|月供)"
_ORDINALS = {
    word: number
    for number, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(), start=1
    )
}
_MONTH_BILL = re.compile(
    rf"\b(?P<english>{ENGLISH_MONTH})(?:'?s)? {_BILL}|\b(?:bill|instal+ment|payment|one) (?:for|of|in"
    rf"|from) (?P<english_after>{ENGLISH_MONTH})\b(?! \d)"
    rf"|(?P<chinese>{CHINESE_MONTH})月{_CHINESE_BILL}"
)
_RELATIVE_BILL = re.compile(
    rf"\b(?P<english>last|this|next) month(?:'?s)? {_BILL}|(?P<chinese>上个?|这个?|本|当|下个?)月{_CHINESE_BILL}"
)
_STEP = {"last": -1, "this": 0, "next": 1, "上": -1, "这": 0, "本": 0, "当": 0, "下": 1}
_ORDINAL = re.compile(
    rf"\b(?:the |my )?(?P<english>{'|'.join(_ORDINALS)}|last|final|\d{{1,2}}(?:st|nd|rd|th))(?: (?:bill"
    rf"|instal+ment|payment|one|loan|term)\b)"
    r"|\b(?:instal+ment|payment|bill|number) (?:no\.? ?|number |#)?(?P<number>\d{1,2})\b(?! ?(?:days?|weeks?"
    r"|months?|,|\.\d|%|dollars))"
    "|第(?P<chinese>\\d{1,2}|[一二三四五六七八九十]+)(?:个)?(?:期|笔|单|张|份|次还款|个账单|条|个(?=\\W|$))|(?P<chinese_last>最后一?(?:期|笔))"
)
_LOAN_NUMBER = re.compile(r"(?<![a-z\d])[a-z]{1,3}-(?=[a-z]*\d)[a-z\d]{6}(?![a-z\d])")
_PRODUCT = (
    r"(?P<product>mobile phone|cell ?phone|phone|iphone|laptop|computer|tablet|ipad|tv|television|fridge"
    r"|washing machine|sofa|furniture|bike|e-?bike|scooter"
    r"|motorbike|motorcycle|car|appliance|course|tuition|training|education|wedding|holiday|travel|dental|medical|rent|home|house|personal|cash|student)"
)
_CHINESE_PRODUCT = (
    "(?P<product>手机|苹果手机|电脑|笔记本|平板|电视|冰箱|洗衣机|空调|家电|沙发|家具|电动车|电瓶车|自行车"
    "|摩托车|汽车|车|课程|培训|学费|教育|装修|婚庆|旅游|医美|租房|房租|现金|消费)"
)
_PRODUCT_LOAN = (
    re.compile(
        rf"\b{_PRODUCT} (?:one|loan|bill|plan|instal+ments?|finance|contract|account|financing|debt|payments?)\b"
    ),
    re.compile(rf"\b(?:loan|bill|one|instal+ments?|plan) (?:for|on) (?:the|my) {_PRODUCT}\b"),
    re.compile(f"{_CHINESE_PRODUCT}(?:的)?(?:那|这)?(?:一)?(?:个)?(?:笔|分期|贷款|贷|账单|单子|单|期)"),
    re.compile(f"(?:买|那个|分期买的?){_CHINESE_PRODUCT}的(?:那|这|贷款|分期|账单)"),
)
_BRAND = re.compile(
    r"花呗|借呗|京东白条|白条|京东金条|金条|微粒贷|月付|网商贷|放心借|备用金|信用购|消费贷|现金贷|车贷|房贷|助学贷|(?<![a-z])(?:huabei|jiebei|baitiao|klarna)(?![a-z])"
)


def find_instalment_references(text: str, business_date: date) -> Iterator[Finding]:
    """Find instalments by month (`{"month": 6}`) or by place (`{"ordinal": 2}`, -1 for the last)."""
    for match in _MONTH_BILL.finditer(text):
        chinese = match["chinese"]
        month = chinese_month(chinese) if chinese else english_month(match["english"] or match["english_after"])
        if month:
            yield Finding(INSTALMENT_REFERENCE, {"month": month}, *match.span())
    for match in _RELATIVE_BILL.finditer(text):
        step = _STEP[match["english"] or match["chinese"][0]]
        yield Finding(
            INSTALMENT_REFERENCE, {"month": (business_date + relativedelta(months=step)).month}, *match.span()
        )
    for match in _ORDINAL.finditer(text):
        yield Finding(INSTALMENT_REFERENCE, {"ordinal": _ordinal(match)}, *match.span())


def _ordinal(match: re.Match[str]) -> int:
    if match["chinese_last"] or match["english"] in ("last", "final"):
        return -1
    if match["english"] in _ORDINALS:
        return _ORDINALS[match["english"]]
    return int(to_number(re.sub("[a-z]", "", match["english"] or match["number"] or match["chinese"])))


def find_loan_references(text: str) -> Iterator[Finding]:
    """Find loans by their number, as printed, or by the word for what they paid for."""
    for match in _LOAN_NUMBER.finditer(text):
        yield Finding(LOAN_REFERENCE, match[0].upper(), *match.span())
    for match in (match for pattern in _PRODUCT_LOAN for match in pattern.finditer(text)):
        yield Finding(LOAN_REFERENCE, match["product"], *match.span())
    for match in _BRAND.finditer(text):
        yield Finding(LOAN_REFERENCE, match[0], *match.span())
