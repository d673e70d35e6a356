"""Random courses of loans: payments, some of them taken back, and a plan that may end early."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from respite.lending.account import Payment, Position
from respite.lending.calendar import DayCount
from respite.lending.charges import ChargeRules
from respite.lending.in_force import InForce, Returned, in_force_on
from respite.lending.ledger import ledger
from respite.lending.postings import Posting
from respite.lending.schedule import Schedule, build_schedule
from respite.plans.carry import Carry
from respite.plans.restructuring import restructure
from tests.unit.lending.loans import charge_rules, loan_terms, payments

RATE = Decimal(18)


@dataclass(frozen=True)
class Course:
    """The schedules of one loan as they came into force, with what the lender charges."""

    in_force: tuple[InForce, ...]
    rules: ChargeRules
    last: date

    @property
    def first(self) -> date:
        return self.in_force[0].since

    def position(self, day: date) -> Position:
        return in_force_on(self.in_force, day).position(day, RATE, self.rules)

    def postings(self, as_of: date | None = None) -> list[Posting]:
        return ledger(self.in_force, RATE, self.rules, as_of or self.last)

    def told_in_another_order(self, data: st.DataObject) -> "Course":
        shuffled = (replace(each, payments=tuple(data.draw(st.permutations(each.payments)))) for each in self.in_force)
        return replace(self, in_force=tuple(shuffled))


@st.composite
def reversed_or_not(draw: st.DrawFn, paid: list[Payment]) -> tuple[Payment, ...]:
    """The payments, some of them taken back up to 90 days later."""
    waits = draw(st.lists(st.none() | st.integers(0, 90), min_size=len(paid), max_size=len(paid)))
    return tuple(
        payment if days is None else replace(payment, reversed_on=payment.received_on + timedelta(days=days))
        for payment, days in zip(paid, waits, strict=True)
    )


@st.composite
def contracts(draw: st.DrawFn) -> tuple[Schedule, tuple[Payment, ...], ChargeRules]:
    terms = draw(loan_terms(least="10"))
    schedule = build_schedule(terms)
    paid = draw(payments(terms.start, schedule.total / 3))
    return schedule, draw(reversed_or_not(paid)), draw(charge_rules())


@st.composite
def courses_without_plan(draw: st.DrawFn) -> Course:
    schedule, paid, rules = draw(contracts())
    assert schedule.start
    last = schedule.start + timedelta(days=draw(st.integers(0, 500)))
    return Course((InForce(schedule.start, schedule, paid),), rules, last)


@st.composite
def courses_with_plan(draw: st.DrawFn) -> Course:
    """A contract, a restructuring in its place, and often the contract again because the plan ended early.

    A payment before the plan that comes back under it is asked for again in an instalment of its own.
    """
    schedule, paid, rules = draw(contracts())
    assert schedule.start
    booked_on = schedule.start + timedelta(days=draw(st.integers(1, 250)))
    before = [payment for payment in paid if payment.received_on <= booked_on]
    known = tuple(
        payment if payment.is_reversed_by(booked_on) else replace(payment, reversed_on=None) for payment in before
    )
    contract = InForce(schedule.start, schedule, known)
    position = contract.position(booked_on, RATE, rules)
    if not position.outstanding_principal:
        return Course((contract,), rules, booked_on)
    planned = restructure(
        position,
        count=draw(st.integers(1, 6)),
        first_due=booked_on + timedelta(days=draw(st.integers(1, 40))),
        annual_rate=RATE,
        day_count=DayCount.THIRTY_360,
        carry=draw(st.sampled_from([Carry.FIRST, Carry.LAST, Carry.SPREAD, Carry.CAPITALISE])),
        penalty_waiver=draw(st.sampled_from([Decimal(0), Decimal(100)])),
    )
    came_back = [payment for payment in before if payment.reversed_on is not None and payment.reversed_on > booked_on]
    returned = tuple(
        Returned(
            payment.reference,
            contract.came_back_as(
                replace(payment, reversed_on=None), len(planned) + place, payment.reversed_on or date.max, RATE, rules
            ),
        )
        for place, payment in enumerate(came_back, start=1)
    )
    after = tuple(payment for payment in paid if payment.received_on > booked_on)
    steps = [contract, InForce(booked_on, planned, after, "plan", returned)]
    ended_on = booked_on + timedelta(days=draw(st.integers(1, 200)))
    if draw(st.booleans()):
        steps.append(InForce(ended_on, schedule, paid, "plan"))
    last = booked_on + timedelta(days=draw(st.integers(0, 300)))
    return Course(tuple(steps), rules, last)


def courses() -> st.SearchStrategy[Course]:
    return courses_without_plan() | courses_with_plan()
