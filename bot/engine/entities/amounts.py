"""Amounts of money."""

import re
from collections.abc import Iterator
from decimal import Decimal

from bot.engine.entities.finding import Finding
from bot.engine.entities.money_words import A_MONTH, CURRENCY, NOT_MONEY, SPEAKING_OF_MONEY, STILL_MONEY, SYMBOL
from bot.engine.entities.numbers import (
    ARABIC,
    CHINESE,
    ENGLISH,
    NOT_INSIDE_NUMBER,
    NUMBER,
    SCALE_WORD,
    SCALED,
    to_number,
)

AMOUNT_OF_MONEY = "amount_of_money"

_APPROXIMATELY = "(?:来|多|几|把)?"
_IN_NUMERALS = rf"(?>(?!one\b){ENGLISH}|{ARABIC})"
_TENS_IN_CHINESE = f"{NOT_INSIDE_NUMBER}[二三四五六七八九]?十[一二三四五六七八九]?"

_MARKED = re.compile(
    rf"{SYMBOL} ?(?P<after_symbol>{NUMBER})(?:元|块)?"
    rf"|{NOT_INSIDE_NUMBER}(?P<yuan>{ARABIC}|{CHINESE})(?:块|元)(?P<jiao>[一二三四五六七八九\d])(?:毛|角)?(?![\d天个期])"
    rf"|{NOT_INSIDE_NUMBER}(?P<before_currency>{NUMBER}){_APPROXIMATELY} ?{CURRENCY}"
    rf"|{NOT_INSIDE_NUMBER}(?P<hundreds>\d{{1,2}}|{CHINESE}) ?[旧嚿]水"
)
_ROUND = re.compile(
    rf"(?<![\d.第道])(?<!thanks )(?>(?P<scaled>{SCALED})"
    rf"|{NOT_INSIDE_NUMBER}(?P<chinese>[一二两三四五六七八九十廿][十一二三四五六七八九]*[百千万]{CHINESE[:-1]}*)"
    rf"|(?P<english>\b(?!{SCALE_WORD}){ENGLISH})"
    rf"|(?P<grouped>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+\.\d{{2}})){NOT_MONEY}"
)
_HUNDREDS_IN_WORDS = re.compile("hundred|thousand|grand|million")
_SAID_OF_MONEY = (
    re.compile(rf"{SPEAKING_OF_MONEY}(?P<number>{_IN_NUMERALS}){NOT_MONEY}{STILL_MONEY}"),
    re.compile(rf"{SPEAKING_OF_MONEY}(?P<number>{_TENS_IN_CHINESE})(?=$|[^\w]|可以|行|吧|左右|多|就|先|好|够)"),
    re.compile(rf"(?<![\d,.-])(?P<number>{_IN_NUMERALS}) ?{A_MONTH}"),
)
_IDIOM = re.compile(
    "(?<=[你他她才是真个])二百五|百分百|千方百计|万分|十万火急|一百个(?=不|放心)|八百年|万一|(?<![\\d一二两三四五六七八九十几])千万(?![块元])|百分之"
)


def find_amounts(text: str) -> Iterator[Finding]:
    """Find amounts: marked by a currency, round as only money is, or said of paying. The value is a decimal string."""
    literal = _IDIOM.sub(lambda match: " " * len(match[0]), text)
    for match in _MARKED.finditer(literal):
        yield from find_amount(_marked_value(match), match.span())
    for match in _ROUND.finditer(literal):
        if not match["english"] or _HUNDREDS_IN_WORDS.search(match["english"]):
            yield from find_amount(to_number(match[0]), match.span())
    for match in (match for pattern in _SAID_OF_MONEY for match in pattern.finditer(literal)):
        yield from find_amount(to_number(match["number"]), match.span("number"))


def find_amount(value: Decimal | None, span: tuple[int, int]) -> Iterator[Finding]:
    """Find the amount of `value`, if it is one: nothing is no amount."""
    if value:
        written = f"{value:.0f}" if value == value.to_integral_value() else f"{value:f}"
        yield Finding(AMOUNT_OF_MONEY, written, *span)


def _marked_value(match: re.Match[str]) -> Decimal | None:
    if match["hundreds"]:
        hundreds = to_number(match["hundreds"])
        return hundreds and hundreds * 100
    if match["yuan"]:
        yuan, jiao = to_number(match["yuan"]), to_number(match["jiao"])
        return None if yuan is None else yuan + jiao / 10
    return to_number(match["after_symbol"] or match["before_currency"])
