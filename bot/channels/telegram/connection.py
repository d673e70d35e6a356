"""The connection to the Bot API, and what its errors say about the message that was to be sent.

The token is part of every address, so no error of the library is ever logged with its text.
"""

import re
from datetime import timedelta

import httpx
from telegram import Bot
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.request import HTTPXRequest

from bot.delivery import BlockedError, RefusedError, SendError, TryLaterError, UnknownOutcomeError
from respite.settings import Settings

CONNECT_SECONDS = 5
ANSWER_SECONDS = 20
FILE_SECONDS = 30
CONNECTIONS = 32
TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
REJECTED_TOKEN = "Telegram does not know the bot's token."


class TelegramSettingsError(RuntimeError):
    """An installation whose bot could not work; the sentence says what to set."""


def connect(settings: Settings, answer_seconds: float = ANSWER_SECONDS) -> Bot:
    """The bot of this installation; nothing is asked of Telegram yet. Raises TelegramSettingsError."""
    _require_sense(settings)
    assert settings.telegram_token is not None
    address = str(settings.telegram_api_url).rstrip("/")
    return Bot(
        settings.telegram_token.get_secret_value(),
        base_url=f"{address}/bot",
        base_file_url=f"{address}/file/bot",
        request=_requests(CONNECTIONS, answer_seconds),
    )


def problem(error: TelegramError) -> SendError:
    """What an error says about a message: try it later, give it up, or nobody knows what became of it."""
    match error:
        case RetryAfter(retry_after=timedelta() as wait):
            return TryLaterError("Telegram asks us to wait.", seconds=wait.total_seconds())
        case InvalidToken():
            return TryLaterError(REJECTED_TOKEN)
        case Forbidden():
            return BlockedError("The borrower has blocked the bot, or is not on Telegram any more.")
        case BadRequest():
            return RefusedError(f"Telegram does not take this message: {error.message}.")
        case NetworkError() if isinstance(error.__cause__, NEVER_SENT):
            return TryLaterError("Telegram could not be reached.")
        case _:
            return UnknownOutcomeError("Telegram did not say whether it has taken this message.")


def _requests(connections: int, answer_seconds: float) -> HTTPXRequest:
    return HTTPXRequest(
        connection_pool_size=connections,
        connect_timeout=CONNECT_SECONDS,
        read_timeout=answer_seconds,
        write_timeout=answer_seconds,
        media_write_timeout=FILE_SECONDS,
        pool_timeout=CONNECT_SECONDS,
    )


def _require_sense(settings: Settings) -> None:
    if settings.telegram_token is None or not TOKEN.fullmatch(settings.telegram_token.get_secret_value()):
        raise TelegramSettingsError(
            "RESPITE_TELEGRAM_TOKEN is not a token. Copy the whole of it from @BotFather: digits, a colon and letters."
        )
    if settings.telegram_mode == "polling":
        return
    if settings.telegram_webhook_url is None or settings.telegram_webhook_url.scheme != "https":
        raise TelegramSettingsError(
            "To be called by Telegram, set RESPITE_TELEGRAM_WEBHOOK_URL to the public https address of "
            "/telegram/updates."
        )
    if settings.telegram_secret is None or not SECRET.fullmatch(settings.telegram_secret.get_secret_value()):
        raise TelegramSettingsError(
            "To know Telegram's calls, set RESPITE_TELEGRAM_SECRET to at most 256 letters, digits, - and _. "
            "`openssl rand -hex 32` makes good ones."
        )
