"""`respite calc deferral`: instalments, principal or interest that wait, and interest that pauses."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from typing import Annotated

from pydantic import AliasChoices, BeforeValidator, Field

from respite.calc.agreed import due_after, schedule_of
from respite.calc.figures import Answer
from respite.calc.plan import PlanQuestion, Step, effects, paid_lines
from respite.calc.refusals import refuse
from respite.calc.words import Day, Pauses, Words, as_list
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


Shifts = Annotated[tuple[Shift, ...], BeforeValidator(as_list)]


class DeferralQuestion(PlanQuestion):
    """A loan, and what of it waits. Grace begins at `from`, or where the shift ends."""

    shift: Shifts = ()
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

    def steps(self, as_of: date) -> Iterator[Step]:
        """The changes in their order: shifts, principal that waits, interest that waits, pauses from `as_of` on."""
        for shift in self.shift:
            yield partial(self._shifted, shift)
        if not self.has_agreed_grace:
            for _ in range(self.grace_on_principal):
                yield self._principal_waits
            if self.grace_on_interest:
                yield self._interest_waits
        pauses_to_come = [pause for pause in self.pause if pause.start >= as_of]
        if pauses_to_come:
            is_level = self.repayment is Method.EQUAL_INSTALMENT
            yield partial(self._paused, self.pause if is_level else pauses_to_come)

    def with_pauses_begun(self, agreed: Schedule, as_of: date) -> Schedule:
        """The schedule with the pauses that began before `as_of`; payments up to then count under it."""
        begun = [pause for pause in self.pause if pause.start < as_of]
        return self._paused(begun, agreed, self.position_under(agreed, self.starts_on)) if begun else agreed

    def _shifted(self, shift: Shift, schedule: Schedule, standing: Position) -> Schedule:
        moved = next((line for line in standing.remaining if line.due == shift.from_), None)
        if moved is None:
            dues = ", ".join(line.due.isoformat() for line in standing.remaining)
            raise LendingError("shift.from", f"Nothing unpaid is due then; unpaid due dates are {dues}.")
        return self._deferred(schedule, standing, moved.number, shift.to, self.kind, self._shift_carry)

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

    def _paused(self, pauses: Sequence[Pause], schedule: Schedule, standing: Position) -> Schedule:
        return pause_interest(
            standing,
            pauses,
            annual_rate=self.rate,
            day_count=self.counted_by,
            method=self.repayment,
            rounding=self.unit,
        )

    def _first_waiting(self, standing: Position, bears: Callable[[InstalmentPosition], bool]) -> InstalmentPosition:
        """The first unpaid instalment from the day on which grace begins that bears what is to wait."""
        begins = self.from_ or (self.shift[-1].to if self.shift else standing.as_of)
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
    refuse(
        not any(question.steps(date.min)),
        "shift",
        "Say what waits: shift, grace_on_principal, grace_on_interest or pause.",
    )
    agreed = question.agreed
    as_of = question.as_of or question.last_paid_on(agreed)
    present = question.with_pauses_begun(agreed, as_of)
    standing = question.position(present, as_of)
    changed = question.changed(present, standing, question.steps(as_of))
    return effects(question, agreed, standing, changed, kept=paid_lines(present, standing))
