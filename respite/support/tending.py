"""What is done every few seconds so that nobody is forgotten: every step again finds nothing to do."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from respite.policies.model import Policy
from respite.staff.accounts import find
from respite.store.models import Handoff
from respite.store.turns import wait_for_turn
from respite.support.assignment import assign_waiting
from respite.support.callbacks import offer_callback
from respite.support.cases import note_overdue_cases
from respite.support.hours import Desk
from respite.support.passing_on import put_back
from respite.support.presence import give_a_break
from respite.support.silence import gone_owners
from respite.support.sweeping import is_undisturbed
from respite.support.vulnerability import end_expired_flags


@dataclass(frozen=True)
class Tended:
    """What a round has done: references of handoffs and of cases, and a number of flags."""

    put_back: tuple[str, ...]
    offered_a_call: tuple[str, ...]
    assigned: tuple[str, ...]
    overdue_cases: tuple[str, ...]
    expired_flags: int


def tend_queue(session: Session, policy: Policy, now: datetime) -> Tended:
    """Put back what silent and absent owners have, offer a call to whoever waits too long, and give out what waits.

    Flags that have expired end, and cases that are overdue are noted. Two processes that call it do not get in each
    other's way, and neither waits for somebody who is writing in a conversation: that one is left for the next round.
    """
    wait_for_turn(session, "support queue")
    return Tended(
        put_back=tuple(_put_back_the_gone(session, policy, now)),
        offered_a_call=tuple(_offer_calls(session, policy, now)),
        assigned=tuple(handoff.reference for handoff in assign_waiting(session, policy, now)),
        overdue_cases=tuple(case.reference for case in note_overdue_cases(session, now)),
        expired_flags=len(end_expired_flags(session, now)),
    )


def _put_back_the_gone(session: Session, policy: Policy, now: datetime) -> Iterator[str]:
    """Whoever was silent is given no more conversations until they say that they are there."""
    for handoff, why in list(gone_owners(session, policy.support, now)):
        owner = find(session, handoff.staff_id) if handoff.staff_id else None
        if owner and is_undisturbed(session, handoff.conversation_id):
            if put_back(session, handoff.conversation_id, owner, why, now):
                yield handoff.reference
            if why == "silent":
                give_a_break(session, owner.id)


def _offer_calls(session: Session, policy: Policy, now: datetime) -> Iterator[str]:
    desk, patience = Desk.of(policy), timedelta(minutes=policy.support.queue_minutes)
    waiting = select(Handoff).where(
        Handoff.state == "waiting",
        Handoff.callback_at.is_(None),
        Handoff.callback_offered_at.is_(None),
        Handoff.requested_at <= now - patience,
    )
    for handoff in session.scalars(waiting).all():
        has_waited_long = desk.open_time(handoff.requested_at, now) >= patience
        if has_waited_long and is_undisturbed(session, handoff.conversation_id) and _still_waits(session, handoff):
            offer_callback(session, handoff, policy, now)
            yield handoff.reference


def _still_waits(session: Session, handoff: Handoff) -> bool:
    """Whether nobody took or ended it, or agreed on a call, before its conversation was ours to change."""
    session.refresh(handoff)
    return handoff.state == "waiting" and handoff.callback_at is None
