"""Four kinds of deferral on one loan, worked out by hand. 1200 over three months at 12 %, 30/360."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from respite.lending.account import Payment, Position, position
from respite.lending.calendar import DayCount
from respite.lending.charges import ChargeRules
from respite.lending.errors import LendingError
from respite.lending.schedule import LoanTerms, Method, Schedule, build_schedule
from respite.plans.deferral import Carry, DeferralKind, Tail, defer

RATE = Decimal(12)
START = date(2026, 1, 15)
TERMS = LoanTerms(Decimal(1200), RATE, 3, START)
AGREED = build_schedule(TERMS)
RULES = ChargeRules(Decimal("1.5"), 3, Decimal(5), Decimal(100))


def standing(as_of: date, *payments: Payment) -> Position:
    return position(AGREED, payments, RATE, RULES, as_of)


def wait(
    to: date,
    as_of: date = date(2026, 2, 10),
    kind: DeferralKind = DeferralKind.DUE_DATE_SHIFT,
    tail: Tail = Tail.STAYS,
    carry: Carry = Carry.FORWARD,
    number: int = 1,
) -> Schedule:
    return defer(
        AGREED,
        standing(as_of),
        number=number,
        to=to,
        annual_rate=RATE,
        day_count=DayCount.THIRTY_360,
        kind=kind,
        tail=tail,
        carry=carry,
    )


def rows(schedule: Schedule) -> list[tuple[str, str]]:
    return [(line.due.isoformat(), str(line.total)) for line in schedule]


def test_as_agreed() -> None:
    assert rows(AGREED) == [("2026-02-15", "408.03"), ("2026-03-15", "408.03"), ("2026-04-15", "408.02")]


def test_a_shifted_instalment_bears_interest_for_the_days_it_waits() -> None:
    """396.03 of principal waits 14 of the 28 days of a month at 12 % a year: 1.98."""
    assert rows(wait(date(2026, 3, 1))) == [
        ("2026-03-01", "410.01"),
        ("2026-03-15", "408.03"),
        ("2026-04-15", "408.02"),
    ]


def test_when_the_tail_moves_all_principal_waits() -> None:
    """1200 waits a month at 12 %: 12.00."""
    assert rows(wait(date(2026, 3, 15), tail=Tail.MOVES)) == [
        ("2026-03-15", "420.03"),
        ("2026-04-15", "408.03"),
        ("2026-05-15", "408.02"),
    ]


@pytest.mark.parametrize(
    ("carry", "totals"),
    [
        (Carry.FORWARD, ["410.01", "408.03", "408.02"]),
        (Carry.FIRST, ["410.01", "408.03", "408.02"]),
        (Carry.LAST, ["408.03", "408.03", "410.00"]),
        (Carry.SPREAD, ["408.69", "408.69", "408.68"]),
        (Carry.CAPITALISE, ["408.03", "409.03", "409.02"]),
    ],
)
def test_the_interest_of_waiting_goes_where_it_is_told(carry: Carry, totals: list[str]) -> None:
    assert [total for _, total in rows(wait(date(2026, 3, 1), carry=carry))] == totals


def test_only_capitalised_interest_becomes_principal() -> None:
    assert wait(date(2026, 3, 1)).principal == 1200
    assert wait(date(2026, 3, 1), carry=Carry.CAPITALISE).principal == Decimal("1201.98")


def test_in_a_principal_holiday_interest_stays_due() -> None:
    held = wait(date(2026, 3, 15), kind=DeferralKind.PRINCIPAL_HOLIDAY, tail=Tail.MOVES)
    assert rows(held) == [
        ("2026-02-15", "12.00"),
        ("2026-03-15", "408.03"),
        ("2026-04-15", "408.03"),
        ("2026-05-15", "408.02"),
    ]
    assert held.interest - AGREED.interest == 12


def test_postponed_interest_is_paid_later_and_not_waived() -> None:
    postponed = wait(date(2026, 4, 15), kind=DeferralKind.INTEREST_POSTPONED)
    assert [line.interest for line in postponed] == [0, 0, AGREED.interest]
    assert postponed.total == AGREED.total


def test_a_pause_waives_the_interest_of_its_days() -> None:
    paused = wait(date(2026, 3, 15), kind=DeferralKind.INTEREST_PAUSE, tail=Tail.MOVES)
    assert paused.total == AGREED.total
    shorter = wait(date(2026, 3, 1), kind=DeferralKind.INTEREST_PAUSE)
    assert [line.interest for line in shorter] == [Decimal("12.00"), Decimal("4.02"), Decimal("4.04")]


def test_an_overdue_instalment_takes_its_late_charges_along() -> None:
    """Ten days late: penalty interest at 18 % on 396.03 from the due date, and the late fee."""
    late = standing(date(2026, 2, 25))
    deferred = wait(date(2026, 3, 7), as_of=date(2026, 2, 25))
    assert late.penalty == Decimal("1.95")
    assert deferred[0].carried == late.penalty + 5
    assert deferred[0].interest == Decimal("12.00") + Decimal("1.41")
    assert position(deferred, [], RATE, RULES, date(2026, 2, 25)).days_past_due == 0


def test_within_grace_interest_runs_from_the_due_date() -> None:
    deferred = wait(date(2026, 3, 1), as_of=date(2026, 2, 17))
    assert deferred[0].carried == 0
    assert deferred[0].interest == Decimal("12.00") + Decimal("1.98")


def test_other_overdue_instalments_stay_as_they_are() -> None:
    deferred = wait(date(2026, 4, 10), as_of=date(2026, 3, 25))
    assert [line.due.isoformat() for line in deferred] == ["2026-03-15", "2026-04-10", "2026-04-15"]
    assert deferred[0].carried == 0
    assert position(deferred, [], RATE, RULES, date(2026, 3, 25)).days_past_due == 10


def test_overdue_instalments_that_move_take_their_charges_along() -> None:
    late = standing(date(2026, 3, 25))
    deferred = wait(date(2026, 4, 10), as_of=date(2026, 3, 25), tail=Tail.MOVES)
    assert deferred[0].carried == late.penalty + late.late_fees > 10
    assert position(deferred, [], RATE, RULES, date(2026, 3, 25)).days_past_due == 0


def test_a_tail_that_moves_keeps_its_monthly_step() -> None:
    moved = wait(date(2026, 2, 28), tail=Tail.MOVES)
    assert [line.due for line in moved] == [date(2026, 2, 28), date(2026, 3, 28), date(2026, 4, 28)]


def test_what_is_paid_of_an_instalment_does_not_wait() -> None:
    paid = standing(date(2026, 2, 10), Payment(date(2026, 2, 1), Decimal(112), "part"))
    deferred = defer(AGREED, paid, number=1, to=date(2026, 3, 1), annual_rate=RATE, day_count=DayCount.THIRTY_360)
    assert (deferred[0].principal, deferred[0].interest) == (AGREED[0].principal - 100, Decimal("1.48"))


def test_a_flat_fee_instalment_waits_at_the_contract_rate() -> None:
    terms = LoanTerms(Decimal(1200), RATE, 3, START, Method.FLAT_FEE, flat_fee_rate=Decimal("0.5"))
    schedule = build_schedule(terms)
    today = position(schedule, [], RATE, RULES, date(2026, 2, 10))
    deferred = defer(schedule, today, number=1, to=date(2026, 3, 1), annual_rate=RATE, day_count=DayCount.THIRTY_360)
    assert (deferred[0].fee, deferred[0].interest) == (6, Decimal("2.00"))


@pytest.mark.parametrize(
    ("number", "to", "field"),
    [(9, date(2026, 3, 1), "number"), (1, date(2026, 2, 15), "to"), (1, date(2026, 2, 9), "to")],
)
def test_what_cannot_wait_is_named(number: int, to: date, field: str) -> None:
    with pytest.raises(LendingError) as error:
        wait(to, number=number)
    assert error.value.field == field


def test_a_paid_instalment_cannot_wait() -> None:
    paid = standing(date(2026, 2, 15), Payment(date(2026, 2, 15), AGREED[0].total, "first"))
    with pytest.raises(LendingError, match="is paid"):
        defer(AGREED, paid, number=1, to=date(2026, 4, 1), annual_rate=RATE, day_count=DayCount.THIRTY_360)


def test_a_later_instalment_cannot_wait_while_an_older_one_is_overdue_and_partly_paid() -> None:
    part = standing(date(2026, 2, 25), Payment(date(2026, 2, 20), Decimal(50), "part"))
    with pytest.raises(LendingError, match="Instalment 1 is overdue and partly paid"):
        defer(AGREED, part, number=2, to=date(2026, 4, 1), annual_rate=RATE, day_count=DayCount.THIRTY_360)


@pytest.mark.parametrize("kind", [kind for kind in DeferralKind if kind is not DeferralKind.DUE_DATE_SHIFT])
def test_only_a_due_date_shift_keeps_instalments_level(kind: DeferralKind) -> None:
    with pytest.raises(LendingError) as error:
        wait(date(2026, 3, 1), kind=kind, carry=Carry.LEVEL)
    assert error.value.field == "carry"


def test_an_overdue_instalment_in_a_principal_holiday_leaves_its_interest_due_today() -> None:
    held = wait(
        date(2026, 3, 7),
        as_of=date(2026, 2, 25),
        kind=DeferralKind.PRINCIPAL_HOLIDAY,
        carry=Carry.FIRST,
    )
    assert [(line.due, line.interest) for line in held][:2] == [
        (date(2026, 2, 25), Decimal("13.41")),
        (date(2026, 3, 7), 0),
    ]
    assert held[1].carried == Decimal("6.95")


def test_an_overdue_instalment_whose_interest_is_postponed_is_due_today() -> None:
    postponed = wait(date(2026, 3, 15), as_of=date(2026, 2, 25), kind=DeferralKind.INTEREST_POSTPONED)
    assert [(line.due, line.interest) for line in postponed][:2] == [
        (date(2026, 2, 25), 0),
        (date(2026, 3, 15), Decimal("12.00") + Decimal("8.04")),
    ]
    assert postponed[1].carried == Decimal("6.95")


def test_interest_postponed_beyond_the_last_instalment_falls_due_alone() -> None:
    postponed = wait(date(2026, 5, 15), kind=DeferralKind.INTEREST_POSTPONED)
    assert (postponed[3].due, postponed[3].total) == (date(2026, 5, 15), AGREED.interest)


def test_level_instalments_keep_their_size_and_the_last_takes_the_cost() -> None:
    level = wait(date(2026, 3, 1), carry=Carry.LEVEL)
    assert [line.total for line in level.instalments[:2]] == [line.total for line in AGREED.instalments[:2]]
    assert level.principal == 1200
    assert level.interest > AGREED.interest


def test_a_charge_that_outlives_its_instalment_is_not_lost() -> None:
    principal_first = replace(RULES, allocation=("principal", "interest", "fee", "penalty", "cost"))
    paid = [Payment(date(2026, 2, 25), AGREED[0].total, "first")]
    late = position(AGREED, paid, RATE, principal_first, date(2026, 2, 25))
    assert (late.instalments[0].is_paid, late.penalty + late.late_fees) == (True, Decimal("6.95"))
    deferred = defer(AGREED, late, number=2, to=date(2026, 4, 1), annual_rate=RATE, day_count=DayCount.THIRTY_360)
    assert deferred.carried == Decimal("6.95")


def test_capitalising_needs_an_instalment_behind_and_else_the_interest_is_due_with_the_last() -> None:
    last = wait(date(2026, 5, 15), number=3, carry=Carry.CAPITALISE)
    assert last.principal == 1200
    assert last[2].interest == AGREED[2].interest + Decimal("4.04")


def test_a_pause_for_an_overdue_instalment_begins_tomorrow() -> None:
    """Penalty ran until 25 February; 17 of the 28 days of the second period lie in the pause."""
    paused = wait(date(2026, 3, 14), as_of=date(2026, 2, 25), kind=DeferralKind.INTEREST_PAUSE)
    assert paused[0].interest == Decimal("12.00")
    assert paused[1].interest == Decimal("3.16")
