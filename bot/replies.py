"""From what Rasa says to the one message model."""

from typing import Any

from respite.support.messages import Message


def read_reply(reply: dict[str, Any]) -> Message:
    """One message of Rasa's answer. Raises pydantic.ValidationError when it is not one that we know."""
    custom = reply.get("custom") or {}
    return Message.model_validate(
        {"text": reply.get("text") or "", "card": custom.get("card"), "buttons": reply.get("buttons") or ()}
    )
