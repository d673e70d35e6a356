"""Chats in a frame of the lender's page: a pass in the place of a cookie, and one conversation for each borrower."""

import asyncio
import json
from contextlib import suppress
from datetime import timedelta
from typing import Any

import httpx
import pytest
from pydantic import SecretStr, ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from bot.channels.webchat import new_token
from bot.web import socket as web_socket
from bot.web.access import COOKIE
from bot.web.socket import ANOTHER_VIEW, NO_CHAT
from respite.clock import utc_now
from respite.identity.passes import CHAT_PASS_LIFE, chat_pass
from respite.settings import Settings
from respite.store.models import Conversation
from tests.channels.servers import Server
from tests.web.lender import SECRET, signed

LENDER = "https://lender.example"


@pytest.fixture
def web_settings() -> dict[str, Any]:
    return {
        "lender_token_key": SecretStr(SECRET),
        "lender_token_algorithm": "HS256",
        "embed_origins": f"{LENDER} https://shop.lender.example",
    }


async def arrive(browser: httpx.AsyncClient, token: str | None = None, language: str = "en") -> dict[str, Any]:
    """What a frame is told that the lender's page gave this token."""
    answer = await browser.post("/embedded/chats", json={"token": token, "language": language})
    assert answer.status_code == 200
    return dict(answer.json())


def bearer(shown: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {shown}"}


def socket(web: Server, view: str = "", after: int = 0, **headers: str) -> connect:
    return connect(
        f"ws://127.0.0.1:{web.port}/embedded/chat?after={after}&view={view}",
        origin=headers.pop("Origin", web.url),  # type: ignore[arg-type]
        additional_headers=headers,
        proxy=None,
    )


async def enter(page: ClientConnection, shown: str) -> None:
    await page.send(json.dumps({"chat_pass": shown}))


async def say(page: ClientConnection, text: str) -> str:
    """What comes back, up to the answer."""
    await page.send(json.dumps({"text": text, "client_id": new_token(), "headers": {}}))
    return await received(page, f"You said: {text}")


async def received(page: ClientConnection, until: str) -> str:
    seen = ""
    while until not in seen:
        seen += str(await page.recv())
    return seen


async def closed_with(page: ClientConnection) -> int:
    with suppress(ConnectionClosed):
        async for _ in page:
            pass
    assert page.close_code is not None
    return page.close_code


async def test_the_script_is_for_pages_of_other_sites(browser: httpx.AsyncClient) -> None:
    script = await browser.get("/embed.js")
    assert script.headers["content-type"].startswith("text/javascript")
    assert script.headers["cross-origin-resource-policy"] == "cross-origin"


async def test_only_the_lenders_pages_may_show_the_frame_and_it_sets_no_cookie(browser: httpx.AsyncClient) -> None:
    page = await browser.get("/embedded", params={"lang": "zh-TW"})
    policy = page.headers["content-security-policy"]
    assert f"frame-ancestors {LENDER} https://shop.lender.example" in policy
    assert "script-src 'self'; style-src 'self';" in policy
    assert '<html lang="zh-Hant">' in page.text
    assert "set-cookie" not in page.headers
    assert "frame-ancestors 'none'" in (await browser.get("/")).headers["content-security-policy"]


@pytest.mark.parametrize(
    "origins", ["lender.example", "https://lender.example/chat", "https://a.example; script-src *"]
)
def test_an_origin_that_is_none_is_refused_at_the_start(origins: str) -> None:
    with pytest.raises(ValidationError, match="embed_origins"):
        Settings(embed_origins=origins)


async def test_strangers_get_a_chat_each(web: Server, browser: httpx.AsyncClient) -> None:
    first, second = await arrive(browser), await arrive(browser)
    assert first["view"] != second["view"]
    async with socket(web) as page:
        await enter(page, first["chat_pass"])
        await say(page, "my secret")
    again = await browser.post("/embedded/chats", json={}, headers=bearer(second["chat_pass"]))
    assert "my secret" not in again.json()["entries"]


async def test_the_borrowers_chat_goes_on_under_a_fresh_token(
    web: Server, browser: httpx.AsyncClient, mei: int
) -> None:
    first = await arrive(browser, signed("B-MEI"))
    async with socket(web, first["view"]) as page:
        await enter(page, first["chat_pass"])
        assert "Leave this chat" in await say(page, "before")
    again = await arrive(browser, signed("B-MEI"))
    assert again["view"] == first["view"]
    assert "You said: before" in again["entries"]
    async with socket(web, again["view"], after=again["after"]) as page:
        await enter(page, again["chat_pass"])
        assert "You said: before" not in await say(page, "after")


async def test_a_token_works_once(browser: httpx.AsyncClient, mei: int) -> None:
    token = signed("B-MEI")
    await arrive(browser, token)
    assert (await browser.post("/embedded/chats", json={"token": token})).status_code == 403


@pytest.mark.parametrize(
    "claims", [{"sub": "B-NOBODY"}, {"aud": "another"}, {"exp": utc_now() - timedelta(minutes=1)}, {"jti": None}]
)
async def test_a_token_that_names_nobody_begins_no_chat(
    browser: httpx.AsyncClient, mei: int, claims: dict[str, Any], session_factory: sessionmaker[Session]
) -> None:
    refused = await browser.post("/embedded/chats", json={"token": signed("B-MEI", **claims)})
    assert refused.status_code == 403
    with session_factory() as session:
        assert session.scalars(select(Conversation)).all() == []


async def test_a_page_of_another_site_opens_no_chat(web: Server, browser: httpx.AsyncClient, mei: int) -> None:
    elsewhere = {"Origin": LENDER}
    refused = await browser.post("/embedded/chats", json={"token": signed("B-MEI")}, headers=elsewhere)
    assert refused.status_code == 400
    with pytest.raises(InvalidStatus):
        async with socket(web, Origin=LENDER):
            pass


@pytest.mark.parametrize("shown", ["", "x.y.z", "too old", "of another installation"])
async def test_a_pass_that_is_none_opens_nothing(
    web: Server, browser: httpx.AsyncClient, session_factory: sessionmaker[Session], shown: str
) -> None:
    await arrive(browser)
    with session_factory() as session:
        conversation_id = session.scalars(select(Conversation.id)).one()
    if shown == "too old":
        shown = chat_pass(conversation_id, utc_now() - CHAT_PASS_LIFE)
    if shown == "of another installation":
        shown = signed(conversation_id, aud="respite-chat")
    refused = await browser.post("/embedded/chats", json={}, headers=bearer(shown or "-"))
    assert refused.status_code == 401
    async with socket(web) as page:
        await enter(page, shown)
        assert await closed_with(page) == NO_CHAT


async def test_the_cookie_of_our_own_page_opens_no_frame(web: Server, browser: httpx.AsyncClient) -> None:
    await browser.get("/")
    async with socket(web, Cookie=f"{COOKIE}={browser.cookies[COOKIE]}") as page:
        await page.send(json.dumps({"text": "hello", "client_id": "1"}))
        assert await closed_with(page) == NO_CHAT


async def test_who_shows_no_pass_is_not_waited_for(web: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_socket, "SECONDS_FOR_A_PASS", 0.1)
    async with socket(web) as page:
        assert await closed_with(page) == NO_CHAT


async def test_leaving_closes_every_page_of_the_chat_and_its_passes(
    web: Server, browser: httpx.AsyncClient, mei: int
) -> None:
    arrived = await arrive(browser, signed("B-MEI"))
    async with socket(web, arrived["view"]) as page:
        await enter(page, arrived["chat_pass"])
        await say(page, "before I go")
        left = await browser.post("/sign-out", data={"where": "here"}, headers=bearer(arrived["chat_pass"]))
        assert left.status_code == 204
        assert await closed_with(page) == ANOTHER_VIEW
    refused = await browser.post("/embedded/chats", json={}, headers=bearer(arrived["chat_pass"]))
    assert refused.status_code == 401
    assert "before I go" not in (await arrive(browser, signed("B-MEI")))["entries"]


async def test_another_language_is_chosen_with_a_pass(browser: httpx.AsyncClient) -> None:
    arrived = await arrive(browser)
    chosen = await browser.post("/language", data={"language": "zh-Hans"}, headers=bearer(arrived["chat_pass"]))
    assert chosen.status_code == 204
    again = await browser.post("/embedded/chats", json={}, headers=bearer(arrived["chat_pass"]))
    assert again.json()["language"] == "zh-Hans"


async def test_a_page_that_shows_another_view_of_the_chat_is_sent_for_a_new_one(
    web: Server, browser: httpx.AsyncClient
) -> None:
    arrived = await arrive(browser)
    async with socket(web, view="an-older.one") as page:
        await enter(page, arrived["chat_pass"])
        assert await closed_with(page) == ANOTHER_VIEW


async def test_neither_pass_nor_token_is_logged(
    web: Server,
    browser: httpx.AsyncClient,
    mei: int,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("DEBUG")
    token = signed("B-MEI")
    arrived = await arrive(browser, token)
    await browser.post("/embedded/chats", json={"token": token})
    async with socket(web, arrived["view"]) as page:
        await enter(page, arrived["chat_pass"])
        await say(page, "hello")
    await asyncio.sleep(0.1)
    written = "".join(capfd.readouterr()) + "".join(
        record.getMessage() for record in caplog.records if record.name.startswith("uvicorn")
    )
    assert "lender token refused" in written
    assert "/embedded/chat" in written
    assert token not in written
    assert arrived["chat_pass"] not in written
