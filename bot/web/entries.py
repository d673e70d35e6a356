"""What stands in a chat, one entry a bubble."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from fastapi import Query

from respite.support.messages import File, Message

Author = Literal["borrower", "bot", "staff", "system"]


Cursor = Annotated[int, Query(ge=0, le=2**31 - 1)]
"""The id of the last entry that a page has, as large as the database takes it."""


@dataclass(frozen=True)
class ChatEntry:
    """One bubble. `id` grows along the chat and is the cursor from which a page catches up.

    `message` has the card and the buttons of an answer; `client_id` is the id under which the page sent the
    borrower's own message, so that the bubble it drew by itself is replaced and not doubled. `name` is that of the
    member of staff who wrote it.
    """

    id: int
    author: Author
    text: str
    message: Message | None
    at: datetime
    client_id: str | None = None
    files: tuple[File, ...] = ()
    name: str = ""


@dataclass(frozen=True)
class Change:
    """What is new in a chat above one cursor, the next cursor, and whether an answer is being written.

    `has_more` says whether there is more above the next cursor already.
    `is_personal` says whether the chat is a borrower's or still a stranger's, `is_expired` whether its borrower was
    signed out and must sign in again. A page is of one `view`: when it changes, the page is to be loaded anew.
    `read_up_to` is the id of the last entry that the borrower has seen, `typist` the member of staff who is writing.
    """

    entries: list[ChatEntry]
    cursor: int
    language: str
    has_more: bool = False
    answering: bool = False
    is_personal: bool = False
    is_expired: bool = False
    view: str = ""
    read_up_to: int = 0
    typist: str = ""
