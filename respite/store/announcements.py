"""Telling whoever shows or sends a conversation that something in it has changed, once that is committed.

PostgreSQL tells every process that listens; with SQLite there is only this one.
"""

from collections.abc import Callable
from typing import Literal

from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from respite.store.models import Conversation

CHANNEL = "respite_conversations"
Hear = Callable[[str, str], object]
"""Takes a channel and a conversation's id. It is called in the thread of whoever committed."""

READ_ON = "read on"
"""The channel that says that staff have read on, which the queue shows and the conversation itself does not."""

TYPING, QUIET = "typing/", "quiet/"
"""How the channel begins that says that a party (borrower, staff) writes just now, or writes no more."""

Party = Literal["borrower", "staff"]

_ANNOUNCED = "announced"
_listeners: list[Hear] = []


def announce(session: Session, conversation: Conversation) -> None:
    """Say that a conversation has changed, if this transaction is committed."""
    _announce(session, conversation.channel, conversation.id)


def announce_read(session: Session, conversation_id: str) -> None:
    """Say that staff have read on in a conversation, if this transaction is committed."""
    _announce(session, READ_ON, conversation_id)


def announce_typing(session: Session, conversation_id: str, party: Party, is_typing: bool) -> None:
    """Say that somebody begins to write in a conversation, or leaves off. It is kept nowhere."""
    _announce(session, f"{TYPING if is_typing else QUIET}{party}", conversation_id)


def _announce(session: Session, channel: str, conversation_id: str) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_notify(CHANNEL, f"{channel}:{conversation_id}")))
    else:
        session.info.setdefault(_ANNOUNCED, set()).add((channel, conversation_id))


def listen_here(hear: Hear) -> Callable[[], None]:
    """Have `hear` called for what this process announces itself; the function returned ends that."""
    _listeners.append(hear)
    return lambda: _listeners.remove(hear)


@event.listens_for(Session, "after_commit")
def _tell(session: Session) -> None:
    if session.in_nested_transaction():
        return
    for channel, conversation_id in session.info.pop(_ANNOUNCED, ()):
        for hear in tuple(_listeners):
            hear(channel, conversation_id)


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop(_ANNOUNCED, None)
