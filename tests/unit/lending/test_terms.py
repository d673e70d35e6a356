"""Terms that no loan can have are refused by name; the rarer ones do what they say."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from respite.lending.amortise import level_count
from respite.lending.calendar import DayCount, Every
from respite.lending.errors import LendingError
from respite.lending.schedule import LoanTerms, Method, build_schedule

START = date(2026, 1, 15)
PLAIN: dict[str, Any] = {"principal": Decimal(1000), "annual_rate": Decimal(12), "count": 6, "start": START}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("principal", Decimal(0)),
        ("principal", Decimal(-5)),
        ("principal", Decimal("NaN")),
        ("principal", Decimal("1e13")),
        ("annual_rate", Decimal(-1)),
        ("annual_rate", Decimal("Infinity")),
        ("count", 0),
        ("count", None),
        ("count", 5000),
        ("down_payment", Decimal(1000)),
        ("down_payment", Decimal(-1)),
        ("fixed_payment", Decimal(0)),
        ("first_due", date(2026, 1, 14)),
        ("anchor_day", 32),
        ("flat_fee_rate", Decimal(-1)),
    ],
)
def test_impossible_terms_are_named(field: str, value: object) -> None:
    with pytest.raises(LendingError) as error:
        build_schedule(LoanTerms(**{**PLAIN, field: value}))
    assert error.value.field == field


def test_one_instalment_repays_all() -> None:
    (only,) = build_schedule(LoanTerms(**{**PLAIN, "count": 1}))
    assert (only.principal, only.interest) == (1000, 10)


def test_a_fixed_payment_decides_the_count() -> None:
    schedule = build_schedule(LoanTerms(**{**PLAIN, "count": None}, fixed_payment=Decimal(300)))
    assert [line.total for line in schedule] == [300, 300, 300, Decimal("122.48")]
    assert schedule.principal == 1000


def test_a_fixed_payment_must_exceed_the_interest() -> None:
    with pytest.raises(LendingError, match="must exceed the interest"):
        build_schedule(LoanTerms(**{**PLAIN, "count": None}, fixed_payment=Decimal(10)))


def test_a_fixed_payment_over_a_count_leaves_the_rest_to_the_last() -> None:
    schedule = build_schedule(LoanTerms(**{**PLAIN, "count": 3}, fixed_payment=Decimal(100)))
    assert [line.total for line in schedule.instalments[:2]] == [100, 100]
    assert schedule.principal == 1000


def test_interest_that_a_payment_cannot_meet_waits_without_bearing_interest() -> None:
    schedule = build_schedule(LoanTerms(**{**PLAIN, "count": 3}, fixed_payment=Decimal(5)))
    assert [line.principal for line in schedule] == [0, 0, 1000]
    assert schedule.interest == 30


def test_a_longer_first_period_bears_its_days() -> None:
    """17 of the 31 days of the month that had begun, then whole months, all at one equal size."""
    schedule = build_schedule(LoanTerms(**PLAIN, first_due=date(2026, 3, 1)))
    assert schedule[0].interest == Decimal("15.48")
    assert schedule[0].total == schedule[1].total


@pytest.mark.parametrize(
    ("day_count", "interest"),
    [("30/360", "10.00"), ("actual/360", "10.33"), ("actual/365", "10.19"), ("actual/actual", "10.19")],
)
def test_the_first_month_by_day_count(day_count: str, interest: str) -> None:
    schedule = build_schedule(LoanTerms(**PLAIN, day_count=DayCount(day_count)))
    assert schedule[0].interest == Decimal(interest)


def test_every_fortnight() -> None:
    schedule = build_schedule(
        LoanTerms(**PLAIN, every=Every(days=14), day_count=DayCount.ACTUAL_365, method=Method.EQUAL_PRINCIPAL)
    )
    assert [line.due.day for line in schedule.instalments[:2]] == [29, 12]
    assert schedule[0].interest == Decimal("4.60")


def test_equal_principal_in_whole_units() -> None:
    schedule = build_schedule(LoanTerms(**PLAIN, method=Method.EQUAL_PRINCIPAL, multiple_of=Decimal(5)))
    assert all(line.total % 5 == 0 for line in schedule.instalments[:-1])
    assert schedule.principal == 1000


def test_a_fixed_payment_may_come_out_even() -> None:
    schedule = build_schedule(LoanTerms(Decimal(900), Decimal(0), None, START, fixed_payment=Decimal(300)))
    assert [line.total for line in schedule] == [300, 300, 300]


@pytest.mark.parametrize(
    ("payment", "totals"),
    [("1010.00", ["1010.00"]), ("1009.99", ["1009.99", "0.01"]), ("505", ["505", "505", "5.10"])],
)
def test_the_last_fixed_payment_is_what_is_left_with_its_interest(payment: str, totals: list[str]) -> None:
    schedule = build_schedule(LoanTerms(Decimal(1000), Decimal(12), None, START, fixed_payment=Decimal(payment)))
    assert [line.total for line in schedule] == [Decimal(total) for total in totals]


def test_a_fixed_payment_of_the_interest_alone_never_repays() -> None:
    with pytest.raises(LendingError, match="must exceed the interest") as error:
        build_schedule(LoanTerms(Decimal(1000), Decimal(12), None, START, fixed_payment=Decimal(10)))
    assert error.value.field == "fixed_payment"


@pytest.mark.parametrize(
    ("rate", "payment", "count"),
    [("0", "100", "10"), ("0.1", "1100", "1"), ("0.01", "9.99", None), ("0.01", "10", None)],
)
def test_the_number_of_equal_payments(rate: str, payment: str, count: str | None) -> None:
    found = level_count(Decimal(1000), Decimal(rate), Decimal(payment))
    assert (found is None) == (count is None)
    if found is not None and count is not None:
        assert abs(found - Decimal(count)) < Decimal("1e-12")
