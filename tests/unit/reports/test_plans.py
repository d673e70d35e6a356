"""Plans: offered and taken up by loan, accepted by kind, and what became of them."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from respite.policies.authority import PlanKind
from respite.policies.load import policy
from respite.reports.periods import Period
from respite.reports.plans import plans
from respite.reports.proportions import Proportion
from respite.store.models import Loan, Plan, Quote
from tests.unit.reports.conftest import NOW, TODAY, chat

YEAR = Period.ending(TODAY, 365)


def quote(session: Session, loan: Loan, **values: object) -> Quote:
    made = Quote(
        **{
            "conversation_id": chat(session).id,
            "borrower_id": loan.borrower_id,
            "loan_id": loan.id,
            "loan_version": loan.version,
            "policy_version": policy().version,
            "business_date": TODAY,
            "language": "en",
            "terms": {},
            "terms_hash": "0" * 64,
            "state": "offered",
            "created_at": NOW,
            "expires_at": NOW + timedelta(minutes=30),
        }
        | values
    )
    session.add(made)
    session.flush()
    return made


def book(session: Session, made: Quote, kind: PlanKind = PlanKind.DEFERRAL, state: str = "active") -> None:
    session.add(
        Plan(
            reference=f"P-{made.id[:8]}",
            quote_id=made.id,
            loan_id=made.loan_id,
            kind=kind,
            terms={},
            terms_hash="0" * 64,
            policy_version=made.policy_version,
            state=state,
            booked_on=TODAY,
            booked_at=NOW + timedelta(minutes=5),
        )
    )
    session.flush()


def loans_without_plans(session: Session, count: int) -> list[Loan]:
    with_plans = select(Plan.loan_id)
    return list(session.scalars(select(Loan).where(Loan.id.not_in(with_plans)).order_by(Loan.id).limit(count)))


def test_three_cards_for_one_loan_are_one_offer(seeded: Session) -> None:
    loan, other = loans_without_plans(seeded, 2)
    first, *_ = [quote(seeded, loan) for _ in range(3)]
    quote(seeded, other)
    book(seeded, first)

    found = plans(seeded, policy(), Period.ending(TODAY, 1))
    assert found.offered == 2
    assert found.taken_up == Proportion(1, 2)
    assert found.total.accepted == 1


def test_plans_are_counted_by_kind_and_by_what_became_of_them(seeded: Session) -> None:
    loans = loans_without_plans(seeded, 3)
    for loan, state in zip(loans, ("kept", "broken", "cancelled"), strict=True):
        book(seeded, quote(seeded, loan, authority="agent"), PlanKind.RESTRUCTURING, state)

    found = plans(seeded, policy(), Period.ending(TODAY, 1))
    restructured = found.by_kind[PlanKind.RESTRUCTURING]
    assert (restructured.kept, restructured.broken, restructured.cancelled, restructured.active) == (1, 1, 1, 0)
    assert restructured.by_staff == 3
    assert restructured.kept_share == Proportion(1, 2)
    assert found.by_kind[PlanKind.DEFERRAL].accepted == 0


def test_the_demo_loan_book_has_plans_of_every_state(seeded: Session) -> None:
    total = plans(seeded, policy(), YEAR).total
    booked = seeded.scalars(select(Plan).where(Plan.booked_on >= YEAR.first)).all()

    assert total.accepted == len(booked)
    assert total.accepted == total.active + total.kept + total.broken + total.cancelled
    assert min(total.active, total.kept, total.broken) > 0


def test_a_period_without_plans_is_empty(seeded: Session) -> None:
    found = plans(seeded, policy(), Period(date(2000, 1, 1), date(2000, 12, 31)))

    assert (found.offered, found.total.accepted, found.taken_up.share) == (0, 0, None)
