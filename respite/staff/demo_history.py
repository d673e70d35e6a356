"""What happened in the weeks before a demonstration: invented contacts, some of which a person took over.

The same history comes out every time; only its dates follow the business date. It gives the dashboards something to
show, and nobody a conversation to take.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from respite.policies.model import Policy
from respite.policies.support import Reason
from respite.references import new_reference
from respite.staff.accounts import active_members
from respite.store.models import Borrower, Conversation, Handoff, InboxMessage
from respite.support.hours import Desk

SEED = 2026
WEEKS = 12
CONTACTS_A_DAY = (6, 14)
WITH_A_PERSON = 0.28
REASONS = {
    Reason.ASKED: 10,
    Reason.NOT_UNDERSTOOD: 5,
    Reason.BEYOND_AUTHORITY: 5,
    Reason.DISPUTE: 3,
    Reason.COMPLAINT: 2,
    Reason.DOCUMENT: 2,
    Reason.IDENTITY: 2,
    Reason.DISTRESS: 1,
}
"""How often each of them comes, beside the others."""

RATINGS = (5, 5, 5, 4, 4, 4, 3, 2)


def add_demo_history(session: Session, policy: Policy, until: datetime) -> None:
    """Invent the weeks before `until` in the store of a demonstration where no person was ever asked for."""
    if session.scalar(select(exists(Handoff.id))):
        return
    random, desk = Random(SEED), Desk.of(policy)
    borrowers = session.scalars(select(Borrower.id).order_by(Borrower.id)).all()
    staff = [member.id for member in active_members(session)]
    for day in range(7 * WEEKS, 0, -1):
        for _ in range(random.randint(*CONTACTS_A_DAY)):
            at = until - timedelta(days=day) + timedelta(minutes=random.randrange(12 * 60))
            _contact(session, random, desk, borrowers, staff, at)


def _contact(
    session: Session, random: Random, desk: Desk, borrowers: Sequence[int], staff: Sequence[int], at: datetime
) -> None:
    conversation = Conversation(
        channel="web",
        chat_key=f"demo history {random.getrandbits(64):x}",
        language=random.choice(("en", "zh-Hans", "zh-Hant")),
        borrower_id=random.choice(borrowers),
        created_at=at,
    )
    session.add(conversation)
    session.flush()
    session.add(
        InboxMessage(
            conversation_id=conversation.id,
            channel="web",
            external_id=f"demo history {random.getrandbits(64):x}",
            content="…",
            received_at=at,
            state="answered",
        )
    )
    if random.random() < WITH_A_PERSON:
        session.add(_handoff(random, desk, conversation, staff, at + timedelta(minutes=random.randint(1, 9))))


def _handoff(random: Random, desk: Desk, conversation: Conversation, staff: Sequence[int], at: datetime) -> Handoff:
    [reason] = random.choices(list(REASONS), list(REASONS.values()))
    level = desk.rules.service[reason]
    taken_at = desk.deadline(at, round(level.answer_minutes * random.triangular(0.05, 1.3, 0.3)) + 1)
    closed_at = taken_at + timedelta(minutes=random.triangular(3, 45, 11))
    is_rated = random.random() < 0.6
    return Handoff(
        reference=new_reference("H", random),
        conversation_id=conversation.id,
        reason=reason,
        state="closed",
        requested_at=at,
        requested_by="bot",
        priority=level.priority,
        due_at=desk.deadline(at, level.answer_minutes),
        language="en" if conversation.language == "en" else "zh",
        skill=level.skill,
        staff_id=random.choice(staff),
        taken_at=taken_at,
        first_taken_at=taken_at,
        answered_at=taken_at + timedelta(seconds=random.randint(20, 150)),
        outcome="returned",
        wrap_up=random.choice(list(desk.rules.wrap_ups)),
        closed_at=closed_at,
        rating=random.choice(RATINGS) if is_rated else None,
        rated_at=closed_at if is_rated else None,
    )
