"""Tokens that work once."""

import hashlib
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from respite.store.models import UsedToken
from respite.store.turns import wait_for_turn


def use_up(session: Session, token_id: str, expires_at: datetime, now: datetime) -> bool:
    """Use a token up. False where it was used before; a token is remembered until it expires."""
    wait_for_turn(session, "used tokens")
    hashed = hashlib.sha256(token_id.encode()).hexdigest()
    if session.get(UsedToken, hashed):
        return False
    session.execute(delete(UsedToken).where(UsedToken.expires_at <= now))
    session.add(UsedToken(token_id=hashed, expires_at=expires_at))
    session.flush()
    return True
