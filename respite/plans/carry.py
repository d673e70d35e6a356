"""What is still owed when a plan begins, and where the plan puts what has accrued."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from enum import StrEnum

from respite.lending import amortise
from respite.lending.calendar import DayCount, anchor_day_of
from respite.lending.instalments import Instalment
from respite.lending.money import ZERO, Rounding
from respite.lending.positions import InstalmentPosition, Position
from respite.lending.sharing import even_shares


class Carry(StrEnum):
    """Where interest that accrues or has accrued goes.

    forward: into the instalment that the plan moves.
    first, last: into the first or the last instalment of the plan.
    spread: evenly over the instalments.
    level: inside instalments that keep an equal size.
    capitalise: added to the principal, where it bears interest.
    """

    FORWARD = "forward"
    FIRST = "first"
    LAST = "last"
    SPREAD = "spread"
    LEVEL = "level"
    CAPITALISE = "capitalise"


def still_owed(position: Position) -> list[Instalment]:
    """The unpaid parts; late charges run on by themselves where an instalment is not otherwise paid."""
    return [
        replace(unpaid_part(line), carried=line.penalty + line.late_fee) if line.is_paid else unpaid_part(line)
        for line in position.remaining
    ]


def unpaid_part(line: InstalmentPosition) -> Instalment:
    return Instalment(
        line.number,
        line.due,
        line.unpaid_principal,
        line.unpaid_interest,
        line.unpaid_fee,
        line.unpaid_carried,
    )


def with_added(
    lines: Sequence[Instalment],
    places: Sequence[int],
    unit: Rounding,
    *,
    interest: Decimal = ZERO,
    fee: Decimal = ZERO,
    carried: Decimal = ZERO,
) -> list[Instalment]:
    """`lines` with interest, fees, and penalty interest with late fees shared evenly over the places."""
    added = list(lines)
    parts = (even_shares(amount, len(places), unit) for amount in (interest, fee, carried))
    for place, more_interest, more_fee, more_carried in zip(places, *parts, strict=True):
        line = added[place]
        added[place] = replace(
            line,
            interest=line.interest + more_interest,
            fee=line.fee + more_fee,
            carried=line.carried + more_carried,
        )
    return added


def with_capital(
    lines: Sequence[Instalment],
    after: int,
    amount: Decimal,
    annual_rate: Decimal,
    day_count: DayCount,
    unit: Rounding,
) -> list[Instalment]:
    """`lines` with `amount` made principal when line `after` is due, repaid with the lines behind it."""
    start, dues = lines[after].due, [line.due for line in lines[after + 1 :]]
    rates = amortise.rates(start, dues, annual_rate, day_count, anchor_day_of(dues))
    parts = amortise.level_parts(amount, rates, amortise.Sizing(rates, unit), unit)
    added = [
        replace(line, principal=line.principal + principal, interest=line.interest + interest)
        for line, (principal, interest) in zip(lines[after + 1 :], parts, strict=True)
    ]
    return [*lines[: after + 1], *added]
