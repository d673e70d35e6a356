"""The ledger of a loan: what happened to it, as double-entry postings from which every balance can be rebuilt.

It is derived from the schedules that were in force and the payments, never stored, so that there is one truth. What is
posted on a day follows from what had happened by then: later days add postings and change none.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from respite.lending.allocation import RunningInstalment
from respite.lending.bookkeeping import (
    EARNED,
    NOTHING,
    PARTS,
    SCHEDULED,
    Amounts,
    Journal,
    Lines,
    changes,
    scheduled_lines,
)
from respite.lending.calendar import ONE_DAY
from respite.lending.charges import ChargeRules
from respite.lending.in_force import InForce, Returned
from respite.lending.instalments import Schedule
from respite.lending.money import ZERO, Rounding
from respite.lending.payments import Payment
from respite.lending.postings import Account, Event, Posting
from respite.lending.replay import Replay

ByPart = defaultdict[str, Decimal]


def ledger(
    course: Sequence[InForce],
    annual_rate: Decimal,
    rules: ChargeRules,
    as_of: date,
    rounding: Rounding | None = None,
) -> list[Posting]:
    """The postings of a loan up to and including `as_of`, in the order of their days.

    `course` holds the schedules in the order in which they came into force; the principal of the first is the amount
    lent. `annual_rate` is the contract rate, percent a year.
    """
    begun = [each for each in course if each.since <= as_of]
    if not begun:
        return []
    books = _Books(begun[0], annual_rate, rules, rounding)
    for in_force in begun[1:]:
        books.pass_days(in_force.since)
        books.replace_schedule(in_force)
    books.pass_days(as_of)
    return books.journal.postings


class _Books:
    """The books of one loan while its days pass."""

    def __init__(self, contract: InForce, annual_rate: Decimal, rules: ChargeRules, rounding: Rounding | None) -> None:
        self.journal = Journal()
        self._terms = annual_rate, rules, rounding
        self._received: set[str] = set()
        self._reversed: set[str] = set()
        self._paid_before: dict[Schedule, ByPart] = {contract.schedule: defaultdict(Decimal)}
        self._put_in_force(contract)
        lent = contract.schedule.principal
        self.journal.post(contract.since, Event.LENT, Account.PRINCIPAL_RECEIVABLE, Account.CASH, lent)
        self._lines: Lines = {(line.number, "principal"): Amounts(line.principal) for line in contract.schedule}
        self._ask_for(self._replay.lines)

    def pass_days(self, last: date) -> None:
        """Post every day up to `last` under the schedule in force."""
        for day in self._days(last):
            self._day = day
            self._ask_for(line for line in self._replay.lines if line.scheduled.due == day or self._is_growing(line))
            for payment in self._payments:
                if payment.received_on <= day and payment.reference not in self._received:
                    self._receive(payment)
            for payment in self._counted.copy():
                if payment.is_reversed_by(day):
                    self._reverse(payment)
            for returned in self._in_force.returned:
                if returned.line.due <= day and returned.reference not in self._reversed:
                    self._take_back(returned)

    def replace_schedule(self, in_force: InForce) -> None:
        """Let the schedule of a plan take the place of the one in force, or the other way round when the plan ends."""
        lines, credit, earned = self._lines, self._replay.credit, self._earned()
        is_booked = in_force.schedule not in self._paid_before
        if is_booked:
            self._paid_before[in_force.schedule] = self._paid()
        self._put_in_force(in_force)
        self._lines = self._today(self._replay.lines)
        day, event, plan = self._day, Event.PLAN_BOOKED if is_booked else Event.PLAN_ENDED, in_force.reference
        for number, part, old, _ in changes(lines, {}):
            self.journal.move(day, event, number, part, old, NOTHING, Account.RESCHEDULING, plan)
        for number, part, _, new in changes({}, self._lines):
            self.journal.move(day, event, number, part, NOTHING, new, Account.RESCHEDULING, plan)
        more_credit = self._replay.credit - credit
        self.journal.post(day, event, Account.RESCHEDULING, Account.BORROWER_CREDIT, more_credit, plan)
        for income, amount in self._earned().items():
            self.journal.post(day, event, Account.RESCHEDULING, income, amount - earned[income], plan)

    def _put_in_force(self, in_force: InForce) -> None:
        self._in_force, self._day = in_force, in_force.since
        self._payments = sorted(in_force.payments, key=lambda payment: payment.order)
        in_the_books = self._received - self._reversed
        self._counted = [payment for payment in self._payments if payment.reference in in_the_books]
        self._replay_counted()

    def _days(self, last: date) -> Iterator[date]:
        """The days on which anything may happen: those of events, and every day while late charges may grow."""
        events = {self._in_force.since}
        events |= {line.due for line in self._in_force.schedule}
        events |= {payment.received_on for payment in self._payments}
        events |= {payment.reversed_on for payment in self._payments if payment.reversed_on}
        events |= {returned.line.due for returned in self._in_force.returned}
        to_come = sorted((day for day in events if day >= self._in_force.since), reverse=True)
        while to_come and (day := to_come.pop()) <= last:
            yield day
            tomorrow = day + ONE_DAY
            if any(map(self._is_growing, self._replay.lines)) and to_come[-1:] != [tomorrow]:
                to_come.append(tomorrow)

    def _is_growing(self, line: RunningInstalment) -> bool:
        return line.grows and line.scheduled.due <= self._day

    def _ask_for(self, lines: Iterable[RunningInstalment]) -> None:
        """Post what of these has fallen due and what is charged on them today."""
        today = self._today(lines)
        before = {key: self._lines.get(key, NOTHING) for key in today}
        for number, part, old, new in changes(before, today):
            self.journal.move(self._day, part.passing, number, part, old, new, part.income)
        self._lines = {**self._lines, **today}

    def _receive(self, payment: Payment) -> None:
        self.journal.post(
            self._day, Event.PAID, Account.CASH, Account.BORROWER_CREDIT, payment.amount, payment.reference
        )
        self._received.add(payment.reference)
        self._counted.append(payment)
        if self._counted == sorted(self._counted, key=lambda payment: payment.order):
            self._replay.receive(payment)
        else:
            self._replay_counted()
        self._allocate(Event.PAID, payment.reference)

    def _reverse(self, payment: Payment) -> None:
        """Take a payment back: what it met is owed again, with the charges that it had kept away."""
        self._pay_back(payment.amount, payment.reference)
        self._counted.remove(payment)
        self._replay_counted()
        self._allocate(Event.REVERSED, payment.reference)

    def _take_back(self, returned: Returned) -> None:
        """Take back a payment that the schedule was made with: its amount is owed as an instalment of its own."""
        self._pay_back(returned.line.total, returned.reference)
        owed_again = scheduled_lines(returned.line)
        for number, part, _, new in changes({}, owed_again):
            credit, reference = Account.BORROWER_CREDIT, returned.reference
            self.journal.move(self._day, Event.REVERSED, number, part, NOTHING, new, credit, reference)
        self._lines = {**self._lines, **owed_again}
        self._replay_counted()
        self._allocate(Event.REVERSED, returned.reference)

    def _pay_back(self, amount: Decimal, reference: str) -> None:
        self.journal.post(self._day, Event.REVERSED, Account.BORROWER_CREDIT, Account.CASH, amount, reference)
        self._reversed.add(reference)

    def _allocate(self, event: Event, reference: str) -> None:
        """Post what the payments meet now. More that is asked for is income; more that is paid comes out of credit."""
        before, self._lines = self._lines, self._today(self._replay.lines)
        for number, part, old, new in changes(before, self._lines):
            asked = replace(old, asked=new.asked)
            self.journal.move(self._day, event, number, part, old, asked, part.income, reference)
            self.journal.move(self._day, event, number, part, asked, new, Account.BORROWER_CREDIT, reference)

    def _replay_counted(self) -> None:
        self._replay = Replay(self._in_force.schedule_on(self._day), self._counted, *self._terms)

    def _today(self, lines: Iterable[RunningInstalment]) -> Lines:
        amounts = {}
        for line in lines:
            asked, is_due = line.asked(self._day), line.scheduled.due <= self._day
            for name, part in PARTS.items():
                is_asked = is_due or part.in_advance is None
                amounts[line.scheduled.number, name] = Amounts(asked[name] if is_asked else ZERO, line.paid[name])
        return amounts

    def _paid(self) -> ByPart:
        """What is paid of each part since the loan began."""
        paid = self._paid_before_the_schedule()
        for part, amount in self._replay.paid().items():
            paid[part] += amount
        return paid

    def _earned(self) -> dict[Account, Decimal]:
        """Income since the loan began: what was paid before the schedule in force, and what is asked for under it."""
        earned = self._paid_before_the_schedule()
        for (_, part), amounts in self._lines.items():
            earned[part] += amounts.asked
        return {income: sum((earned[part] for part in parts), ZERO) for income, parts in EARNED.items()}

    def _paid_before_the_schedule(self) -> ByPart:
        paid = self._paid_before[self._in_force.schedule].copy()
        for returned in self._in_force.returned:
            if returned.line.due <= self._day:
                for part in SCHEDULED:
                    paid[part] -= getattr(returned.line, part)
        return paid
