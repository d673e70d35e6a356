"""The page's own button, in a real browser: it leads to Telegram, where the borrower is signed in."""

from typing import Any
from uuid import uuid4

import pytest
from playwright.async_api import Route, async_playwright
from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from bot.channels.webchat import chat_key
from respite.clock import utc_now
from respite.identity.verification import vouched_for
from respite.store.models import LinkToken
from respite.support.conversations import open_conversation
from tests.channels.servers import Server
from tests.channels.telegram.look_alike import TOKEN, BotApi
from tests.databases import ON_SQLITE
from tests.web.conftest import ARGUMENTS, require_chromium

pytestmark = ON_SQLITE


@pytest.fixture
def web_settings(api: BotApi) -> dict[str, Any]:
    return {"telegram_token": SecretStr(TOKEN), "telegram_api_url": api.server.url}


async def test_the_button_leads_to_telegram_past_every_rule_of_the_browser(
    web: Server, api: BotApi, mei: int, session_factory: sessionmaker[Session]
) -> None:
    token = uuid4().hex
    with session_factory.begin() as session:
        chat = open_conversation(session, "web", chat_key(token), "en", utc_now())
        vouched_for(session, chat.id, mei, utc_now())
    await api.until(lambda: api.called("deleteWebhook"))
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=require_chromium(), args=ARGUMENTS)
        context = await chromium.new_context()
        await context.add_cookies([{"name": "respite_chat", "value": token, "url": web.url}])
        await context.route("https://t.me/**", answer_for_telegram)
        page = await context.new_page()
        await page.goto(web.url)
        await page.locator("#menu summary").click()
        async with page.expect_popup() as popup:
            await page.get_by_role("button", name="Continue on Telegram").click()
        await (await popup.value).wait_for_url("https://t.me/respite_bot?start=*")
    with session_factory() as session:
        assert session.scalars(select(LinkToken.borrower_id)).all() == [mei]


async def answer_for_telegram(route: Route) -> None:
    await route.fulfill(body="Telegram")
