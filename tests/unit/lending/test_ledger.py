"""The ledger: it balances, every balance is rebuilt from it, and what is posted stays posted."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from respite.lending.charges import ChargeRules
from respite.lending.in_force import InForce
from respite.lending.instalments import Instalment, Schedule
from respite.lending.ledger import ledger
from respite.lending.payments import Payment
from respite.lending.positions import InstalmentPosition, Position
from respite.lending.postings import Account, Event, balances
from tests.unit.lending.courses import RATE, Course, courses, courses_with_plan

RULES = ChargeRules(
    penalty_rate_multiple=Decimal("1.5"), grace_days=3, late_fee=Decimal(10), all_in_cap_annual_rate=Decimal(1000)
)
START, DUE = date(2026, 1, 5), date(2026, 2, 5)
SCHEDULE = Schedule((Instalment(1, DUE, Decimal(1000), Decimal(20), Decimal(5)),), START)
WHOLE = Decimal(1025)


def total(lines: Iterable[InstalmentPosition], amount: Callable[[InstalmentPosition], Decimal]) -> Decimal:
    return sum((amount(line) for line in lines), Decimal(0))


def held_by(standing: Position) -> dict[Account, Decimal]:
    """What the accounts of a borrower hold by their position."""
    due = [line for line in standing.instalments if line.due <= standing.as_of]
    to_come = [line for line in standing.instalments if line.due > standing.as_of]
    return {
        Account.PRINCIPAL_RECEIVABLE: standing.outstanding_principal,
        Account.INTEREST_RECEIVABLE: total(due, lambda line: line.unpaid_interest),
        Account.FEE_RECEIVABLE: total(due, lambda line: line.unpaid_fee),
        Account.CARRIED_RECEIVABLE: total(standing.instalments, lambda line: line.unpaid_carried),
        Account.PENALTY_RECEIVABLE: standing.penalty,
        Account.LATE_FEE_RECEIVABLE: standing.late_fees,
        Account.INTEREST_IN_ADVANCE: -total(to_come, lambda line: line.paid_interest),
        Account.FEE_IN_ADVANCE: -total(to_come, lambda line: line.paid_fee),
        Account.BORROWER_CREDIT: -standing.credit,
        Account.RESCHEDULING: Decimal(0),
    }


def posted(*payments: Payment, as_of: date) -> list[tuple[date, Event, Account, Account, Decimal]]:
    postings = ledger([InForce(START, SCHEDULE, payments)], RATE, RULES, as_of)
    return [(each.on, each.event, each.debit, each.credit, each.amount) for each in postings]


class TestWhatIsPosted:
    def test_the_amount_lent_leaves_the_cash_account(self) -> None:
        assert posted(as_of=START) == [
            (START, Event.LENT, Account.PRINCIPAL_RECEIVABLE, Account.CASH, Decimal(1000)),
        ]

    def test_interest_and_fee_are_income_on_the_due_date(self) -> None:
        assert posted(as_of=DUE)[1:] == [
            (DUE, Event.DUE, Account.INTEREST_RECEIVABLE, Account.INTEREST_INCOME, Decimal(20)),
            (DUE, Event.DUE, Account.FEE_RECEIVABLE, Account.FEE_INCOME, Decimal(5)),
        ]

    def test_interest_paid_ahead_is_held_until_it_falls_due(self) -> None:
        early = date(2026, 1, 20)
        postings = posted(Payment(early, WHOLE, "paid"), as_of=DUE)
        assert (early, Event.PAID, Account.BORROWER_CREDIT, Account.INTEREST_IN_ADVANCE, Decimal(20)) in postings
        assert (DUE, Event.DUE, Account.INTEREST_IN_ADVANCE, Account.INTEREST_INCOME, Decimal(20)) in postings

    def test_late_charges_are_posted_on_the_day_they_grow(self) -> None:
        first_day = RULES.charged_from(DUE)
        charged = [each for each in posted(as_of=first_day + timedelta(days=1)) if each[1] is Event.CHARGED]
        assert charged == [
            (first_day, Event.CHARGED, Account.PENALTY_RECEIVABLE, Account.PENALTY_INCOME, Decimal("2.96")),
            (first_day, Event.CHARGED, Account.LATE_FEE_RECEIVABLE, Account.LATE_FEE_INCOME, Decimal(10)),
            (first_day + timedelta(days=1), *charged[0][1:4], Decimal("0.74")),
        ]

    def test_what_is_paid_beyond_everything_stays_the_borrowers(self) -> None:
        postings = ledger([InForce(START, SCHEDULE, (Payment(DUE, WHOLE + 7, "paid"),))], RATE, RULES, DUE)
        assert balances(postings)[Account.BORROWER_CREDIT] == -7

    def test_a_reversal_is_posted_on_its_day_with_the_charges_it_brings_back(self) -> None:
        back = DUE + timedelta(days=10)
        postings = [each for each in posted(Payment(DUE, WHOLE, "paid", back), as_of=back) if each[0] == back]
        assert {each[1] for each in postings} == {Event.REVERSED}
        assert [each[2:] for each in postings] == [
            (Account.BORROWER_CREDIT, Account.CASH, WHOLE),
            (Account.PRINCIPAL_RECEIVABLE, Account.BORROWER_CREDIT, Decimal(1000)),
            (Account.INTEREST_RECEIVABLE, Account.BORROWER_CREDIT, Decimal(20)),
            (Account.FEE_RECEIVABLE, Account.BORROWER_CREDIT, Decimal(5)),
            (Account.PENALTY_RECEIVABLE, Account.PENALTY_INCOME, Decimal("7.40")),
            (Account.LATE_FEE_RECEIVABLE, Account.LATE_FEE_INCOME, Decimal(10)),
        ]

    def test_nothing_is_posted_before_the_loan_begins(self) -> None:
        assert posted(as_of=START - timedelta(days=1)) == []


@given(courses(), st.data())
def test_every_balance_on_any_day_is_rebuilt_from_the_postings_alone(course: Course, data: st.DataObject) -> None:
    day = data.draw(st.dates(course.first, course.last))
    held = balances(posting for posting in course.postings() if posting.on <= day)
    standing = course.position(day)
    assert {account: held[account] for account in held_by(standing)} == held_by(standing)


@given(courses())
def test_the_trial_balance_is_zero_after_every_event(course: Course) -> None:
    postings = course.postings()
    assert all(posting.amount > 0 and posting.debit is not posting.credit for posting in postings)
    assert sum(balances(postings).values()) == 0


@given(courses())
def test_the_cash_account_holds_what_came_and_went(course: Course) -> None:
    came: dict[str, Decimal] = {}
    for each in course.in_force:
        came |= {payment.reference: payment.amount for payment in each.payments if payment.received_on <= course.last}
    moved = [posting for posting in course.postings() if Account.CASH in (posting.debit, posting.credit)]
    received = [posting for posting in moved if posting.debit is Account.CASH]
    assert {posting.reference: posting.amount for posting in received}.items() <= came.items()
    assert len(received) == len({posting.reference for posting in received})
    taken_back = [posting for posting in moved if posting.event is Event.REVERSED]
    assert all(posting.amount == came[posting.reference] for posting in taken_back)
    assert len(taken_back) == len({posting.reference for posting in taken_back})


@given(courses(), st.data())
def test_later_days_add_postings_and_change_none(course: Course, data: st.DataObject) -> None:
    day = data.draw(st.dates(course.first, course.last))
    earlier = course.postings(day)
    assert course.postings()[: len(earlier)] == earlier
    assert all(posting.on > day for posting in course.postings()[len(earlier) :])


@given(courses(), st.data())
def test_the_order_in_which_payments_are_told_does_not_matter(course: Course, data: st.DataObject) -> None:
    assert course.told_in_another_order(data).postings() == course.postings()


@given(courses_with_plan())
def test_a_plan_that_ended_leaves_the_income_that_there_would_have_been_without_it(course: Course) -> None:
    if len(course.in_force) < 3 or course.last < course.in_force[-1].since:
        return
    contract = course.in_force[-1]
    without = ledger([InForce(course.first, contract.schedule, contract.payments)], RATE, course.rules, course.last)
    assert in_all(balances(course.postings())) == in_all(balances(without))


def in_all(held: dict[Account, Decimal]) -> dict[Account, Decimal]:
    """The balances with penalty interest and late fees as one income: a plan carries them as one."""
    late_fees = held.pop(Account.LATE_FEE_INCOME)
    return {**held, Account.PENALTY_INCOME: held[Account.PENALTY_INCOME] + late_fees}


def test_penalty_that_a_plan_leaves_out_is_income_no_more() -> None:
    booked_on = DUE + timedelta(days=10)
    planned = Schedule(
        (Instalment(1, booked_on + timedelta(days=30), Decimal(1000), Decimal(20), Decimal(5)),), booked_on
    )
    course = [InForce(START, SCHEDULE), InForce(booked_on, planned, reference="P-1")]
    before, after = (balances(ledger(course[:count], RATE, RULES, booked_on)) for count in (1, 2))
    assert before[Account.PENALTY_INCOME] + before[Account.LATE_FEE_INCOME] == Decimal("-17.40")
    assert after[Account.PENALTY_INCOME] + after[Account.LATE_FEE_INCOME] == 0
