"""Which loan is meant."""

import re
from collections.abc import Iterator

from bot.engine.entities.finding import Finding

LOAN_REFERENCE = "loan_reference"

_BOUGHT = {
    "phone": "mobile phone|cell ?phone|smartphone|i-?phone|mobile|phone|苹果手机|手机|电话",
    "laptop": "laptop|notebook|macbook|笔记本电脑|笔记本|手提电脑",
    "computer": "computer|desktop|pc|电脑",
    "tablet": "tablet|ipad|平板电脑|平板",
    "tv": "tv|television|telly|电视机?",
    "fridge": "fridge|refrigerator|冰箱|雪柜",
    "washing_machine": "washing machine|washer|洗衣机",
    "air_conditioner": "air ?con(?:ditioner)?|aircon|空调|冷气机?",
    "appliance": "appliances?|家电",
    "furniture": "furniture|sofa|couch|bed|沙发|家具|家私",
    "bike": "e-?bike|bicycle|bike|自行车|单车",
    "scooter": "scooter|moped|电动车|电瓶车|机车",
    "motorcycle": "motorbike|motorcycle|摩托车|电单车",
    "car": "car|vehicle|van|汽车|车",
    "camera": "camera|相机",
    "watch": "watch|手表",
    "course": "course|training|tuition|education|课程|培训班?|学费|教育|学车",
    "student": "student|助学",
    "wedding": "wedding|婚庆|婚礼|结婚",
    "travel": "holiday|travel|trip|vacation|旅游|旅行",
    "medical": "medical|dental|医美|牙科|看牙|医疗",
    "renovation": "renovation|home improvement|装修",
    "rent": "rent|租房|房租",
    "home": "home|house|mortgage|房子|房",
    "cash": "cash|现金",
    "personal": "personal|个人|消费",
}
_BRANDS = {
    "huabei": "花呗|huabei",
    "jiebei": "借呗|jiebei",
    "baitiao": "京东白条|白条|baitiao",
    "jintiao": "京东金条|金条|jintiao",
    "weilidai": "微粒贷|weilidai",
    "yuefu": "月付|yuefu",
    "wangshangdai": "网商贷",
    "fangxinjie": "放心借",
    "beiyongjin": "备用金",
    "xinyonggou": "信用购",
    "klarna": "klarna",
}


def _one_of(words: dict[str, str]) -> str:
    return "(?:" + "|".join(f"(?P<{name}>{spellings})" for name, spellings in words.items()) + ")"


_PURCHASE = rf"(?<![a-z]){_one_of(_BOUGHT)}(?![a-z])"
_MODEL = r"(?: ?\d{1,2}(?: ?(?:pro|max|plus|mini))*)?"
_THAT_ONE = "(?:[那这𠮶嗰呢](?:一)?(?:个|部|台|张|笔|期|份|单|样)(?!号|人))"
_NUMBER = re.compile(r"(?<![a-z\d])[a-z]{1,3}-(?=[a-z]*\d)[a-z\d]{6}(?![a-z\d])")
_NAMED = (
    re.compile(
        rf"{_PURCHASE}{_MODEL} (?:one|loan|bill|plan|instal+ments?|finance|financing|contract|account|debt"
        rf"|payments?|credit)\b"
    ),
    re.compile(rf"\b(?:loan|bill|one|instal+ments?|plan) (?:for|on|from) (?:the|my) {_PURCHASE}"),
    re.compile(rf"{_PURCHASE}{_MODEL}(?:的|嘅)?{_THAT_ONE}?(?:笔|分期|贷款|贷|账单|单子|单|期(?!间|限)|借款|欠款)"),
    re.compile(rf"{_PURCHASE}{_MODEL}(?:的|嘅)?{_THAT_ONE}"),
    re.compile(rf"(?:[那𠮶嗰](?:个|部|台)|买){_PURCHASE}(?:的|嘅)"),
    re.compile(rf"\A\W*(?:the |my )?{_PURCHASE}(?:的|嘅|吧)?\W*\Z"),
    re.compile(rf"(?<![a-z]){_one_of(_BRANDS)}(?![a-z])"),
)


def find_loan_references(text: str) -> Iterator[Finding]:
    """Find loans by their number, as printed (`L-7K2MQ9`), or by what they paid for or the product (`phone`, `huabei`).

    The name of a purchase or a product is the same in both languages.
    """
    for match in _NUMBER.finditer(text):
        yield Finding(LOAN_REFERENCE, match[0].upper(), *match.span())
    for match in (match for pattern in _NAMED for match in pattern.finditer(text)):
        yield Finding(LOAN_REFERENCE, match.lastgroup, *match.span())
