"""A plan that is broken leaves no trace in what is owed, whatever was paid meanwhile."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from respite.lending.account import Position
from respite.lending.payoff import Payoff
from respite.plans.closing import end_of_day
from respite.plans.keeping import PlanOutcome
from respite.policies.load import policy
from respite.store.session import store
from tests.unit.plans import desk

QUOTES = {"deferral": desk.quote_deferral, "restructuring": desk.quote_restructuring}
PLAN_LASTS = 100
AMOUNTS = st.decimals(Decimal("0.01"), Decimal(60), places=2)
PAYMENTS = st.dictionaries(st.integers(1, PLAN_LASTS), AMOUNTS, max_size=5)
"""What is paid so many days after the booking; never as much as an instalment."""


def standing(loan_id: int, day: date) -> tuple[Position, Payoff, str]:
    with desk.account(loan_id, day) as loan:
        assert loan.active_plan is None
        return loan.position, loan.payoff(), loan.bucket


@pytest.mark.usefixtures("store_url")
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    profile=st.sampled_from(["due_soon", "due_today", "in_grace", "late", "bullet", "interest_free"]),
    kind=st.sampled_from(sorted(QUOTES)),
    payments=PAYMENTS,
    closed_after=st.integers(70, PLAN_LASTS),
    looked_at_after=st.integers(0, 400),
)
def test_the_loan_stands_as_if_the_plan_had_never_been_booked(
    profile: str, kind: str, payments: dict[int, Decimal], closed_after: int, looked_at_after: int
) -> None:
    without_plan, with_plan = desk.lend(profile), desk.lend(profile)
    desk.consent(QUOTES[kind](with_plan))
    for days, amount in payments.items():
        for loan_id in (without_plan, with_plan):
            desk.pay(loan_id, amount, desk.NOW + days * desk.DAY)
    closed_on = desk.TODAY + timedelta(days=closed_after)
    with store()() as session:
        [decided] = end_of_day(session, policy(), closed_on, desk.NOW + closed_after * desk.DAY).plans
    assert decided.outcome is PlanOutcome.BROKEN
    for day in (closed_on, closed_on + timedelta(days=looked_at_after)):
        assert standing(with_plan, day) == standing(without_plan, day)
