"""The web application as browsers and terminals meet it: over HTTP and a socket, on a real port."""

import asyncio
import json
import re
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from bot.channels.webchat import new_token
from bot.web import socket as web_socket
from bot.web.access import COOKIE_ON_HTTPS
from bot.web.app import create_app
from bot.web.assets import assets_path
from bot.web.bodies import USUAL
from bot.web.socket import ANOTHER_VIEW, BAD_FRAME, NO_CHAT
from respite.clock import utc_now
from respite.identity.senders import CodeSenderError
from respite.settings import Settings, settings
from respite.store.models import Conversation, OutboxMessage
from respite.support.messages import Message
from tests.channels.servers import Server, StandInRasa

MISSED = 150
"""More than what is shown at once."""


@pytest.fixture
async def terminal(web: Server) -> Any:
    headers = {"Authorization": f"Bearer {new_token()}"}
    async with httpx.AsyncClient(base_url=web.url, trust_env=False, headers=headers) as client:
        yield client


def socket(
    web: Server, browser: httpx.AsyncClient, after: int = 0, origin: str | None = None, view: str = ""
) -> connect:
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    return connect(
        f"ws://127.0.0.1:{web.port}/chat?after={after}&view={view}",
        origin=origin or web.url,  # type: ignore[arg-type]
        additional_headers={"Cookie": cookies} if cookies else {},
        proxy=None,
    )


async def fragments(page: ClientConnection, until: str) -> str:
    """What the page is sent, up to the fragment that holds `until`."""
    received = ""
    while until not in received:
        received += str(await page.recv())
    return received


def form(text: str, client_id: str = "first", **fields: str) -> str:
    """A frame as htmx sends a form."""
    return json.dumps({"text": text, "client_id": client_id, **fields, "headers": {"HX-Request": "true"}})


def say_often(session_factory: sessionmaker[Session], times: int) -> list[int]:
    """The ids of what the bot says so many times in the only conversation."""
    with session_factory.begin() as session:
        conversation_id = session.scalars(select(Conversation.id)).one()
        said = [
            OutboxMessage(
                conversation_id=conversation_id,
                author="bot",
                message=Message(text=f"Missed {number}").model_dump_json(),
                owner_version=1,
                state="sent",
                created_at=utc_now(),
            )
            for number in range(times)
        ]
        session.add_all(said)
        session.flush()
        return [message.id for message in said]


async def converse(terminal: httpx.AsyncClient, after: int = 0) -> dict[str, Any]:
    """All messages above `after`, once the bot has said everything."""
    messages: list[dict[str, Any]] = []
    while True:
        answer = (await terminal.get("/api/messages", params={"after": after, "wait": 5})).json()
        messages += answer["messages"]
        after = answer["cursor"]
        if not answer["answering"]:
            return {**answer, "messages": messages}


async def test_a_visitor_gets_a_chat_that_only_they_can_name(browser: httpx.AsyncClient) -> None:
    response = await browser.get("/")
    assert response.status_code == 200
    cookie = response.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()
    assert len(browser.cookies["respite_chat"]) == 22
    assert "set-cookie" not in (await browser.get("/")).headers


@pytest.mark.usefixtures("store_url")
async def test_over_https_no_other_host_can_set_the_cookie_and_http_is_not_used_again(tmp_path: Path) -> None:
    transport = httpx.ASGITransport(create_app(Settings(demo=True, home=tmp_path)))
    async with httpx.AsyncClient(transport=transport, base_url="https://chat.example") as browser:
        page = await browser.get("/")
        cookie = page.headers["set-cookie"]
        assert cookie.startswith("__Host-respite_chat=")
        assert {"secure", "httponly", "path=/", "samesite=strict"} <= set(cookie.lower().split("; "))
        assert "domain" not in cookie.lower()
        assert page.headers["strict-transport-security"] == "max-age=31536000"
        assert "set-cookie" not in (await browser.get("/")).headers
        chosen = await browser.post(
            "/language", data={"language": "zh-Hans"}, headers={"Origin": "https://chat.example"}
        )
        assert chosen.status_code == 303
        left = await browser.post("/sign-out", headers={"Origin": "https://chat.example"})
        assert left.status_code == 303
        assert COOKIE_ON_HTTPS not in browser.cookies


async def test_over_http_nothing_is_said_about_https(browser: httpx.AsyncClient) -> None:
    assert "strict-transport-security" not in (await browser.get("/")).headers


async def test_the_store_never_sees_a_chats_token(
    web: Server, browser: httpx.AsyncClient, session_factory: sessionmaker[Session]
) -> None:
    await browser.get("/")
    async with socket(web, browser) as page:
        await page.send(form("hello"))
        await fragments(page, "You said: hello")
    with session_factory() as session:
        [key] = session.scalars(select(Conversation.chat_key))
    assert len(key) == 64
    assert browser.cookies["respite_chat"] not in key


async def test_a_message_comes_back_with_its_answer(web: Server, browser: httpx.AsyncClient) -> None:
    await browser.get("/")
    async with socket(web, browser) as page:
        await page.send(form("what do I owe?", client_id="bubble-1"))
        received = await fragments(page, "You said: what do I owe?")
    assert 'data-client-id="bubble-1"' in received


async def test_the_typing_sign_comes_before_the_answer_and_goes_after_it(
    web: Server, browser: httpx.AsyncClient, rasa: StandInRasa
) -> None:
    rasa.holds = lambda told: True
    await browser.get("/")
    async with socket(web, browser) as page:
        await page.send(form("hello"))
        assert "You said" not in await fragments(page, "An answer is being written")
        rasa.holds = lambda told: False
        await fragments(page, "You said: hello")
        assert "An answer is being written" not in await fragments(page, "#typing")


async def test_a_page_that_comes_back_gets_what_it_missed_and_nothing_else(
    web: Server, browser: httpx.AsyncClient
) -> None:
    await browser.get("/")
    async with socket(web, browser) as page:
        await page.send(form("one", client_id="one"))
        seen = await fragments(page, "You said: one")
    last = max(int(number) for number in re.findall(r'data-id="(\d+)"', seen))
    async with socket(web, browser) as other_page:
        await other_page.send(form("two", client_id="two"))
        await fragments(other_page, "You said: two")
    async with socket(web, browser, after=last) as page:
        missed = await fragments(page, "You said: two")
    assert "You said: one" not in missed
    assert 'data-client-id="two"' in missed


async def test_a_page_that_missed_much_gets_all_of_it_in_order(
    web: Server, browser: httpx.AsyncClient, session_factory: sessionmaker[Session]
) -> None:
    await browser.get("/")
    async with socket(web, browser) as page:
        await page.send(form("hello"))
        seen = await fragments(page, "You said: hello")
    last = max(int(number) for number in re.findall(r'data-id="(\d+)"', seen))
    missed = say_often(session_factory, MISSED)
    async with socket(web, browser, after=last) as page, asyncio.timeout(10):
        received = await fragments(page, f'data-id="{missed[-1]}"')
    assert [int(number) for number in re.findall(r'data-id="(\d+)"', received)] == missed


async def test_a_reloaded_page_has_history_and_cursor(web: Server, browser: httpx.AsyncClient) -> None:
    await browser.get("/")
    async with socket(web, browser) as page:
        await page.send(form("hello"))
        received = await fragments(page, "You said: hello")
    last = max(int(number) for number in re.findall(r'data-id="(\d+)"', received))
    html = (await browser.get("/")).text
    assert "You said: hello" in html
    assert f'data-after="{last}"' in html


async def test_a_resent_message_is_answered_once(web: Server, browser: httpx.AsyncClient, rasa: StandInRasa) -> None:
    await browser.get("/")
    async with socket(web, browser) as page:
        for _ in range(3):
            await page.send(form("hello", client_id="same"))
        await page.send(form("bye", client_id="other"))
        await fragments(page, "You said: bye")
    assert rasa.was_told == ["hello", "bye"]


async def test_the_button_for_a_person_asks_for_one(web: Server, browser: httpx.AsyncClient, rasa: StandInRasa) -> None:
    await browser.get("/")
    async with socket(web, browser) as page:
        await page.send(json.dumps({"request": "person", "client_id": "p"}))
        received = await fragments(page, "You said: /request_human")
    assert "I would like to talk to a person." in received
    assert rasa.turns[0]["payload"] == "/request_human"


async def test_what_the_borrower_has_seen_is_remembered_forwards_only_and_for_this_chat_only(
    web: Server, browser: httpx.AsyncClient
) -> None:
    await browser.get("/")
    async with socket(web, browser) as page:
        await page.send(form("one"))
        ids = [int(number) for number in re.findall(r'data-id="(\d+)"', await fragments(page, "You said: one"))]
        for seen in (ids[-1], ids[0], 0):
            await page.send(json.dumps({"seen": seen}))
        await page.send(form("two", client_id="two"))
        await fragments(page, "You said: two")
    assert f'data-seen="{ids[-1]}"' in (await browser.get("/")).text
    async with socket(web, browser) as page:
        await page.send(json.dumps({"seen": 2**31 - 1}))
        await page.send(form("three", client_id="three"))
        last = re.findall(r'data-id="(\d+)"', await fragments(page, "You said: three"))[-1]
    assert int(re.findall(r'data-seen="(\d+)"', (await browser.get("/")).text)[0]) <= int(last)


async def test_a_page_of_another_view_is_loaded_anew(web: Server, browser: httpx.AsyncClient) -> None:
    await browser.get("/")
    async with socket(web, browser) as page:
        await page.send(form("hello"))
        await fragments(page, "You said: hello")
    [view] = re.findall(r'data-view="([^"]+)"', (await browser.get("/")).text)
    async with socket(web, browser, view=view) as page:
        await page.send(form("still here", client_id="second"))
        await fragments(page, "You said: still here")
    async with socket(web, browser, view="another") as page:
        with pytest.raises(ConnectionClosed) as closed:
            await page.recv()
    assert closed.value.rcvd
    assert closed.value.rcvd.code == ANOTHER_VIEW


async def test_who_leaves_in_one_tab_leaves_in_all(web: Server, browser: httpx.AsyncClient) -> None:
    await browser.get("/")
    async with socket(web, browser) as other_tab:
        await other_tab.send(form("hello"))
        await fragments(other_tab, "You said: hello")
        await browser.post("/sign-out")
        with suppress(ConnectionClosed):
            async for _ in other_tab:
                pass
    assert other_tab.close_code == ANOTHER_VIEW


async def test_who_floods_is_read_more_slowly(
    web: Server, browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings(), "messages_a_minute", 1)
    monkeypatch.setattr(web_socket, "SLOWED_BY_SECONDS", 0.3)
    await browser.get("/")
    async with socket(web, browser) as page:
        began = time.monotonic()
        for number in range(4):
            await page.send(form(str(number), client_id=str(number)))
        await fragments(page, 'data-client-id="3"')
    assert time.monotonic() - began > 2 * 0.3


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "http://127.0.0.1:1"])
async def test_a_page_of_another_site_cannot_open_the_socket(
    web: Server, browser: httpx.AsyncClient, origin: str
) -> None:
    await browser.get("/")
    with pytest.raises(InvalidStatus):
        async with socket(web, browser, origin=origin):
            pass


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("not json", BAD_FRAME),
        ('{"text": "a", "button": "b"}', BAD_FRAME),
        ('{"text": "  "}', BAD_FRAME),
        ('{"request": "/restart"}', BAD_FRAME),
        ('{"text": "a", "client_id": "../../x"}', BAD_FRAME),
        ('{"seen": -1}', BAD_FRAME),
        (b"bytes", BAD_FRAME),
        ('{"text": "' + "a" * 2 * USUAL.size + '"}', None),
    ],
)
async def test_a_frame_that_no_page_sends_ends_the_connection(
    web: Server, browser: httpx.AsyncClient, rasa: StandInRasa, frame: str | bytes, code: int | None
) -> None:
    await browser.get("/")
    async with socket(web, browser) as page:
        await page.send(frame)
        with pytest.raises(ConnectionClosed) as closed:
            await page.recv()
    assert code is None or (closed.value.rcvd and closed.value.rcvd.code == code)
    assert rasa.turns == []


async def test_a_socket_without_a_chat_is_told_so(web: Server, browser: httpx.AsyncClient) -> None:
    async with socket(web, browser) as page:
        with pytest.raises(ConnectionClosed) as closed:
            await page.recv()
    assert closed.value.rcvd
    assert closed.value.rcvd.code == NO_CHAT


async def test_a_guessed_token_shows_no_history(web: Server, browser: httpx.AsyncClient) -> None:
    await browser.get("/")
    async with socket(web, browser) as page:
        await page.send(form("my secret"))
        await fragments(page, "You said: my secret")
    browser.cookies.set("respite_chat", new_token())
    assert "my secret" not in (await browser.get("/")).text


async def test_choosing_a_language_shows_the_page_in_it(web: Server, browser: httpx.AsyncClient) -> None:
    await browser.get("/")
    response = await browser.post("/language", data={"language": "zh-Hant"})
    assert (response.status_code, response.headers["location"]) == (303, "/")
    assert '<html lang="zh-Hant">' in (await browser.get("/")).text


@pytest.mark.parametrize(
    ("data", "origin"),
    [({"language": "fr"}, None), ({}, None), ({"language": "en"}, "https://elsewhere.example")],
)
async def test_a_language_choice_that_our_page_did_not_make_is_refused(
    browser: httpx.AsyncClient, data: dict[str, str], origin: str | None
) -> None:
    await browser.get("/")
    headers = {"Origin": origin} if origin else {}
    assert (await browser.post("/language", data=data, headers=headers)).status_code == 400


@pytest.mark.parametrize(
    ("method", "path", "status", "reason"),
    [
        ("POST", "/language", 400, "请在对话页上选择语言。"),
        ("POST", "/sign-out", 401, "这个对话已经关闭。"),
        ("GET", "/sign-out", 405, "这个地址没有内容。"),
        ("GET", f"/files/{'0' * 32}", 404, "这个对话里没有这个文件。"),
        ("GET", "/nothing-here", 404, "这个地址没有内容。"),
    ],
)
async def test_whoever_opens_an_address_is_told_on_a_page_why_it_is_refused_and_a_script_in_json(
    browser: httpx.AsyncClient, method: str, path: str, status: int, reason: str
) -> None:
    opened = await browser.request(method, path, headers={"Accept": "text/html,*/*;q=0.8", "Accept-Language": "zh-CN"})
    assert (opened.status_code, opened.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert '<html lang="zh-Hans">' in opened.text
    assert reason in opened.text
    assert '<a href="/">去对话页</a>' in opened.text
    fetched = await browser.request(method, path)
    assert fetched.status_code == status
    assert set(fetched.json()) == {"detail"}


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("zh-TW,zh;q=0.9", "zh-Hant"),
        ("zh-CN", "zh-Hans"),
        ("fr,zh-Hant-HK", "zh-Hant"),
        ("de", "en"),
        ("", "en"),
    ],
)
async def test_a_new_visitor_is_greeted_in_the_browsers_language(
    browser: httpx.AsyncClient, accepted: str, language: str
) -> None:
    page = (await browser.get("/", headers={"Accept-Language": accepted})).text
    assert f'<html lang="{language}">' in page


async def test_a_link_on_another_site_keeps_the_chat(browser: httpx.AsyncClient) -> None:
    response = await browser.get("/", headers={"Sec-Fetch-Site": "cross-site"})
    assert "set-cookie" not in response.headers
    assert 'http-equiv="refresh"' in response.text


@pytest.mark.parametrize("path", ["/", f"{assets_path()}/chat.css", "/healthz", "/nothing-here"])
async def test_every_answer_forbids_foreign_and_inline_code(browser: httpx.AsyncClient, path: str) -> None:
    headers = (await browser.get(path)).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'; style-src 'self';" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"


async def test_the_page_has_no_inline_code(browser: httpx.AsyncClient) -> None:
    html = (await browser.get("/")).text
    assert not re.search(r"<script(?![^>]*\bsrc=)", html)
    assert not re.search(r"<style|\bstyle=|\bon[a-z]+=|javascript:", html)


async def test_a_body_that_is_too_large_is_refused(terminal: httpx.AsyncClient) -> None:
    large = b"x" * (USUAL.size + 1)
    assert (await terminal.post("/api/messages", content=large)).status_code == 413

    async def of_unknown_length() -> Any:
        yield large

    assert (await terminal.post("/api/messages", content=of_unknown_length())).status_code == 413


async def test_a_terminal_talks_and_reads_the_answers(terminal: httpx.AsyncClient, rasa: StandInRasa) -> None:
    rasa.answer = lambda told: [
        {"text": "first"},
        {"text": "second", "buttons": [{"title": "Yes", "payload": "/affirm"}]},
    ]
    sent = await terminal.post("/api/messages", json={"text": "hello", "client_id": "1"})
    assert sent.status_code == 202
    heard = await converse(terminal)
    assert [message["text"] for message in heard["messages"]] == ["hello", "first", "second"]
    [button] = heard["messages"][-1]["buttons"]
    assert set(button) == {"title", "reference"}
    rasa.answer = lambda told: [{"text": f"Told {told}"}]
    await terminal.post("/api/messages", json={"button": button["reference"]})
    heard = await converse(terminal, heard["cursor"])
    assert [message["text"] for message in heard["messages"]] == ["Yes", "Told /affirm"]


async def test_a_terminal_does_not_wait_for_an_idle_bot(terminal: httpx.AsyncClient) -> None:
    answer = await terminal.get("/api/messages", params={"wait": 30}, timeout=20)
    assert answer.json() == {"messages": [], "cursor": 0, "has_more": False, "language": "en", "answering": False}


async def test_a_terminal_that_missed_much_gets_all_of_it_in_pieces(
    terminal: httpx.AsyncClient, session_factory: sessionmaker[Session]
) -> None:
    await terminal.get("/api/messages")
    first, *missed = say_often(session_factory, 1 + MISSED)
    received, cursor, has_more = [], first, True
    while has_more:
        piece = (await terminal.get("/api/messages", params={"after": cursor})).json()
        received += [message["id"] for message in piece["messages"]]
        cursor, has_more = piece["cursor"], piece["has_more"]
    assert received == missed


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer short"}, {"Authorization": "Basic abc"}])
async def test_without_a_chats_token_the_api_says_nothing(web: Server, headers: dict[str, str]) -> None:
    async with httpx.AsyncClient(base_url=web.url, trust_env=False, headers=headers) as stranger:
        assert (await stranger.get("/api/messages")).status_code == 401
        assert (await stranger.post("/api/messages", json={"text": "hi"})).status_code == 401


async def test_readiness_names_what_does_not_answer(browser: httpx.AsyncClient, rasa: StandInRasa) -> None:
    assert (await browser.get("/healthz")).status_code == 200
    ready = await browser.get("/readyz")
    assert ready.json() == {"database": True, "rasa": True, "actions": False}
    rasa.server.stop()
    assert (await browser.get("/readyz")).json()["rasa"] is False
    rasa.server.start()


def test_an_installation_that_cannot_send_codes_does_not_start(own_settings: pytest.MonkeyPatch) -> None:
    with pytest.raises(CodeSenderError, match="one-time codes"):
        create_app(Settings(demo=False))
