"""Card numbers and national identity numbers that a borrower types: masked before anything is stored."""

import re
import unicodedata
from collections.abc import Callable

from stdnum import luhn
from stdnum.cn import ric
from stdnum.us import ssn

MASK = "•"
LEFT_OF_A_CARD = 4
CARD = re.compile(r"(?<![\d.])\d(?:[ -]?\d){12,18}(?![\d.]?\d)")
CHINESE_IDENTITY = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
SOCIAL_SECURITY = re.compile(r"(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])")


def mask_identifiers(text: str) -> str:
    """The text with every identity number masked, and every card number up to its last four digits."""
    text = CHINESE_IDENTITY.sub(_mask_if(ric.is_valid), text)
    text = SOCIAL_SECURITY.sub(_mask_if(ssn.is_valid), text)
    return CARD.sub(_mask_card, text)


def mask_digits(text: str) -> str:
    return re.sub(r"\d", MASK, text)


def _mask_if(is_real: Callable[[str], bool]) -> Callable[[re.Match[str]], str]:
    return lambda match: MASK * len(match[0]) if is_real(_plain(match[0])) else match[0]


def _mask_card(match: re.Match[str]) -> str:
    number = match[0]
    if not luhn.is_valid(re.sub(r"\D", "", _plain(number))):
        return number
    return mask_digits(number[:-LEFT_OF_A_CARD]) + number[-LEFT_OF_A_CARD:]


def _plain(number: str) -> str:
    """The number without full-width digits."""
    return unicodedata.normalize("NFKC", number)
