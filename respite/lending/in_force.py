"""Which schedule was in force when: the contract, the schedules of plans, and the contract again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from respite.lending.charges import ChargeRules
from respite.lending.errors import LendingError
from respite.lending.instalments import Instalment, Schedule
from respite.lending.money import Rounding
from respite.lending.payments import Payment
from respite.lending.positions import Position
from respite.lending.replay import Replay


@dataclass(frozen=True)
class Returned:
    """A payment that a schedule was made with and that was taken back later.

    `line` asks for its amount again: an instalment due on the day it came back.
    """

    reference: str
    line: Instalment


@dataclass(frozen=True)
class InForce:
    """A schedule that was in force from the business date `since` on, and the payments that count towards it.

    reference: the plan that put it in force, by being booked or by its end; empty for the contract.
    returned: what of earlier payments the schedule asks for again.
    """

    since: date
    schedule: Schedule
    payments: tuple[Payment, ...] = ()
    reference: str = ""
    returned: tuple[Returned, ...] = ()

    def schedule_on(self, day: date) -> Schedule:
        """The schedule with what has come back by a day."""
        came_back = [each.line for each in self.returned if each.line.due <= day]
        return self.schedule.joined_by(came_back) if came_back else self.schedule

    def position(
        self, day: date, annual_rate: Decimal, rules: ChargeRules, rounding: Rounding | None = None
    ) -> Position:
        """The position on a day. `annual_rate` is the contract rate, percent a year."""
        counted = (payment for payment in self.payments if payment.counts_on(day))
        return Replay(self.schedule_on(day), counted, annual_rate, rules, rounding).at(day)

    def came_back_as(
        self,
        payment: Payment,
        number: int,
        due: date,
        annual_rate: Decimal,
        rules: ChargeRules,
        rounding: Rounding | None = None,
    ) -> Instalment:
        """Instalment `number`, due on `due`, that asks again for what one of the payments had met.

        Late charges come back as carried ones. `annual_rate` is the contract rate, percent a year.
        """
        earlier = [each for each in self.payments if each.order < payment.order and each.counts_on(payment.received_on)]
        replay = Replay(self.schedule_on(payment.received_on), earlier, annual_rate, rules, rounding)
        before = replay.paid()
        replay.receive(payment)
        met = {part: amount - before[part] for part, amount in replay.paid().items()}
        return Instalment(
            number=number,
            due=due,
            principal=met["principal"],
            interest=met["interest"],
            fee=met["fee"],
            carried=met["carried"] + met["penalty"] + met["late_fee"],
        )


def in_force_on(course: Iterable[InForce], day: date) -> InForce:
    """The last of these that was in force by a day. Raises LendingError for a day before the loan."""
    begun = [each for each in course if each.since <= day]
    if not begun:
        raise LendingError("as_of", f"The loan had not begun on {day}.")
    return begun[-1]
