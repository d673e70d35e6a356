from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from respite.store.encryption import cipher
from respite.store.models import Borrower
from respite.support.conversations import open_conversation

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
PHONE = "+8613800000001"


@pytest.fixture
def mei(session: Session) -> Borrower:
    """A borrower whose number is PHONE."""
    borrower = Borrower(
        reference="B-MEI",
        name="Chen Mei",
        phone=PHONE,
        phone_index=cipher().blind_index(PHONE),
        language="zh-Hans",
    )
    session.add(borrower)
    session.flush()
    return borrower


@pytest.fixture
def chat(session: Session) -> str:
    """The id of a conversation with a stranger."""
    return open_conversation(session, "web", uuid4().hex, "en", NOW).id
