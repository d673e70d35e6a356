"""Deferral: one instalment waits. Four kinds that are never the same thing."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from respite.lending.calendar import DayCount, anchor_day_of
from respite.lending.errors import LendingError
from respite.lending.instalments import Schedule
from respite.lending.money import Rounding
from respite.lending.positions import InstalmentPosition, Position
from respite.plans import deferral_kinds
from respite.plans.carry import Carry, still_owed
from respite.plans.waiting import Wait

__all__ = ["Carry", "DeferralKind", "Tail", "defer"]


class DeferralKind(StrEnum):
    """What waits.

    due_date_shift: the whole instalment; interest accrues on its principal meanwhile.
    principal_holiday: its principal; interest and fee stay due, and interest accrues on the principal
    meanwhile.
    interest_postponed: the interest of the instalments due before the new date; nothing of it is waived.
    interest_pause: the whole instalment, and no interest accrues on the loan meanwhile.
    """

    DUE_DATE_SHIFT = "due_date_shift"
    PRINCIPAL_HOLIDAY = "principal_holiday"
    INTEREST_POSTPONED = "interest_postponed"
    INTEREST_PAUSE = "interest_pause"


class Tail(StrEnum):
    """Whether the later instalments keep their dates or move with the deferred one."""

    STAYS = "stays"
    MOVES = "moves"


def defer(
    schedule: Schedule,
    position: Position,
    *,
    number: int,
    to: date,
    annual_rate: Decimal,
    day_count: DayCount,
    kind: DeferralKind = DeferralKind.DUE_DATE_SHIFT,
    tail: Tail = Tail.STAYS,
    carry: Carry = Carry.FORWARD,
    rounding: Rounding | None = None,
) -> Schedule:
    """Everything still unpaid on `position.as_of`, with instalment `number` deferred to `to`.

    The schedule accrues from that day; the interest of earlier days is due with its instalments as before.
    `annual_rate` is in percent a year. Interest runs on the principal that waits, from its due date, or from
    today where penalty interest ran since. Penalty interest and late fees of the instalment go with it; other
    overdue instalments are left as they are. `carry` says where the interest of waiting goes. Raises
    LendingError for an instalment that cannot wait, a date that is not later, or a carry that does not fit.
    """
    line = _deferrable(position, number)
    if to <= max(line.due, position.as_of):
        raise LendingError("to", "An instalment is deferred to a day after today and after its due date.")
    lines = still_owed(position)
    wait = Wait(
        position=position,
        line=line,
        lines=lines,
        place=next(place for place, owed in enumerate(lines) if owed.number == number),
        to=to,
        annual_rate=annual_rate,
        day_count=day_count,
        tail_moves=tail is Tail.MOVES,
        carry=carry,
        anchor_day=anchor_day_of(scheduled.due for scheduled in schedule),
        unit=rounding or Rounding(),
    )
    match kind:
        case DeferralKind.DUE_DATE_SHIFT if carry is Carry.LEVEL:
            deferred = deferral_kinds.shift_at_level_size(wait)
        case DeferralKind.DUE_DATE_SHIFT:
            deferred = deferral_kinds.shift_due_date(wait)
        case DeferralKind.PRINCIPAL_HOLIDAY:
            deferred = deferral_kinds.take_principal_holiday(wait)
        case DeferralKind.INTEREST_POSTPONED:
            deferred = deferral_kinds.postpone_interest(wait)
        case DeferralKind.INTEREST_PAUSE:
            deferred = deferral_kinds.pause_interest_and_shift(wait)
    first = lines[0].number
    numbered = tuple(replace(each, number=first + step) for step, each in enumerate(deferred))
    return Schedule(numbered, position.as_of)


def _deferrable(position: Position, number: int) -> InstalmentPosition:
    """The instalment, where it may wait: unpaid, and no older one is overdue and partly paid."""
    line = position.instalment(number)
    if line.is_paid:
        raise LendingError("number", f"Instalment {number} is paid; there is nothing to defer.")
    for older in position.overdue:
        scheduled = older.principal + older.interest + older.fee + older.carried
        if older.number < number and 0 < older.unpaid < scheduled:
            raise LendingError("number", f"Instalment {older.number} is overdue and partly paid; defer that one first.")
    return line
