"""What being late costs, to the day and the cent."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from respite.lending.account import Payment, Position, cost_of_paying_late, penalty_per_day, position
from respite.lending.charges import ChargeRules
from respite.lending.errors import LendingError
from respite.lending.schedule import Instalment, Schedule

DUE = date(2026, 3, 1)
RATE = Decimal(18)
LOAN = Schedule((Instalment(1, DUE, Decimal(1000), Decimal(20)),))
RULES = ChargeRules(Decimal("1.5"), 3, Decimal(0), Decimal(100), penalty_from="after_grace")


def after(days: int, rules: ChargeRules = RULES, *paid: tuple[int, str]) -> Position:
    payments = [Payment(DUE + timedelta(days=on), Decimal(amount), str(on)) for on, amount in paid]
    return position(LOAN, payments, RATE, rules, DUE + timedelta(days=days))


@pytest.mark.parametrize(("days", "penalty"), [(0, "0"), (3, "0"), (4, "0.74"), (5, "1.48"), (10, "5.18")])
def test_penalty_interest_runs_from_the_end_of_grace(days: int, penalty: str) -> None:
    assert after(days).penalty == Decimal(penalty)


@pytest.mark.parametrize(("days", "penalty"), [(3, "0"), (4, "2.96"), (10, "7.40")])
def test_penalty_interest_may_count_the_days_of_grace_once_grace_is_over(days: int, penalty: str) -> None:
    assert after(days, replace(RULES, penalty_from="due_date")).penalty == Decimal(penalty)


def test_penalty_interest_may_run_on_interest_too() -> None:
    assert after(10, replace(RULES, penalty_base="overdue_amount")).penalty == Decimal("5.28")


def test_what_is_paid_within_grace_costs_nothing_ever() -> None:
    assert after(90, RULES, (2, "1020")).total_remaining == 0


def test_a_part_payment_lowers_the_penalty_from_its_day_on() -> None:
    late = after(14, RULES, (9, "504.44"))
    assert late.instalments[0].paid_penalty == Decimal("4.44")
    assert late.instalments[0].paid_interest == 20
    assert late.outstanding_principal == 520
    assert late.penalty == Decimal("1.92")


def test_penalty_interest_and_late_fee_together_stay_within_the_cap() -> None:
    capped = replace(RULES, late_fee=Decimal(15), all_in_cap_annual_rate=Decimal(30))
    early = after(10, capped)
    assert (early.penalty, early.late_fees) == (Decimal("5.18"), Decimal("3.20"))
    late = after(100, capped)
    assert (late.penalty, late.late_fees) == (Decimal("71.75"), Decimal("12.08"))


def test_the_late_fee_is_charged_once() -> None:
    rules = replace(RULES, late_fee=Decimal(15), all_in_cap_annual_rate=Decimal(1000))
    assert after(4, rules).late_fees == after(60, rules).late_fees == 15


def test_the_next_day_adds_one_day_of_penalty() -> None:
    assert penalty_per_day(after(10), RATE, RULES) == Decimal("0.74")
    assert penalty_per_day(after(2), RATE, RULES) == 0
    assert penalty_per_day(after(3), RATE, RULES) == Decimal("0.74")


def test_the_cost_of_paying_late_says_from_when_it_costs() -> None:
    cost = cost_of_paying_late(after(0), 1, 10, RATE, replace(RULES, late_fee=Decimal(1)))
    assert (cost.penalty, cost.late_fee, cost.total) == (Decimal("5.18"), Decimal(1), Decimal("6.18"))
    assert cost.from_date == date(2026, 3, 5)


def test_an_unknown_instalment_is_named() -> None:
    with pytest.raises(LendingError, match="no instalment 7") as error:
        cost_of_paying_late(after(0), 7, 10, RATE, RULES)
    assert error.value.field == "number"


def test_an_allocation_order_must_name_every_part_once() -> None:
    with pytest.raises(LendingError) as error:
        replace(RULES, allocation=("interest", "interest", "principal"))
    assert error.value.field == "allocation"


def test_allocation_follows_the_order_of_the_rules() -> None:
    principal_first = replace(RULES, allocation=("principal", "fee", "interest", "penalty", "cost"))
    line = after(10, principal_first, (10, "1005")).instalments[0]
    assert (line.paid_principal, line.paid_interest, line.paid_penalty) == (1000, 5, 0)
    line = after(10, RULES, (10, "1005")).instalments[0]
    assert (line.paid_penalty, line.paid_interest, line.paid_principal) == (
        Decimal("5.18"),
        20,
        Decimal("979.82"),
    )


def test_charges_that_a_plan_carries_are_paid_with_the_penalty_and_bear_none() -> None:
    planned = Schedule((Instalment(1, DUE, Decimal(1000), Decimal(20), carried=Decimal(30)),))
    plain, carrying = after(10), position(planned, [], RATE, RULES, DUE + timedelta(days=10))
    assert carrying.penalty == plain.penalty
    assert carrying.overdue_amount == plain.overdue_amount + 30
    paid = position(planned, [Payment(DUE, Decimal(40), "part")], RATE, RULES, DUE).instalments[0]
    assert (paid.paid_carried, paid.paid_interest, paid.unpaid) == (30, 10, 1010)


def test_what_is_due_now_is_overdue_and_due_today() -> None:
    two = Schedule((*LOAN, Instalment(2, DUE + timedelta(days=31), Decimal(1000), Decimal(10))))
    standing = position(two, [], RATE, RULES, DUE + timedelta(days=31))
    assert standing.next_due == standing.instalments[1]
    assert standing.amount_due_now == standing.overdue_total + 1010 == standing.total_remaining
    assert standing.overdue_total == 1020 + standing.penalty
    assert [line.number for line in standing.overdue] == [1]


def test_an_overpayment_is_credit_and_settles_the_loan() -> None:
    settled = after(0, RULES, (0, "1025"))
    assert (settled.credit, settled.is_settled, settled.next_due, settled.paid_share) == (5, True, None, 1)


def test_an_instalment_due_today_costs_something_tomorrow_where_there_is_no_grace() -> None:
    assert penalty_per_day(after(0), RATE, replace(RULES, grace_days=0)) == Decimal("0.74")


def test_what_is_paid_of_the_penalty_does_not_change_what_the_next_day_adds() -> None:
    assert penalty_per_day(after(10, RULES, (10, "5.18")), RATE, RULES) == Decimal("0.74")


def test_the_paid_share_is_of_the_principal() -> None:
    assert after(0, RULES, (0, "270")).paid_share == Decimal("0.25")


TWO = Schedule((Instalment(1, DUE, Decimal(100)), Instalment(2, date(2026, 4, 1), Decimal(100))))
FEE = ChargeRules(Decimal(0), 3, Decimal(5), Decimal(10_000))


def paid(*received: tuple[date, int]) -> Position:
    payments = [Payment(day, Decimal(amount), str(day)) for day, amount in received]
    return position(TWO, payments, Decimal(0), FEE, date(2026, 5, 1))


def test_no_late_fee_follows_from_an_earlier_one() -> None:
    """The first payment is late and meets its fee first; the second is in time, and short by that fee alone."""
    late = paid((date(2026, 3, 10), 100), (date(2026, 4, 1), 100))
    assert late.instalment(2).unpaid == 5
    assert [line.late_fee + line.paid_late_fee for line in late.instalments] == [5, 0]


def test_within_grace_is_in_time_for_a_payment_short_by_an_earlier_fee() -> None:
    late = paid((date(2026, 3, 10), 100), (date(2026, 4, 4), 100))
    assert late.instalment(2).late_fee == 0


@pytest.mark.parametrize("received", [((date(2026, 3, 10), 100), (date(2026, 4, 5), 100)), ((date(2026, 4, 1), 100),)])
def test_a_payment_late_or_missing_bears_its_own_late_fee(received: tuple[tuple[date, int], ...]) -> None:
    assert [line.late_fee + line.paid_late_fee for line in paid(*received).instalments] == [5, 5]


def test_paying_late_next_costs_no_fee_either_where_only_an_earlier_fee_is_missing() -> None:
    late = paid((date(2026, 3, 10), 100), (date(2026, 4, 1), 100))
    assert cost_of_paying_late(late, 2, 30, Decimal(0), FEE).late_fee == 0
