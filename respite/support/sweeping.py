"""What a round over all conversations needs, so that it never waits for somebody who is at work in one of them."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from respite.store.models import Conversation


def is_undisturbed(session: Session, conversation_id: str) -> bool:
    """Whether nobody is writing in a conversation; nobody else can then, until this transaction ends.

    On SQLite only one transaction writes at a time.
    """
    query = select(Conversation.id).where(Conversation.id == conversation_id).with_for_update(skip_locked=True)
    return session.scalar(query) is not None
