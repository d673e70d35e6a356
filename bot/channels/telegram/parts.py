"""What one message becomes on Telegram: a picture, texts and documents, each a request of its own."""

from collections.abc import Iterable
from dataclasses import dataclass

import anyio.to_thread
import structlog
from sqlalchemy.orm import Session
from telegram import InlineKeyboardMarkup

from bot.channels.telegram.documents import Document, confirmation, kept_file
from bot.channels.telegram.keyboards import keyboard
from bot.channels.telegram.picture import picture
from bot.channels.telegram.splitting import escape
from bot.channels.telegram.wording import written
from bot.delivery import Parcel
from bot.texts import translate
from bot.transactions import from_store, in_store
from respite.clock import Clock
from respite.policies.load import policy
from respite.policies.versions import UnknownVersionError
from respite.staff.accounts import names_of
from respite.support.conversations import BOT, SYSTEM
from respite.support.messages import ReviewCard

NO_CONFIRMATION = (
    "The terms of our plans have changed since you booked yours. Call %(phone)s and we will send its confirmation."
)

log = structlog.get_logger()


@dataclass(frozen=True)
class Text:
    html: str
    keyboard: InlineKeyboardMarkup | None = None


@dataclass(frozen=True)
class Picture:
    """A chart, and what it shows in words. The message is complete without it."""

    png: bytes
    caption: str


Part = Text | Picture | Document


async def parts_of(parcel: Parcel, clock: Clock) -> list[Part]:
    """The parts of a message in the order in which they are sent; its buttons stand under the last text."""
    message, author = parcel.message, parcel.author
    names = {} if author in (BOT, SYSTEM) else await from_store(lambda session: names_of(session, [author]))
    *texts, last = written(message, author, parcel.language, names.get(author, "")) or [""]
    said = [*map(Text, texts), Text(last, keyboard(message))] if last else []
    has_more = message.files or message.card
    enclosed = await in_store(lambda session: list(_enclosed(session, parcel, clock))) if has_more else []
    return [*await _pictures(parcel), *said, *enclosed]


async def _pictures(parcel: Parcel) -> list[Part]:
    try:
        drawn = await anyio.to_thread.run_sync(picture, parcel.message.card, parcel.language)
    except Exception as error:  # the text says it all, and must not wait for a drawing
        log.error("chart not drawn", conversation=parcel.conversation_id, reason=type(error).__name__)
        return []
    return [Picture(*drawn)] if drawn else []


def _enclosed(session: Session, parcel: Parcel, clock: Clock) -> Iterable[Part]:
    """The files of a message, and the confirmation of the plan that it says is booked."""
    for file in parcel.message.files:
        if found := kept_file(session, parcel.conversation_id, file.id):
            yield found
    card = parcel.message.card
    if not isinstance(card, ReviewCard) or card.state != "booked":
        return
    try:
        if issued := confirmation(session, parcel.conversation_id, card.reference, clock.now()):
            yield issued
    except UnknownVersionError:
        yield Text(escape(translate(parcel.language, NO_CONFIRMATION, phone=policy().lender.support_phone)))
