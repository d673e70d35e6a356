"""What a borrower may send on Telegram that no bot can act on, and the fitting answer to each."""

from dataclasses import dataclass

from telegram import Message
from telegram.constants import MessageType


@dataclass(frozen=True)
class Unreadable:
    """What the message is called in the thread, and what the borrower is told; both in English, to be translated."""

    name: str
    answer: str


RECORDING = Unreadable(
    "Recording",
    "I cannot listen to recordings or watch them. Could you write it in a few words? Photos and PDF documents I pass "
    "on to our staff.",
)
STICKER = Unreadable("Sticker", "I can read words only. What would you like to do? /help shows what I can do.")
PLACE = Unreadable("Location", "I need not know where you are, and I have not kept it. Tell me in words what you need.")
CONTACT = Unreadable(
    "Contact",
    "A shared contact signs nobody in, and I have not kept it. To sign in, type the phone number of your account; a "
    "code then comes to it.",
)
POLL = Unreadable("Poll", "I cannot answer polls or lists. Tell me in words what you need.")
EDIT = Unreadable(
    "Edited message",
    "I go by your message as you first sent it. If something has changed, please send it as a new one.",
)

BY_TYPE = {
    MessageType.VOICE: RECORDING,
    MessageType.AUDIO: RECORDING,
    MessageType.VIDEO: RECORDING,
    MessageType.VIDEO_NOTE: RECORDING,
    MessageType.STICKER: STICKER,
    MessageType.ANIMATION: STICKER,
    MessageType.DICE: STICKER,
    MessageType.GAME: STICKER,
    MessageType.STORY: STICKER,
    MessageType.LOCATION: PLACE,
    MessageType.VENUE: PLACE,
    MessageType.CONTACT: CONTACT,
    MessageType.POLL: POLL,
    MessageType.CHECKLIST: POLL,
}


def unreadable(message: Message) -> Unreadable | None:
    """What a message is that the bot cannot act on; None for texts, files, and what Telegram itself says in a chat."""
    return next((answer for kind, answer in BY_TYPE.items() if message[kind]), None)
