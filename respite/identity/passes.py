"""Passes of our own, for a chat in a frame of the lender's page, where a browser keeps no cookie.

A chat pass opens one chat, for as long as that chat is not closed. A ticket fetches one document of it, once. Both are
JSON Web Tokens (RFC 7519), signed with a key of this installation.
"""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import jwt
from sqlalchemy.orm import Session

from respite.identity.used_tokens import use_up
from respite.store.encryption import cipher

ALGORITHM = "HS256"
CHAT = "respite-chat"
TICKET = "respite-ticket"
CHAT_PASS_LIFE = timedelta(hours=12)
TICKET_LIFE = timedelta(minutes=1)


def chat_pass(conversation_id: str, now: datetime) -> str:
    """A pass to a conversation."""
    return _sign(CHAT, conversation_id, now + CHAT_PASS_LIFE)


def conversation_of_pass(token: str, now: datetime) -> str | None:
    """The id of the conversation that a pass opens; None for a pass that is forged or too old."""
    claims = _read(CHAT, token, now)
    return claims["sub"] if claims else None


def ticket(conversation_id: str, path: str, now: datetime) -> str:
    """A ticket for the document at `path` of this web application."""
    return _sign(TICKET, conversation_id, now + TICKET_LIFE, path=path, jti=uuid4().hex)


def redeem_ticket(session: Session, token: str, path: str, now: datetime) -> str | None:
    """The id of the conversation whose document at `path` may be fetched now; the ticket is used up."""
    claims = _read(TICKET, token, now)
    if claims is None or claims["path"] != path:
        return None
    expires_at = datetime.fromtimestamp(claims["exp"], UTC)
    return claims["sub"] if use_up(session, claims["jti"], expires_at, now) else None


def _sign(audience: str, conversation_id: str, expires_at: datetime, **claims: str) -> str:
    everything = {"aud": audience, "sub": conversation_id, "exp": expires_at, **claims}
    return jwt.encode(everything, cipher().signing_key, algorithm=ALGORITHM)


def _read(audience: str, token: str, now: datetime) -> dict[str, Any] | None:
    try:
        claims: dict[str, Any] = jwt.decode(
            token, cipher().signing_key, algorithms=[ALGORITHM], audience=audience, options={"verify_exp": False}
        )
    except jwt.PyJWTError:
        return None
    return claims if now < datetime.fromtimestamp(claims["exp"], UTC) else None
