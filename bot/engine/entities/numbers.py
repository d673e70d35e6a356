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

_SMALL_WORD = "|".join(sorted([*_UNITS, *_TENS], key=len, reverse=True))
SCALE_WORD = "|".join(_SCALES)
_CHINESE_SCALES = {
    "十": 10,
    "百": 100,
    "千": 1000,
    "k": 1000,
    "万": 10_000,
    "w": 10_000,
    "百万": 1_000_000,
    "千万": 10_000_000,
    "亿": 100_000_000,
}

ARABIC = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
CHINESE = "[零〇一二两俩仨三四五六七八九十廿卅百千万亿]+"
NOT_INSIDE_NUMBER = "(?<![\\d零〇一二两俩仨三四五六七八九十廿卅百千万亿几数])"
ENGLISH_BELOW_HUNDRED = rf"(?:(?:{_SMALL_WORD})(?:[ -](?:{_SMALL_WORD}))?)"
_SCALED_WORD = rf"(?:{ARABIC}|an?|half an?|(?:a )?couple(?: of)?) (?:{SCALE_WORD})|{SCALE_WORD}"
_AND_A_HALF = rf"(?:{ARABIC}|{_SMALL_WORD}) and a half (?:{SCALE_WORD})"
ENGLISH = rf"\b(?:(?:{_AND_A_HALF}|{_SMALL_WORD}|{_SCALED_WORD})(?:[ -]+(?:and )?(?:{_SMALL_WORD}|{SCALE_WORD}))*)\b"
# 1.2万, 2k, 1w5, 3千2, 3万5千, 1万2000
_SCALED_PART = rf"{ARABIC} ?(?:百万|千万|[百千万亿]|[kw](?![a-z]))"
SCALED = rf"(?:{_SCALED_PART})+(?:\d+(?!\d))?"
NUMBER = rf"(?:{SCALED}|{ENGLISH}|{ARABIC}|{CHINESE})"

_PART_OF_SCALED = re.compile(rf"({ARABIC}) ?(百万|千万|[kw百千万亿])")
_TRAILING_DIGIT = re.compile("([百千万])([一二两三四五六七八九])$")
_NEXT_UNIT_DOWN = {"百": "十", "千": "百", "万": "千"}


def to_number(text: str) -> Decimal | None:
    """Return the value of a number as `NUMBER` matches it, or None where it is not one after all."""
    if re.fullmatch(SCALED, text):
        return _scaled(text)
    if re.fullmatch(ARABIC, text):
        return _plain(text)
    if re.fullmatch(CHINESE, text):
        return _chinese(text)
    return _english(text)


def _plain(digits: str) -> Decimal:
    return Decimal(digits.replace(",", ""))


def _scaled(text: str) -> Decimal:
    parts = list(_PART_OF_SCALED.finditer(text))
    value = sum((_plain(part[1]) * _CHINESE_SCALES[part[2]] for part in parts), Decimal(0))
    tail = text[parts[-1].end() :]
    is_next_unit_down = len(tail) == 1
    return value + Decimal(tail or 0) * (_CHINESE_SCALES[parts[-1][2]] // 10 if is_next_unit_down else 1)


def _chinese(text: str) -> Decimal | None:
    written_out = text.replace("俩", "两").replace("仨", "三").replace("〇", "零")
    written_out = written_out.replace("廿", "二十").replace("卅", "三十")
    written_out = _TRAILING_DIGIT.sub(lambda match: match[1] + match[2] + _NEXT_UNIT_DOWN[match[1]], written_out)
    if written_out[0] in "百千万":
        written_out = "一" + written_out
    try:
        return Decimal(str(cn2an.cn2an(written_out, "smart")))
    except ValueError:
        return None


def _english(text: str) -> Decimal | None:
    total, group = Decimal(0), Decimal(0)
    for word in re.split(r"[ -]+", text):
        if word in _SCALES:
            group = (group or Decimal(1)) * _SCALES[word]
            if _SCALES[word] >= 1000:
                total, group = total + group, Decimal(0)
        elif word == "half":
            group += Decimal("0.5")
        elif word == "couple":
            group = Decimal(2)
        elif word in ("a", "an"):
            group = group or Decimal(1)
        elif word[0].isdigit():
            group = _plain(word)
        elif word not in ("and", "of"):
            group = _joined(group, _UNITS.get(word, 0) + _TENS.get(word, 0))
    return total + group


def _joined(group: Decimal, value: int) -> Decimal:
    """Return what a further word makes of the words before it: twenty-five is 25, and two fifty is 250."""
    is_hundreds_left_out = 0 < group < 10 <= value
    return group * 100 + value if is_hundreds_left_out else group + value
