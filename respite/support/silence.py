"""Owners who are gone: offline, or silent while a borrower waits for their answer."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ScalarSelect, String, cast, func, literal, select
from sqlalchemy.orm import Session

from respite.policies.support import SupportPolicy
from respite.store.models import Handoff, OutboxMessage, StaffPresence
from respite.support.conversations import BORROWER


class Gone(NamedTuple):
    """A taken conversation whose owner is `silent` or `offline`."""

    handoff: Handoff
    why: str


def gone_owners(session: Session, rules: SupportPolicy, now: datetime) -> Iterator[Gone]:
    """The conversations that somebody else should go on with."""
    seen_at = select(StaffPresence.seen_at).where(StaffPresence.staff_id == Handoff.staff_id).scalar_subquery()
    query = select(Handoff, seen_at, last_answer(), unanswered_since()).where(Handoff.state == "taken")
    for handoff, owner_seen_at, last_answer_id, unanswered in session.execute(query):
        waiting_since = unanswered if last_answer_id else handoff.taken_at
        if max(owner_seen_at or handoff.taken_at, handoff.taken_at) <= now - timedelta(minutes=rules.offline_minutes):
            yield Gone(handoff, "offline")
        elif waiting_since and waiting_since <= now - timedelta(minutes=rules.silent_minutes):
            yield Gone(handoff, "silent")


def last_answer() -> ScalarSelect[Any]:
    """The last message of the owner since they took the conversation."""
    owner = literal("staff:") + cast(Handoff.staff_id, String)
    query = select(func.max(OutboxMessage.id)).where(
        OutboxMessage.conversation_id == Handoff.conversation_id,
        OutboxMessage.author == owner,
        OutboxMessage.created_at >= Handoff.taken_at,
    )
    return query.correlate(Handoff).scalar_subquery()


def unanswered_since() -> ScalarSelect[Any]:
    """When the borrower wrote first after the owner's last message."""
    query = select(func.min(OutboxMessage.created_at)).where(
        OutboxMessage.conversation_id == Handoff.conversation_id,
        OutboxMessage.author == BORROWER,
        OutboxMessage.id > last_answer(),
    )
    return query.correlate(Handoff).scalar_subquery()
