"""From what Rasa says to what a borrower may see."""

from datetime import datetime
from typing import Any

from pydantic import JsonValue
from sqlalchemy.orm import Session

from bot.buttons import offer, with_buttons
from respite.languages import to_traditional
from respite.store.models import Conversation
from respite.support.messages import Message


def read_reply(reply: dict[str, Any]) -> Message:
    """One message of Rasa's answer. Raises pydantic.ValidationError when it is not one that we know."""
    custom = reply.get("custom") or {}
    return Message.model_validate(
        {"text": reply.get("text") or "", "card": custom.get("card"), "buttons": reply.get("buttons") or ()}
    )


def for_borrower(session: Session, conversation: Conversation, message: Message, now: datetime) -> Message:
    """A message in the conversation's script, whose buttons have references instead of payloads."""
    if conversation.language == "zh-Hant":
        message = Message.model_validate(_traditional(message.model_dump(mode="json")))
    return with_buttons(message, lambda button: offer(session, conversation.id, button, now))


def _traditional(value: JsonValue) -> JsonValue:
    match value:
        case str():
            return to_traditional(value)
        case list():
            return [_traditional(item) for item in value]
        case dict():
            return {key: item if key == "payload" else _traditional(item) for key, item in value.items()}
        case _:
            return value
