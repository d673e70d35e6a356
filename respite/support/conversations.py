"""Chats and what stands in them."""

from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from respite.store.models import Borrower, Conversation, OutboxMessage

BOT = "bot"
BORROWER = "borrower"


def open_conversation(session: Session, channel: str, chat_key: str, language: str, now: datetime) -> Conversation:
    """The conversation of a chat, begun in `language` (en, zh-Hans, zh-Hant) when it is a new one."""
    known = find_conversation(session, channel, chat_key)
    if known is not None:
        return known
    new = Conversation(channel=channel, chat_key=chat_key, language=language, created_at=now)
    try:
        with session.begin_nested():
            session.add(new)
    except IntegrityError:  # opened by somebody else a moment ago
        return session.scalars(_of_chat(channel, chat_key)).one()
    return new


def find_conversation(session: Session, channel: str, chat_key: str) -> Conversation | None:
    return session.scalars(_of_chat(channel, chat_key)).one_or_none()


def locked_conversation(session: Session, conversation_id: str) -> Conversation:
    """A conversation to which nobody else adds anything until this transaction ends."""
    return session.get_one(Conversation, conversation_id, with_for_update=True, populate_existing=True)


def request_language(session: Session, conversation_id: str, language: str) -> None:
    """Go on in the language (en, zh-Hans, zh-Hant) that the borrower asked for, until they ask for another."""
    conversation = session.get_one(Conversation, conversation_id)
    conversation.language = conversation.requested_language = language


def verified_borrower(session: Session, conversation_id: str) -> Borrower | None:
    """Who was verified in a conversation, or None for a stranger."""
    return session.get_one(Conversation, conversation_id).signed_in_borrower


def recent_messages(session: Session, conversation_id: str, after: int = 0, limit: int = 100) -> list[OutboxMessage]:
    """The last `limit` messages with an id above `after`, in the order in which they were written."""
    newest = (
        select(OutboxMessage)
        .where(
            OutboxMessage.conversation_id == conversation_id,
            OutboxMessage.id > after,
            OutboxMessage.state != "withheld",
        )
        .order_by(OutboxMessage.id.desc())
        .limit(limit)
    )
    return list(reversed(session.scalars(newest).all()))


def _of_chat(channel: str, chat_key: str) -> Select[Conversation]:
    return select(Conversation).where(Conversation.channel == channel, Conversation.chat_key == chat_key)
