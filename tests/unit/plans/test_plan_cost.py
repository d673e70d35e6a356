"""The cost of a plan against paying as agreed and paying now."""

from datetime import date
from decimal import Decimal

from respite.lending.account import Payment, position
from respite.lending.charges import ChargeRules
from respite.lending.payoff import PayoffRules, payoff
from respite.lending.schedule import Instalment, LoanTerms, Schedule, build_schedule
from respite.plans.deferral import defer
from respite.plans.plan_cost import PlanCost, plan_cost
from respite.plans.restructuring import restructure

RATE = Decimal(12)
TERMS = LoanTerms(Decimal(1200), RATE, 3, date(2026, 1, 15))
AGREED = build_schedule(TERMS)
RULES = ChargeRules(Decimal("1.5"), 0, Decimal(0), Decimal(1000))
TODAY = date(2026, 2, 15)
STANDING = position(AGREED, [], RATE, RULES, TODAY)
PAYOFF = payoff(AGREED, STANDING, RATE, TERMS.method, PayoffRules(), TERMS.day_count, TERMS.start)


def cost(plan: Schedule) -> PlanCost:
    return plan_cost(plan, STANDING, PAYOFF, TODAY, RATE)


def test_a_deferral_costs_the_interest_of_waiting() -> None:
    plan = defer(AGREED, STANDING, number=1, to=date(2026, 3, 1), annual_rate=RATE, day_count=TERMS.day_count)
    found = cost(plan)
    assert found.total == AGREED.total + Decimal("1.98")
    assert found.extra_against_agreed == Decimal("1.98")
    assert found.extra_against_payoff == found.total - PAYOFF.total == Decimal("14.06")


def test_the_rates_are_those_of_borrowing_the_payoff_on_the_plans_terms() -> None:
    plan = restructure(STANDING, count=12, first_due=date(2026, 3, 15), annual_rate=RATE, day_count=TERMS.day_count)
    found = cost(plan)
    assert abs(found.nominal_annual_rate - 12) < Decimal("0.2")
    assert abs(found.effective_annual_rate - Decimal("12.68")) < Decimal("0.2")


def test_a_free_plan_has_no_rate() -> None:
    plan = Schedule((Instalment(1, date(2026, 6, 15), PAYOFF.total),))
    assert cost(plan).effective_annual_rate == cost(plan).nominal_annual_rate == 0


def test_a_waiver_is_cheaper_than_agreed() -> None:
    late = position(AGREED, [], RATE, RULES, date(2026, 4, 20))
    due = payoff(AGREED, late, RATE, TERMS.method, PayoffRules(), TERMS.day_count, TERMS.start)
    plan = restructure(
        late, count=1, first_due=date(2026, 4, 21), annual_rate=Decimal(0), present_rate=RATE,
        day_count=TERMS.day_count, penalty_waiver=Decimal(100),
    )  # fmt: skip
    assert plan_cost(plan, late, due, late.as_of, RATE).extra_against_agreed == -late.penalty


def test_a_plan_that_is_all_due_today_shows_the_contract_rate() -> None:
    plan = Schedule((Instalment(1, TODAY, PAYOFF.total + 5),))
    assert cost(plan).effective_annual_rate == cost(plan).nominal_annual_rate == RATE


def test_paying_ahead_does_not_disturb_the_cost() -> None:
    paid = position(AGREED, [Payment(date(2026, 2, 1), Decimal(500), "early")], RATE, RULES, TODAY)
    due = payoff(AGREED, paid, RATE, TERMS.method, PayoffRules(), TERMS.day_count, TERMS.start)
    plan = restructure(paid, count=3, first_due=date(2026, 3, 15), annual_rate=RATE, day_count=TERMS.day_count)
    assert plan_cost(plan, paid, due, TODAY, RATE).extra_against_payoff == plan.total - due.total
