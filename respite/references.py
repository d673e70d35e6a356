"""References that a borrower can read out over the phone: no letter that looks or sounds like a digit."""

from random import Random, SystemRandom

DIGITS = "23456789"
LETTERS = DIGITS + "ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 6


def new_reference(prefix: str, random: Random | None = None) -> str:
    """A new reference such as `P-7K2MQ9`. It ends in a digit, so that it is never taken for a word."""
    random = random or SystemRandom()
    return f"{prefix}-{''.join(random.choices(LETTERS, k=LENGTH - 1))}{random.choice(DIGITS)}"
