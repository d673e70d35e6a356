"""Part prepayment of 1200 over a year at 12 %: fewer instalments, smaller ones, or the next ones paid."""

from datetime import date
from decimal import Decimal

import pytest

from respite.lending.account import Payment, position
from respite.lending.charges import ChargeRules
from respite.lending.errors import LendingError
from respite.lending.prepayment import Effect, Prepayment, prepay
from respite.lending.schedule import LoanTerms, build_schedule

RATE = Decimal(12)
TERMS = LoanTerms(Decimal(1200), RATE, 12, date(2026, 1, 15))
AGREED = build_schedule(TERMS)
RULES = ChargeRules(Decimal(1), 0, Decimal(0), Decimal(100))
FIRST = Payment(AGREED[0].due, AGREED[0].total, "first")


def pay(amount: str, effect: Effect, fee_rate: str = "0", as_of: date = AGREED[0].due) -> Prepayment:
    standing = position(AGREED, [FIRST], RATE, RULES, as_of)
    return prepay(
        standing,
        Decimal(amount),
        annual_rate=RATE,
        day_count=TERMS.day_count,
        effect=effect,
        fee_rate=Decimal(fee_rate),
    )


def test_a_shorter_term_keeps_the_size_of_the_instalments() -> None:
    after = pay("500", Effect.SHORTER_TERM)
    assert after.principal == 500
    assert after.schedule.principal == 1200 - AGREED[0].principal - 500
    assert {line.total for line in after.schedule.instalments[:-1]} == {AGREED[0].total}
    assert len(after.schedule) == 6


def test_a_lower_instalment_keeps_the_dates() -> None:
    after = pay("500", Effect.LOWER_INSTALMENT)
    assert [line.due for line in after.schedule] == [line.due for line in AGREED.instalments[1:]]
    assert after.schedule[0].total == Decimal("58.39")


def test_paying_ahead_pays_the_next_instalments() -> None:
    after = pay("250", Effect.PAID_AHEAD)
    assert [line.number for line in after.schedule] == list(range(4, 13))
    assert after.schedule[0].total == 3 * AGREED[0].total - 250


def test_interest_to_the_day_is_paid_first() -> None:
    """14 of 28 days of 11.05."""
    after = pay("500", Effect.SHORTER_TERM, as_of=date(2026, 3, 1))
    assert (after.interest, after.principal) == (Decimal("5.53"), Decimal("494.47"))


def test_the_charge_is_taken_from_the_amount() -> None:
    after = pay("505", Effect.LOWER_INSTALMENT, fee_rate="1")
    assert (after.principal, after.charge) == (500, 5)


def test_what_shortens_the_term_costs_least() -> None:
    totals = [pay("500", effect).schedule.total for effect in (Effect.SHORTER_TERM, Effect.LOWER_INSTALMENT)]
    assert totals == sorted(totals)


@pytest.mark.parametrize("amount", ["0", "5000"])
def test_a_part_prepayment_is_a_part(amount: str) -> None:
    with pytest.raises(LendingError) as error:
        pay(amount, Effect.SHORTER_TERM)
    assert error.value.field == "amount"


def test_what_is_due_is_paid_before_anything_is_prepaid() -> None:
    with pytest.raises(LendingError) as error:
        pay("500", Effect.SHORTER_TERM, as_of=AGREED[1].due)
    assert error.value.field == "position"
