"""What Fineract says in its own words, in ours; and how each way of failing is told apart."""

import logging
from datetime import date, timedelta
from decimal import Decimal

import pytest

from respite.lending.instalments import Instalment, Schedule
from respite.lending.money import Money
from respite.loan_books import LoanBookRefusedError, LoanBookSilentError, LoanBookUnreachableError, Received
from respite.loan_books.fineract import FineractLoanBook
from respite.plans.terms import PlanTerms
from respite.policies.model import PlanKind
from tests.unit.loan_books.conftest import LOAN
from tests.unit.loan_books.look_alike import CoreBanking, CoreLoan
from tests.unit.plans import desk

START = date(2026, 9, 1)
CONTRACT = Schedule(
    (
        Instalment(1, date(2026, 10, 1), Decimal("333.33"), Decimal("5.10")),
        Instalment(2, date(2026, 11, 1), Decimal("333.33"), Decimal("3.40"), fee=Decimal("1.05")),
        Instalment(3, date(2026, 12, 1), Decimal("333.34"), Decimal("1.70"), carried=Decimal("0.07")),
    ),
    START,
)
DUES = (date(2026, 12, 15), date(2027, 1, 15), date(2027, 2, 15))
AGREED = Schedule(
    tuple(Instalment(number, due, Decimal(250), Decimal("2.50")) for number, due in enumerate(DUES, start=1)),
    desk.TODAY,
)
PLAN = PlanTerms(
    kind=PlanKind.RESTRUCTURING,
    loan_reference="L-1",
    number=None,
    until=DUES[0],
    starts_on=desk.TODAY,
    schedule=AGREED,
    total=Money(AGREED.total, "CNY"),
    extra_against_agreed=Money(Decimal(0), "CNY"),
    extra_against_payoff=Money(Decimal(0), "CNY"),
    effective_annual_rate=Decimal(6),
)
ID = str(LOAN)


@pytest.fixture
def loan(core: CoreBanking) -> CoreLoan:
    """A loan in the core, which would re-age it exactly as the plan says."""
    core.would_re_age_to = AGREED
    core.loans[LOAN] = CoreLoan(LOAN, Decimal("6.123456"), CONTRACT)
    return core.loans[LOAN]


class TestStatement:
    def test_schedule_and_rate_are_exact(self, book: FineractLoanBook, loan: CoreLoan) -> None:
        statement = book.statement(ID)
        assert (statement.schedule, statement.annual_rate) == (CONTRACT, Decimal("6.123456"))

    def test_money_that_counts_is_told_with_its_reversal(self, book: FineractLoanBook, loan: CoreLoan) -> None:
        loan.record(1, START, "disbursement")
        loan.pay(2, DUES[0], Decimal("12.34"))
        loan.pay(3, DUES[0], Decimal("0.10"), kind="goodwillCredit")
        loan.record(4, DUES[0], "accrual", amount=Decimal(5))
        loan.reverse(2, DUES[1])
        assert book.statement(ID).payments == (
            Received("fineract-2", DUES[0], Decimal("12.34"), reversed_on=DUES[1]),
            Received("fineract-3", DUES[0], Decimal("0.10")),
        )

    @pytest.mark.parametrize("kind", ["chargeback", "waiveInterest", "writeOff", "chargeoff", "interestRefund"])
    def test_what_cannot_be_followed_is_named(self, book: FineractLoanBook, loan: CoreLoan, kind: str) -> None:
        loan.pay(7, DUES[0], Decimal(1), kind=kind)
        with pytest.raises(LoanBookRefusedError, match=kind):
            book.statement(ID)
        loan.reverse(7, DUES[0])
        assert book.statement(ID).payments == ()

    def test_only_re_ageings_of_ours_are_our_plans(self, book: FineractLoanBook, loan: CoreLoan) -> None:
        loan.record(7, START, "reAge", externalId="by-hand")
        loan.record(8, DUES[0], "reAge", externalId="respite-abc")
        loan.record(9, DUES[1], "reAge")
        assert book.statement(ID).plans == {"abc": "8"}


class TestPuttingInForce:
    def test_twice_with_one_key_is_once(self, book: FineractLoanBook, core: CoreBanking, loan: CoreLoan) -> None:
        first = book.put_in_force(ID, PLAN, "abc")
        assert book.put_in_force(ID, PLAN, "abc") == first
        assert [each["externalId"] for each in core.re_ageings(LOAN)] == ["respite-abc"]

    def test_a_cent_of_difference_is_refused(self, book: FineractLoanBook, core: CoreBanking, loan: CoreLoan) -> None:
        dearer = [*AGREED.instalments[:-1], Instalment(3, DUES[2], Decimal(250), Decimal("2.51"))]
        core.would_re_age_to = Schedule(tuple(dearer), AGREED.start)
        for attempt in (lambda: book.check(ID, PLAN), lambda: book.put_in_force(ID, PLAN, "abc")):
            with pytest.raises(LoanBookRefusedError, match="otherwise than was offered"):
                attempt()
        assert core.re_ageings(LOAN) == []

    def test_the_reason_of_a_no_is_the_cores_own(self, book: FineractLoanBook, loan: CoreLoan) -> None:
        book.put_in_force(ID, PLAN, "abc")
        with pytest.raises(LoanBookRefusedError, match="once a day"):
            book.put_in_force(ID, PLAN, "other")


class TestUndoing:
    def test_a_plan_that_is_not_in_force_is_left_alone(
        self, book: FineractLoanBook, core: CoreBanking, loan: CoreLoan
    ) -> None:
        book.put_in_force(ID, PLAN, "abc")
        book.undo(ID, "abc")
        book.undo(ID, "abc")
        assert core.re_ageings(LOAN) == []

    def test_somebody_elses_re_ageing_is_never_undone(
        self, book: FineractLoanBook, core: CoreBanking, loan: CoreLoan
    ) -> None:
        book.put_in_force(ID, PLAN, "abc")
        loan.record(99_999, desk.TODAY + timedelta(days=1), "reAge", externalId="by-hand")
        with pytest.raises(LoanBookRefusedError, match="someone else"):
            book.undo(ID, "abc")
        assert len(core.re_ageings(LOAN)) == 2


class TestFailing:
    def test_what_was_never_sent_changed_nothing(
        self, book: FineractLoanBook, core: CoreBanking, loan: CoreLoan
    ) -> None:
        core.server.stop()
        with pytest.raises(LoanBookUnreachableError):
            book.put_in_force(ID, PLAN, "abc")
        core.server.start()

    def test_what_was_sent_and_not_answered_is_not_known(
        self, book: FineractLoanBook, core: CoreBanking, loan: CoreLoan
    ) -> None:
        core.lost_answers = 9
        with pytest.raises(LoanBookSilentError):
            book.put_in_force(ID, PLAN, "abc")
        assert len(core.re_ageings(LOAN)) == 1

    @pytest.mark.parametrize("secret", ["password", "bWlmb3M6cGFzc3dvcmQ="])
    def test_an_unknown_loan_is_refused_without_telling_secrets(
        self, book: FineractLoanBook, loan: CoreLoan, secret: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        with pytest.raises(LoanBookRefusedError, match="does not exist") as refused:
            book.statement("404")
        assert secret not in str(refused.value) + caplog.text
