"""What being late costs: penalty interest and late fees, within grace and cap."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from respite.lending.calendar import DayCount, year_fraction
from respite.lending.errors import LendingError
from respite.lending.money import ZERO, Rounding, RoundingMode

ALLOCATION = ("cost", "penalty", "interest", "fee", "principal")


@dataclass(frozen=True)
class ChargeRules:
    """A lender's charges for paying late.

    penalty_rate_multiple: penalty rate as a multiple of the contract rate.
    grace_days: days after the due date that cost nothing.
    late_fee: amount, once for each instalment that is later than grace.
    all_in_cap_annual_rate: percent a year; penalty and late fee of an instalment never exceed this rate on
        its overdue amount for its overdue days.
    penalty_from: whether the days of grace count once grace is over.
    allocation: the order in which a payment meets the parts of an instalment; late fees and carried charges
        belong to "penalty".
    """

    penalty_rate_multiple: Decimal
    grace_days: int
    late_fee: Decimal
    all_in_cap_annual_rate: Decimal
    penalty_base: Literal["overdue_principal", "overdue_amount"] = "overdue_principal"
    penalty_from: Literal["due_date", "after_grace"] = "due_date"
    day_count: DayCount = DayCount.ACTUAL_365
    allocation: tuple[str, ...] = ALLOCATION

    def __post_init__(self) -> None:
        for name in ("penalty_rate_multiple", "grace_days", "late_fee", "all_in_cap_annual_rate"):
            if getattr(self, name) < 0:
                raise LendingError(name, f"{name} cannot be below zero.")
        if {*self.allocation, "cost"} != {*ALLOCATION} or len({*self.allocation}) != len(self.allocation):
            raise LendingError("allocation", f"Name each of {', '.join(ALLOCATION)} once, in the order of payment.")

    def last_day_of_grace(self, due: date) -> date:
        """The last day on which an instalment is paid without late charges."""
        return due + timedelta(days=self.grace_days)

    def charged_from(self, due: date) -> date:
        """The first day on which an instalment unpaid since `due` costs something."""
        return self.last_day_of_grace(due) + timedelta(days=1)

    def penalty_starts(self, due: date) -> date:
        """The day after which penalty interest is counted, once grace is over."""
        return due if self.penalty_from == "due_date" else self.last_day_of_grace(due)

    def penalty_rate(self, annual_rate: Decimal) -> Decimal:
        """The penalty rate on a contract rate, both percent a year, before the cap."""
        return annual_rate * self.penalty_rate_multiple

    def penalty_base_of(self, unpaid: "Unpaid") -> Decimal:
        """The amount that bears penalty interest."""
        return unpaid.principal if self.penalty_base == "overdue_principal" else unpaid.amount


@dataclass(frozen=True)
class Unpaid:
    """What was unpaid of an instalment from `since` on: principal alone, and with interest and fee."""

    since: date
    principal: Decimal
    amount: Decimal


@dataclass(frozen=True)
class Charges:
    """Penalty interest and late fee charged so far, paid or not."""

    penalty: Decimal
    late_fee: Decimal


def charges(
    due: date,
    history: Sequence[Unpaid],
    annual_rate: Decimal,
    rules: ChargeRules,
    as_of: date,
    rounding: Rounding,
    late_fee_paid: Decimal = ZERO,
    bears_late_fee: bool = True,
) -> Charges:
    """The charges on one instalment up to and including `as_of`.

    `annual_rate` is the contract rate in percent a year; `history` says what was unpaid since when, in order
    of time. A late fee once paid stays charged and counts towards the cap. An instalment that is late only
    because earlier late charges were met first does not bear one (12 CFR 1026.36(c)(2)).
    """
    if as_of < rules.charged_from(due):
        return Charges(ZERO, ZERO)
    late = _left_by_grace(history, due, rules.last_day_of_grace(due))
    if not late[0].amount:
        return Charges(ZERO, ZERO)
    penalty_years = sum(
        (
            rules.penalty_base_of(unpaid) * year_fraction(start, end, rules.day_count)
            for unpaid, start, end in _stretches(late, rules.penalty_starts(due), as_of)
        ),
        ZERO,
    )
    amount_days = sum((unpaid.amount * (end - start).days for unpaid, start, end in _stretches(late, due, as_of)), ZERO)
    accrued = rounding.round(annual_rate * rules.penalty_rate_multiple / 100 * penalty_years)
    cap = Rounding(rounding.quantum, RoundingMode.FLOOR).round(rules.all_in_cap_annual_rate / 100 * amount_days / 365)
    penalty = min(accrued, cap - late_fee_paid)
    return Charges(penalty, min(rules.late_fee, cap - penalty) if bears_late_fee else ZERO)


def _left_by_grace(history: Sequence[Unpaid], due: date, last_day: date) -> list[Unpaid]:
    """The history without what was paid in time: what is unpaid when grace ends counts from the due date."""
    in_grace = [unpaid for unpaid in history if unpaid.since <= last_day]
    return [replace(in_grace[-1], since=due), *history[len(in_grace) :]]


def _stretches(history: Sequence[Unpaid], start: date, end: date) -> Iterator[tuple[Unpaid, date, date]]:
    """The parts of the days from `start` to `end`, each with what was unpaid in it."""
    until = [later.since for later in history[1:]] + [end]
    for unpaid, changed_on in zip(history, until, strict=True):
        first, last = max(unpaid.since, start), min(changed_on, end)
        if first < last:
            yield unpaid, first, last
