"""Amounts of money."""

import re
from collections.abc import Iterator
from decimal import Decimal

from bot.engine.entities.finding import Finding
from bot.engine.entities.numbers import ARABIC, CHINESE, ENGLISH, NUMBER, SCALED, to_number

AMOUNT_OF_MONEY = "amount_of_money"

_SYMBOL = r"(?:(?:us|hk|nt|au|ca|s)?\$|[¥£€]|\b(?:usd|rmb|cny|gbp|eur|hkd|twd)(?![a-z])|人民币|港币|美元|美金)"
_CURRENCY = (
    r"(?:块钱?|元|圆|刀|美元|美金|港币|人民币|大洋|rmb\b|cny\b|usd\b|gbp\b|eur\b|hkd\b|yuan\b|kuai\b"
    r"|dollars?\b|bucks?\b|pounds?\b|quid\b|euros?\b|[¥€£$])"
)
_COUNTED = (
    r"(?! ?(?:个|期|天|日|号|周|月|年|次|笔|人|位|岁|遍|小时|点|分|秒|条|张|家|份|倍|成|%|％|percent|per cent"
    r"|st\b|nd\b|rd\b|th\b|days?\b|weeks?\b|months?\b|years?\b|hours?\b|minutes?\b|mins?\b|seconds?\b|times?\b"
    r"|instal|payments?\b|parts?\b|terms?\b|o'?clock|am\b|pm\b|[-/:.]\d|,?\d|道))"
)
_PAYING = (
    r"(?:(?:\bpay(?: back| off| you)?|\bpaid|\brepay|\bafford|\bowe[ds]?|\bput (?:down|in|towards)"
    r"|\btransfer(?:red)?|\bsend"
    r"|\bcharged?|\bbilled|\bdeducted|\b(?:only )?(?:have|got)|\bup to|\bmax(?:imum)?|\bat most|\baround"
    r"|\babout|\bonly|\bbudget(?: is| of)?"
    r"|\bmonthly|\btook|\bspare|\bmanage|\boffer|\bdo)"
    r"(?: (?:only|just|about|around|maybe|like|at most|up to|me|another|an extra|exactly))* ?"
    r"|(?:还|付|交|欠|扣|转|存|充|给|出|凑|拿|掏|收|剩|有|多|最多|只能|先|差|要|够|账单|金额|月供)(?:了|款"
    r"|得起|到|我)?(?:大概|大约|差不多)? ?)"
)

_MARKED = re.compile(
    rf"{_SYMBOL} ?(?P<after_symbol>{SCALED}|{ARABIC}|{CHINESE})(?:元|块)?"
    rf"|(?P<yuan>{ARABIC}|{CHINESE})(?:块|元)(?P<jiao>[一二三四五六七八九\d])(?:毛|角)?(?![\d天个期])"
    rf"|(?P<before_currency>{NUMBER})(?:来|多|几)? ?{_CURRENCY}"
    rf"|\b(?P<half_grand>half a grand)\b"
)
_ROUND = re.compile(
    rf"(?<![\d.第道])(?<!thanks )(?:(?P<scaled>{SCALED})|(?P<chinese>(?:[一二两三四五六七八九]"
    rf"|十[一二三四五六七八九]?)[百千万]{CHINESE[:-1]}*)"
    rf"|(?P<english>\b(?:{ENGLISH[2:-2]})\b)|(?P<grouped>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+\.\d{{2}})){_COUNTED}"
)
_SAID_OF_MONEY = (
    r"(?= ?(?:$|[^\w\s]|[\u4e00-\u9fff]|(?:left|now|today|tomorrow|for|this|to|towards|on|per|each|every|an?"
    r"|and|at|by|in|max|only|or"
    r"|but|instead|more|less|right|then|please|pls|plz|back|off|monthly|weekly|first|total|yesterday|last|next|before|after|so|if|when)\b))"
)
_PAID = re.compile(rf"{_PAYING}(?P<number>{ARABIC}){_COUNTED}{_SAID_OF_MONEY}")
_INSULT = re.compile("(?<=[你他她才是真个])二百五")
_ALONE = re.compile(r"\W*(?P<number>\d{3,5}|\d{7,10}|\d{1,3}(?:,\d{3})+|[\d,]+\.\d+)\W*")
_PER_MONTH = re.compile(r"(?<![\d,.])(?P<number>\d[\d,.]*\d|\d) ?(?:a|per|every|each|/) ?(?:month|week|mo)\b")


def find_amounts(text: str) -> Iterator[Finding]:
    """Find amounts: marked by a currency, round as only money is, or said of paying. The value is a decimal string."""
    for match in _MARKED.finditer(text):
        yield from _amount(_marked_value(match), match.span())
    for match in _ROUND.finditer(_INSULT.sub("   ", text)):
        if match["english"] and not re.search("hundred|thousand|grand|million", match["english"]):
            continue
        yield from _amount(to_number(match[0]), match.span())
    for match in [*_PAID.finditer(text), *_PER_MONTH.finditer(text)]:
        yield from _amount(to_number(match["number"]), match.span("number"))
    if alone := _ALONE.fullmatch(text):
        yield from _amount(to_number(alone["number"]), alone.span("number"))


def _marked_value(match: re.Match[str]) -> Decimal | None:
    if match["half_grand"]:
        return Decimal(500)
    if match["yuan"]:
        yuan, jiao = to_number(match["yuan"]), to_number(match["jiao"])
        return None if yuan is None else yuan + jiao / 10
    return to_number(match["after_symbol"] or match["before_currency"])


def _amount(value: Decimal | None, span: tuple[int, int]) -> Iterator[Finding]:
    if value:
        yield Finding(AMOUNT_OF_MONEY, _as_decimal_string(value), *span)


def _as_decimal_string(value: Decimal) -> str:
    return f"{value:.0f}" if value == value.to_integral_value() else f"{value:f}"
