"""Chats, what was said in them, and the processes that answer."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from respite.store.encryption import EncryptedBytes, EncryptedText
from respite.store.models.base import Base, new_identifier
from respite.store.models.loans import Borrower

REVOKED = "revoked:"
"""How the key of a chat begins that nobody finds any more."""


class Conversation(Base):
    """One chat on one channel, whose it is, and who owns it: the bot or one member of staff.

    `borrower_id` is the first borrower who was verified in it, `verified_at` since when they are; None while they are
    signed out. `address` is where the channel sends messages to, for a channel that sends; `blocked_at` since when the
    borrower lets none through. `claimed_by` is the process that answers in it now, `read_up_to` the id of the last
    outbox message that the borrower has seen; those up to `shown_after` are shown only to whoever signs in again.
    """

    __tablename__ = "conversations"
    __table_args__ = (UniqueConstraint("channel", "chat_key"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_identifier)
    channel: Mapped[str] = mapped_column(String(20))
    chat_key: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(10))
    requested_language: Mapped[str | None] = mapped_column(String(10))
    borrower_id: Mapped[int | None] = mapped_column(ForeignKey("borrowers.id"), index=True)
    verified_at: Mapped[datetime | None]
    owner: Mapped[str] = mapped_column(String(40), default="bot")
    owner_version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    address: Mapped[str | None] = mapped_column(EncryptedText)
    blocked_at: Mapped[datetime | None]
    claimed_by: Mapped[str | None] = mapped_column(String(32))
    last_active_at: Mapped[datetime | None]
    read_up_to: Mapped[int] = mapped_column(default=0)
    shown_after: Mapped[int] = mapped_column(default=0)

    borrower: Mapped[Borrower | None] = relationship()

    @property
    def is_revoked(self) -> bool:
        """Whether nobody finds this chat any more."""
        return self.chat_key.startswith(REVOKED)

    @property
    def signed_in_borrower(self) -> Borrower | None:
        """Who is verified in this chat now."""
        return self.borrower if self.verified_at else None


class InboxMessage(Base):
    """What a borrower sent, stored before anything is done about it.

    States: pending, answered, for_staff, dead (given up after so many `attempts` that failed, or `losses` of whoever
    was at it, because of `error`; staff see it), dismissed (staff have seen to it in another way).
    """

    __tablename__ = "inbox"
    __table_args__ = (UniqueConstraint("channel", "external_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    channel: Mapped[str] = mapped_column(String(20))
    external_id: Mapped[str] = mapped_column(String(100))
    content: Mapped[str] = mapped_column(EncryptedText)
    button_reference: Mapped[str | None] = mapped_column(String(32))
    is_borrowers_own: Mapped[bool] = mapped_column(default=False)
    """Whether the bot answers it whoever has the conversation: `conversations.is_borrowers_own`."""
    received_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(12), index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    losses: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(String(200))


class TurnResults(Base):
    """What each action that wrote something answered in a turn, as JSON.

    A turn that is run again, even long after it was given up, finds it there and writes nothing twice.
    """

    __tablename__ = "turn_results"

    turn_id: Mapped[str] = mapped_column(String(60), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    results: Mapped[str] = mapped_column(EncryptedText)


class OutboxMessage(Base):
    """What a borrower is to be sent, in order, under one owner version.

    States: pending (perhaps being made ready by the process `claimed_by`), sending (being handed over by it), sent (as
    `external_id` of the channel), failed, unknown (handed over, but nobody can say whether it arrived), withheld (the
    conversation had another owner by then), dismissed (staff have seen to it in another way).
    `client_id` is the console's own id of what staff sent, `original` what they typed where it went out otherwise.
    """

    __tablename__ = "outbox"
    __table_args__ = (Index("uq_outbox_conversation_id_client_id", "conversation_id", "client_id", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    inbox_id: Mapped[int | None] = mapped_column(ForeignKey("inbox.id"))
    author: Mapped[str] = mapped_column(String(40))
    message: Mapped[str] = mapped_column(EncryptedText)
    owner_version: Mapped[int]
    state: Mapped[str] = mapped_column(String(12), index=True)
    created_at: Mapped[datetime]
    claimed_by: Mapped[str | None] = mapped_column(String(32))
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime | None]
    external_id: Mapped[str | None] = mapped_column(String(60))
    error: Mapped[str | None] = mapped_column(String(200))
    client_id: Mapped[str | None] = mapped_column(String(60))
    original: Mapped[str | None] = mapped_column(EncryptedText)


class Attachment(Base):
    """A file that a borrower sent, or that staff sent to them. `size` is in bytes before encryption."""

    __tablename__ = "attachments"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_identifier)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    name: Mapped[str] = mapped_column(EncryptedText)
    media_type: Mapped[str] = mapped_column(String(60))
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(EncryptedBytes, deferred=True)
    created_at: Mapped[datetime]


class ButtonPress(Base):
    """A button that was shown: an opaque single-use reference to a payload that only the server knows."""

    __tablename__ = "buttons"

    reference: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_identifier)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    title: Mapped[str]
    payload: Mapped[str]
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Process(Base):
    """A process that answers or sends. What it has claimed is free again once `alive_until` is over."""

    __tablename__ = "processes"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_identifier)
    alive_until: Mapped[datetime]
