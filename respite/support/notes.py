"""Private notes of staff about a conversation. They are in no outbox, so that no channel can send one."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from respite.staff.accounts import actor_of
from respite.store.announcements import announce
from respite.store.audit import record
from respite.store.models import Conversation, StaffMember, StaffNote


def add_note(session: Session, conversation_id: str, by: StaffMember, text: str, now: datetime) -> StaffNote | None:
    """Keep a private note; None where there is nothing in it."""
    if not text.strip():
        return None
    note = StaffNote(conversation_id=conversation_id, author=actor_of(by), text=text.strip(), created_at=now)
    session.add(note)
    subject = f"conversation:{conversation_id}"
    record(session, actor=actor_of(by), action="note_added", subject=subject, details={}, at=now)
    announce(session, session.get_one(Conversation, conversation_id))
    return note


def notes_of(session: Session, conversation_id: str) -> Sequence[StaffNote]:
    """The notes about a conversation, the oldest first."""
    query = select(StaffNote).where(StaffNote.conversation_id == conversation_id)
    return session.scalars(query.order_by(StaffNote.id)).all()
