"""The arithmetic of each kind of deferral. Each gives the lines still owed, in order of due date."""

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from respite.lending import amortise
from respite.lending.accrual import own_interest, period_start
from respite.lending.calendar import ONE_DAY, period_fraction
from respite.lending.delinquency import Pause
from respite.lending.errors import LendingError
from respite.lending.instalments import Instalment
from respite.plans.carry import Carry, with_added, with_capital
from respite.plans.pausing import unpaused
from respite.plans.waiting import Wait

Lines = list[Instalment]


def shift_due_date(wait: Wait) -> Lines:
    """The instalment falls due later and bears the interest of waiting."""
    lines, place = _moved(wait)
    return _with_cost(wait, lines, place, wait.unit.round(wait.interest()))


def pause_interest_and_shift(wait: Wait) -> Lines:
    """The instalment falls due later, and no interest accrues on the loan meanwhile."""
    start = max(wait.line.due, wait.position.as_of)
    pause = Pause(start + ONE_DAY, wait.to)
    lines, place = _moved(wait)
    if not wait.tail_moves:
        lines = [
            line if line.number == wait.line.number else unpaused(wait.position, line, [pause], wait.unit)
            for line in lines
        ]
    return _with_cost(wait, lines, place, wait.unit.round(wait.interest(until=start)))


def take_principal_holiday(wait: Wait) -> Lines:
    """Interest and fee stay due; the principal falls due later and bears the interest of waiting."""
    owed = wait.lines[wait.place]
    stays_due = replace(owed, due=max(owed.due, wait.position.as_of), principal=Decimal(0), carried=Decimal(0))
    moved = replace(owed, due=wait.to, interest=Decimal(0), fee=Decimal(0))
    later = [replace(line, due=due) for line, due in zip(wait.later, wait.new_dues[1:], strict=True)]
    lines = _by_due([*wait.lines[: wait.place], stays_due, moved, *later])
    return _with_cost(wait, lines, lines.index(moved), wait.unit.round(wait.interest()))


def postpone_interest(wait: Wait) -> Lines:
    """The interest of the instalments due before the new date falls due with the first one on or after it.

    Other overdue instalments keep their interest; the deferred one, if overdue, is due today without its own.
    """
    today = wait.position.as_of
    deferred = replace(wait.lines[wait.place], due=max(wait.line.due, today))
    lines = _by_due([*wait.lines[: wait.place], deferred, *wait.later])
    waiting = [line for line in (deferred, *wait.later) if today <= line.due < wait.to]
    postponed = sum((line.interest for line in waiting), Decimal(0))
    lines = [replace(line, interest=Decimal(0)) if line in waiting else line for line in lines]
    if lines[-1].due < wait.to:
        lines.append(Instalment(lines[-1].number + 1, wait.to, Decimal(0)))
    place = next(place for place, line in enumerate(lines) if line.due >= wait.to)
    return _with_cost(wait, lines, place, postponed)


def shift_at_level_size(wait: Wait) -> Lines:
    """The instalment falls due later, every one keeps its size, and the last takes what waiting costs.

    Raises LendingError where instalments bear fees in place of interest, or would change their order.
    """
    dues = wait.new_dues
    if dues != sorted(dues) or any(line.fee for line in wait.lines):
        raise LendingError("carry", "Level instalments need interest on the balance and dates in their old order.")
    lines = [wait.lines[wait.place], *wait.later]
    principal = sum((line.principal for line in lines), Decimal(0))
    rates = [
        wait.annual_rate / 100 * period_fraction(start, end, wait.day_count, wait.anchor_day)
        for start, end in pairwise(dues)
    ]
    parts = amortise.pay_down(
        principal,
        [Decimal(0), *rates],
        [line.principal + line.interest for line in lines],
        wait.unit,
        _first_interest(wait),
    )
    remade = [
        replace(line, due=due, principal=part, interest=interest)
        for line, due, (part, interest) in zip(lines, dues, parts, strict=True)
    ]
    return with_added([*wait.lines[: wait.place], *remade], [wait.place], wait.unit, carried=wait.charges)


def _first_interest(wait: Wait) -> Decimal:
    """The interest due with the deferred instalment when the whole balance waits for it."""
    line, position = wait.line, wait.position
    start = period_start(position, line.number)
    own = own_interest(position, line, start, wait.annual_rate, wait.day_count, wait.anchor_day, wait.unit)
    postponed = line.interest - wait.unit.round(own)
    waiting = wait.waiting_interest(line.number, line.unpaid_principal, wait.to)
    waiting += sum((wait.interest_on(later.principal, line.due, wait.to) for later in wait.later), Decimal(0))
    return wait.unit.round(own + waiting) + postponed - line.paid_interest


def _moved(wait: Wait) -> tuple[Lines, int]:
    """The lines on their new dates, and where the deferred one is among them."""
    later = [replace(line, due=due) for line, due in zip(wait.later, wait.new_dues[1:], strict=True)]
    deferred = replace(wait.lines[wait.place], due=wait.to)
    lines = _by_due([*wait.lines[: wait.place], deferred, *later])
    return lines, lines.index(deferred)


def _with_cost(wait: Wait, lines: Lines, place: int, interest: Decimal) -> Lines:
    lines = with_added(lines, [place], wait.unit, carried=wait.charges)
    if wait.carry is Carry.CAPITALISE and place + 1 < len(lines):
        return with_capital(lines, place, interest, wait.annual_rate, wait.day_count, wait.unit)
    return _place_interest(wait, lines, place, interest)


def _place_interest(wait: Wait, lines: Lines, place: int, interest: Decimal) -> Lines:
    match wait.carry:
        case Carry.FORWARD | Carry.CAPITALISE:
            places = [place]
        case Carry.FIRST:
            places = [next(index for index, line in enumerate(lines) if line.due >= wait.position.as_of)]
        case Carry.LAST:
            places = [len(lines) - 1]
        case Carry.SPREAD:
            places = list(range(place, len(lines)))
        case Carry.LEVEL:
            raise LendingError("carry", "Only a due-date shift can keep the instalments level.")
    return with_added(lines, places, wait.unit, interest=interest)


def _by_due(lines: Lines) -> Lines:
    return sorted(lines, key=lambda line: line.due)
