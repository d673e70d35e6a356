"""What settles a loan today."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from respite.lending.account import Payment, position
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
