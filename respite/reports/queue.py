"""The queue as it stands now, and who is there to take from it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from respite.store.models import Handoff
from respite.support.presence import colleagues
from respite.support.queue import waiting_handoffs


@dataclass(frozen=True)
class QueueNow:
    """Who waits, for how long at most, how many past their deadline; who is helped, and by how many colleagues.

    `callbacks` are calls at a time that borrowers chose, `room` is how many more conversations could be taken now.
    """

    waiting: int
    oldest_wait: timedelta | None
    overdue: int
    by_reason: Mapping[str, int]
    taken: int
    callbacks: int
    present: int
    room: int


def queue_now(session: Session, now: datetime) -> QueueNow:
    waiting = waiting_handoffs(session, now)
    there = [colleague for colleague in colleagues(session, now) if colleague.is_present]
    return QueueNow(
        waiting=len(waiting),
        oldest_wait=now - min(each.requested_at for each in waiting) if waiting else None,
        overdue=sum(each.due_at < now for each in waiting),
        by_reason=dict(Counter(each.reason for each in waiting).most_common()),
        taken=session.scalar(select(func.count()).where(Handoff.state == "taken")) or 0,
        callbacks=session.scalar(select(func.count()).where(Handoff.state == "waiting", Handoff.callback_at > now))
        or 0,
        present=len(there),
        room=sum(colleague.room for colleague in there),
    )
