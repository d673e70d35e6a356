"""Signing in from the lender's own app or page: a signed, short-lived token that works once.

It is a JSON Web Token (RFC 7519) with the claims `sub` (the borrower's reference), `aud`, `iat`, `exp` and `jti`.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from sqlalchemy import select
from sqlalchemy.orm import Session

from respite.identity.used_tokens import use_up
from respite.identity.verification import vouched_for
from respite.settings import Settings
from respite.store.models import Borrower

LONGEST_LIFE = timedelta(minutes=5)
CLOCKS_DIFFER_BY = timedelta(seconds=30)
CLAIMS = ["sub", "aud", "iat", "exp", "jti"]


class LenderTokenError(Exception):
    """A token that signs nobody in. The sentence is for the lender's engineers; a borrower is asked to start again."""


def redeem(session: Session, token: str, conversation_id: str, settings: Settings, now: datetime) -> None:
    """Sign the borrower of a token in to a conversation. Raises LenderTokenError; nothing is written then."""
    vouched_for(session, conversation_id, borrower_of(session, token, settings, now), now)


def borrower_of(session: Session, token: str, settings: Settings, now: datetime) -> int:
    """The id of the borrower whom a token names, which is used up. Raises LenderTokenError; nothing is written then."""
    claims = _read(token, settings, now)
    if not use_up(session, str(claims["jti"]), datetime.fromtimestamp(claims["exp"], UTC), now):
        raise LenderTokenError("The token has been used.")
    borrower_id = session.scalar(select(Borrower.id).where(Borrower.reference == str(claims["sub"])))
    if borrower_id is None:
        raise LenderTokenError("The token's sub is the reference of no borrower.")
    return borrower_id


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
