"""The United Kingdom's rebate: Consumer Credit (Early Settlement) Regulations 2004."""

from collections.abc import Sequence
from decimal import Decimal

from respite.lending.money import CENT, ZERO, Rounding

Timed = tuple[Decimal, Decimal]
"""A time in years from the first advance, and an amount."""


def early_settlement_rebate(
    advances: Sequence[Timed], repayments: Sequence[Timed], apr: Decimal, settled_at: Decimal
) -> Decimal:
    """What is taken off the repayments after `settled_at` (years) when a loan is settled then.

    Regulation 4: the repayments to come, less the advances and past repayments accumulated to the settlement
    date at the annual percentage rate `apr` (percent, effective).
    """
    growth = 1 + apr / 100
    to_come = sum((amount for time, amount in repayments if time > settled_at), ZERO)
    lent = sum((amount * growth ** (settled_at - time) for time, amount in advances if time <= settled_at), ZERO)
    repaid = sum((amount * growth ** (settled_at - time) for time, amount in repayments if time <= settled_at), ZERO)
    return Rounding(CENT).round(to_come - (lent - repaid))
