"""Instalments and the schedule that they form."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from respite.lending.money import ZERO


@dataclass(frozen=True)
class Instalment:
    """What falls due on one date. `carried` is penalty interest and late fees that a plan brought into it."""

    number: int
    due: date
    principal: Decimal
    interest: Decimal = ZERO
    fee: Decimal = ZERO
    carried: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        return self.principal + self.interest + self.fee + self.carried


@dataclass(frozen=True)
class Schedule:
    """Instalments in order of due date. `start` is the day from which the first one accrues, where known."""

    instalments: tuple[Instalment, ...]
    start: date | None = None

    def __iter__(self) -> Iterator[Instalment]:
        return iter(self.instalments)

    def __len__(self) -> int:
        return len(self.instalments)

    def __getitem__(self, index: int) -> Instalment:
        return self.instalments[index]

    @property
    def principal(self) -> Decimal:
        return sum((line.principal for line in self), ZERO)

    @property
    def interest(self) -> Decimal:
        return sum((line.interest for line in self), ZERO)

    @property
    def fees(self) -> Decimal:
        return sum((line.fee for line in self), ZERO)

    @property
    def carried(self) -> Decimal:
        return sum((line.carried for line in self), ZERO)

    @property
    def total(self) -> Decimal:
        return sum((line.total for line in self), ZERO)

    @property
    def last_due(self) -> date:
        return self.instalments[-1].due

    def joined_by(self, lines: Iterable[Instalment]) -> "Schedule":
        """The same schedule with more instalments, each at the place of its due date."""
        return Schedule(tuple(sorted([*lines, *self], key=lambda line: line.due)), self.start)

    @property
    def balances(self) -> tuple[Decimal, ...]:
        """The principal left after each instalment; the last is zero."""
        balance, left = self.principal, []
        for line in self:
            balance -= line.principal
            left.append(balance)
        return tuple(left)
