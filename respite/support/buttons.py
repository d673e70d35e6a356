"""Buttons that a borrower may press once. What a press means is known to the server alone."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from respite.store.models import ButtonPress, Conversation
from respite.support.messages import Button, Message, PlansCard, in_script

WORK_FOR = timedelta(hours=24)


class ButtonError(Exception):
    """A press that means nothing; its text, in English, is for the borrower."""


def buttons_of(message: Message) -> tuple[Button, ...]:
    """All buttons of a message, those on its card included."""
    options = message.card.options if isinstance(message.card, PlansCard) else ()
    return (*message.buttons, *(option.choose for option in options))


def with_buttons(message: Message, change: Callable[[Button], Button]) -> Message:
    """The message with each of its buttons as `change` makes it."""
    card = message.card
    if isinstance(card, PlansCard):
        options = tuple(option.model_copy(update={"choose": change(option.choose)}) for option in card.options)
        card = card.model_copy(update={"options": options})
    return message.model_copy(update={"card": card, "buttons": tuple(map(change, message.buttons))})


def for_borrower(session: Session, conversation: Conversation, message: Message, now: datetime) -> Message:
    """A message in the conversation's script, whose buttons have references instead of payloads."""
    return with_buttons(
        in_script(message, conversation.language), lambda button: offer(session, conversation.id, button, now)
    )


def offer(session: Session, conversation_id: str, button: Button, now: datetime) -> Button:
    """The button as a borrower may see it: with a reference in the place of its payload."""
    stored = _add(session, conversation_id, button.title, button.payload, now)
    return Button(title=button.title, reference=stored.reference)


def press(session: Session, conversation: Conversation, reference: str, now: datetime) -> ButtonPress:
    """Use a button up. The caller holds the conversation's lock. Raises ButtonError."""
    button = session.get(ButtonPress, reference)
    if button is None or button.conversation_id != conversation.id:
        raise ButtonError("This button does not work in this chat. Please type what you would like to do.")
    if button.used_at is not None:
        raise ButtonError("This button has already been used. Please type what you would like to do.")
    if now - button.created_at > WORK_FOR:
        raise ButtonError("This button is too old to be used. Please type what you would like to do.")
    button.used_at = now
    return button


def pressed_by_us(session: Session, conversation_id: str, payload: str, now: datetime) -> ButtonPress:
    """A payload of our own, on its way as if somebody had pressed a button for it."""
    button = _add(session, conversation_id, "", payload, now)
    button.used_at = now
    return button


def was_pressed(session: Session, conversation_id: str, payload: str) -> bool:
    """Whether a button with `payload` was ever used in a conversation; what was only typed was not."""
    query = select(ButtonPress.reference).where(
        ButtonPress.conversation_id == conversation_id,
        ButtonPress.payload == payload,
        ButtonPress.used_at.is_not(None),
    )
    return session.scalars(query.limit(1)).first() is not None


def _add(session: Session, conversation_id: str, title: str, payload: str, now: datetime) -> ButtonPress:
    button = ButtonPress(conversation_id=conversation_id, title=title, payload=payload, created_at=now)
    session.add(button)
    session.flush()
    return button
