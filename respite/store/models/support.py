"""People who take over, and what they note, decide and promise."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from respite.store.encryption import EncryptedText
from respite.store.models.base import Base
from respite.store.models.conversations import Conversation


class Handoff(Base):
    """A conversation that a person should take over, from the wish to the last word; a conversation has one open.

    States: waiting, taken (by the member of staff `staff_id`, since `taken_at`), closed. It is to be answered by
    `due_at` in `language` (en, zh) by somebody with `skill`, None for anybody; `wanted_staff_id` is whom it returns to
    if they are there. A waiting one with a `callback_at` is a call that the borrower wishes at that time.
    `first_taken_at` and `answered_at` are when a person first took it and first wrote, `read_up_to` is the id of the
    last message that its owner has seen. Outcomes: returned (with a code `wrap_up`), cancelled (by the borrower).
    `rating` is the borrower's, 1 to 5.
    """

    __tablename__ = "handoffs"
    __table_args__ = (
        Index(
            "uq_handoffs_open_conversation_id",
            "conversation_id",
            unique=True,
            sqlite_where=text("state <> 'closed'"),
            postgresql_where=text("state <> 'closed'"),
        ),
        Index("ix_handoffs_state_due_at", "state", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    reason: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(12))
    requested_at: Mapped[datetime]
    requested_by: Mapped[str] = mapped_column(String(60))
    priority: Mapped[str] = mapped_column(String(8))
    due_at: Mapped[datetime]
    language: Mapped[str] = mapped_column(String(10))
    skill: Mapped[str | None] = mapped_column(String(40))
    wanted_staff_id: Mapped[int | None]
    staff_id: Mapped[int | None] = mapped_column(index=True)
    taken_at: Mapped[datetime | None]
    first_taken_at: Mapped[datetime | None] = mapped_column(index=True)
    answered_at: Mapped[datetime | None]
    read_up_to: Mapped[int] = mapped_column(default=0)
    callback_offered_at: Mapped[datetime | None]
    callback_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(12))
    wrap_up: Mapped[str | None] = mapped_column(String(40))
    closed_at: Mapped[datetime | None]
    rating: Mapped[int | None]
    rated_at: Mapped[datetime | None]

    conversation: Mapped[Conversation] = relationship()


class StaffPresence(Base):
    """A member of staff whose console was open at `seen_at`, and whether they are given conversations.

    `last_taken_at` is when they last took one.
    """

    __tablename__ = "staff_presence"

    staff_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seen_at: Mapped[datetime]
    takes_conversations: Mapped[bool]
    last_taken_at: Mapped[datetime | None]


class StaffNote(Base):
    """What staff (`staff:<id>`) keep for themselves about a conversation."""

    __tablename__ = "staff_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    author: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(EncryptedText)
    created_at: Mapped[datetime]


class CannedReply(Base):
    """A reply that the lender added to those that ship, or has put in the place of one; in one language (en, zh)."""

    __tablename__ = "canned_replies"
    __table_args__ = (UniqueConstraint("name", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    language: Mapped[str] = mapped_column(String(10))
    text: Mapped[str]
    updated_by: Mapped[str] = mapped_column(String(40))
    updated_at: Mapped[datetime]


class PlanApproval(Base):
    """A plan beyond somebody's authority that a second person is asked for, who may grant it in the role `needs`.

    States: requested, approved (as the quote `quote_id`), declined, withdrawn (nobody had the conversation any more).
    """

    __tablename__ = "plan_approvals"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    plan: Mapped[dict[str, Any]]
    needs: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(12), index=True)
    requested_by: Mapped[int]
    requested_at: Mapped[datetime]
    request_reason: Mapped[str] = mapped_column(EncryptedText)
    decided_by: Mapped[int | None]
    decided_at: Mapped[datetime | None]
    decision_reason: Mapped[str | None] = mapped_column(EncryptedText)
    quote_id: Mapped[str | None] = mapped_column(ForeignKey("quotes.id"))


class VulnerabilityFlag(Base):
    """Why a borrower is to be treated with particular care, until `expires_at` or until it is lifted before.

    Reasons: health, life_event, low_resilience, low_capability, distress. Nothing that sets a price reads it.
    """

    __tablename__ = "vulnerability_flags"

    id: Mapped[int] = mapped_column(primary_key=True)
    borrower_id: Mapped[int] = mapped_column(ForeignKey("borrowers.id"), index=True)
    reason: Mapped[str] = mapped_column(String(20))
    detail: Mapped[str] = mapped_column(EncryptedText)
    raised_by: Mapped[str] = mapped_column(String(60))
    raised_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None] = mapped_column(String(60))


class SupportCase(Base):
    """A dispute or a complaint that staff must answer by `answer_by`.

    States: open, in_progress (with the member of staff `staff_id`), answered, closed. `overdue_at` is when it was
    noticed that it had not been answered in time.
    """

    __tablename__ = "support_cases"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    statement: Mapped[str] = mapped_column(EncryptedText)
    state: Mapped[str] = mapped_column(String(12))
    opened_at: Mapped[datetime]
    answer_by: Mapped[datetime]
    staff_id: Mapped[int | None]
    answer: Mapped[str | None] = mapped_column(EncryptedText)
    answered_at: Mapped[datetime | None]
    overdue_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    conversation: Mapped[Conversation] = relationship()


class OutreachPause(Base):
    """Why a borrower is left in peace: opted_out, dispute, complaint, hardship, distress. One row a reason."""

    __tablename__ = "outreach_pauses"
    __table_args__ = (UniqueConstraint("borrower_id", "reason"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    borrower_id: Mapped[int] = mapped_column(ForeignKey("borrowers.id"), index=True)
    reason: Mapped[str] = mapped_column(String(20))
    since: Mapped[datetime]
