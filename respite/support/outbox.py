"""What stands in a chat, in one sequence: the borrower's messages as they were accepted, and all that is said to them.

A channel that fetches, as the web page does, has what stands here at once: it is sent. A channel that must be sent to
has an address; its messages wait for `bot/delivery.py`.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from respite.store.announcements import announce
from respite.store.models import Conversation, InboxMessage, OutboxMessage
from respite.support.buttons import for_borrower
from respite.support.conversations import BORROWER, BOT, SYSTEM
from respite.support.messages import Message


def add_said(
    session: Session, conversation: Conversation, inbox: InboxMessage, message: Message, now: datetime
) -> None:
    """Show a borrower's own message, on every page that has this chat open."""
    _add(session, conversation, BORROWER, message, "sent", now, inbox_id=inbox.id)


def add_answer(
    session: Session,
    conversation: Conversation,
    inbox: InboxMessage,
    message: Message,
    written_under: int,
    now: datetime,
) -> None:
    """Send the bot's answer, unless the conversation has had another owner since version `written_under`.

    What became of the borrower's own, such as a consent, they are told in any case.
    """
    is_said = _bot_may_speak(conversation, written_under) or inbox.is_borrowers_own
    author = SYSTEM if inbox.is_borrowers_own and conversation.owner != BOT else BOT
    state = _to_be_sent(conversation) if is_said else "withheld"
    _add(session, conversation, author, message, state, now, inbox_id=inbox.id, written_under=written_under)


def add_line(session: Session, conversation: Conversation, text: str, now: datetime) -> OutboxMessage:
    """Say what happens in the chat itself, such as who joins it; `text` is in the borrower's language and script."""
    return add_notice(session, conversation, Message(text=text), now)


def add_notice(session: Session, conversation: Conversation, message: Message, now: datetime) -> OutboxMessage:
    """Say what neither the bot nor staff say, such as a question with buttons, whoever owns the conversation."""
    shown = for_borrower(session, conversation, message, now)
    return _add(session, conversation, SYSTEM, shown, _to_be_sent(conversation), now)


def add_from_staff(
    session: Session, conversation: Conversation, author: str, message: Message, now: datetime
) -> OutboxMessage:
    """Send what a member of staff says (`author` is `staff:<id>`). Whether they may is decided by the caller."""
    return _add(session, conversation, author, message, _to_be_sent(conversation), now)


def may_still_be_sent(session: Session, conversation: Conversation, written: OutboxMessage) -> bool:
    """Whether what was not sent at once may be sent now: not to a chat that was left, nor for a bot not its owner now.

    What became of the borrower's own, such as a consent, they are told whoever the owner is.
    """
    if conversation.is_revoked:
        return False
    if written.author != BOT or _bot_may_speak(conversation, written.owner_version):
        return True
    return written.inbox_id is not None and session.get_one(InboxMessage, written.inbox_id).is_borrowers_own


def _bot_may_speak(conversation: Conversation, written_under: int) -> bool:
    return conversation.owner == BOT and conversation.owner_version == written_under


def _to_be_sent(conversation: Conversation) -> str:
    if conversation.is_revoked:
        return "withheld"
    return "sent" if conversation.address is None else "pending"


def _add(
    session: Session,
    conversation: Conversation,
    author: str,
    message: Message,
    state: str,
    now: datetime,
    *,
    inbox_id: int | None = None,
    written_under: int | None = None,
) -> OutboxMessage:
    """Whoever reads on from the last message they saw misses none: nobody else adds one until this transaction ends."""
    session.execute(select(Conversation.id).where(Conversation.id == conversation.id).with_for_update(key_share=True))
    added = OutboxMessage(
        conversation_id=conversation.id,
        inbox_id=inbox_id,
        author=author,
        message=message.model_dump_json(),
        owner_version=conversation.owner_version if written_under is None else written_under,
        state=state,
        created_at=now,
    )
    session.add(added)
    session.flush()
    announce(session, conversation)
    return added
