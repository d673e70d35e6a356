"""Invented borrowers who wait when a demonstration begins."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from respite.policies.load import policy
from respite.staff.demo_queue import add_demo_queue
from respite.store.models import Handoff, Quote, SupportCase, VulnerabilityFlag
from respite.support.circumstances import Circumstances
from respite.support.queue import waiting_handoffs

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
BUSINESS_DATE = date(2026, 11, 22)


def at(now: datetime) -> Circumstances:
    return Circumstances(policy(), BUSINESS_DATE, now)


def test_somebody_waits_for_every_kind_of_help(seeded: Session) -> None:
    count = add_demo_queue(seeded, at(NOW))

    waiting = waiting_handoffs(seeded, NOW)
    assert len(waiting) == count == 7
    assert len({handoff.reason for handoff in waiting}) == 7
    assert {handoff.conversation.language for handoff in waiting} == {"en", "zh-Hans", "zh-Hant"}
    assert len({handoff.conversation.borrower_id for handoff in waiting}) == 7
    assert seeded.scalars(select(Quote)).all()
    assert {case.kind for case in seeded.scalars(select(SupportCase))} == {"dispute", "complaint"}
    assert [flag.reason for flag in seeded.scalars(select(VulnerabilityFlag))] == ["distress"]


def test_a_second_start_invents_nobody_and_whoever_waits_since_yesterday_waits_anew(seeded: Session) -> None:
    add_demo_queue(seeded, at(NOW))
    before = [handoff.id for handoff in waiting_handoffs(seeded, NOW)]

    tomorrow = NOW + timedelta(days=1)
    add_demo_queue(seeded, at(tomorrow))

    assert sorted(handoff.id for handoff in waiting_handoffs(seeded, tomorrow)) == sorted(before)
    assert all(handoff.due_at > tomorrow for handoff in seeded.scalars(select(Handoff)))
