"""One deferral worked out: what waits, until when, and what waiting costs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from respite.lending.calendar import DayCount, anchor_month, months_after, period_fraction
from respite.lending.instalments import Instalment
from respite.lending.money import ZERO, Rounding
from respite.lending.positions import InstalmentPosition, Position
from respite.plans.carry import Carry


@dataclass(frozen=True)
class Wait:
    """Instalment `line` waits until `to`; `lines` is all that is owed, `place` where `line` is in it.

    `tail_moves`: the later instalments move too. `annual_rate` is in percent a year.
    """

    position: Position
    line: InstalmentPosition
    lines: Sequence[Instalment]
    place: int
    to: date
    annual_rate: Decimal
    day_count: DayCount
    tail_moves: bool
    carry: Carry
    anchor_day: int | None
    unit: Rounding

    @property
    def later(self) -> Sequence[Instalment]:
        """The instalments behind the deferred one."""
        return self.lines[self.place + 1 :]

    @property
    def moved(self) -> Sequence[Instalment]:
        """The instalments whose due dates move."""
        return self.lines[self.place :] if self.tail_moves else self.lines[self.place : self.place + 1]

    @property
    def charges(self) -> Decimal:
        """Penalty interest and late fees so far of the instalments that move."""
        charged = (self.position.instalment(line.number) for line in self.moved)
        return sum((line.penalty + line.late_fee for line in charged), ZERO)

    @property
    def new_dues(self) -> list[date]:
        """The due dates of the deferred instalment and the later ones."""
        if not self.tail_moves:
            return [self.to, *(line.due for line in self.later)]
        return moved_dues([self.line.due, *(line.due for line in self.later)], self.to, self.anchor_day)

    def interest(self, until: date = date.max) -> Decimal:
        """The unrounded interest on every principal that waits, up to its new due date or to `until`."""
        return sum(
            (
                self.waiting_interest(line.number, line.principal, min(due, until))
                for line, due in zip(self.moved, self.new_dues, strict=False)
            ),
            ZERO,
        )

    def waiting_interest(self, number: int, principal: Decimal, until: date) -> Decimal:
        """The unrounded interest since it fell due, or from today on where penalty interest ran until then."""
        line = self.position.instalment(number)
        return self.interest_on(principal, self.position.as_of if line.is_penalised else line.due, until)

    def interest_on(self, principal: Decimal, start: date, end: date) -> Decimal:
        """The unrounded interest on a principal from `start` to `end`, none where that is earlier."""
        if end <= start:
            return ZERO
        return principal * self.annual_rate / 100 * period_fraction(start, end, self.day_count, self.anchor_day)


def moved_dues(dues: Sequence[date], to: date, anchor_day: int | None) -> list[date]:
    """`dues` with the first moved to `to` and the later ones behind it, at the same steps as before.

    Monthly dates stay monthly: on their anchor day where `to` is on it, else on the day of `to`.
    """
    months = [month for due in dues if (month := anchor_month(due, anchor_day)) is not None]
    if anchor_day is None or len(months) < len(dues):
        return [due + (to - dues[0]) for due in dues]
    day = to.day if anchor_month(to, anchor_day) is None else anchor_day
    return [to, *(months_after(to, month - months[0], day) for month in months[1:])]
