"""Taking a payment back, from a program and from the command line."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select

from respite.settings import settings
from respite.store.models import AuditEntry, Loan, Payment
from respite.store.payments import Reversal, ReversalRefusedError, reverse
from respite.store.session import transaction
from tests.unit.plans import desk
from tests.unit.store.lender_files import respite

pytestmark = pytest.mark.usefixtures("store_url")

PAID = Decimal("333.33")
REFERENCE = "bank-0001"


@pytest.fixture
def loan_id() -> int:
    loan_id = desk.lend("late")
    with transaction() as session:
        session.add(
            Payment(
                loan_id=loan_id,
                reference=REFERENCE,
                received_on=desk.TODAY - desk.DAY,
                received_at=desk.NOW - desk.DAY,
                amount_minor=33333,
            )
        )
    return loan_id


def take_back(reference: str = REFERENCE, on: date | None = None) -> Reversal:
    with transaction() as session:
        return reverse(session, reference, on, business_date=desk.TODAY, actor="staff:ann", now=desk.NOW)


def version(loan_id: int) -> int:
    with transaction() as session:
        return session.get_one(Loan, loan_id).version


def reversals() -> list[AuditEntry]:
    with transaction() as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.action == "payment_reversed")))


def test_what_it_had_paid_is_owed_again(loan_id: int) -> None:
    with desk.account(loan_id) as before:
        owed = before.position.total_remaining
    take_back()
    with desk.account(loan_id) as after:
        assert after.position.total_remaining > owed + PAID - 1
        assert after.position.days_past_due == before.position.days_past_due


def test_it_leaves_its_trace_and_a_new_version_of_the_loan(loan_id: int) -> None:
    before = version(loan_id)
    taken_back = take_back()
    assert (taken_back.newly_reversed, taken_back.payment.reversed_on) == (True, desk.TODAY)
    assert version(loan_id) == before + 1
    [entry] = reversals()
    assert entry.actor == "staff:ann"
    assert entry.details == {"payment": REFERENCE, "amount_minor": 33333, "reversed_on": desk.TODAY.isoformat()}


def test_taken_back_twice_it_is_taken_back_once(loan_id: int) -> None:
    take_back(on=desk.TODAY)
    before = version(loan_id)
    assert not take_back().newly_reversed
    assert not take_back(on=desk.TODAY).newly_reversed
    assert (version(loan_id), len(reversals())) == (before, 1)


@pytest.mark.parametrize(
    ("reference", "on", "sentence"),
    [
        ("unknown", None, "There is no payment unknown."),
        (REFERENCE, desk.TODAY + desk.DAY, "2026-11-23 is after the business date 2026-11-22."),
        (REFERENCE, desk.TODAY - 2 * desk.DAY, "2026-11-20 is before 2026-11-21, when the payment was received."),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(
    loan_id: int, reference: str, on: date | None, sentence: str
) -> None:
    before = version(loan_id)
    with pytest.raises(ReversalRefusedError) as refused:
        take_back(reference, on)
    assert sentence in str(refused.value)
    assert (version(loan_id), reversals()) == (before, [])


def test_another_day_than_before_is_refused(loan_id: int) -> None:
    take_back(on=desk.TODAY)
    with pytest.raises(ReversalRefusedError, match="was reversed on 2026-11-22 already"):
        take_back(on=desk.TODAY - desk.DAY)


class TestCommand:
    @pytest.fixture(autouse=True)
    def on_the_business_date(self, own_settings: pytest.MonkeyPatch) -> None:
        own_settings.setenv("RESPITE_BUSINESS_DATE", desk.TODAY.isoformat())
        settings.cache_clear()

    def test_it_takes_a_payment_back(self, loan_id: int) -> None:
        result = respite("payment", "reverse", REFERENCE, "--on", "2026-11-21")
        assert result.exit_code == 0
        assert f"Payment {REFERENCE} is reversed, on 2026-11-21." in result.output
        assert [entry.details["reversed_on"] for entry in reversals()] == ["2026-11-21"]

    def test_run_again_it_says_so(self, loan_id: int) -> None:
        respite("payment", "reverse", REFERENCE)
        result = respite("payment", "reverse", REFERENCE)
        assert result.exit_code == 0
        assert "is reversed already, on 2026-11-22." in result.output

    def test_an_unknown_payment_ends_it_with_a_sentence(self, loan_id: int) -> None:
        result = respite("payment", "reverse", "unknown")
        assert result.exit_code == 1
        assert "There is no payment unknown." in result.output
        assert reversals() == []


def test_a_moment_is_kept_beside_the_day(loan_id: int) -> None:
    assert take_back().payment.reversed_at == datetime(2026, 11, 22, 9, tzinfo=UTC)
