"""Numbers in digits, Chinese characters and English words."""

import re
from decimal import Decimal

import cn2an

_UNITS = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
        " seventeen eighteen nineteen".split()
    )
}
_TENS = {
    word: 10 * value for value, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)
}
_SCALES = {"dozen": 12, "hundred": 100, "thousand": 1000, "grand": 1000, "million": 1_000_000}
_ARTICLES = {"a": 1, "an": 1, "couple": 2}

_SMALL_WORD = "|".join(sorted([*_UNITS, *_TENS], key=len, reverse=True))
_SCALE_WORD = "|".join(_SCALES)
_CHINESE_SCALES = {"十": 10, "百": 100, "千": 1000, "k": 1000, "万": 10_000, "w": 10_000, "亿": 100_000_000}

ARABIC = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
CHINESE = "[零〇一二两俩仨三四五六七八九十百千万亿]+"
ENGLISH = (
    rf"\b(?:(?:{_SMALL_WORD})(?:[ -]+(?:and )?(?:{_SMALL_WORD}|{_SCALE_WORD}))*"
    rf"|(?:a|an)(?: couple)?(?: of)? (?:{_SCALE_WORD})(?:[ -]+(?:and )?(?:{_SMALL_WORD}|{_SCALE_WORD}))*)\b"
)
# 1.2万, 2k, 1w5, 3千2
SCALED = rf"{ARABIC} ?(?:[kw百千万亿](?![a-z])|(?:k|w|千|万)(?=\d))(?:\d(?!\d))?"
NUMBER = rf"(?:{SCALED}|{ARABIC}|{CHINESE}|{ENGLISH})"

_SCALED_PARTS = re.compile(rf"({ARABIC}) ?([kw百千万亿])(\d)?")
_TRAILING_DIGIT = re.compile("([百千万])([一二两三四五六七八九])$")
_NEXT_UNIT_DOWN = {"百": "十", "千": "百", "万": "千"}


def to_number(text: str) -> Decimal | None:
    """Return the value of a number as `NUMBER` matches it, or None where it is not one after all."""
    if scaled := _SCALED_PARTS.fullmatch(text):
        digits, scale, tail = scaled.groups()
        size = _CHINESE_SCALES[scale]
        return _plain(digits) * size + Decimal(tail or 0) * size / 10
    if re.fullmatch(ARABIC, text):
        return _plain(text)
    if re.fullmatch(CHINESE, text):
        return _chinese(text)
    return _english(text)


def _plain(digits: str) -> Decimal:
    return Decimal(digits.replace(",", ""))


def _chinese(text: str) -> Decimal | None:
    written_out = text.replace("俩", "两").replace("仨", "三").replace("〇", "零")
    written_out = _TRAILING_DIGIT.sub(lambda match: match[1] + match[2] + _NEXT_UNIT_DOWN[match[1]], written_out)
    if written_out[0] in "百千万亿":
        return None
    try:
        return Decimal(str(cn2an.cn2an(written_out, "smart")))
    except ValueError:
        return None


def _english(text: str) -> Decimal | None:
    total, group = 0, 0
    for word in re.split(r"[ -]+", text):
        if word in _SCALES:
            group = max(group, 1) * _SCALES[word]
            if _SCALES[word] >= 1000:
                total, group = total + group, 0
        elif word in _ARTICLES:
            group = _ARTICLES[word]
        elif word not in ("and", "of"):
            group += _UNITS.get(word, 0) + _TENS.get(word, 0)
    return Decimal(total + group)
