"""The demo loan book: everybody that a lender knows is in it, and what it says of them is true on any day."""

import itertools
from collections import Counter
from datetime import date, timedelta
from random import Random

import phonenumbers
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from respite.lending.schedule import Method
from respite.plans.offers import best_offers, deferral_offers, restructuring_offers
from respite.policies.load import policy
from respite.store import demo_book, models
from respite.store.demo_book.ledger import Ledger
from respite.store.demo_book.lender import LoanStory, lend
from respite.store.demo_book.situations import SITUATIONS, Situation
from respite.store.encryption import cipher
from respite.store.loan_book import LoanAccount, account_of, accounts_of
from tests.databases import ON_SQLITE

pytestmark = ON_SQLITE

DATES = (date(2026, 11, 22), date(2027, 1, 31), date(2027, 2, 28), date(2028, 2, 29), date(2028, 12, 31))


def accounts(session: Session, as_of: date) -> list[LoanAccount]:
    return [account_of(loan, policy(), as_of) for loan in session.scalars(select(models.Loan))]


@pytest.fixture
def book(seeded: Session, business_date: date) -> list[LoanAccount]:
    return accounts(seeded, business_date)


def borrower(session: Session, name: str) -> models.Borrower:
    phone = next(each.phone for each in demo_book.demo_borrowers("en") if each.name == name)
    index = cipher().blind_index(phone)
    return session.scalars(select(models.Borrower).where(models.Borrower.phone_index == index)).one()


def test_it_has_hundreds_of_borrowers_and_some_with_several_loans(seeded: Session) -> None:
    loans = Counter(seeded.scalars(select(models.Loan.borrower_id)))

    assert len(loans) >= 240
    assert any(number > 1 for number in loans.values())


def test_every_phone_number_is_well_formed_and_given_once(seeded: Session) -> None:
    phones = list(seeded.scalars(select(models.Borrower.phone)))

    assert all(phonenumbers.is_valid_number(phonenumbers.parse(phone)) for phone in phones)
    assert len(set(phones)) == len(phones)


def test_borrowers_speak_all_languages(seeded: Session) -> None:
    assert set(seeded.scalars(select(models.Borrower.language))) == {"en", "zh-Hans", "zh-Hant"}


def test_every_product_is_lent_and_so_every_method_of_repayment(book: list[LoanAccount]) -> None:
    assert {account.loan.product for account in book} == set(policy().products)
    assert {account.loan.method for account in book} == {
        Method.EQUAL_INSTALMENT,
        Method.EQUAL_PRINCIPAL,
        Method.FLAT_FEE,
        Method.BULLET,
    }


def test_every_bucket_has_loans_of_every_product(book: list[LoanAccount]) -> None:
    found = {(account.bucket, account.loan.product) for account in book}

    assert found == {(bucket, product) for bucket in policy().buckets for product in policy().products}


def test_loans_are_on_time_due_soon_due_today_in_grace_and_settled(
    book: list[LoanAccount], business_date: date
) -> None:
    days = [(account.position.next_due.due - business_date).days for account in book if account.position.next_due]

    assert 0 in days
    assert any(0 < day <= policy().due_soon_days for day in days)
    assert any(day > policy().due_soon_days for day in days)
    assert any(0 < account.position.days_past_due <= policy().late_charges.grace_days for account in book)
    assert any(account.position.is_settled for account in book)


def test_some_borrowers_paid_a_part_and_some_too_much(book: list[LoanAccount]) -> None:
    assert any(0 < each.paid_principal < each.principal for account in book for each in account.position.instalments)
    assert any(account.position.credit > 0 for account in book)


def test_plans_of_each_kind_are_active_kept_and_broken(seeded: Session) -> None:
    found = set(seeded.execute(select(models.Plan.kind, models.Plan.state)))

    assert found == {(kind, state) for kind in ("deferral", "restructuring") for state in ("active", "kept", "broken")}


def test_a_broken_plan_has_given_the_contract_its_days_past_due_back(
    book: list[LoanAccount], business_date: date
) -> None:
    broken = [account for account in book if any(plan.state == "broken" for plan in account.loan.plans)]

    for account in broken:
        [active] = [schedule for schedule in account.loan.schedules if schedule.active]
        assert active.plan_id is None
        assert account.position.days_past_due > 30


def test_an_active_plan_is_what_its_loan_is_paid_by(book: list[LoanAccount]) -> None:
    active = [account for account in book if account.active_plan]

    for account in active:
        terms = account.active_plan.terms if account.active_plan else {}
        assert [each.due.isoformat() for each in account.schedule] == [row["due"] for row in terms["instalments"]]
        assert not account.is_overdue


def test_promises_are_open_kept_partly_kept_and_broken(seeded: Session) -> None:
    assert set(seeded.scalars(select(models.PromiseToPay.state))) == {"open", "kept", "partly_kept", "broken"}


def test_no_payment_comes_from_the_future(seeded: Session, business_date: date) -> None:
    latest = seeded.scalar(select(func.max(models.Payment.received_on)))

    assert latest is not None
    assert latest < business_date


def test_the_same_book_comes_out_every_time(session: Session, business_date: date) -> None:
    def contents() -> list[tuple[str, str, str, int, date]]:
        demo_book.clear(session)
        demo_book.seed(session, policy(), business_date, size=60)
        rows = (
            select(
                models.Borrower.name,
                models.Borrower.phone,
                models.Loan.reference,
                models.Instalment.carried_minor + models.Instalment.principal_minor + models.Instalment.interest_minor,
                models.Instalment.due_on,
            )
            .select_from(models.Instalment)
            .join(models.Schedule)
            .join(models.Loan)
            .join(models.Borrower)
        )
        return sorted(session.execute(rows))

    assert contents() == contents()


@pytest.mark.parametrize("day", DATES)
def test_every_loan_stands_where_its_situation_says(session: Session, day: date) -> None:
    ledger = Ledger(policy(), day, Random(1))
    someone = models.Borrower(reference="DEMO-1", name="", phone="", phone_index="", language="en")
    for situation, product in itertools.product(SITUATIONS, policy().products):
        paid = 12 if situation.is_settled else 0 if situation.is_new else 3
        story = LoanStory(situation, product, 6_000, count=12, paid=paid, due=situation.due[0])
        loan = lend(session, ledger, someone, story)
        session.flush()
        session.refresh(loan)

        position = account_of(loan, policy(), day).position

        told = f"{situation.name}, {product}"
        assert position.days_past_due == expected_days_past_due(situation), told
        assert position.is_settled == (situation.is_settled or situation.name == "restructuring kept"), told


def expected_days_past_due(situation: Situation) -> int:
    """A plan that holds cures what was overdue; a broken one gives it back."""
    is_cured = situation.plan is not None and situation.plan.state != "broken"
    return 0 if situation.is_settled or is_cured else max(0, -situation.due[0])


def test_the_first_demo_borrower_is_due_in_five_days_and_can_defer(seeded: Session, business_date: date) -> None:
    [account] = accounts_of(seeded, borrower(seeded, "Grace Miller").id, policy(), business_date)

    assert account.position.next_due
    assert account.position.next_due.due == business_date + timedelta(days=5)
    assert deferral_offers(account)


def test_the_second_demo_borrower_is_late_on_one_of_two_loans_and_can_restructure(
    seeded: Session, business_date: date
) -> None:
    late, on_time = accounts_of(seeded, borrower(seeded, "王磊").id, policy(), business_date)

    assert late.position.days_past_due == 20
    assert not on_time.is_overdue
    assert [offer for offer in restructuring_offers(late) if len(offer.schedule) == 12]
    assert len(best_offers(late)) > 1


def test_the_third_demo_borrower_pays_by_a_plan(seeded: Session, business_date: date) -> None:
    [account] = accounts_of(seeded, borrower(seeded, "陳美玲").id, policy(), business_date)

    assert account.active_plan
    assert account.active_plan.kind == "restructuring"
    assert not account.is_overdue


def test_the_book_remembers_its_business_date(seeded: Session, business_date: date) -> None:
    assert demo_book.business_date_of(seeded) == business_date


def test_an_empty_store_has_no_demo_book(session: Session) -> None:
    assert demo_book.business_date_of(session) is None
    assert not demo_book.holds_borrowers(session)
