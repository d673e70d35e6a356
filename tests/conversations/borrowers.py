"""The borrowers that conversations are held with, each made anew for one conversation."""

import secrets
from dataclasses import replace
from datetime import date
from random import Random

from sqlalchemy.orm import Session

from respite.clock import utc_now
from respite.identity.codes import OneTimeCode
from respite.identity.verification import begin, check_code, request_code
from respite.policies.load import policy
from respite.policies.model import PlanKind, Policy
from respite.store import models
from respite.store.demo_book.ledger import Ledger
from respite.store.demo_book.lender import LoanStory, lend
from respite.store.demo_book.situations import PlanStory, Situation
from respite.store.encryption import cipher

AS_IT_COMES = Situation("as it comes", range(0))
SETTLED = replace(AS_IT_COMES, is_settled=True)
DUE_SOON = LoanStory(AS_IT_COMES, "cash_loan", principal=12_000, count=12, paid=4, due=5)
ON_A_PLAN = Situation("on a plan", range(0), plan=PlanStory(PlanKind.RESTRUCTURING, -40, "active", count=12))
JUST_PLANNED = Situation("just planned", range(0), plan=PlanStory(PlanKind.RESTRUCTURING, -1, "active", count=12))
DEFERRED_BEFORE = Situation("deferred before", range(0), plan=PlanStory(PlanKind.DEFERRAL, -74, "kept"))
"""Two plans in twelve months: this one, and one like it that `add_borrower` puts before it."""

BORROWERS: dict[str, tuple[LoanStory, ...]] = {
    "due_soon": (DUE_SOON,),
    "due_today": (replace(DUE_SOON, due=0),),
    "in_grace": (replace(DUE_SOON, due=-2),),
    "late": (replace(DUE_SOON, due=-20),),
    "late_in_second_month": (replace(DUE_SOON, due=-45),),
    "very_late": (replace(DUE_SOON, due=-120),),
    "two_loans": (
        LoanStory(AS_IT_COMES, "phone_instalments", principal=6_000, count=12, paid=3, due=-20),
        LoanStory(AS_IT_COMES, "shopping_instalments", principal=2_400, count=12, paid=5, due=9),
    ),
    "on_a_plan": (LoanStory(ON_A_PLAN, "cash_loan", principal=20_000, count=12, paid=3, due=-55),),
    "just_planned": (LoanStory(JUST_PLANNED, "cash_loan", principal=20_000, count=12, paid=3, due=-20),),
    "planned_twice": (LoanStory(DEFERRED_BEFORE, "cash_loan", principal=12_000, count=12, paid=5, due=-67),),
    "settled": (LoanStory(SETTLED, "cash_loan", principal=6_000, count=6, paid=6, due=-40),),
    "almost_settled": (LoanStory(AS_IT_COMES, "cash_loan", principal=600, count=6, paid=5, due=5),),
    "little_left": (LoanStory(AS_IT_COMES, "cash_loan", principal=900, count=6, paid=3, due=5),),
    "newly_lent": (LoanStory(AS_IT_COMES, "cash_loan", principal=6_000, count=6, paid=0, due=25),),
    "bullet": (LoanStory(AS_IT_COMES, "study_loan", principal=9_000, count=12, paid=4, due=6),),
    "interest_free": (LoanStory(AS_IT_COMES, "interest_free_instalments", principal=3_600, count=12, paid=4, due=6),),
}


def add_borrower(session: Session, profile: str, policy: Policy, business_date: date) -> models.Borrower:
    """A new borrower with the loans of a profile."""
    phone = new_number()
    borrower = models.Borrower(
        reference=f"T-{secrets.token_hex(6)}",
        name="Conversation Tester",
        phone=phone,
        phone_index=cipher().blind_index(phone),
        language="en",
    )
    session.add(borrower)
    ledger = Ledger(policy, business_date, Random(secrets.randbits(64)))
    for story in BORROWERS[profile]:
        loan = lend(session, ledger, borrower, story)
        if story.situation is DEFERRED_BEFORE:
            _plan_once_more(loan, ledger)
    session.flush()
    return borrower


def new_number() -> str:
    """A phone number, in E.164, that nobody has."""
    return f"+86138{secrets.randbelow(10**8):08}"


def sign_in(session: Session, conversation_id: str, borrower: models.Borrower) -> None:
    """Sign a borrower in with a code that was sent to their number a moment ago."""
    codes: list[OneTimeCode] = []
    begin(session, conversation_id, utc_now())
    request_code(session, conversation_id, borrower.phone, utc_now(), codes.append)
    check_code(session, conversation_id, codes[0].code, policy(), utc_now())


def _plan_once_more(loan: models.Loan, ledger: Ledger) -> None:
    """Another kept plan like the loan's first, as many days before it as that one was before the business date."""
    kept = loan.plans[0]
    earlier = kept.booked_on - (ledger.business_date - kept.booked_on)
    loan.plans.append(
        models.Plan(
            reference=ledger.reference("P"),
            kind=kept.kind,
            terms=kept.terms,
            terms_hash=kept.terms_hash,
            policy_version=kept.policy_version,
            state="kept",
            booked_on=earlier,
            booked_at=ledger.noon(earlier),
            ended_at=ledger.noon(kept.booked_on),
        )
    )
