"""Every open request for a person at once, as a queue and its members of staff see them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from respite.store.models import Conversation, Handoff, OutboxMessage, VulnerabilityFlag
from respite.support.conversations import BORROWER
from respite.support.silence import last_answer, unanswered_since


@dataclass(frozen=True)
class OpenRequest:
    """A conversation that waits for a person, or that `staff_id` has.

    `borrower` is a name, empty for a stranger; `reads` is the language and script in which they read (en, zh-Hans,
    zh-Hant), `flags` are their reasons for particular care. Its owner has looked at it if it `is_opened`; `unread` is
    how many of the borrower's messages they have not seen, `unanswered_since` since when the borrower waits for them.
    """

    conversation_id: str
    reference: str
    reason: str
    state: str
    priority: str
    channel: str
    reads: str
    language: str
    skill: str | None
    requested_at: datetime
    due_at: datetime
    callback_at: datetime | None
    staff_id: int | None
    borrower: str
    flags: tuple[str, ...]
    is_opened: bool
    unread: int
    unanswered_since: datetime | None

    def is_in_line(self, now: datetime) -> bool:
        """Whether it waits, and not for a call wished at a later time."""
        return self.state == "waiting" and (self.callback_at is None or self.callback_at <= now)


def open_requests(
    session: Session, now: datetime, conversation_ids: Collection[str] | None = None
) -> Sequence[OpenRequest]:
    """The open requests of all conversations, or of some, those due first before the others."""
    query = (
        select(Handoff)
        .options(joinedload(Handoff.conversation).joinedload(Conversation.borrower))
        .where(Handoff.state != "closed")
        .order_by(Handoff.due_at, Handoff.id)
    )
    if conversation_ids is not None:
        query = query.where(Handoff.conversation_id.in_(conversation_ids))
    handoffs = session.scalars(query).all()
    taken = [handoff.id for handoff in handoffs if handoff.state == "taken"]
    unread, unanswered = _unread(session, taken), _unanswered(session, taken)
    flags = _flags(session, [handoff.conversation.borrower_id for handoff in handoffs], now)
    return [
        OpenRequest(
            conversation_id=handoff.conversation_id,
            reference=handoff.reference,
            reason=handoff.reason,
            state=handoff.state,
            priority=handoff.priority,
            channel=handoff.conversation.channel,
            reads=handoff.conversation.language,
            language=handoff.language,
            skill=handoff.skill,
            requested_at=handoff.requested_at,
            due_at=handoff.due_at,
            callback_at=handoff.callback_at,
            staff_id=handoff.staff_id,
            borrower=handoff.conversation.borrower.name if handoff.conversation.borrower else "",
            flags=flags.get(handoff.conversation.borrower_id, ()),
            is_opened=handoff.read_up_to > 0,
            unread=unread.get(handoff.id, 0),
            unanswered_since=unanswered.get(handoff.id),
        )
        for handoff in handoffs
    ]


def _unread(session: Session, handoff_ids: Collection[int]) -> Mapping[int, int]:
    query = (
        select(Handoff.id, func.count())
        .join(OutboxMessage, OutboxMessage.conversation_id == Handoff.conversation_id)
        .where(Handoff.id.in_(handoff_ids), OutboxMessage.author == BORROWER, OutboxMessage.id > Handoff.read_up_to)
        .group_by(Handoff.id)
    )
    return dict(session.execute(query).all())  # type: ignore[arg-type]


def _unanswered(session: Session, handoff_ids: Collection[int]) -> Mapping[int, datetime | None]:
    """Since when whoever is talked to waits: for the first word of their owner, or for an answer to what they wrote."""
    query = select(Handoff.id, Handoff.taken_at, last_answer(), unanswered_since()).where(Handoff.id.in_(handoff_ids))
    return {
        handoff_id: unanswered if answer else taken_at
        for handoff_id, taken_at, answer, unanswered in session.execute(query)
    }


def _flags(
    session: Session, borrower_ids: Collection[int | None], now: datetime
) -> Mapping[int | None, tuple[str, ...]]:
    query = select(VulnerabilityFlag.borrower_id, VulnerabilityFlag.reason).where(
        VulnerabilityFlag.borrower_id.in_({each for each in borrower_ids if each is not None}),
        VulnerabilityFlag.ended_at.is_(None),
        VulnerabilityFlag.expires_at > now,
    )
    found: dict[int | None, tuple[str, ...]] = {}
    for borrower_id, reason in session.execute(query.order_by(VulnerabilityFlag.id)):
        found[borrower_id] = (*found.get(borrower_id, ()), reason)
    return found
