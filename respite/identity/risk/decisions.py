"""Deciding about a sign-in, a consent or a change of number: kept with its reasons, and seen by staff."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from respite.identity.risk.gathering import gather
from respite.identity.risk.signals import Outcome, assess
from respite.policies.model import Policy
from respite.policies.support import Reason
from respite.store.audit import record
from respite.store.models import Borrower, RiskDecision
from respite.support.conversations import locked_conversation
from respite.support.handoffs import request_handoff


class Occasion(StrEnum):
    """What is decided about."""

    SIGN_IN = "sign_in"
    CONSENT = "consent"
    CONTACT_CHANGE = "contact_change"


def decide(
    session: Session,
    occasion: Occasion,
    conversation_id: str,
    borrower: Borrower,
    policy: Policy,
    now: datetime,
    *,
    amount: Decimal | None = None,
    new_phone: str | None = None,
) -> Outcome:
    """Decide whether what a borrower, or somebody who says so, wants to do may go on, and keep the decision.

    Where it may not, a person is asked to look at the conversation. `amount` is what a plan asks for in all,
    `new_phone` (E.164) the number that is to take the place of theirs.
    """
    conversation = locked_conversation(session, conversation_id)
    facts = gather(session, conversation, borrower, policy, now, amount=amount, new_phone=new_phone)
    assessed = assess(facts, policy.identity.risk)
    if assessed.outcome is Outcome.REFUSE:
        request_handoff(session, conversation_id, Reason.IDENTITY, now, policy=policy)
    decision = RiskDecision(
        at=now,
        occasion=occasion,
        conversation_id=conversation_id,
        borrower_id=borrower.id,
        policy_version=policy.version,
        facts=facts.model_dump(mode="json"),
        signals=assessed.signals,
        score=assessed.score,
        outcome=assessed.outcome,
    )
    session.add(decision)
    session.flush()
    record(
        session,
        actor="system",
        action="risk_decided",
        subject=f"conversation:{conversation_id}",
        details={"decision": decision.id, "occasion": occasion, "outcome": assessed.outcome, "score": assessed.score},
        at=now,
    )
    return assessed.outcome


def risk_decisions_of(session: Session, borrower_id: int) -> Sequence[RiskDecision]:
    """What was decided about a borrower, the newest first."""
    query = select(RiskDecision).where(RiskDecision.borrower_id == borrower_id)
    return session.scalars(query.order_by(RiskDecision.id.desc())).all()
