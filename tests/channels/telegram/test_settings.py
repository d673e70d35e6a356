"""What an installation must set so that its bot can work, said in sentences; and one whose bot is not known."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from bot.channels.telegram.connection import TelegramSettingsError, connect
from respite.settings import Settings
from tests.channels.telegram.look_alike import TOKEN, BotApi, refused

CALLED = {"telegram_mode": "webhook", "telegram_secret": "s" * 32, "telegram_webhook_url": "https://chat.example/"}


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"telegram_token": "not a token"}, "RESPITE_TELEGRAM_TOKEN is not a token"),
        (CALLED | {"telegram_webhook_url": None}, "RESPITE_TELEGRAM_WEBHOOK_URL"),
        (CALLED | {"telegram_webhook_url": "http://chat.example/"}, "public https address"),
        (CALLED | {"telegram_secret": None}, "RESPITE_TELEGRAM_SECRET"),
        (CALLED | {"telegram_secret": "spaces are not taken"}, "letters, digits, - and _"),
    ],
)
def test_what_is_missing_or_wrong_is_named(wrong: dict[str, Any], sentence: str) -> None:
    settings = Settings(**{"telegram_token": TOKEN} | wrong)
    with pytest.raises(TelegramSettingsError, match=sentence):
        connect(settings)


@pytest.fixture
def web_settings(request: pytest.FixtureRequest, api: BotApi) -> dict[str, Any]:
    return {"telegram_api_url": api.server.url} | getattr(request, "param", {})


@pytest.fixture
def logged() -> Iterator[list[Any]]:
    """What is logged from before the application starts."""
    with capture_logs() as entries:
        yield entries


@pytest.mark.parametrize("web_settings", [{"telegram_token": SecretStr("1:another")}], indirect=True)
async def test_a_token_that_telegram_does_not_know_is_named_and_the_page_is_there_all_the_same(
    logged: list[Any], browser: httpx.AsyncClient, api: BotApi
) -> None:
    await api.until(lambda: any("does not know RESPITE_TELEGRAM_TOKEN" in entry["event"] for entry in logged))
    assert "1:another" not in str(logged)
    assert (await browser.get("/")).status_code == 200
    unreachable = await browser.get("/telegram", headers={"Accept": "text/html", "Accept-Language": "zh-TW"})
    assert unreachable.status_code == 503
    assert "暫時連不上 Telegram" in unreachable.text


@pytest.fixture
def refusing(api: BotApi) -> None:
    """A Telegram that does not take our address."""
    api.fail("setWebhook", refused("Bad Request: bad webhook: IP address is reserved"))


@pytest.mark.parametrize("web_settings", [CALLED | {"telegram_token": SecretStr(TOKEN)}], indirect=True)
async def test_an_address_that_telegram_does_not_take_is_named(
    refusing: None, logged: list[Any], browser: httpx.AsyncClient, api: BotApi
) -> None:
    sentence = "Telegram does not take RESPITE_TELEGRAM_WEBHOOK_URL: Bad webhook: ip address is reserved."
    await api.until(lambda: any(sentence in entry["event"] for entry in logged))


async def test_without_a_token_there_is_no_such_channel(browser: httpx.AsyncClient) -> None:
    for method, path in (("GET", "/telegram"), ("POST", "/telegram"), ("POST", "/telegram/updates")):
        assert (await browser.request(method, path)).status_code == 404
