"""The parts of an instalment in the books: what is asked for, what is paid, and the accounts for either."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from respite.lending.instalments import Instalment
from respite.lending.money import ZERO
from respite.lending.postings import Account, Event, Posting


@dataclass(frozen=True)
class Amounts:
    """How much of one part of one instalment is asked for by a day, and how much is paid."""

    asked: Decimal = ZERO
    paid: Decimal = ZERO

    @property
    def unpaid(self) -> Decimal:
        """Below zero where it is paid before it is asked for."""
        return self.asked - self.paid


NOTHING = Amounts()
Lines = Mapping[tuple[int, str], Amounts]
"""Amounts by the number of the instalment and the name of the part."""


@dataclass(frozen=True)
class Part:
    """One part of an instalment, and its accounts.

    passing: the event by which it comes to be asked for while days pass.
    in_advance: holds what is paid of it before it falls due; None where it is asked for from the start.
    """

    name: str
    receivable: Account
    income: Account
    passing: Event = Event.CHARGED
    in_advance: Account | None = None

    def moves(self, before: Amounts, after: Amounts) -> Iterator[tuple[Account, Decimal]]:
        """The accounts on which the part changes, and by how much."""
        if self.in_advance is None:
            yield self.receivable, after.unpaid - before.unpaid
            return
        yield self.in_advance, min(after.unpaid, ZERO) - min(before.unpaid, ZERO)
        yield self.receivable, max(after.unpaid, ZERO) - max(before.unpaid, ZERO)


PARTS = {
    part.name: part
    for part in (
        Part("principal", Account.PRINCIPAL_RECEIVABLE, Account.INTEREST_INCOME),
        Part("interest", Account.INTEREST_RECEIVABLE, Account.INTEREST_INCOME, Event.DUE, Account.INTEREST_IN_ADVANCE),
        Part("fee", Account.FEE_RECEIVABLE, Account.FEE_INCOME, Event.DUE, Account.FEE_IN_ADVANCE),
        Part("carried", Account.CARRIED_RECEIVABLE, Account.PENALTY_INCOME),
        Part("penalty", Account.PENALTY_RECEIVABLE, Account.PENALTY_INCOME),
        Part("late_fee", Account.LATE_FEE_RECEIVABLE, Account.LATE_FEE_INCOME),
    )
}
SCHEDULED = ("principal", "interest", "fee", "carried")
EARNED = {
    Account.INTEREST_INCOME: ("principal", "interest"),
    Account.FEE_INCOME: ("fee",),
    Account.PENALTY_INCOME: ("carried", "penalty", "late_fee"),
}
"""The parts from which a change of schedule makes more or less of an income.

More principal than was left is interest that a plan made principal; late charges that a plan leaves out are waived.
"""


def scheduled_lines(line: Instalment) -> dict[tuple[int, str], Amounts]:
    """All parts of an instalment asked for, and nothing paid."""
    return {(line.number, name): Amounts(getattr(line, name)) for name in SCHEDULED}


def changes(before: Lines, after: Lines) -> Iterator[tuple[int, Part, Amounts, Amounts]]:
    """Every part of every instalment whose amounts differ."""
    for number, name in {**after, **before}:
        old, new = before.get((number, name), NOTHING), after.get((number, name), NOTHING)
        if old != new:
            yield number, PARTS[name], old, new


class Journal:
    """Where postings are written, in the order in which they happen."""

    def __init__(self) -> None:
        self.postings: list[Posting] = []

    def post(
        self,
        on: date,
        event: Event,
        debit: Account,
        credit: Account,
        amount: Decimal,
        reference: str = "",
        number: int | None = None,
    ) -> None:
        """Debit and credit an amount; one below zero goes the other way round, and zero leaves no trace."""
        if amount < 0:
            debit, credit, amount = credit, debit, -amount
        if amount:
            self.postings.append(Posting(on, event, debit, credit, amount, reference, number))

    def move(
        self,
        on: date,
        event: Event,
        number: int,
        part: Part,
        before: Amounts,
        after: Amounts,
        against: Account,
        reference: str = "",
    ) -> None:
        """Post the change of one part of one instalment against an account."""
        for account, amount in part.moves(before, after):
            self.post(on, event, account, against, amount, reference, number)
