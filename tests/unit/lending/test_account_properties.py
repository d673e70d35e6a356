"""What replaying payments keeps, whatever is paid when."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from respite.lending.account import Payment, Position, cost_of_paying_late, penalty_per_day, position
from respite.lending.charges import ChargeRules
from respite.lending.delinquency import days_past_due
from respite.lending.schedule import Instalment, Schedule, build_schedule
from tests.unit.lending.loans import charge_rules, loan_terms, payments

RATE = Decimal(18)


@st.composite
def histories(draw: st.DrawFn) -> tuple[Schedule, list[Payment], ChargeRules, date]:
    terms = draw(loan_terms(least="10"))
    schedule = build_schedule(terms)
    as_of = terms.start + timedelta(days=draw(st.integers(0, 900)))
    return schedule, draw(payments(terms.start, schedule.total / 2)), draw(charge_rules()), as_of


def received(paid: list[Payment], as_of: date) -> Decimal:
    return sum((payment.amount for payment in paid if payment.received_on <= as_of), Decimal(0))


def allocated(standing: Position) -> Decimal:
    return sum(
        (
            line.paid_principal
            + line.paid_interest
            + line.paid_fee
            + line.paid_carried
            + line.paid_penalty
            + line.paid_late_fee
            for line in standing.instalments
        ),
        Decimal(0),
    )


@given(histories())
def test_every_cent_received_is_allocated_or_credit(
    history: tuple[Schedule, list[Payment], ChargeRules, date],
) -> None:
    schedule, paid, rules, as_of = history
    standing = position(schedule, paid, RATE, rules, as_of)
    assert allocated(standing) + standing.credit == received(paid, as_of)


@given(histories())
def test_nothing_owed_or_paid_is_negative(history: tuple[Schedule, list[Payment], ChargeRules, date]) -> None:
    schedule, paid, rules, as_of = history
    standing = position(schedule, paid, RATE, rules, as_of)
    assert standing.credit >= 0
    for line in standing.instalments:
        assert min(line.unpaid_principal, line.unpaid_interest, line.unpaid_fee, line.unpaid_carried) >= 0
        assert min(line.penalty, line.late_fee, line.paid_penalty, line.paid_late_fee) >= 0


@given(histories(), st.data())
def test_the_order_in_which_payments_are_told_does_not_matter(
    history: tuple[Schedule, list[Payment], ChargeRules, date], data: st.DataObject
) -> None:
    schedule, paid, rules, as_of = history
    shuffled = data.draw(st.permutations(paid))
    assert position(schedule, shuffled, RATE, rules, as_of) == position(schedule, paid, RATE, rules, as_of)


@given(histories())
def test_older_instalments_are_paid_first(history: tuple[Schedule, list[Payment], ChargeRules, date]) -> None:
    schedule, paid, rules, as_of = history
    standing = position(schedule, paid, RATE, rules, as_of)
    untouched = False
    for line in standing.instalments:
        if untouched:
            assert line.unpaid == line.principal + line.interest + line.fee
        untouched = untouched or line.unpaid > 0


@given(histories())
def test_charges_never_exceed_the_cap(history: tuple[Schedule, list[Payment], ChargeRules, date]) -> None:
    schedule, paid, rules, as_of = history
    standing = position(schedule, paid, RATE, rules, as_of)
    for line in standing.instalments:
        days = days_past_due(line.due, as_of)
        most = (line.principal + line.interest + line.fee) * rules.all_in_cap_annual_rate / 100 * days / 365
        assert line.penalty + line.late_fee + line.paid_penalty + line.paid_late_fee <= most


@given(histories())
def test_days_past_due_count_from_the_oldest_unpaid_due_date(
    history: tuple[Schedule, list[Payment], ChargeRules, date],
) -> None:
    schedule, paid, rules, as_of = history
    standing = position(schedule, paid, RATE, rules, as_of)
    unpaid = [line.due for line in standing.instalments if line.unpaid]
    assert standing.days_past_due == (max((as_of - unpaid[0]).days, 0) if unpaid else 0)


@given(histories())
def test_one_more_day_adds_what_was_foretold(
    history: tuple[Schedule, list[Payment], ChargeRules, date],
) -> None:
    schedule, paid, rules, as_of = history
    early = [payment for payment in paid if payment.received_on <= as_of]
    today = position(schedule, early, RATE, rules, as_of)
    tomorrow = position(schedule, early, RATE, rules, as_of + timedelta(days=1))
    assert tomorrow.penalty - today.penalty == penalty_per_day(today, RATE, rules)


@given(histories(), st.integers(0, 60))
def test_the_cost_of_paying_late_is_what_is_charged_then(
    history: tuple[Schedule, list[Payment], ChargeRules, date], days: int
) -> None:
    schedule, _, rules, _ = history
    first = schedule[0]
    foretold = cost_of_paying_late(position(schedule, [], RATE, rules, first.due), first.number, days, RATE, rules)
    late = position(schedule, [], RATE, rules, first.due + timedelta(days=days)).instalment(first.number)
    assert (foretold.penalty, foretold.late_fee) == (late.penalty, late.late_fee)
    assert foretold.total == late.penalty + late.late_fee


@given(st.integers(2, 12), st.integers(1, 25))
def test_paying_one_instalments_size_clears_the_oldest_and_leaves_the_loan_late(count: int, days: int) -> None:
    dues = [date(2026, 1, 31) + timedelta(days=30 * step) for step in range(count)]
    schedule = Schedule(tuple(Instalment(step, due, Decimal(90), Decimal(10)) for step, due in enumerate(dues, 1)))
    rules = ChargeRules(Decimal("1.5"), 3, Decimal(0), Decimal(36))
    as_of = dues[-1] + timedelta(days=days)
    owed = position(schedule, [], RATE, rules, as_of).instalments[0].outstanding
    after = position(schedule, [Payment(as_of, owed, "one")], RATE, rules, as_of)
    assert after.instalments[0].is_paid
    assert after.days_past_due == (as_of - dues[1]).days
