"""Ways in and out that are no message: a link from the lender's app, and signing out."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import jwt
import pytest
from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from bot.channels.webchat import chat_key
from bot.web.access import COOKIE
from respite.clock import utc_now
from respite.store.models import Borrower, Conversation
from tests.databases import ON_SQLITE

pytestmark = ON_SQLITE

SECRET = "a secret that the lender's server and ours share"


@pytest.fixture
def web_settings() -> dict[str, Any]:
    return {"lender_token_key": SecretStr(SECRET), "lender_token_algorithm": "HS256"}


@pytest.fixture
def link(mei: int, session_factory: sessionmaker[Session]) -> str:
    """A link from the lender's app for Mei."""
    with session_factory() as session:
        reference = session.get_one(Borrower, mei).reference
    now = utc_now()
    claims = {"sub": reference, "aud": "respite", "iat": now, "exp": now + timedelta(minutes=2), "jti": uuid4().hex}
    return f"/enter?token={jwt.encode(claims, SECRET, algorithm='HS256')}"


def borrower_here(browser: httpx.AsyncClient, session_factory: sessionmaker[Session]) -> int | None:
    """Who is signed in to the chat whose token this browser holds."""
    key = chat_key(browser.cookies[COOKIE])
    with session_factory() as session:
        return session.scalar(select(Conversation.borrower_id).where(Conversation.chat_key == key))


async def test_the_lenders_link_opens_a_chat_in_which_its_borrower_is_signed_in(
    browser: httpx.AsyncClient, link: str, mei: int, session_factory: sessionmaker[Session]
) -> None:
    answer = await browser.get(link)
    assert answer.status_code == 200
    assert 'content="0;url=/"' in answer.text
    assert borrower_here(browser, session_factory) == mei
    assert "Leave this chat" in (await browser.get("/")).text


async def test_a_link_works_once(browser: httpx.AsyncClient, link: str) -> None:
    await browser.get(link)
    browser.cookies.clear()
    again = await browser.get(link)
    assert again.status_code == 403
    assert "no longer works" in again.text
    assert COOKIE not in browser.cookies


async def test_a_link_never_signs_its_borrower_in_to_a_chat_that_was_there_before(
    browser: httpx.AsyncClient, link: str
) -> None:
    await browser.get("/")
    before = browser.cookies[COOKIE]
    await browser.get(link)
    assert browser.cookies[COOKIE] != before


@pytest.mark.parametrize("forged", ["/enter", "/enter?token=", "/enter?token=x.y.z", "/enter?token=%00"])
async def test_a_forged_link_begins_no_chat(
    browser: httpx.AsyncClient, forged: str, session_factory: sessionmaker[Session]
) -> None:
    assert (await browser.get(forged)).status_code == 403
    with session_factory() as session:
        assert session.scalars(select(Conversation)).all() == []


async def test_a_dead_link_is_explained_in_the_browsers_language(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/enter", headers={"Accept-Language": "zh-TW"})
    assert "這個連結已失效" in answer.text or "這個鏈接已失效" in answer.text


async def test_who_signs_out_leaves_nothing_behind_in_the_browser(
    browser: httpx.AsyncClient, link: str, session_factory: sessionmaker[Session]
) -> None:
    await browser.get(link)
    held = browser.cookies[COOKIE]
    assert (await browser.post("/sign-out", data={"where": "here"})).status_code == 303
    assert COOKIE not in browser.cookies
    browser.cookies.set(COOKIE, held)
    assert "Leave this chat" not in (await browser.get("/")).text
    assert borrower_here(browser, session_factory) is None


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", "http://[", ""])
async def test_another_site_cannot_sign_anybody_out(
    browser: httpx.AsyncClient, link: str, mei: int, session_factory: sessionmaker[Session], origin: str
) -> None:
    await browser.get(link)
    refused = await browser.post("/sign-out", headers={"Origin": origin})
    assert refused.status_code == 400
    assert borrower_here(browser, session_factory) == mei
