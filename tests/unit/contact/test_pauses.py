"""Reasons not to contact a borrower."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from respite.contact.pauses import pause_outreach
from respite.policies.load import policy
from respite.store.models import AuditEntry, OutreachPause
from tests.conversations.borrowers import add_borrower

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


@pytest.fixture
def borrower_id(session: Session) -> int:
    return add_borrower(session, "late", policy(), NOW.date()).id


def test_outreach_is_paused_from_a_moment_on_for_a_reason(session: Session, borrower_id: int) -> None:
    pause_outreach(session, borrower_id, "dispute", NOW)
    session.flush()
    [pause] = session.scalars(select(OutreachPause))
    assert (pause.borrower_id, pause.reason, pause.since) == (borrower_id, "dispute", NOW)
    [entry] = session.scalars(select(AuditEntry).where(AuditEntry.action == "outreach_paused"))
    assert entry.details == {"reason": "dispute"}


def test_saying_it_again_changes_nothing(session: Session, borrower_id: int) -> None:
    first = pause_outreach(session, borrower_id, "opted_out", NOW)
    assert pause_outreach(session, borrower_id, "opted_out", NOW + timedelta(days=1)) is first
    assert first.since == NOW
    assert len(list(session.scalars(select(AuditEntry)))) == 1


def test_each_reason_stands_by_itself(session: Session, borrower_id: int) -> None:
    pause_outreach(session, borrower_id, "opted_out", NOW)
    pause_outreach(session, borrower_id, "distress", NOW)
    session.flush()
    assert set(session.scalars(select(OutreachPause.reason))) == {"opted_out", "distress"}
