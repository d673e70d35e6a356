"""Files that a borrower sends: how large they say they are comes first, then what is in them."""

from dataclasses import dataclass

from telegram import Bot, Message
from telegram.error import BadRequest, NetworkError
from tenacity import retry, retry_if_exception, stop_after_attempt, wait_exponential

from bot.channels.telegram.connection import FILE_SECONDS
from respite.support.attachments import LARGEST_FILE, TooLargeError

TRIES = 3


@dataclass(frozen=True)
class SentFile:
    """A photo or a document as Telegram announces it. `size` is in bytes, where it is known."""

    file_id: str
    name: str
    size: int | None


def sent_file(message: Message) -> SentFile | None:
    """The file of a message; of a photo, its largest size."""
    if message.photo:
        photo = message.photo[-1]
        return SentFile(photo.file_id, "photo.jpg", photo.file_size)
    if document := message.document:
        return SentFile(document.file_id, document.file_name or "document", document.file_size)
    return None


async def download(bot: Bot, sent: SentFile) -> bytes:
    """What is in a file. Raises TooLargeError before anything is fetched, or TelegramError when it cannot be had."""
    if (sent.size or 0) > LARGEST_FILE:
        raise TooLargeError
    return await _fetch(bot, sent.file_id)


def _is_worth_another_try(error: BaseException) -> bool:
    return isinstance(error, NetworkError) and not isinstance(error, BadRequest)


@retry(
    retry=retry_if_exception(_is_worth_another_try),
    stop=stop_after_attempt(TRIES),
    wait=wait_exponential(multiplier=0.2, max=2),
    reraise=True,
)
async def _fetch(bot: Bot, file_id: str) -> bytes:
    file = await bot.get_file(file_id)
    if (file.file_size or 0) > LARGEST_FILE:
        raise TooLargeError
    return bytes(await file.download_as_bytearray(read_timeout=FILE_SECONDS))
