"""Links that bring a borrower into a chat on Telegram: one token, one borrower, used once, within minutes."""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from respite.identity.verification import vouched_for
from respite.store import audit
from respite.store.models import Conversation, LinkToken

WORKS_FOR = timedelta(minutes=10)
TOKEN_BYTES = 24
"""192 bits, in 32 of the 64 characters that Telegram lets a link carry."""


class LinkTokenError(Exception):
    """A token that was used, is too old or never was: nothing more is told of it."""


class ChatOfAnotherError(LinkTokenError):
    """The token is good, but what stands in the chat is another borrower's."""


@dataclass(frozen=True)
class Link:
    """What a link carries, and until when it works."""

    token: str = field(repr=False)
    expires_at: datetime


def make(session: Session, borrower_id: int, actor: str, now: datetime) -> Link:
    """A new token for a borrower. `actor`, for the audit trail, is whoever asked for it. Old ones are cleared away."""
    session.execute(delete(LinkToken).where(LinkToken.expires_at <= now))
    link = Link(secrets.token_urlsafe(TOKEN_BYTES), now + WORKS_FOR)
    session.add(LinkToken(token_hash=_hash(link.token), borrower_id=borrower_id, expires_at=link.expires_at))
    audit.record(session, actor=actor, action="chat_link_made", subject=f"borrower:{borrower_id}", details={}, at=now)
    return link


def redeem(session: Session, token: str, conversation_id: str, now: datetime) -> None:
    """Sign the borrower of a token in to a conversation. Raises LinkTokenError, and the caller rolls back.

    Whoever uses a token first deletes it, so that nobody else finds it.
    """
    used = delete(LinkToken).where(LinkToken.token_hash == _hash(token), LinkToken.expires_at > now)
    borrower_id = session.scalar(used.returning(LinkToken.borrower_id))
    if borrower_id is None:
        raise LinkTokenError
    if session.get_one(Conversation, conversation_id).borrower_id not in (None, borrower_id):
        raise ChatOfAnotherError
    audit.record(
        session,
        actor=f"borrower:{borrower_id}",
        action="chat_link_used",
        subject=f"conversation:{conversation_id}",
        details={},
        at=now,
    )
    vouched_for(session, conversation_id, borrower_id, now)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
