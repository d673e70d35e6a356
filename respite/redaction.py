"""What a log line must not say. Our lines name conversations only; this is the second line of defence."""

import re
from collections.abc import Iterator, Mapping, Set
from traceback import extract_tb
from typing import Any

MASK = "•••"
UNSPOKEN: Set[str] = frozenset(
    "address answer authorization body code content email message name password payload phone question said secret "
    "statement text token".split()
)
"""Fields whose values are never logged, whatever they hold."""

PATTERNS = (
    (re.compile(r"(?:bot)?\d{6,}:[\w-]{30,}", re.ASCII), MASK),  # a Telegram bot's token, which stands in its addresses
    (re.compile(r"\b(Bearer|Basic) \S+"), rf"\1 {MASK}"),
    (re.compile(r"([?&](?:token|code|secret|key)=)[^&\s\"']+"), rf"\1{MASK}"),
    (re.compile(r"://[^/\s@]+@"), f"://{MASK}@"),
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII), MASK),
    (
        re.compile(r"(?<![A-Za-z0-9_.])(?!\d{4}-\d\d-\d\d(?!\d))\+?\(?\d(?:[ ()-]{0,2}\d){5,}[Xx]?(?![A-Za-z0-9_])"),
        MASK,
    ),
)
"""The last one is six digits and more: phones, cards, identity numbers and codes, but no date and no part of an id."""


def redact(value: Any) -> Any:
    """A value of a log line without what must not be in it."""
    match value:
        case None | bool() | int() | float():
            return value
        case str():
            return redact_text(value)
        case Mapping():
            return {key: MASK if str(key).lower() in UNSPOKEN else redact(item) for key, item in value.items()}
        case list() | tuple() | set() | frozenset():
            return [redact(item) for item in value]
    return redact_text(repr(value))


def redact_text(text: str) -> str:
    """A text without phone, card and identity numbers, codes, mail addresses and secrets."""
    for pattern, mask in PATTERNS:
        text = pattern.sub(mask, text)
    return text


def where_it_failed(error: BaseException) -> str:
    """What an error and those that led to it were and where, without their messages: these may quote a borrower."""
    return "\n".join(_places(error))


def _places(error: BaseException) -> Iterator[str]:
    yield type(error).__qualname__
    for frame in extract_tb(error.__traceback__):
        yield f"  {frame.filename}:{frame.lineno} in {frame.name}"
    for cause in (*getattr(error, "exceptions", ()), error.__cause__ or error.__context__):
        if cause is not None:
            yield from _places(cause)
