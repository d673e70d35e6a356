"""The bot on Telegram, as commands speak of it."""

import httpx

from respite.settings import Settings

ANSWER_SECONDS = 10
UNKNOWN_TOKEN = (httpx.codes.UNAUTHORIZED, httpx.codes.NOT_FOUND)


class BotError(Exception):
    """There is no bot to speak of; the sentence says why, and what to do."""


def bot_address(settings: Settings) -> str:
    """The address of this installation's bot, by the name that Telegram has for it. Raises BotError."""
    if settings.telegram_token is None:
        raise BotError("There is no bot on Telegram: RESPITE_TELEGRAM_TOKEN is not set.")
    api = str(settings.telegram_api_url).rstrip("/")
    try:
        answer = httpx.get(f"{api}/bot{settings.telegram_token.get_secret_value()}/getMe", timeout=ANSWER_SECONDS)
    except httpx.HTTPError:
        raise BotError("Telegram cannot be reached from here. Try again when the network is there.") from None
    if answer.status_code in UNKNOWN_TOKEN:
        raise BotError("Telegram does not know RESPITE_TELEGRAM_TOKEN. Copy the token from @BotFather again.")
    if not answer.is_success:
        raise BotError(f"Telegram cannot say who the bot is just now (status {answer.status_code}). Try again later.")
    return f"https://t.me/{answer.json()['result']['username']}"
