"""What credit costs a year, by each convention."""

from datetime import date
from decimal import Decimal

import pytest

from respite.lending.calendar import Every, due_dates
from respite.lending.cost import (
    effective_annual_rate,
    internal_rate,
    nominal_annual_rate,
    present_value,
    us_apr,
)
from respite.lending.errors import LendingError
from respite.lending.us_apr import UnitPeriod, unit_period

START = date(2026, 1, 1)


def test_a_year_at_ten_percent_is_ten_percent_by_every_convention() -> None:
    advance, repayment = (START, Decimal(1000)), (date(2027, 1, 1), Decimal(1100))
    flows = [advance, (repayment[0], -repayment[1])]
    assert effective_annual_rate(flows) == 10
    assert nominal_annual_rate(flows, periods_per_year=1) == 10
    assert us_apr([advance], [repayment]) == 10


def test_the_nominal_rate_is_the_monthly_rate_times_twelve() -> None:
    flows = [(START, Decimal(1000)), (date(2027, 1, 1), Decimal("-1126.825030"))]
    assert nominal_annual_rate(flows) == 12
    assert effective_annual_rate(flows) == Decimal("12.68")


def test_flows_of_one_day_have_no_rate() -> None:
    assert effective_annual_rate([(START, Decimal(100)), (START, Decimal(-105))]) is None
    assert nominal_annual_rate([(START, Decimal(100)), (START, Decimal(-105))]) is None


def test_flows_without_a_repayment_have_no_rate() -> None:
    assert internal_rate([Decimal(100), Decimal(5)]) is None


def test_the_present_value_at_the_internal_rate_is_nothing() -> None:
    flows = [Decimal(flow) for flow in (-100, 39, 59, 55, 20)]
    rate = internal_rate(flows)
    assert rate is not None
    assert abs(present_value(rate, flows)) < Decimal("1e-6")
    assert present_value(Decimal("0.08"), [Decimal(-100), Decimal(108)]) == 0


@pytest.mark.parametrize(
    ("first", "every", "period"),
    [
        (date(2026, 1, 31), Every(months=1), UnitPeriod(months=1)),
        (date(2026, 1, 15), Every(months=3), UnitPeriod(months=3)),
        (date(2026, 1, 15), Every(days=14), UnitPeriod(days=14)),
    ],
)
def test_the_unit_period_is_the_interval_that_comes_most_often(first: date, every: Every, period: UnitPeriod) -> None:
    assert unit_period([START], due_dates(first, 6, every)) == period


def test_unit_periods_are_counted_back_and_the_odd_days_come_first() -> None:
    assert UnitPeriod(months=1).between(date(2026, 1, 10), date(2026, 3, 1)) == (1, Decimal(22) / 30)
    assert UnitPeriod(half_months=1).between(date(2026, 2, 23), date(2026, 3, 16)) == (1, Decimal(6) / 15)


def test_a_loan_that_is_never_repaid_has_no_united_states_rate() -> None:
    with pytest.raises(LendingError) as error:
        us_apr([(START, Decimal("0.0000001"))], [(date(2026, 1, 2), Decimal(10) ** 9)])
    assert error.value.field == "payments"
