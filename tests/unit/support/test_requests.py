"""Asking for a person, disputing and complaining."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from respite.store.models import AuditEntry, Handoff, SupportCase
from respite.support.cases import open_case
from respite.support.conversations import open_conversation
from respite.support.handoffs import request_handoff

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


@pytest.fixture
def chat(session_factory: sessionmaker[Session]) -> str:
    with session_factory.begin() as session:
        return open_conversation(session, "web", "key", "en", NOW).id


def test_a_request_for_a_person_waits_under_a_reference(session: Session, chat: str) -> None:
    handoff = request_handoff(session, chat, "asked", NOW)
    session.flush()
    assert handoff.reference.startswith("H-")
    assert (handoff.state, handoff.reason, handoff.requested_at) == ("waiting", "asked", NOW)
    [entry] = session.scalars(select(AuditEntry))
    assert (entry.action, entry.subject) == ("handoff_requested", f"handoff:{handoff.reference}")


def test_who_waits_already_keeps_place_and_reference(session: Session, chat: str) -> None:
    first = request_handoff(session, chat, "asked", NOW)
    assert request_handoff(session, chat, "distress", NOW) is first


def test_after_one_request_is_closed_another_can_be_made(session: Session, chat: str) -> None:
    first = request_handoff(session, chat, "asked", NOW)
    first.state = "closed"
    assert request_handoff(session, chat, "asked", NOW).reference != first.reference


def test_requests_made_at_once_are_one(session_factory: sessionmaker[Session], chat: str) -> None:
    def asked(_: int) -> str:
        with session_factory.begin() as session:
            return request_handoff(session, chat, "asked", NOW).reference

    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(asked, range(16)))) == 1
    with session_factory() as session:
        assert len(session.scalars(select(Handoff)).all()) == 1


@pytest.mark.parametrize("kind", ["dispute", "complaint"])
def test_a_case_keeps_the_borrowers_own_words(session: Session, chat: str, kind: str) -> None:
    reference = open_case(session, chat, kind, "I paid this on Monday.", NOW).reference
    session.flush()
    session.expire_all()
    [case] = session.scalars(select(SupportCase))
    assert reference.startswith("C-")
    assert (case.kind, case.statement, case.state) == (kind, "I paid this on Monday.", "open")
    [entry] = session.scalars(select(AuditEntry))
    assert (entry.action, entry.subject) == (f"{kind}_opened", f"case:{reference}")
    assert "Monday" not in str(entry.details)
