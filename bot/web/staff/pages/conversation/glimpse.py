"""What a page needs to know of a conversation at one moment, read in one go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from respite.staff.accounts import actor_of, names_of
from respite.store.models import Conversation, Handoff, StaffMember, StaffNote
from respite.support.conversations import BOT
from respite.support.handoffs import open_handoff
from respite.support.notes import notes_of
from respite.support.staff_messages import Entry, thread
from respite.support.vulnerability import flags_of

SETTLED = ("sent", "withheld", "dismissed")
LONGEST_HISTORY = 400


class Standing(StrEnum):
    """Who has a conversation, from where a member stands."""

    MINE = "mine"
    WAITING = "waiting"
    TAKEN = "taken"
    """Somebody else has it."""
    BOT = "bot"
    """The bot has it, and nobody waits."""


@dataclass(frozen=True)
class Heading:
    """What stands above a thread. `reads` is the borrower's language and script, `owner` the name of who has it."""

    standing: Standing
    borrower: str
    is_signed_in: bool
    is_blocked: bool
    """On Telegram: we may not write to them."""
    borrower_id: int | None
    channel: str
    reads: str
    owner: str
    reference: str
    reason: str
    priority: str
    due_at: datetime | None
    since: datetime | None
    callback_at: datetime | None
    flags: tuple[str, ...]


@dataclass(frozen=True)
class Glimpse:
    """The heading, the entries of the thread above a cursor, and all notes. `names` are those of staff, by actor."""

    heading: Heading
    entries: Sequence[Entry]
    notes: Sequence[StaffNote]
    names: Mapping[str, str]
    read_up_to: int
    """By the borrower."""
    seen_up_to: int
    """By the owner."""

    @property
    def unsettled(self) -> list[int]:
        """The messages of which it is not known yet what becomes of them."""
        return [entry.id for entry in self.entries if entry.state not in SETTLED]


def glimpse(session: Session, conversation_id: str, by: StaffMember, after: int, now: datetime) -> Glimpse:
    """A conversation as `by` sees it now."""
    conversation = session.get_one(Conversation, conversation_id, populate_existing=True)
    entries, notes = thread(session, conversation_id, after, LONGEST_HISTORY), notes_of(session, conversation_id)
    actors = [conversation.owner, *(entry.author for entry in entries), *(note.author for note in notes)]
    names = names_of(session, actors)
    handoff = open_handoff(session, conversation_id)
    return Glimpse(
        heading=_heading(session, conversation, handoff, by, names, now),
        entries=entries,
        notes=notes,
        names=names,
        read_up_to=conversation.read_up_to,
        seen_up_to=handoff.read_up_to if handoff else 0,
    )


def _heading(
    session: Session,
    conversation: Conversation,
    handoff: Handoff | None,
    by: StaffMember,
    names: Mapping[str, str],
    now: datetime,
) -> Heading:
    borrower = conversation.borrower
    flags = flags_of(session, borrower.id, now) if borrower else ()
    return Heading(
        standing=_standing(conversation, by, handoff is not None),
        borrower=borrower.name if borrower else "",
        is_signed_in=conversation.signed_in_borrower is not None,
        is_blocked=conversation.blocked_at is not None,
        borrower_id=borrower.id if borrower else None,
        channel=conversation.channel,
        reads=conversation.language,
        owner=names.get(conversation.owner, ""),
        reference=handoff.reference if handoff else "",
        reason=handoff.reason if handoff else "",
        priority=handoff.priority if handoff else "normal",
        due_at=handoff.due_at if handoff else None,
        since=handoff.requested_at if handoff else None,
        callback_at=handoff.callback_at if handoff else None,
        flags=tuple(flag.reason for flag in flags),
    )


def _standing(conversation: Conversation, by: StaffMember, is_wanted: bool) -> Standing:
    if conversation.owner == actor_of(by):
        return Standing.MINE
    if conversation.owner != BOT:
        return Standing.TAKEN
    return Standing.WAITING if is_wanted else Standing.BOT
