"""Updates as Telegram writes them: which ones it is asked for, and reading them whatever comes."""

from typing import Any

import structlog
from telegram import Bot, Update

KINDS = ("message", "edited_message", "callback_query", "my_chat_member")
"""What is asked of Telegram: nothing that is not acted on."""

log = structlog.get_logger()


class MalformedUpdateError(ValueError):
    """Something that is no update of Telegram's."""


def read_update(update: Any, bot: Bot | None) -> Update | None:
    """An update from its JSON; None for one that is beyond us, which is passed over. Raises MalformedUpdateError."""
    if not isinstance(update, dict) or not isinstance(update.get("update_id"), int):
        raise MalformedUpdateError
    try:
        return Update.de_json(update, bot)
    except Exception as error:  # the library fails in its own ways at what it does not expect
        log.error("update not understood", update=update["update_id"], reason=type(error).__name__)
        return None
