"""Which language a borrower writes in, and Traditional Chinese as Simplified."""

import re
import unicodedata
from functools import lru_cache
from typing import Literal

import opencc

Language = Literal["en", "zh-Hans", "zh-Hant"]

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"

_TO_SIMPLIFIED = opencc.OpenCC("t2s")
_TO_TRADITIONAL = (opencc.OpenCC("s2tw"), opencc.OpenCC("s2hk"))
_VARIANTS = str.maketrans("欵帐甚祇衞", "款账什只卫")
_ALSO_TRADITIONAL = "周"

_HAN_CHARACTER = re.compile(f"[{HAN}]")
_NO_WORDS = re.compile(
    r"https?://\S+|\S+@\S+"
    r"|(?<![a-z\d])[a-z]{1,3}-(?=[a-z]*\d)[a-z\d]{6}(?![a-z\d])"
    r"|\b(?:usd|cny|rmb|gbp|eur|hkd|twd)\b"
    r"|\b[a-z]+\d[a-z\d]*"
    r"|\d[\d.,]*(?!(?:st|nd|rd|th)\b)[a-z]+\d*",
    re.IGNORECASE,
)
_PRODUCT_NAMES = re.compile("花呗|借呗|(?:京东)?[白金]条|微粒贷|网商贷|放心借|支付宝|微信(?:支付)?|京东|淘宝|抖音")
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")

_CHINESE_FUNCTION_WORDS = re.compile(
    "什么|怎么|多少|可以|为什么|如果|还是|但是|因为|没有|不能|是不是|能不能|"
    "[我你您他她们的了吗呢吧是在有不没能要想会这那哪几谁给把被就都也还再从到]"
)
_ENGLISH_FUNCTION_WORDS = frozenset(
    "i you he she it we they me him them my your his her its our their mine yours this that these those the a an"
    " is are am was were be been do does did have has had can could will would should shall may might must not no"
    " to of in on at for from with by about into over after before until if when what why how who which where"
    " and or but so because there than then i'm i've i'll i'd it's that's what's can't won't don't didn't isn't"
    " im ive ill dont cant wont didnt isnt wasnt please pls plz just any".split()
)
_SAID_IN_EVERY_LANGUAGE = frozenset("ok okay k hi hello hey bye app yes no stop thx thanks".split())

_CANTONESE = frozenset("嘅喺咗冇唔啲嗰乜嘢咁哋佢嚟畀攞瞓")

_PINYIN_INITIALS = "zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw]"
_PINYIN_FINALS = (
    "iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|ai|ei|ao|ou|an|en|er|in|un|ia|ie|iu|ua|uo|ui|ue|[aeiou]"
)
_PINYIN_WORD = re.compile(f"(?:(?:{_PINYIN_INITIALS})?(?:{_PINYIN_FINALS}))+")
_PINYIN_ONLY = frozenset(
    "huankuan huanqian huan yanqi yuqi fenqi zhangdan lixi faxi jieqian jiekuan daikuan huabei jiebei baitiao qian"
    " nihao xiexie zaijian rengong kefu duoshao shenme zenme weishenme shenmeshihou keyi keyima nengbuneng meiyou"
    " meiqian wode wo zhege xiage shangge yue jintian mingtian houtian xianzai yinhangka kouqian koukuan zhengxin"
    " shouji yanzhengma tiqian jieqing jianmian shiye xiang buneng bushi haode xing buxing".split()
)
_PINYIN_HELPERS = frozenset(
    "ni ta de le ma ne ba qi yao hai you bu mei neng hui shi zai ge tian hao jiu dou ji hao".split()
)


def to_simplified(text: str) -> str:
    """Return `text` with Traditional characters and their variants turned into Simplified ones."""
    return _TO_SIMPLIFIED.convert(text).translate(_VARIANTS)


@lru_cache(maxsize=4096)
def detect_language(text: str, previous: Language | None = None) -> Language | None:
    """Return the language of `text`, or None where nothing in it tells (digits, emoji, punctuation).

    In mixed text the function words decide, and the name of a product decides nothing. What could be said in any
    language ("ok"), or in either Chinese script ("你好"), keeps the `previous` language of the conversation.
    """
    text = unicodedata.normalize("NFKC", text)
    words = _WORD.findall(_NO_WORDS.sub(" ", text.lower().replace("’", "'")))
    if _is_chinese(text, words):
        return _chinese_script(text, previous)
    if not words:
        return "en" if re.search(r"\d(?:st|nd|rd|th)\b", text, re.IGNORECASE) else None
    if previous and _SAID_IN_EVERY_LANGUAGE.issuperset(words):
        return previous
    return "zh-Hans" if _is_pinyin(words) else "en"


def _is_chinese(text: str, words: list[str]) -> bool:
    simplified = to_simplified(text)
    if not words:
        return bool(_HAN_CHARACTER.search(simplified))
    words = [word for word in words if word not in _SAID_IN_EVERY_LANGUAGE]
    named = _PRODUCT_NAMES.sub(" ", simplified) if words else simplified
    chinese = len(_CHINESE_FUNCTION_WORDS.findall(named))
    english = sum(word in _ENGLISH_FUNCTION_WORDS for word in words)
    if chinese != english:
        return chinese > english
    han = len(_HAN_CHARACTER.findall(named))
    return han > 0 and han >= 2 * len(words)


def _chinese_script(text: str, previous: Language | None) -> Language:
    told = "".join(character for character in text if character not in _ALSO_TRADITIONAL)
    traditional = _changed(told, _TO_SIMPLIFIED.convert(told)) + sum(character in _CANTONESE for character in told)
    simplified = min(_changed(told, converter.convert(told)) for converter in _TO_TRADITIONAL)
    if traditional == simplified:
        return "zh-Hant" if previous == "zh-Hant" else "zh-Hans"
    return "zh-Hant" if traditional > simplified else "zh-Hans"


def _changed(before: str, after: str) -> int:
    return sum(one != other for one, other in zip(before, after, strict=False))


def _is_pinyin(words: list[str]) -> bool:
    if not all(_PINYIN_WORD.fullmatch(word) for word in words):
        return False
    certain = sum(word in _PINYIN_ONLY for word in words)
    helping = sum(word in _PINYIN_HELPERS for word in words)
    is_no_english = _ENGLISH_FUNCTION_WORDS.isdisjoint(words) and len(words) > 1
    return 2 * (certain + helping) >= len(words) if certain else is_no_english and helping == len(words)
