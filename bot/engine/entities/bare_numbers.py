"""A message that is only a small number, to be read in the context of what was asked."""

import re
from collections.abc import Iterator

from bot.engine.entities.finding import Finding
from bot.engine.entities.numbers import CHINESE, ENGLISH, to_number

NUMBER = "number"

_LEAD = (
    r"(?:(?:no|ok|yes|make it|try|maybe|just|let's say|say|it's|i want|不|不对|不是|改成|改为|换成|就|那就|选"
    r"|要)[,. ]*)*"
)
_BARE = re.compile(rf"\W*{_LEAD}(?P<number>\d{{1,2}}|{CHINESE}|{ENGLISH})(?:吧|个吧|个|please|pls)?\W*")


def find_bare_number(text: str) -> Iterator[Finding]:
    """Find a whole number below 100 that is all the message says; the value is an integer."""
    if match := _BARE.fullmatch(text):
        number = to_number(match["number"])
        if number is not None and 0 < number < 100:
            yield Finding(NUMBER, int(number), *match.span("number"))
