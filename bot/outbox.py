"""What stands in a chat, in one sequence: the borrower's messages as they were accepted, and the answers."""

from datetime import datetime

from sqlalchemy.orm import Session

from respite.store.models import Conversation, InboxMessage, OutboxMessage
from respite.support.conversations import BORROWER, BOT
from respite.support.messages import Message


def add_said(session: Session, conversation: Conversation, inbox: InboxMessage, text: str, now: datetime) -> None:
    """Show a borrower's own message, on every page that has this chat open."""
    _add(session, inbox, BORROWER, Message(text=text), conversation.owner_version, "sent", now)


def add_answer(
    session: Session,
    conversation: Conversation,
    inbox: InboxMessage,
    message: Message,
    written_under: int,
    now: datetime,
) -> None:
    """Send the bot's answer, unless the conversation has had another owner since version `written_under`.

    A page fetches from this table by itself, so what stands in it is sent.
    """
    still_the_bots = conversation.owner == BOT and conversation.owner_version == written_under
    _add(session, inbox, BOT, message, written_under, "sent" if still_the_bots else "withheld", now)


def _add(
    session: Session,
    inbox: InboxMessage,
    author: str,
    message: Message,
    owner_version: int,
    state: str,
    now: datetime,
) -> None:
    session.add(
        OutboxMessage(
            conversation_id=inbox.conversation_id,
            inbox_id=inbox.id,
            author=author,
            message=message.model_dump_json(),
            owner_version=owner_version,
            state=state,
            created_at=now,
        )
    )
    session.flush()
