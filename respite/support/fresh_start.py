"""The bot takes a conversation up again as if nothing had been under way in it."""

from datetime import datetime

from sqlalchemy.orm import Session

from respite.store.models import Conversation, InboxMessage
from respite.support.buttons import pressed_by_us
from respite.support.payloads import payload

BEGIN_AFRESH = payload("begin_afresh")
"""What the bot is told: it forgets every form and every question, and says nothing."""


def let_the_bot_begin_afresh(session: Session, conversation_id: str, now: datetime) -> None:
    """Put a word of our own before the borrower's next message, which no process that dies can lose."""
    conversation = session.get_one(Conversation, conversation_id)
    session.add(
        InboxMessage(
            conversation_id=conversation_id,
            channel=conversation.channel,
            external_id=f"{conversation_id}:afresh:{conversation.owner_version}",
            content="",
            button_reference=pressed_by_us(session, conversation_id, BEGIN_AFRESH, now).reference,
            is_borrowers_own=True,
            received_at=now,
            state="pending",
        )
    )
