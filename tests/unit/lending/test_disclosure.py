"""The cost table of a loan: every item, and what being late would add."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from respite.lending.charges import ChargeRules
from respite.lending.disclosure import DefaultCosts, disclose
from respite.lending.instalments import Instalment, Schedule

LINE = Instalment(1, date(2026, 3, 1), Decimal(100), Decimal(3), Decimal(2), Decimal(7))
RULES = ChargeRules(Decimal("1.5"), 3, Decimal(20), Decimal(24))
IF_LATE = DefaultCosts.of(RULES, Decimal(12))


def test_the_items_add_up_to_the_total() -> None:
    table = disclose(
        Schedule((LINE, replace(LINE, number=2))),
        IF_LATE,
        nominal_annual_rate=Decimal("11.9"),
        effective_annual_rate=Decimal("12.6"),
        upfront_fee=Decimal(5),
        extra_against_agreed=Decimal(4),
    )
    assert (table.principal, table.interest, table.fees, table.carried, table.upfront_fee) == (200, 6, 4, 14, 5)
    assert (table.cost, table.total) == (29, 229)
    assert (table.nominal_annual_rate, table.effective_annual_rate) == (Decimal("11.9"), Decimal("12.6"))
    assert table.extra_against_agreed == 4


@pytest.mark.parametrize(("penalty_from", "day"), [("due_date", 0), ("after_grace", 3)])
def test_the_costs_of_default_say_from_which_day_they_count(penalty_from: str, day: int) -> None:
    costs = DefaultCosts.of(replace(RULES, penalty_from=penalty_from), Decimal(12))
    assert (costs.charged_from, costs.penalty_counted_from) == (4, day)
    assert (costs.penalty_rate, costs.late_fee, costs.cap_rate) == (18, 20, 24)


def test_a_day_of_penalty_interest_is_a_365th_of_the_year() -> None:
    assert IF_LATE.penalty_a_day(Decimal(730)) == Decimal("0.36")
