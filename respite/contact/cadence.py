"""Which reminders the lender plans for a loan on a business date."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from respite.lending.positions import Position
from respite.policies.conduct import CadenceStep, Reminder


@dataclass(frozen=True)
class PlannedReminder:
    """A message about one instalment: what of it is to be paid, late charges included, and since or until when."""

    message: Reminder
    number: int
    due: date
    amount: Decimal


def reminders_for(position: Position, cadence: Sequence[CadenceStep]) -> list[PlannedReminder]:
    """The reminders that fall on `position.as_of`, one at most for what is late.

    An instalment to come is reminded of by its own due date, arrears by the oldest unpaid one.
    """
    planned = {step.day: step.message for step in cadence}
    to_come = [line for line in position.remaining if line.due >= position.as_of]
    days = {line: (position.as_of - line.due).days for line in [*position.overdue[:1], *to_come]}
    return [
        PlannedReminder(planned[day], line.number, line.due, line.outstanding)
        for line, day in days.items()
        if day in planned
    ]
