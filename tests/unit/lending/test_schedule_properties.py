"""What every schedule keeps, whatever the terms."""

from itertools import pairwise

from hypothesis import given

from respite.lending.schedule import LoanTerms, Method, build_schedule
from tests.unit.lending.loans import loan_terms


@given(loan_terms())
def test_the_principal_adds_up_to_the_amount_lent(terms: LoanTerms) -> None:
    schedule = build_schedule(terms)
    assert schedule.principal == terms.principal
    assert schedule.balances[-1] == 0


@given(loan_terms())
def test_no_part_is_negative_and_every_part_is_in_cents(terms: LoanTerms) -> None:
    for line in build_schedule(terms):
        for part in (line.principal, line.interest, line.fee):
            assert part >= 0
            assert part == round(part, 2)


@given(loan_terms())
def test_due_dates_rise(terms: LoanTerms) -> None:
    dues = [line.due for line in build_schedule(terms)]
    assert all(earlier < later for earlier, later in pairwise(dues))


@given(loan_terms(methods=[Method.EQUAL_INSTALMENT], least="500"))
def test_equal_instalments_are_equal_but_for_the_last(terms: LoanTerms) -> None:
    totals = {line.total for line in build_schedule(terms).instalments[:-1] if line.number > 0}
    assert len(totals) <= 1


@given(loan_terms(methods=[Method.FLAT_FEE]))
def test_a_flat_fee_loan_bears_the_same_fee_each_time_and_no_interest(terms: LoanTerms) -> None:
    schedule = build_schedule(terms)
    assert schedule.interest == 0
    assert len({line.fee for line in schedule if line.number > 0}) == 1
