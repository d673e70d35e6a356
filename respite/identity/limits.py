"""How often codes may be asked for and tried: by a chat, for a phone number, from an address."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from respite.store.models import SignInAttempt
from respite.store.turns import wait_for_turn

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
FIRST_LOCK = timedelta(minutes=15)
MOST_DOUBLINGS = 7
"""After these a lock lasts longer than a day, which is the most."""

CODES_AN_HOUR_BY_CHAT = 5
CODES_AN_HOUR_FOR_NUMBER = 5
CODES_AN_HOUR_FROM_ADDRESS = 20


@dataclass(frozen=True)
class Visitor:
    """Who asks for a code: from which chat, for which number, from which address, the last two as keyed hashes."""

    conversation_id: str
    number_index: str
    address_index: str | None = None


def next_code_at(session: Session, visitor: Visitor, now: datetime) -> datetime | None:
    """When a code may be asked for again; None where it may be at once. Counts are exact until the transaction ends."""
    wait_for_turn(session, f"codes for {visitor.number_index}")
    limits: list[tuple[ColumnElement[bool], int]] = [
        (SignInAttempt.conversation_id == visitor.conversation_id, CODES_AN_HOUR_BY_CHAT),
        (SignInAttempt.number_index == visitor.number_index, CODES_AN_HOUR_FOR_NUMBER),
    ]
    if visitor.address_index:
        wait_for_turn(session, f"codes from {visitor.address_index}")
        limits.append((SignInAttempt.address_index == visitor.address_index, CODES_AN_HOUR_FROM_ADDRESS))
    waits = [_possible_again(session, same, most, now) for same, most in limits]
    return max(filter(None, waits), default=None)


def lock_span(session: Session, visitor: Visitor, now: datetime) -> timedelta:
    """How long a lock lasts: twice as long after each one of the last day on this chat or number, at most a day."""
    same = or_(
        SignInAttempt.conversation_id == visitor.conversation_id, SignInAttempt.number_index == visitor.number_index
    )
    locks = select(func.count()).where(SignInAttempt.kind == "locked", SignInAttempt.at > now - DAY, same)
    earlier = session.scalars(locks).one()
    return min(FIRST_LOCK * (1 << min(earlier, MOST_DOUBLINGS)), DAY)


def note(session: Session, visitor: Visitor, kind: str, now: datetime, borrower_id: int | None = None) -> None:
    """Remember an attempt, so that it counts; `borrower_id` is who proved with it that it is they."""
    session.add(
        SignInAttempt(
            at=now,
            kind=kind,
            conversation_id=visitor.conversation_id,
            number_index=visitor.number_index,
            address_index=visitor.address_index,
            borrower_id=borrower_id,
        )
    )


def _possible_again(session: Session, same: ColumnElement[bool], most: int, now: datetime) -> datetime | None:
    """When the oldest of the last `most` codes will be an hour ago; None if it is already."""
    asked = select(SignInAttempt.at).where(SignInAttempt.kind == "code_requested", SignInAttempt.at > now - HOUR, same)
    oldest = session.scalar(asked.order_by(SignInAttempt.at.desc()).offset(most - 1).limit(1))
    return oldest and oldest + HOUR
