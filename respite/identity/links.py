"""Links: the chats in which a borrower is signed in, each of one channel, each revocable."""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from respite.identity.verification import sign_out
from respite.store.announcements import announce
from respite.store.models import REVOKED, Conversation, OutboxMessage
from respite.support.conversations import locked_conversation


def links(session: Session, borrower_id: int) -> Sequence[Conversation]:
    """The chats in which a borrower is signed in, the newest sign-in first."""
    query = select(Conversation).where(Conversation.borrower_id == borrower_id, Conversation.verified_at.is_not(None))
    return session.scalars(query.order_by(Conversation.verified_at.desc())).all()


def conversations_of(session: Session, borrower_id: int) -> Sequence[Conversation]:
    """Every chat that is a borrower's, signed in or not, the oldest first."""
    query = select(Conversation).where(Conversation.borrower_id == borrower_id)
    return session.scalars(query.order_by(Conversation.created_at, Conversation.id)).all()


def revoke(session: Session, conversation: Conversation, actor: str, now: datetime) -> None:
    """End a link. Its chat is found no more by whoever held it, so that what stands in it is shown to nobody again.

    Nothing that waits to be sent to it, or is written afterwards, is sent any more.
    """
    sign_out(session, conversation.id, now, actor)
    conversation.chat_key = f"{REVOKED}{uuid4().hex}"
    conversation.address = None
    waiting = OutboxMessage.conversation_id == conversation.id, OutboxMessage.state == "pending"
    session.execute(update(OutboxMessage).where(*waiting).values(state="withheld"))
    announce(session, conversation)


def close(session: Session, conversation_id: str, everywhere: bool, now: datetime) -> None:
    """The borrower leaves one chat, or all of theirs."""
    conversation = session.get_one(Conversation, conversation_id)
    borrower_id = conversation.borrower_id if conversation.verified_at else None
    leaving = links(session, borrower_id) if everywhere and borrower_id else [conversation]
    for link_id in sorted(link.id for link in leaving):
        locked_conversation(session, link_id)
    for link in leaving:
        revoke(session, link, "visitor" if borrower_id is None else f"borrower:{borrower_id}", now)
