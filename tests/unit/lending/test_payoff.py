"""What settles a loan today."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Literal

import pytest

from respite.lending.account import Payment, position
from respite.lending.accrual import period_start
from respite.lending.calendar import DayCount
from respite.lending.charges import ChargeRules
from respite.lending.payoff import Payoff, PayoffRules, payoff
from respite.lending.schedule import Instalment, LoanTerms, Method, Schedule, build_schedule

START = date(2026, 1, 15)
RATE = Decimal(12)
RULES = ChargeRules(Decimal("1.5"), 0, Decimal(0), Decimal(100))
EQUAL = LoanTerms(Decimal(1200), Decimal(12), 3, START)
FLAT = LoanTerms(Decimal(1200), Decimal(12), 3, START, Method.FLAT_FEE, flat_fee_rate=Decimal("0.5"))


def settle(terms: LoanTerms, as_of: date, paid: int, rules: PayoffRules | None = None) -> Payoff:
    schedule = build_schedule(terms)
    payments = [Payment(line.due, line.total, str(line.number)) for line in schedule.instalments[:paid]]
    standing = position(schedule, payments, terms.annual_rate, RULES, as_of)
    return payoff(schedule, standing, terms.annual_rate, terms.method, rules or PayoffRules(), terms.day_count, START)


def test_interest_is_owed_to_the_day() -> None:
    found = settle(EQUAL, date(2026, 2, 25), 1)
    assert (found.principal, found.interest) == (Decimal("803.97"), Decimal("2.87"))
    assert found.total == Decimal("806.84")
    assert found.saved == Decimal("9.21")


def test_on_the_day_the_loan_starts_only_the_principal_is_owed() -> None:
    assert settle(EQUAL, START, 0).total == 1200


def test_on_a_due_date_the_interest_of_the_period_is_owed_in_full() -> None:
    assert settle(EQUAL, date(2026, 2, 15), 0).interest == 12


def test_overdue_principal_bears_penalty_interest_in_place_of_ordinary_interest() -> None:
    found = settle(EQUAL, date(2026, 2, 25), 0)
    assert found.interest == Decimal("12.00") + Decimal("2.87")
    assert found.penalty == Decimal("1.95")


def test_the_charge_is_on_the_principal_paid_early() -> None:
    found = settle(EQUAL, date(2026, 2, 25), 0, PayoffRules(fee_rate=Decimal(1)))
    assert found.principal == 1200
    assert found.charge == Decimal("8.04")


@pytest.mark.parametrize(("remaining_fees", "fees"), [("waived", 6), ("charged", 12)])
def test_flat_fees_of_periods_to_come_are_waived_or_charged(remaining_fees: str, fees: int) -> None:
    found = settle(FLAT, date(2026, 2, 25), 1, PayoffRules(remaining_fees=remaining_fees))
    assert (found.fees, found.interest, found.total) == (fees, 0, 800 + fees)


def test_interest_paid_ahead_counts_towards_what_is_earned_but_never_below_zero() -> None:
    ahead = settle(EQUAL, date(2026, 2, 15), 2)
    assert ahead.interest == 0
    assert ahead.total == ahead.principal


def test_a_whole_term_costs_the_same_interest_day_by_day() -> None:
    terms = LoanTerms(Decimal(5000), Decimal("14.4"), 6, START, day_count=DayCount.ACTUAL_365)
    schedule = build_schedule(terms)
    for paid, line in enumerate(schedule):
        assert settle(terms, line.due, paid).interest == line.interest


def test_on_a_due_date_the_fee_of_the_next_period_is_not_yet_owed() -> None:
    assert settle(FLAT, date(2026, 2, 15), 1).fees == 0
    assert settle(FLAT, date(2026, 2, 16), 1).fees == 6


def test_postponed_interest_is_owed_at_once() -> None:
    """The second instalment bears 5.00 beyond its own 8.04; 10 of its 28 days have passed."""
    agreed = build_schedule(EQUAL)
    second = replace(agreed[1], interest=agreed[1].interest + 5)
    schedule = Schedule((agreed[0], second, agreed[2]), START)
    standing = position(schedule, [Payment(agreed[0].due, agreed[0].total, "1")], RATE, RULES, date(2026, 2, 25))
    found = payoff(schedule, standing, RATE, EQUAL.method, PayoffRules(), EQUAL.day_count, START)
    assert found.interest == Decimal("7.87")


def test_flat_interest_is_earned_by_the_day() -> None:
    terms = LoanTerms(Decimal(1200), RATE, 3, START, Method.FLAT_INTEREST)
    assert settle(terms, date(2026, 2, 25), 1).interest == Decimal("4.29")


def test_carried_charges_are_part_of_the_payoff() -> None:
    schedule = Schedule((Instalment(1, date(2026, 3, 15), Decimal(100), carried=Decimal(7)),), START)
    standing = position(schedule, [], RATE, RULES, date(2026, 2, 1))
    found = payoff(schedule, standing, RATE, EQUAL.method, PayoffRules(), EQUAL.day_count, START)
    assert (found.penalty, found.total) == (7, 107)


@pytest.mark.parametrize(
    ("penalty_from", "day", "interest", "penalty"),
    [
        ("due_date", 17, "1.63", "0"),
        ("after_grace", 17, "1.63", "0"),
        ("due_date", 20, "4.06", "2.90"),
        ("after_grace", 20, "4.06", "0.58"),
    ],
)
def test_overdue_principal_bears_nothing_in_grace_and_penalty_interest_after_it(
    penalty_from: Literal["due_date", "after_grace"], day: int, interest: str, penalty: str
) -> None:
    """A tenth of a percent a day on 1200, of which 387.04 are overdue: half as much again after four days of grace."""
    terms = LoanTerms(Decimal(1200), Decimal("36.5"), 3, START, day_count=DayCount.ACTUAL_365)
    rules = ChargeRules(Decimal("1.5"), 4, Decimal(0), Decimal(1000), penalty_from=penalty_from)
    schedule = build_schedule(terms)
    standing = position(schedule, [], terms.annual_rate, rules, date(2026, 2, day))
    found = payoff(schedule, standing, terms.annual_rate, terms.method, PayoffRules(), terms.day_count, START)
    own = schedule[0].interest
    assert (found.interest - own, found.penalty) == (Decimal(interest), Decimal(penalty))


def test_everything_that_is_owed_is_in_the_total() -> None:
    """Late by a month, with a fee on what is paid before its time."""
    rules = replace(RULES, late_fee=Decimal(5))
    schedule = build_schedule(EQUAL)
    late = position(schedule, [], RATE, rules, date(2026, 3, 15))
    found = payoff(schedule, late, RATE, EQUAL.method, PayoffRules(Decimal(2)), EQUAL.day_count, START)
    parts = (found.principal, found.interest, found.fees, found.penalty, found.late_fees, found.charge)
    assert found.late_fees == 5
    assert found.penalty > 0
    assert found.charge == round(schedule[2].principal * 2 / 100, 2)
    assert found.total == sum(parts)
    assert found.as_of == date(2026, 3, 15)


@pytest.mark.parametrize(
    ("dues", "start"),
    [
        ([date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)], date(2026, 1, 31)),
        ([date(2026, 3, 1), date(2026, 3, 15), date(2026, 3, 29)], date(2026, 2, 15)),
        ([date(2026, 3, 10), date(2026, 4, 1)], date(2026, 2, 16)),
    ],
)
def test_a_schedule_of_unknown_start_begins_one_step_before_its_first_due_date(dues: list[date], start: date) -> None:
    lines = tuple(Instalment(number, due, Decimal(100), Decimal(1)) for number, due in enumerate(dues, start=1))
    assert period_start(position(Schedule(lines), [], RATE, RULES, dues[0]), 1) == start
