"""A demonstration has a past: the same each time, all of it over, and none where there is a real one."""

from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from respite.policies.load import policy
from respite.staff.demo import add_demo_staff
from respite.staff.demo_history import add_demo_history
from respite.store.models import Conversation, Handoff, InboxMessage

UNTIL = datetime(2026, 11, 22, 9, tzinfo=UTC)


def test_nobody_waits_and_no_message_is_unanswered(seeded: Session) -> None:
    add_demo_staff(seeded, UNTIL)
    add_demo_history(seeded, policy(), UNTIL)

    assert set(seeded.scalars(select(Handoff.state))) == {"closed"}
    assert set(seeded.scalars(select(InboxMessage.state))) == {"answered"}
    assert seeded.scalars(select(func.max(Handoff.requested_at))).one() < UNTIL


def test_every_kind_of_request_has_come(seeded: Session) -> None:
    add_demo_staff(seeded, UNTIL)
    add_demo_history(seeded, policy(), UNTIL)

    assert len(set(seeded.scalars(select(Handoff.reason)))) == 8


def test_it_is_written_once(seeded: Session) -> None:
    add_demo_staff(seeded, UNTIL)
    for _ in range(2):
        add_demo_history(seeded, policy(), UNTIL)
    count = seeded.scalars(select(func.count(Conversation.id))).one()

    seeded.rollback()
    add_demo_staff(seeded, UNTIL)
    add_demo_history(seeded, policy(), UNTIL)
    assert seeded.scalars(select(func.count(Conversation.id))).one() == count
