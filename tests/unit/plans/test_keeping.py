"""When a plan or a promise counts as kept or broken."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest

from respite.plans.keeping import PlanOutcome, PromiseOutcome, judge_plan, judge_promise
from respite.plans.offers import deferral_offer
from respite.policies.load import policy
from respite.store.models import Payment, PromiseToPay
from tests.unit.plans import desk

GRACE = policy().late_charges.grace_days
QUOTES = {"deferral": desk.quote_deferral, "restructuring": desk.quote_restructuring}


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


def outcome(loan_id: int, day: date) -> PlanOutcome:
    with desk.account(loan_id, day) as loan:
        assert loan.active_plan is not None
        return judge_plan(loan, loan.active_plan, GRACE)


def due_dates(loan_id: int) -> list[date]:
    with desk.account(loan_id) as loan:
        return [line.due for line in loan.position.remaining]


def pay_instalments(loan_id: int, count: int, on: date) -> None:
    """Pay the next instalments whole, with whatever is owed on them that day."""
    with desk.account(loan_id, on) as loan:
        owed = sum(line.outstanding for line in loan.position.remaining[:count])
    desk.pay(loan_id, Decimal(owed), noon(on))


@pytest.mark.usefixtures("store_url")
class TestPlan:
    @pytest.mark.parametrize("kind", QUOTES)
    def test_an_instalment_breaks_it_on_the_day_after_grace(self, kind: str) -> None:
        loan_id = desk.lend("late")
        desk.consent(QUOTES[kind](loan_id))
        first = due_dates(loan_id)[0]
        assert outcome(loan_id, first) is PlanOutcome.ACTIVE
        assert outcome(loan_id, first + timedelta(days=GRACE)) is PlanOutcome.ACTIVE
        assert outcome(loan_id, first + timedelta(days=GRACE + 1)) is PlanOutcome.BROKEN

    def test_a_cent_that_is_missing_breaks_it_too(self) -> None:
        loan_id = desk.lend("late")
        desk.consent(desk.quote_restructuring(loan_id))
        with desk.account(loan_id) as loan:
            first = loan.schedule[0]
        desk.pay(loan_id, first.total - Decimal("0.01"), noon(first.due))
        assert outcome(loan_id, first.due + timedelta(days=GRACE + 1)) is PlanOutcome.BROKEN

    def test_whoever_pays_within_grace_has_not_broken_it(self) -> None:
        loan_id = desk.lend("late")
        desk.consent(desk.quote_restructuring(loan_id))
        last_day = due_dates(loan_id)[0] + timedelta(days=GRACE)
        pay_instalments(loan_id, 1, last_day)
        assert outcome(loan_id, last_day + 2 * desk.DAY) is PlanOutcome.ACTIVE

    def test_a_restructuring_is_kept_when_everything_is_paid(self) -> None:
        loan_id = desk.lend("late")
        desk.consent(desk.quote_restructuring(loan_id, count=3))
        for due in due_dates(loan_id):
            assert outcome(loan_id, due - desk.DAY) is PlanOutcome.ACTIVE
            pay_instalments(loan_id, 1, due)
        assert outcome(loan_id, due) is PlanOutcome.KEPT

    def test_a_deferral_is_kept_when_the_instalment_that_waited_is_paid(self) -> None:
        loan_id = desk.lend("due_soon")
        plan = desk.consent(desk.quote_deferral(loan_id, days=10)).plan
        until = date.fromisoformat(plan.terms["until"])
        pay_instalments(loan_id, 1, until)
        assert outcome(loan_id, until - desk.DAY) is PlanOutcome.ACTIVE
        assert outcome(loan_id, until) is PlanOutcome.KEPT

    def test_what_a_deferral_let_be_overdue_does_not_break_it(self) -> None:
        kind_rules = desk.rules(authority__each__deferral__buckets=["M0", "M1", "M2", "M3", "M3+"])
        loan_id = desk.lend("late_in_second_month")
        with desk.account(loan_id, rules=kind_rules) as loan:
            offer = deferral_offer(loan, desk.TODAY + timedelta(days=10))
        desk.consent(desk.write(offer), rules=kind_rules)
        with desk.account(loan_id) as loan:
            assert loan.position.days_past_due > GRACE
        assert outcome(loan_id, desk.TODAY) is PlanOutcome.ACTIVE
        assert outcome(loan_id, offer.until + timedelta(days=GRACE + 1)) is PlanOutcome.BROKEN


PROMISED, DUE = date(2026, 11, 10), date(2026, 11, 20)


@pytest.mark.parametrize(
    ("payments", "as_of", "expected"),
    [
        ({}, DUE, PromiseOutcome.OPEN),
        ({}, DUE + desk.DAY, PromiseOutcome.BROKEN),
        ({DUE: 500}, DUE, PromiseOutcome.KEPT),
        ({DUE: 500}, DUE - desk.DAY, PromiseOutcome.OPEN),
        ({PROMISED: 500}, PROMISED, PromiseOutcome.KEPT),
        ({PROMISED: 200, DUE: 300}, DUE, PromiseOutcome.KEPT),
        ({PROMISED: 200, DUE: 299}, DUE, PromiseOutcome.OPEN),
        ({PROMISED: 200, DUE: 299}, DUE + desk.DAY, PromiseOutcome.PARTLY_KEPT),
        ({PROMISED - desk.DAY: 500}, DUE + desk.DAY, PromiseOutcome.BROKEN),
        ({DUE + desk.DAY: 500}, DUE + desk.DAY, PromiseOutcome.BROKEN),
        ({DUE: 1, DUE + desk.DAY: 499}, DUE + desk.DAY, PromiseOutcome.PARTLY_KEPT),
    ],
)
def test_a_promise_is_judged_by_what_was_paid_from_its_making_to_its_day(
    payments: dict[date, int], as_of: date, expected: PromiseOutcome
) -> None:
    promise = PromiseToPay(promised_on=PROMISED, due_on=DUE, amount_minor=500)
    received = [Payment(received_on=day, amount_minor=amount) for day, amount in payments.items()]
    assert judge_promise(promise, received, as_of) is expected
