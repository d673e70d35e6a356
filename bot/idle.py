"""Signing a borrower out who was away for long, before anything is answered or shown."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.texts import translate
from bot.transactions import from_store, in_store
from respite.identity.idle import is_idle, sign_out_idle
from respite.policies.load import policy
from respite.store.models import Conversation
from respite.support.conversations import locked_conversation
from respite.support.outbox import add_line

SIGNED_OUT = (
    "I have signed you out, because nothing was written here for %(minutes)s minutes. "
    "Ask me again at any time; for your own figures I need your phone number once more."
)


def sign_out_if_idle(session: Session, conversation: Conversation, now: datetime) -> None:
    """Sign a borrower out who was away for long, and tell them so. The caller holds the conversation's lock."""
    identity = policy().identity
    if is_idle(conversation, identity, now):
        sign_out_idle(session, conversation, now)
        line = translate(conversation.language, SIGNED_OUT, minutes=identity.idle_minutes)
        add_line(session, conversation, line, now)


async def sign_out_before_reading(conversation_id: str, now: datetime) -> None:
    """See to it that what is read next is nothing that somebody else may find on an unattended screen."""

    def is_unattended(session: Session) -> bool:
        return is_idle(session.get_one(Conversation, conversation_id), policy().identity, now)

    def sign_out(session: Session) -> None:
        sign_out_if_idle(session, locked_conversation(session, conversation_id), now)

    if await from_store(is_unattended):
        await in_store(sign_out)
