"""Phone numbers and one-time codes inside what a borrower types."""

import re
import unicodedata

import phonenumbers
from phonenumbers import Leniency, PhoneNumber, PhoneNumberFormat, PhoneNumberMatcher

SHORTEST_PHONE_NUMBER = 7
NOTHING_BUT_A_NUMBER = re.compile(r"\+?[\d\s().-]+")
CODE = re.compile(r"(?<![\d.,])(\d{3})[ -]?(\d{3})(?![.,]?\d)")


def find_phone_number(text: str, country: str) -> str | None:
    """The first phone number in `text`, as E.164; `country` (ISO 3166) is that of numbers without a prefix.

    A text that is nothing but a number counts as soon as it could be a phone number; inside a sentence only a
    valid one does, so that dates and amounts are left alone.
    """
    text = _normalised(text)
    number = _whole(text, country) if NOTHING_BUT_A_NUMBER.fullmatch(text) else _inside(text, country)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164) if number else None


def country_of(number: str) -> str:
    """The country (ISO 3166) of a number in E.164; of one that is given to nobody, the largest with its prefix."""
    parsed = phonenumbers.parse(number)
    assert parsed.country_code is not None, "a number in E.164 begins with one"
    return phonenumbers.region_code_for_number(parsed) or phonenumbers.region_code_for_country_code(parsed.country_code)


def is_only_a_number(text: str) -> bool:
    """Whether `text` is digits and what stands between them, and nothing else."""
    return NOTHING_BUT_A_NUMBER.fullmatch(_normalised(text)) is not None


def find_code(text: str) -> str | None:
    """The first number of six digits in `text`."""
    match = CODE.search(_normalised(text))
    return match[1] + match[2] if match else None


def _normalised(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _whole(text: str, country: str) -> PhoneNumber | None:
    if sum(character.isdigit() for character in text) < SHORTEST_PHONE_NUMBER:
        return None
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_possible_number(number) else None


def _inside(text: str, country: str) -> PhoneNumber | None:
    for match in PhoneNumberMatcher(text, country, leniency=Leniency.VALID):
        return match.number
    return None
