"""Private chats on Telegram as conversations: found by a keyed hash of the chat's id, which is kept encrypted."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.idle import sign_out_if_idle
from bot.incoming import Incoming
from respite.identity.links import close
from respite.store.announcements import announce
from respite.store.models import Conversation
from respite.support.conversations import address_key, find_conversation, locked_conversation, open_conversation

CHANNEL = "telegram"


@dataclass(frozen=True)
class OpenChat:
    """A chat in which something has come, under a `key` that no other update has."""

    chat_id: int
    key: str
    conversation_id: str
    language: str
    is_signed_in: bool

    def said(self, **what: Any) -> Incoming:
        """What has come, for the hub."""
        return Incoming(self.conversation_id, self.key, **what)


def open_chat(session: Session, chat_id: int, key: str, language: str, now: datetime) -> OpenChat:
    """The conversation of a chat, begun in `language` (en, zh-Hans, zh-Hant) when it is a new one.

    Whoever writes to us lets us write to them. Whoever was away for long is signed out first.
    """
    address = str(chat_id)
    opened = open_conversation(session, CHANNEL, address_key(CHANNEL, address), language, now)
    conversation = locked_conversation(session, opened.id)
    conversation.address = address
    conversation.blocked_at = None
    sign_out_if_idle(session, conversation, now)
    is_signed_in = conversation.signed_in_borrower is not None
    return OpenChat(chat_id, key, conversation.id, conversation.language, is_signed_in)


def leave_chat(session: Session, chat: OpenChat, now: datetime) -> OpenChat:
    """Close what stands in a chat, if it is a borrower's, and begin anew."""
    if session.get_one(Conversation, chat.conversation_id).borrower_id is None:
        return chat
    close(session, chat.conversation_id, everywhere=False, now=now)
    return open_chat(session, chat.chat_id, chat.key, chat.language, now)


def note_blocked(session: Session, chat_id: int, since: datetime | None) -> None:
    """Remember since when a chat lets nothing through; None once it does again."""
    if conversation := find_conversation(session, CHANNEL, address_key(CHANNEL, str(chat_id))):
        conversation.blocked_at = since
        announce(session, conversation)
