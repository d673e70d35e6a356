"""Chats and what stands in them."""

from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from respite.plans.quotes import latest_quotes
from respite.store.encryption import cipher
from respite.store.models import Conversation, OutboxMessage
from respite.support.payloads import is_for_the_bot

BOT = "bot"
BORROWER = "borrower"
SYSTEM = "system"


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


def address_key(channel: str, address: str) -> str:
    """The chat key of a chat that its channel names by an address: a keyed hash of that address."""
    return cipher().blind_index(f"{channel} {address}")


def find_conversation(session: Session, channel: str, chat_key: str) -> Conversation | None:
    return session.scalars(_of_chat(channel, chat_key)).one_or_none()


def locked_conversation(session: Session, conversation_id: str) -> Conversation:
    """A conversation to which nobody else adds anything until this transaction ends."""
    return session.get_one(Conversation, conversation_id, with_for_update=True, populate_existing=True)


def request_language(session: Session, conversation_id: str, language: str) -> None:
    """Go on in the language (en, zh-Hans, zh-Hant) that the borrower asked for, until they ask for another."""
    conversation = session.get_one(Conversation, conversation_id)
    conversation.language = conversation.requested_language = language


def is_borrowers_own(session: Session, conversation_id: str, payload: str) -> bool:
    """Whether the press of a button is answered by the bot even while staff have the conversation.

    Such is consent to a plan that is offered. Ask as soon as it is pressed: consent uses the offer up.
    """
    return is_for_the_bot(payload, plan_is_offered=bool(latest_quotes(session, conversation_id)))


def speaker_of(conversation: Conversation) -> str:
    """How the audit trail names whoever talks in a chat."""
    borrower = conversation.signed_in_borrower
    return f"borrower:{borrower.id}" if borrower else "visitor"


def recent_messages(session: Session, conversation_id: str, limit: int = 100) -> list[OutboxMessage]:
    """The last `limit` messages that are shown, in the order in which they were written."""
    newest = _shown(conversation_id).order_by(OutboxMessage.id.desc()).limit(limit)
    return list(reversed(session.scalars(newest).all()))


def messages_above(session: Session, conversation_id: str, after: int, limit: int) -> list[OutboxMessage]:
    """The first `limit` messages with an id above `after` that are shown, in the order in which they were written."""
    oldest = _shown(conversation_id).where(OutboxMessage.id > after).order_by(OutboxMessage.id).limit(limit)
    return list(session.scalars(oldest))


def _shown(conversation_id: str) -> Select[OutboxMessage]:
    """What is shown of a chat.

    What was said before its borrower was signed out for being idle is not, until they sign in again.
    """
    hidden = select(Conversation.shown_after).where(Conversation.id == conversation_id).scalar_subquery()
    return select(OutboxMessage).where(
        OutboxMessage.conversation_id == conversation_id,
        OutboxMessage.id > hidden,
        OutboxMessage.state != "withheld",
    )


def _of_chat(channel: str, chat_key: str) -> Select[Conversation]:
    return select(Conversation).where(Conversation.channel == channel, Conversation.chat_key == chat_key)
