from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from respite.identity.challenges import VerificationStatus
from respite.identity.codes import OneTimeCode
from respite.identity.verification import begin, check_code, request_code
from respite.policies.load import policy
from respite.policies.model import Policy
from respite.store.encryption import cipher
from respite.store.models import Borrower
from respite.support.conversations import open_conversation

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
PHONE = "+8613800000001"
OTHER_PHONE = "+8613800000002"


@dataclass
class Phone:
    """Where one-time codes arrive."""

    arrived: list[OneTimeCode] = field(default_factory=list)

    def __call__(self, code: OneTimeCode) -> None:
        self.arrived.append(code)

    @property
    def code(self) -> str:
        """The newest code."""
        return self.arrived[-1].code

    @property
    def wrong_code(self) -> str:
        return "000000" if self.code != "000000" else "000001"


@pytest.fixture
def phone() -> Phone:
    return Phone()


@pytest.fixture
def mei(session: Session) -> Borrower:
    """A borrower whose number is PHONE."""
    return add_borrower(session, "B-MEI", PHONE)


@pytest.fixture
def chat(session: Session) -> str:
    """The id of a conversation with a stranger."""
    return new_chat(session)


def add_borrower(session: Session, reference: str, phone: str) -> Borrower:
    borrower = Borrower(
        reference=reference,
        name="Chen Mei",
        phone=phone,
        phone_index=cipher().blind_index(phone),
        language="zh-Hans",
    )
    session.add(borrower)
    session.flush()
    return borrower


def new_chat(session: Session, language: str = "zh-Hans", now: datetime = NOW) -> str:
    return open_conversation(session, "web", uuid4().hex, language, now).id


def sign_in(
    session: Session,
    chat: str,
    phone: Phone,
    now: datetime = NOW,
    *,
    number: str = PHONE,
    address: str | None = None,
    rules: Policy | None = None,
) -> VerificationStatus:
    """Sign the borrower of a number in to a chat, or try to."""
    begin(session, chat, now)
    request_code(session, chat, number, now, phone, address)
    return check_code(session, chat, phone.code, rules or policy(), now, address)
