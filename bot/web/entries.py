"""What stands in a chat, one entry a bubble."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from fastapi import Query

from respite.support.messages import Message

Author = Literal["borrower", "bot", "staff", "system"]


Cursor = Annotated[int, Query(ge=0, le=2**31 - 1)]
"""The id of the last entry that a page has, as large as the database takes it."""


@dataclass(frozen=True)
class ChatEntry:
    """One bubble. `id` grows along the chat and is the cursor from which a page catches up.

    `message` has the card and the buttons of an answer; `client_id` is the id under which the page sent the
    borrower's own message, so that the bubble it drew by itself is replaced and not doubled.
    """

    id: int
    author: Author
    text: str
    message: Message | None
    at: datetime
    client_id: str | None = None
