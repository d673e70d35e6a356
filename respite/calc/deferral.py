"""`respite calc deferral`: instalments, principal or interest that wait, and interest that pauses."""

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial

from pydantic import AliasChoices, Field

from respite.calc.agreed import due_after, schedule_of
from respite.calc.figures import Answer
from respite.calc.plan import PlanQuestion, Step, effects, paid_lines
from respite.calc.refusals import refuse
from respite.calc.words import Day, Pauses, Words
from respite.lending.account import InstalmentPosition, Position
from respite.lending.delinquency import Pause
from respite.lending.errors import LendingError
from respite.lending.instalments import Schedule
from respite.lending.terms import Method
from respite.plans.carry import Carry
from respite.plans.deferral import DeferralKind, Tail, defer
from respite.plans.pausing import pause_interest


class Shift(Words):
    """From which due date to which day an instalment moves."""

    from_: Day = Field(alias="from")
    to: Day


class DeferralQuestion(PlanQuestion):
    """A loan, and what of it waits. Grace begins at `from`, or where the shift ends."""

    shift: Shift | None = None
    kind: DeferralKind = DeferralKind.DUE_DATE_SHIFT
    tail: Tail = Tail.MOVES
    pause: Pauses = Field((), validation_alias=AliasChoices("pause", "pauses"))

    @property
    def has_agreed_grace(self) -> bool:
        """Whether the grace periods are part of the contract rather than of the plan."""
        return False

    @property
    def agreed(self) -> Schedule:
        """The schedule before the plan."""
        if self.has_agreed_grace:
            return schedule_of(self)
        return schedule_of(self.model_copy(update={"grace_on_principal": 0, "grace_on_interest": 0}))

    @property
    def steps(self) -> Iterator[Step]:
        """The changes in their order: shift, principal that waits, interest that waits, pauses."""
        if self.shift:
            yield self._shifted
        if not self.has_agreed_grace:
            for _ in range(self.grace_on_principal):
                yield self._principal_waits
            if self.grace_on_interest:
                yield self._interest_waits
        for pause in self.pause:
            yield partial(self._paused, pause)

    def _shifted(self, schedule: Schedule, standing: Position) -> Schedule:
        moved = next((line for line in standing.remaining if self.shift and line.due == self.shift.from_), None)
        if moved is None or self.shift is None:
            dues = ", ".join(line.due.isoformat() for line in standing.remaining)
            raise LendingError("shift.from", f"Nothing unpaid is due then; unpaid due dates are {dues}.")
        return self._deferred(schedule, standing, moved.number, self.shift.to, self.kind, self._shift_carry)

    def _principal_waits(self, schedule: Schedule, standing: Position) -> Schedule:
        line = self._first_waiting(standing, bears=lambda line: line.unpaid_principal > 0)
        to = due_after(schedule, line.due, self)
        kind, carry = DeferralKind.PRINCIPAL_HOLIDAY, self.carry or Carry.FORWARD
        return self._deferred(schedule, standing, line.number, to, kind, carry)

    def _interest_waits(self, schedule: Schedule, standing: Position) -> Schedule:
        line = self._first_waiting(standing, bears=lambda line: line.unpaid_interest > 0)
        to = line.due
        for _ in range(self.grace_on_interest):
            to = due_after(schedule, to, self)
        kind, carry = DeferralKind.INTEREST_POSTPONED, self.carry or Carry.FORWARD
        return self._deferred(schedule, standing, line.number, to, kind, carry)

    def _paused(self, pause: Pause, schedule: Schedule, standing: Position) -> Schedule:
        return pause_interest(
            standing,
            pause,
            annual_rate=self.rate,
            day_count=self.counted_by,
            method=self.repayment,
            rounding=self.unit,
        )

    def _first_waiting(self, standing: Position, bears: Callable[[InstalmentPosition], bool]) -> InstalmentPosition:
        """The first unpaid instalment from the day on which grace begins that bears what is to wait."""
        begins = self.from_ or (self.shift.to if self.shift else standing.as_of)
        for line in standing.remaining:
            if line.due >= begins and bears(line):
                return line
        raise LendingError("from", f"Nothing that could wait is due on {begins} or later.")

    @property
    def _shift_carry(self) -> Carry:
        """Instalments of equal size keep it when the whole tail moves; else what waiting costs goes along."""
        moves_level = self.tail is Tail.MOVES and self.kind is DeferralKind.DUE_DATE_SHIFT
        is_level = self.repayment is Method.EQUAL_INSTALMENT and not self.monthly_handling_fee
        return self.carry or (Carry.LEVEL if moves_level and is_level else Carry.FORWARD)

    def _deferred(
        self,
        schedule: Schedule,
        standing: Position,
        number: int,
        to: date,
        kind: DeferralKind,
        carry: Carry,
    ) -> Schedule:
        return defer(
            schedule,
            standing,
            number=number,
            to=to,
            annual_rate=self.rate,
            day_count=self.counted_by,
            kind=kind,
            tail=Tail.STAYS if kind is DeferralKind.INTEREST_POSTPONED else self.tail,
            carry=carry,
            rounding=self.unit,
        )


def deferral(question: DeferralQuestion) -> Answer:
    """The instalments when something waits, and what waiting costs."""
    steps = list(question.steps)
    refuse(not steps, "shift", "Say what waits: shift, grace_on_principal, grace_on_interest or pause.")
    agreed = question.agreed
    standing = question.position(agreed, question.as_of or question.last_paid_on(agreed))
    changed = question.changed(agreed, standing, steps)
    return effects(question, agreed, standing, changed, kept=paid_lines(agreed, standing))
