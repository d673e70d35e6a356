"""What staff write to a borrower, and the thread as they see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from respite.staff.accounts import actor_of
from respite.store.announcements import announce, announce_read
from respite.store.audit import record
from respite.store.models import Handoff, OutboxMessage, StaffMember
from respite.support.handoffs import taken_handoff
from respite.support.messages import File, Message, in_script
from respite.support.outbox import add_from_staff
from respite.support.ownership import owned_conversation

LONGEST_TRANSCRIPT = 10_000


@dataclass(frozen=True)
class Entry:
    """One message of a thread. `author` is borrower, bot, system or `staff:<id>`; `state` and `error` are the outbox's.

    `original` is what was typed, where the borrower reads it in another script.
    """

    id: int
    author: str
    message: Message
    original: str | None
    state: str
    error: str | None
    client_id: str | None
    at: datetime


def send(
    session: Session,
    conversation_id: str,
    by: StaffMember,
    text: str,
    *,
    client_id: str,
    files: tuple[File, ...] = (),
    now: datetime,
) -> OutboxMessage:
    """Send what the owner of a conversation wrote, in the script that the borrower reads; once for each `client_id`.

    Raises NotOwnerError; nothing is sent then.
    """
    conversation = owned_conversation(session, conversation_id, by)
    if sent := sent_as(session, conversation_id, client_id):
        return sent
    message = in_script(Message(text=text), conversation.language).model_copy(update={"files": files})
    sent = add_from_staff(session, conversation, actor_of(by), message, now)
    sent.client_id = client_id
    sent.original = text if message.text != text else None
    handoff = taken_handoff(session, conversation_id)
    handoff.answered_at = handoff.answered_at or now
    subject = f"conversation:{conversation_id}"
    details = {"message": sent.id, "files": len(files)}
    record(session, actor=actor_of(by), action="message_sent", subject=subject, details=details, at=now)
    return sent


def send_again(session: Session, message_id: int, by: StaffMember, now: datetime) -> bool:
    """Send a failed message once more: one new request, however often this is asked.

    False where it has not failed: of an unknown one nobody can say that it did not arrive. Raises NotOwnerError.
    """
    message = session.get_one(OutboxMessage, message_id)
    conversation = owned_conversation(session, message.conversation_id, by)
    failed = (
        update(OutboxMessage)
        .where(OutboxMessage.id == message_id, OutboxMessage.state == "failed")
        .values(state="pending", error=None, not_before=None, attempts=0)
        .returning(OutboxMessage.id)
    )
    if session.scalar(failed) is None:
        return False
    subject = f"conversation:{conversation.id}"
    details = {"message": message_id}
    record(session, actor=actor_of(by), action="message_sent_again", subject=subject, details=details, at=now)
    announce(session, conversation)
    return True


def note_read(session: Session, conversation_id: str, by: StaffMember, message_id: int) -> None:
    """Remember up to which message the owner of a conversation has seen it; it only moves forwards."""
    seen = (
        update(Handoff)
        .where(
            Handoff.conversation_id == conversation_id,
            Handoff.state == "taken",
            Handoff.staff_id == by.id,
            Handoff.read_up_to < message_id,
        )
        .values(read_up_to=message_id)
        .returning(Handoff.id)
    )
    if session.scalar(seen) is not None:
        announce_read(session, conversation_id)


def thread(session: Session, conversation_id: str, after: int = 0, limit: int = 200) -> Sequence[Entry]:
    """The last `limit` messages with an id above `after`, in the server's order, those withheld included."""
    newest = (
        select(OutboxMessage)
        .where(OutboxMessage.conversation_id == conversation_id, OutboxMessage.id > after)
        .order_by(OutboxMessage.id.desc())
        .limit(limit)
    )
    return [_entry(row) for row in reversed(session.scalars(newest).all())]


def export_thread(session: Session, conversation_id: str, by: StaffMember, now: datetime) -> Sequence[Entry]:
    """The whole thread for a member who takes it out of the console, which leaves an audit entry."""
    subject = f"conversation:{conversation_id}"
    record(session, actor=actor_of(by), action="transcript_exported", subject=subject, details={}, at=now)
    return thread(session, conversation_id, limit=LONGEST_TRANSCRIPT)


def sent_as(session: Session, conversation_id: str, client_id: str) -> OutboxMessage | None:
    """What the console has sent under its own id, if it has."""
    query = select(OutboxMessage).where(OutboxMessage.conversation_id == conversation_id)
    return session.scalars(query.where(OutboxMessage.client_id == client_id)).one_or_none()


def _entry(row: OutboxMessage) -> Entry:
    return Entry(
        id=row.id,
        author=row.author,
        message=Message.model_validate_json(row.message),
        original=row.original,
        state=row.state,
        error=row.error,
        client_id=row.client_id,
        at=row.created_at,
    )
