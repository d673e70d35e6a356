"""The lender's staff in the tests of support: who works here, who is there, and conversations that wait for them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from respite.policies.load import policy
from respite.policies.model import Policy
from respite.staff.accounts import Profile, add
from respite.staff.roles import StaffRole
from respite.store.models import AuditEntry, Conversation, Handoff, InboxMessage, OutboxMessage, StaffMember
from respite.store.session import transaction
from respite.support.conversations import locked_conversation, open_conversation
from respite.support.handoffs import request_handoff
from respite.support.messages import Message
from respite.support.outbox import add_said
from respite.support.presence import stay_present
from respite.support.returning import return_to_bot
from respite.support.takeover import claim, step_in
from tests.conversations.borrowers import add_borrower
from tests.opening_hours import ALWAYS
from tests.unit.plans import desk

NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
"""Monday noon in Shanghai."""

SOON = timedelta(seconds=30)
"""Whoever was there is still there."""

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def always_open(**changes: Any) -> Policy:
    """A policy whose desk never closes."""
    return desk.rules(**{"support__opening_hours": ALWAYS} | changes)


def hire(
    name: str = "Lin", role: StaffRole = StaffRole.AGENT, now: datetime | None = NOW, **profile: Any
) -> StaffMember:
    """Somebody new, who is there at `now` unless it is None."""
    with transaction() as session:
        member = add(session, f"{name}-{uuid4().hex}", Profile(name, role, **profile), "system", NOW)
        if now:
            stay_present(session, member, now)
        return member


def supervisor(name: str = "Wei", **profile: Any) -> StaffMember:
    return hire(name, StaffRole.SUPERVISOR, **profile)


def chat(language: str = "en", profile: str | None = None) -> str:
    """The id of a new conversation, with a borrower of this profile who is signed in, or with a stranger."""
    with transaction() as session:
        conversation = open_conversation(session, "web", uuid4().hex, language, NOW)
        if profile:
            conversation.borrower_id = add_borrower(session, profile, policy(), desk.TODAY).id
            conversation.verified_at = NOW
        return conversation.id


def waiting(reason: str = "asked", now: datetime = NOW, rules: Policy | None = None, **talk: Any) -> str:
    """The id of a new conversation that waits for a person."""
    conversation_id = chat(**talk)
    ask(conversation_id, reason, now, rules)
    return conversation_id


def ask(conversation_id: str, reason: str = "asked", now: datetime = NOW, rules: Policy | None = None) -> Handoff:
    """A person is wanted in a conversation."""
    with transaction() as session:
        return request_handoff(session, conversation_id, reason, now, policy=rules)


def taken(by: StaffMember, now: datetime = NOW, **talk: Any) -> str:
    """The id of a new conversation that somebody has."""
    conversation_id = waiting(now=now, **talk)
    claim_it(conversation_id, by, now)
    return conversation_id


def claim_it(conversation_id: str, by: StaffMember, now: datetime = NOW) -> None:
    with transaction() as session:
        claim(session, conversation_id, by, now)


def step(conversation_id: str, by: StaffMember) -> None:
    """A supervisor steps in."""
    with transaction() as session:
        step_in(session, conversation_id, by, policy(), NOW)


def ended(by: StaffMember, now: datetime = NOW, **talk: Any) -> str:
    """The id of a new conversation that somebody had and returned to the bot."""
    conversation_id = taken(by, now, **talk)
    give_back(conversation_id, by, now)
    return conversation_id


def give_back(conversation_id: str, by: StaffMember, now: datetime = NOW) -> None:
    """Somebody returns their conversation to the bot."""
    with transaction() as session:
        return_to_bot(session, conversation_id, by, wrap_up="answered", policy=policy(), now=now)


def write(conversation_id: str, text: str, now: datetime = NOW) -> None:
    """The borrower writes, as the hub keeps it for staff."""
    with transaction() as session:
        conversation = locked_conversation(session, conversation_id)
        inbox = InboxMessage(
            conversation_id=conversation_id,
            channel=conversation.channel,
            external_id=uuid4().hex,
            content=text,
            received_at=now,
            state="for_staff",
        )
        session.add(inbox)
        session.flush()
        add_said(session, conversation, inbox, Message(text=text), now)


def conversation(conversation_id: str) -> Conversation:
    with transaction() as session:
        return session.get_one(Conversation, conversation_id)


def handoff(conversation_id: str) -> Handoff:
    """The latest request of a conversation."""
    with transaction() as session:
        query = select(Handoff).where(Handoff.conversation_id == conversation_id)
        return session.scalars(query.order_by(Handoff.id.desc()).limit(1)).one()


def said(conversation_id: str, author: str = "system") -> list[str]:
    """What somebody has said in a conversation."""
    with transaction() as session:
        of_author = (OutboxMessage.conversation_id == conversation_id, OutboxMessage.author == author)
        query = select(OutboxMessage.message).where(*of_author).order_by(OutboxMessage.id)
        return [Message.model_validate_json(message).text for message in session.scalars(query)]


def trail(*actions: str) -> list[str]:
    """Which of some actions the audit trail tells of, in order."""
    with transaction() as session:
        query = select(AuditEntry.action).where(AuditEntry.action.in_(actions))
        return list(session.scalars(query.order_by(AuditEntry.id)))
