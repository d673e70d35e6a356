"""Requests for a person, messages, quotes and plans, as they may stand in a store."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from respite.policies.load import policy
from respite.policies.model import Policy
from respite.policies.support import Opening, SupportPolicy, Weekday
from respite.reports.periods import Period
from respite.store.models import Conversation, Handoff, InboxMessage
from respite.support.conversations import open_conversation

TODAY = date(2026, 11, 22)
MONDAY = datetime(2026, 11, 16, 2, tzinfo=UTC)
"""Ten in the morning in Shanghai, while the desk is open."""

WEEK = Period(date(2026, 11, 16), TODAY)
NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
MINUTE = timedelta(minutes=1)

Ask = Callable[..., Handoff]


@pytest.fixture
def rules() -> Policy:
    """The policy of a lender in Shanghai whose desk is open from nine to five, Monday to Friday."""
    weekdays = tuple(Weekday)[:5]
    hours = Opening.model_validate({"days": weekdays, "begin": "09:00", "end": "17:00"})
    return policy().model_copy(update={"support": SupportPolicy(opening_hours=(hours,))})


@pytest.fixture
def ask(session: Session) -> Ask:
    """Writes down a request for a person; `taken` and `closed` are minutes later, `due` is by when to answer."""

    def write(
        at: datetime = MONDAY,
        taken: float | None = None,
        closed: float | None = None,
        due: float = 30,
        **values: Any,
    ) -> Handoff:
        taken_at = None if taken is None else at + taken * MINUTE
        handoff = Handoff(
            **{
                "reference": f"H-{uuid4().hex[:8]}",
                "conversation_id": chat(session, at).id,
                "reason": "asked",
                "state": "waiting" if taken is None else "taken" if closed is None else "closed",
                "requested_at": at,
                "requested_by": "bot",
                "priority": "normal",
                "due_at": at + due * MINUTE,
                "language": "en",
                "taken_at": taken_at,
                "first_taken_at": taken_at,
                "answered_at": taken_at,
                "closed_at": None if closed is None else at + closed * MINUTE,
            }
            | values
        )
        session.add(handoff)
        session.flush()
        return handoff

    return write


def chat(session: Session, at: datetime = MONDAY) -> Conversation:
    return open_conversation(session, "web", uuid4().hex, "en", at)


def say(session: Session, conversation: Conversation, at: datetime, state: str = "answered") -> None:
    """A borrower writes."""
    session.add(
        InboxMessage(
            conversation_id=conversation.id,
            channel="web",
            external_id=uuid4().hex,
            content="Hello",
            received_at=at,
            state=state,
        )
    )
    session.flush()
