"""Who owns a conversation: the bot or one member of staff. One conditional update decides each change.

The owner's version rises with it, so that nothing is sent any more that was written under an earlier owner.
"""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from respite.staff.accounts import actor_of, find
from respite.store.announcements import announce
from respite.store.models import Conversation, StaffMember
from respite.support.conversations import BOT, locked_conversation
from respite.support.outbox import add_line
from respite.support.refusing import RefusedError
from respite.support.words import words_in


class TakeoverRefusedError(RefusedError):
    """A step of a handoff that is not possible now."""


class AlreadyOwnedError(TakeoverRefusedError):
    """Somebody else was faster."""

    def __init__(self, owner: StaffMember) -> None:
        super().__init__("%(name)s has this conversation already.", name=owner.name)
        self.owner_id, self.owner_name = owner.id, owner.name


class NotOwnerError(TakeoverRefusedError):
    """The conversation is not, or no longer, that of whoever acts."""

    def __init__(self) -> None:
        super().__init__("This conversation is not yours, or not any more. Claim it, or ask a supervisor to step in.")


def change_owner(session: Session, conversation_id: str, before: str, after: str) -> bool:
    """Make `after` the owner in the place of `before` (bot, `staff:<id>`); False where somebody else is by now."""
    changed = (
        update(Conversation)
        .where(Conversation.id == conversation_id, Conversation.owner == before)
        .values(owner=after, owner_version=Conversation.owner_version + 1)
        .returning(Conversation.id)
    )
    is_changed = session.scalar(changed) is not None
    announce(session, session.get_one(Conversation, conversation_id, populate_existing=True))
    return is_changed


def owner_of(session: Session, conversation_id: str) -> StaffMember | None:
    """The member of staff who has a conversation; None while it is the bot's."""
    conversation = session.get_one(Conversation, conversation_id, populate_existing=True)
    return None if conversation.owner == BOT else find(session, int(conversation.owner.removeprefix("staff:")))


def owned_conversation(session: Session, conversation_id: str, by: StaffMember) -> Conversation:
    """A conversation of `by`, who stays its owner until this transaction ends. Raises NotOwnerError."""
    conversation = locked_conversation(session, conversation_id)
    if conversation.owner != actor_of(by):
        raise NotOwnerError
    return conversation


def tell(session: Session, conversation_id: str, text: str, now: datetime, **names: str) -> None:
    """Tell the borrower in a line who joins or leaves their chat."""
    conversation = session.get_one(Conversation, conversation_id)
    add_line(session, conversation, words_in(conversation.language).say(text, **names), now)
