"""What a channel hands over, and what it is told became of it."""

from dataclasses import dataclass
from enum import StrEnum

from respite.support.messages import Message

VERIFY_IDENTITY = "/verify_identity"
CHANGE_LANGUAGE = "/change_language"
REQUEST_HUMAN = "/request_human"


class Receipt(StrEnum):
    """What became of a message that a channel handed over."""

    TAKEN = "taken"
    FOR_STAFF = "for_staff"
    """It is taken, and whoever has the conversation reads it: the bot has nothing to do."""
    REPEATED = "repeated"
    """It came before and is not taken again."""
    SLOWED = "slowed"
    """It is taken, but comes from somebody who floods: a channel that can should read no more for a moment."""


@dataclass(frozen=True)
class ReceivedFile:
    name: str
    content: bytes


@dataclass(frozen=True)
class Incoming:
    """What a channel received: a `text`, the reference of a `button`, a `request` that it always offers, or a `file`.

    `external_id` is the channel's own, `address` the internet address it came from, where the channel knows one.
    A `file` may come with a `text`. An `answer`, in the borrower's language and script, is the channel's own: nothing
    else is said to the text then.
    """

    conversation_id: str
    external_id: str
    text: str = ""
    button: str = ""
    request: str = ""
    file: ReceivedFile | None = None
    answer: Message | None = None
    address: str | None = None


@dataclass(frozen=True)
class Request:
    """Something that can be asked for at any time without typing it."""

    words: str
    payload: str


REQUESTS = {
    "person": Request("I would like to talk to a person.", REQUEST_HUMAN),
    "help": Request("What can you do?", "/ask_capabilities"),
    "stop": Request("Please stop the reminders.", "/stop_contact"),
    "dispute": Request("Something on my bill is wrong.", "/dispute_bill"),
    "complaint": Request("I have a complaint.", "/make_complaint"),
    "hardship": Request("I cannot pay.", "/report_hardship"),
    "sign_in": Request("I would like to sign in.", VERIFY_IDENTITY),
    "data_copy": Request("I would like a copy of the data you keep about me.", REQUEST_HUMAN),
    "data_erasure": Request("Please delete the data you keep about me.", REQUEST_HUMAN),
}

MENU = (
    ("stop", "Stop reminders"),
    ("hardship", "I cannot pay"),
    ("dispute", "Dispute a bill"),
    ("complaint", "Make a complaint"),
    ("data_copy", "Get a copy of my data"),
    ("data_erasure", "Delete my data"),
)
"""What a channel's menu offers, by the request that it makes."""
