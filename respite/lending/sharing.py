"""Sharing an amount over instalments without losing a cent."""

from decimal import Decimal

from respite.lending.money import ZERO, Rounding


def even_shares(amount: Decimal, count: int, rounding: Rounding) -> list[Decimal]:
    """`amount` in `count` equal shares; the last takes what rounding left."""
    share = rounding.round(amount / count)
    shares, left = [], amount
    for _ in range(count - 1):
        part = min(share, left)
        shares.append(part)
        left -= part
    return [*shares, left]


def in_first(amount: Decimal, count: int) -> list[Decimal]:
    """`amount` in the first of `count` places."""
    return [amount, *[ZERO] * (count - 1)]
