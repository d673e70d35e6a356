"""Signing in from the lender's own app or page: a signed, short-lived token that works once.

It is a JSON Web Token (RFC 7519) with the claims `sub` (the borrower's reference), `aud`, `iat`, `exp` and `jti`.
"""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from respite.identity.verification import vouched_for
from respite.settings import Settings
from respite.store.models import Borrower, UsedToken
from respite.store.turns import wait_for_turn

LONGEST_LIFE = timedelta(minutes=5)
CLOCKS_DIFFER_BY = timedelta(seconds=30)
CLAIMS = ["sub", "aud", "iat", "exp", "jti"]


class LenderTokenError(Exception):
    """A token that signs nobody in. The sentence is for the lender's engineers; a borrower is asked to start again."""


def redeem(session: Session, token: str, conversation_id: str, settings: Settings, now: datetime) -> None:
    """Sign the borrower of a token in to a conversation. Raises LenderTokenError; nothing is written then."""
    claims = _read(token, settings, now)
    _use_up(session, claims, now)
    borrower_id = session.scalar(select(Borrower.id).where(Borrower.reference == str(claims["sub"])))
    if borrower_id is None:
        raise LenderTokenError("The token's sub is the reference of no borrower.")
    vouched_for(session, conversation_id, borrower_id, now)


def _read(token: str, settings: Settings, now: datetime) -> dict[str, Any]:
    if settings.lender_token_key is None:
        raise LenderTokenError("No tokens are taken: RESPITE_LENDER_TOKEN_KEY is not set.")
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            settings.lender_token_key.get_secret_value(),
            algorithms=[settings.lender_token_algorithm],
            audience=settings.lender_token_audience,
            options={"require": CLAIMS, "verify_exp": False, "verify_iat": False, "verify_nbf": False},
        )
        issued = datetime.fromtimestamp(max(claims["iat"], claims.get("nbf", 0)), UTC)
        expires = datetime.fromtimestamp(claims["exp"], UTC)
    except (jwt.PyJWTError, TypeError, ValueError, OverflowError) as error:
        raise LenderTokenError(f"The token cannot be trusted: {error}.") from None
    if not issued - CLOCKS_DIFFER_BY <= now < expires:
        raise LenderTokenError("The token is not valid at this time: see its iat and exp.")
    if expires - issued > LONGEST_LIFE:
        raise LenderTokenError(f"The token lives longer than {LONGEST_LIFE.seconds // 60} minutes.")
    return claims


def _use_up(session: Session, claims: dict[str, Any], now: datetime) -> None:
    wait_for_turn(session, "lender tokens")
    token_id = hashlib.sha256(str(claims["jti"]).encode()).hexdigest()
    if session.get(UsedToken, token_id):
        raise LenderTokenError("The token has been used.")
    session.execute(delete(UsedToken).where(UsedToken.expires_at <= now))
    session.add(UsedToken(token_id=token_id, expires_at=datetime.fromtimestamp(claims["exp"], UTC)))
    session.flush()
