"""A message that is only a number, to be read in the context of what was asked."""

import re
from collections.abc import Iterator

from bot.engine.entities.amounts import find_amount
from bot.engine.entities.finding import Finding
from bot.engine.entities.numbers import ARABIC, CHINESE, ENGLISH, to_number

NUMBER = "number"
LONGEST = 60
TOO_LONG_FOR_AN_AMOUNT = 100_000_000

_LEAD = (
    r"(?:(?:no|nope|ok|okay|yes|yeah|sorry|make it|change it to|change to|try|maybe|about|around|roughly|just"
    r"|only|let's"
    r"|let's say|say|it's|i mean|i meant|i said|i'd say|i want|i think|how about|what about|let's do|go with"
    r"|不|不对|不是|错了|不好意思|改成|改为|换成|改|就|那就|那|选|要|我要|我想要|我说的?是|大概|大约|差不多"
    r"|应该是|好|好的|嗯|是|可以)[,.。， ]*)*"
)
_TAIL = r"(?:个|左右|上下|多|吧|个吧|行吗|可以吗|好了|please|pls|plz|then|instead|i think|or so|-?ish|max|tops)*"
_BARE = re.compile(
    rf"\W*{_LEAD}(?!万一)(?P<number>{ARABIC}|{CHINESE}|{ENGLISH})[ ,.]*{_TAIL}(?:[,.!]+ ?thanks?)?[^\w%％]*"
)


def find_bare_number(text: str) -> Iterator[Finding]:
    """Find the number that is all the message says: below 100 an integer to be read in context, else an amount.

    Six digits together are taken for a one-time code before this rule is asked.
    """
    match = _BARE.fullmatch(text) if len(text) <= LONGEST else None
    if match:
        number = to_number(match["number"])
        if number and number < 100 and number == int(number):
            yield Finding(NUMBER, int(number), *match.span("number"))
        elif number and number < TOO_LONG_FOR_AN_AMOUNT:
            yield from find_amount(number, match.span("number"))
