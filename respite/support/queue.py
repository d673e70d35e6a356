"""The queue for a person: its order, and an honest place and wait."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from respite.policies.model import Policy
from respite.store.models import Handoff
from respite.support.hours import Desk
from respite.support.presence import colleagues

LOOK_BACK = timedelta(hours=2)
LEAST_TO_GO_BY = 5
"""Conversations taken within LOOK_BACK from which a wait can be told."""
TOLD_IN_STEPS_OF = timedelta(minutes=5)


@dataclass(frozen=True)
class Standing:
    """Where a request stands: its place, counted from one, and what can honestly be said about the wait.

    `wait` is None where there is nothing to go by, `opens_at` is None while the desk is open. None of it holds for a
    call at a time that the borrower chose.
    """

    place: int
    wait: timedelta | None
    opens_at: datetime | None


def in_line(now: datetime) -> Select[Handoff]:
    """The requests that wait, without calls wished for later, those due first before the others."""
    is_due = or_(Handoff.callback_at.is_(None), Handoff.callback_at <= now)
    return select(Handoff).where(Handoff.state == "waiting", is_due).order_by(Handoff.due_at, Handoff.id)


def waiting_handoffs(session: Session, now: datetime) -> Sequence[Handoff]:
    """Everybody in line, in order."""
    return session.scalars(in_line(now)).all()


def standing(session: Session, handoff: Handoff, policy: Policy, now: datetime) -> Standing:
    """Where a waiting request stands now."""
    ahead = in_line(now).where(
        or_(Handoff.due_at < handoff.due_at, (Handoff.due_at == handoff.due_at) & (Handoff.id < handoff.id))
    )
    place = 1 + (session.scalar(select(func.count()).select_from(ahead.order_by(None).subquery())) or 0)
    desk = Desk.of(policy)
    opens_at = desk.opens_at(now)
    return Standing(place, None if opens_at else _wait(session, desk, place, now), opens_at)


def _wait(session: Session, desk: Desk, place: int, now: datetime) -> timedelta | None:
    """The wait at the pace of the last hours; None where that says nothing, or nothing about so long a wait."""
    if not any(colleague.is_present for colleague in colleagues(session, now)):
        return None
    since = now - LOOK_BACK
    taken = session.scalar(select(func.count(Handoff.id)).where(Handoff.first_taken_at > since)) or 0
    if taken < LEAST_TO_GO_BY:
        return None
    expected = desk.open_time(since, now) * place / taken
    if expected > LOOK_BACK:
        return None
    return math.ceil(expected / TOLD_IN_STEPS_OF) * TOLD_IN_STEPS_OF
