"""What stands in a web chat, as its page shows it."""

from collections.abc import Iterable

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot.turns import is_answering
from bot.web.entries import Author, Change, ChatEntry
from respite.staff.accounts import names_of
from respite.store.announcements import announce
from respite.store.models import ButtonPress, Conversation, InboxMessage, OutboxMessage
from respite.support.buttons import buttons_of, with_buttons
from respite.support.conversations import messages_above, recent_messages
from respite.support.messages import Button, Message

AT_ONCE = 100
"""How many entries are shown at once; of more above a cursor, the first ones come first."""

AUTHORS: dict[str, Author] = {"borrower": "borrower", "bot": "bot", "system": "system"}


class ChatEndedError(Exception):
    """A chat that was left: what stands in it is shown to nobody again."""


def change_above(session: Session, conversation_id: str, after: int | None) -> Change:
    """What is new above the cursor `after`; without one, what stands last. Raises ChatEndedError."""
    conversation = session.get_one(Conversation, conversation_id)
    if conversation.is_revoked:
        raise ChatEndedError
    answering = is_answering(session, conversation_id)  # asked first: an answer that comes meanwhile is among the rows
    rows, has_more = _rows(session, conversation_id, after)
    messages = {row.id: Message.model_validate_json(row.message) for row in rows}
    used = _used_buttons(session, messages.values())
    client_ids = _client_ids(session, rows)
    names = names_of(session, [conversation.owner, *(row.author for row in rows)])
    entries = [
        ChatEntry(
            id=row.id,
            author=AUTHORS.get(row.author, "staff"),
            text=messages[row.id].text,
            message=None if row.author == "borrower" else _without_used(messages[row.id], used),
            at=row.created_at,
            client_id=client_ids.get(row.inbox_id) if row.author == "borrower" else None,
            files=messages[row.id].files,
            name=names.get(row.author, ""),
        )
        for row in rows
    ]
    return Change(
        entries,
        cursor=entries[-1].id if entries else after or 0,
        language=conversation.language,
        has_more=has_more,
        answering=answering,
        is_personal=conversation.borrower_id is not None,
        is_expired=_is_expired(conversation),
        view=_view(conversation),
        read_up_to=conversation.read_up_to,
        typist=names.get(conversation.owner, ""),
    )


def move_read_position(session: Session, conversation_id: str, entry_id: int) -> None:
    """Remember that a borrower has seen a chat up to an entry: forwards only, and not beyond what stands in it."""
    last = select(func.max(OutboxMessage.id)).where(
        OutboxMessage.conversation_id == conversation_id, OutboxMessage.id <= entry_id
    )
    position = session.scalar(last) or 0
    moved = (
        update(Conversation)
        .where(Conversation.id == conversation_id, Conversation.read_up_to < position)
        .values(read_up_to=position)
        .returning(Conversation.id)
    )
    if session.scalar(moved) is not None:
        announce(session, session.get_one(Conversation, conversation_id))


def _rows(session: Session, conversation_id: str, after: int | None) -> tuple[list[OutboxMessage], bool]:
    """What is shown at once, and whether there is more after it."""
    if after is None:
        return recent_messages(session, conversation_id, AT_ONCE), False
    above = messages_above(session, conversation_id, after, AT_ONCE + 1)
    return above[:AT_ONCE], len(above) > AT_ONCE


def _view(conversation: Conversation) -> str:
    """What a page shows of a chat as a whole: which one it is, from where on, and whether it is closed to view."""
    return f"{conversation.id[:8]}.{conversation.shown_after}.{_is_expired(conversation):d}"


def _is_expired(conversation: Conversation) -> bool:
    """Whether it is a borrower's who is signed in no more."""
    return conversation.borrower_id is not None and conversation.verified_at is None


def _client_ids(session: Session, rows: Iterable[OutboxMessage]) -> dict[int | None, str]:
    said = [row.inbox_id for row in rows if row.author == "borrower"]
    query = select(InboxMessage.id, InboxMessage.external_id).where(InboxMessage.id.in_(said))
    return {inbox_id: external_id.partition(":")[2] for inbox_id, external_id in session.execute(query)}


def _used_buttons(session: Session, messages: Iterable[Message]) -> frozenset[str]:
    shown = [button.reference for message in messages for button in buttons_of(message)]
    query = select(ButtonPress.reference).where(ButtonPress.reference.in_(shown), ButtonPress.used_at.is_not(None))
    return frozenset(session.scalars(query))


def _without_used(message: Message, used: frozenset[str]) -> Message:
    """The message with no reference on a button that has been used."""
    return with_buttons(message, lambda button: Button(title=button.title) if button.reference in used else button)
