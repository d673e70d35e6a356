"""Signing in from the lender's own app: one token, one borrower, once, within minutes."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from respite.identity.challenges import State, status
from respite.identity.lender_tokens import LenderTokenError, redeem
from respite.settings import Settings
from respite.store.encryption import cipher
from respite.store.models import AuditEntry, Borrower, Conversation, UsedToken
from respite.support.conversations import open_conversation
from tests.unit.identity.conftest import NOW, PHONE

LENDERS_KEY = Ed25519PrivateKey.generate()
PUBLIC_KEY = (
    LENDERS_KEY.public_key()
    .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    .decode()
)
SETTINGS = Settings(lender_token_key=SecretStr(PUBLIC_KEY))
SECRET = "a secret that the lender's server and ours share"
IN_TWO_MINUTES = NOW + timedelta(minutes=2)


def token(key: Any = LENDERS_KEY, algorithm: str = "EdDSA", **changed: Any) -> str:
    claims = {"sub": "B-MEI", "aud": "respite", "iat": NOW, "exp": IN_TWO_MINUTES, "jti": uuid4().hex} | changed
    present = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(present, key, algorithm=algorithm)


def test_a_token_signs_its_borrower_in(session: Session, chat: str, mei: Borrower) -> None:
    redeem(session, token(), chat, SETTINGS, NOW)
    assert session.get_one(Conversation, chat).signed_in_borrower is mei
    assert status(session, chat).state == State.VERIFIED
    assert session.scalars(select(AuditEntry.action)).all() == ["lender_vouched"]


def test_a_token_works_once_in_any_chat(session: Session, chat: str, mei: Borrower) -> None:
    used = token()
    redeem(session, used, chat, SETTINGS, NOW)
    other = open_conversation(session, "web", "other", "en", NOW).id
    with pytest.raises(LenderTokenError, match="has been used"):
        redeem(session, used, other, SETTINGS, NOW)
    assert session.get_one(Conversation, other).signed_in_borrower is None


def test_a_secret_may_be_shared_instead(session: Session, chat: str, mei: Borrower) -> None:
    shared = Settings(lender_token_key=SecretStr(SECRET), lender_token_algorithm="HS256")
    redeem(session, token(SECRET, "HS256"), chat, shared, NOW)
    assert session.get_one(Conversation, chat).signed_in_borrower is mei


@pytest.mark.parametrize(
    ("forged", "why"),
    [
        (lambda: token(Ed25519PrivateKey.generate()), "cannot be trusted"),
        (lambda: token(SECRET, "HS256"), "cannot be trusted"),
        (lambda: jwt.encode({"sub": "B-MEI"}, None, algorithm="none"), "cannot be trusted"),
        (lambda: token(aud="another service"), "cannot be trusted"),
        (lambda: token(aud=None), "cannot be trusted"),
        (lambda: token(jti=None), "cannot be trusted"),
        (lambda: token(exp=None), "cannot be trusted"),
        (lambda: token(exp=NOW), "not valid at this time"),
        (lambda: token(iat=NOW + timedelta(minutes=1)), "not valid at this time"),
        (lambda: token(nbf=NOW + timedelta(minutes=1)), "not valid at this time"),
        (lambda: token(exp=NOW + timedelta(minutes=6)), "longer than 5 minutes"),
        (lambda: token(sub="B-NOBODY"), "no borrower"),
        (lambda: "not a token", "cannot be trusted"),
        (lambda: "", "cannot be trusted"),
    ],
    ids=range(14),
)
def test_what_is_forged_or_stale_signs_nobody_in(
    session: Session, chat: str, mei: Borrower, forged: Any, why: str
) -> None:
    with pytest.raises(LenderTokenError, match=why):
        redeem(session, forged(), chat, SETTINGS, NOW)
    assert session.get_one(Conversation, chat).signed_in_borrower is None


def test_without_a_key_no_token_is_taken(session: Session, chat: str, mei: Borrower) -> None:
    with pytest.raises(LenderTokenError, match="RESPITE_LENDER_TOKEN_KEY"):
        redeem(session, token(), chat, Settings(), NOW)


def test_a_token_used_at_once_in_many_chats_signs_one_in(session_factory: sessionmaker[Session]) -> None:
    with session_factory.begin() as session:
        session.add(
            Borrower(reference="B-MEI", name="Mei", phone=PHONE, phone_index=cipher().blind_index(PHONE), language="en")
        )
    one = token()

    def use(_: int) -> bool:
        with session_factory.begin() as session:
            chat = open_conversation(session, "web", uuid4().hex, "en", NOW).id
            try:
                redeem(session, one, chat, SETTINGS, NOW)
            except LenderTokenError:
                return False
            return True

    with ThreadPoolExecutor(6) as threads:
        assert sum(threads.map(use, range(12))) == 1


def test_tokens_are_forgotten_once_they_could_not_be_used_anyway(session: Session, chat: str, mei: Borrower) -> None:
    redeem(session, token(), chat, SETTINGS, NOW)
    later = NOW + timedelta(minutes=3)
    redeem(session, token(iat=later, exp=later + timedelta(minutes=1)), chat, SETTINGS, later)
    assert len(session.scalars(select(UsedToken)).all()) == 1
