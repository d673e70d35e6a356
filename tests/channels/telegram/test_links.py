"""Links to Telegram: from the page, from the lender's server and from staff, each for one borrower, once."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import httpx
import jwt
import pytest
from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from bot.channels.webchat import chat_key
from respite.clock import Clock, utc_now
from respite.identity import link_tokens
from respite.identity.verification import begin, sign_out, vouched_for
from respite.store.encryption import cipher
from respite.store.models import AuditEntry, Borrower, Conversation, LinkToken
from tests.channels.conftest import WallClock
from tests.channels.servers import StandInRasa
from tests.channels.telegram.conftest import Running
from tests.channels.telegram.look_alike import TOKEN, BotApi
from tests.channels.telegram.people import Person
from tests.databases import ON_SQLITE

pytestmark = ON_SQLITE

LENDERS_SECRET = "a secret that the lender's server and ours share"
COOKIE = "respite_chat"


@pytest.fixture
def bos(session_factory: sessionmaker[Session]) -> int:
    """Another borrower."""
    return add_borrower(session_factory, "B-BO", "+8613800000002")


def add_borrower(session_factory: sessionmaker[Session], reference: str, phone: str) -> int:
    with session_factory.begin() as session:
        index = cipher().blind_index(phone)
        borrower = Borrower(reference=reference, name="Somebody", phone=phone, phone_index=index, language="en")
        session.add(borrower)
        session.flush()
        return borrower.id


def new_token(telegram: Running, borrower_id: int, clock: Clock) -> str:
    with telegram.session_factory.begin() as session:
        return link_tokens.make(session, borrower_id, "system", clock.now()).token


# used on Telegram


async def test_a_link_signs_its_borrower_in(telegram: Running, ann: Person, mei: int, clock: Clock) -> None:
    await telegram.take(ann.says(f"/start {new_token(telegram, mei, clock)}"))
    (greeting,) = await telegram.replies(ann, 1)
    assert "You are signed in here." in greeting
    assert telegram.conversation(ann).borrower_id == mei
    assert telegram.conversation(ann).verified_at is not None


async def test_a_token_is_kept_nowhere_in_what_was_said(telegram: Running, ann: Person, mei: int, clock: Clock) -> None:
    await telegram.take(ann.says(f"/start {new_token(telegram, mei, clock)}"))
    assert [inbox.content for inbox in telegram.inbox(ann)] == ["/start"]


async def test_a_question_that_waited_for_the_sign_in_is_answered(
    telegram: Running, rasa: StandInRasa, ann: Person, mei: int, clock: Clock
) -> None:
    await telegram.take(ann.says("/start"))
    with telegram.session_factory.begin() as session:
        begin(session, telegram.conversation(ann).id, clock.now(), "What do I owe?")
    await telegram.take(ann.says(f"/start {new_token(telegram, mei, clock)}"))
    await telegram.replies(ann, 4)
    assert rasa.was_told == ["/verify_identity", "What do I owe?"]


async def test_a_question_is_answered_though_the_process_died_right_after_the_sign_in(
    telegram: Running, rasa: StandInRasa, ann: Person, mei: int, clock: Clock
) -> None:
    await telegram.take(ann.says("/start"))
    token, chat = new_token(telegram, mei, clock), telegram.conversation(ann).id
    with telegram.session_factory.begin() as session:
        begin(session, chat, clock.now(), "What do I owe?")
        link_tokens.redeem(session, token, chat, clock.now())
    await telegram.take(ann.says(f"/start {token}"))
    await telegram.replies(ann, 4)
    assert rasa.was_told == ["/verify_identity", "What do I owe?"]


async def test_a_link_that_is_told_twice_greets_once(telegram: Running, ann: Person, mei: int, clock: Clock) -> None:
    pressed = ann.says(f"/start {new_token(telegram, mei, clock)}")
    await telegram.take(pressed, pressed, pressed)
    assert len(telegram.inbox(ann)) == 1
    assert telegram.conversation(ann).borrower_id == mei


async def test_a_used_an_old_and_a_forged_link_are_answered_alike_and_kindly(
    telegram: Running, wall_clock: WallClock, ann: Person, mei: int, clock: Clock
) -> None:
    used, old = new_token(telegram, mei, clock), new_token(telegram, mei, clock)
    await telegram.take(Person(94).says(f"/start {used}"))
    wall_clock.move(minutes=11)
    await telegram.take(*(ann.says(f"/start {token}") for token in (used, old, "forged", "x" * 64)))
    replies = await telegram.replies(ann, 4)
    assert len(set(replies)) == 1
    assert "This link no longer works" in replies[0]
    assert telegram.conversation(ann).borrower_id is None


async def test_a_chat_of_another_borrower_is_not_entered_until_it_is_left(
    telegram: Running, ann: Person, mei: int, bos: int, clock: Clock
) -> None:
    await telegram.take(ann.says("/start"))
    telegram.sign_in(ann, bos, clock)
    token = new_token(telegram, mei, clock)
    await telegram.take(ann.says(f"/start {token}"))
    assert "This chat belongs to another account" in (await telegram.replies(ann, 2))[1]
    assert telegram.conversation(ann).borrower_id == bos
    await telegram.take(ann.says("/leave"), ann.says(f"/start {token}"))
    await telegram.replies(ann, 4)
    assert telegram.conversation(ann).borrower_id == mei


# made on the page and by the lender's server


@pytest.fixture
def web_settings(api: BotApi) -> dict[str, Any]:
    return {
        "telegram_token": SecretStr(TOKEN),
        "telegram_api_url": api.server.url,
        "lender_token_key": SecretStr(LENDERS_SECRET),
        "lender_token_algorithm": "HS256",
    }


@pytest.fixture
async def page(browser: httpx.AsyncClient, api: BotApi) -> httpx.AsyncClient:
    """A browser with a chat, once the bot has been introduced."""
    await browser.get("/")
    await api.until(lambda: api.called("deleteWebhook"))
    return browser


def enter_on_page(
    page: httpx.AsyncClient, session_factory: sessionmaker[Session], borrower_id: int, is_signed_in: bool = True
) -> None:
    with session_factory.begin() as session:
        key = chat_key(page.cookies[COOKIE])
        chat = session.scalars(select(Conversation).where(Conversation.chat_key == key)).one_or_none()
        if chat is None:
            chat = Conversation(channel="web", chat_key=key, language="en", created_at=utc_now())
            session.add(chat)
            session.flush()
        vouched_for(session, chat.id, borrower_id, utc_now())
        chat.last_active_at = utc_now()
        if not is_signed_in:
            sign_out(session, chat.id, utc_now())


def owner_of(session_factory: sessionmaker[Session], address: str) -> int:
    """Whose link an address is."""
    parts = urlsplit(address)
    assert (parts.netloc, parts.path) == ("t.me", "/respite_bot")
    (token,) = parse_qs(parts.query)["start"]
    with session_factory.begin() as session:
        chat = Conversation(channel="telegram", chat_key=uuid4().hex, language="en", created_at=utc_now())
        session.add(chat)
        session.flush()
        link_tokens.redeem(session, token, chat.id, utc_now())
        assert chat.borrower_id is not None
        return chat.borrower_id


async def test_who_is_signed_in_on_the_page_goes_on_with_telegram(
    page: httpx.AsyncClient, session_factory: sessionmaker[Session], mei: int
) -> None:
    enter_on_page(page, session_factory, mei)
    answer = await page.post("/telegram")
    assert (answer.status_code, answer.headers["cache-control"]) == (303, "no-store")
    assert "form-action 'self' https://t.me" in answer.headers["content-security-policy"]
    assert owner_of(session_factory, answer.headers["location"]) == mei


async def test_nobody_else_gets_a_link_from_the_page(
    page: httpx.AsyncClient, session_factory: sessionmaker[Session], mei: int
) -> None:
    stranger = await page.post("/telegram")
    enter_on_page(page, session_factory, mei, is_signed_in=False)
    signed_out = await page.post("/telegram")
    enter_on_page(page, session_factory, mei)
    from_elsewhere = await page.post("/telegram", headers={"Origin": "https://elsewhere.example"})
    page.cookies.clear()
    without_chat = await page.post("/telegram")
    statuses = [answer.status_code for answer in (stranger, signed_out, from_elsewhere, without_chat)]
    assert statuses == [401, 403, 400, 401]
    with session_factory() as session:
        assert session.scalars(select(LinkToken)).all() == []


async def test_who_must_sign_in_first_is_told_so_on_a_page_in_the_language_of_the_chat(
    page: httpx.AsyncClient, session_factory: sessionmaker[Session], mei: int
) -> None:
    enter_on_page(page, session_factory, mei, is_signed_in=False)
    with session_factory.begin() as session:
        session.scalars(select(Conversation)).one().language = "zh-Hans"
    answer = await page.post("/telegram", headers={"Accept": "text/html"})
    assert answer.status_code == 403
    assert '<html lang="zh-Hans">' in answer.text
    assert "请先在对话页登录" in answer.text
    assert 'href="/"' in answer.text


async def test_a_plain_link_signs_nobody_in(page: httpx.AsyncClient) -> None:
    answer = await page.get("/telegram")
    assert (answer.status_code, answer.headers["location"]) == (303, "https://t.me/respite_bot")


def lender_token(**changed: Any) -> dict[str, str]:
    now = utc_now()
    claims = {"sub": "B-MEI", "aud": "respite", "iat": now, "exp": now + timedelta(minutes=2), "jti": uuid4().hex}
    return {"Authorization": f"Bearer {jwt.encode(claims | changed, LENDERS_SECRET, algorithm='HS256')}"}


async def test_the_lenders_server_gets_a_link_for_its_borrower(
    page: httpx.AsyncClient, session_factory: sessionmaker[Session], mei: int
) -> None:
    answer = await page.post("/telegram-links", headers=lender_token())
    assert answer.status_code == 200
    link = answer.json()
    assert set(link) == {"url", "expires_at"}
    assert owner_of(session_factory, link["url"]) == mei
    with session_factory() as session:
        made = session.scalars(select(AuditEntry).where(AuditEntry.action == "chat_link_made")).one()
        assert (made.actor, made.subject) == ("system", f"borrower:{mei}")


async def test_a_lenders_token_makes_one_link(page: httpx.AsyncClient, mei: int) -> None:
    token = lender_token()
    answers = [(await page.post("/telegram-links", headers=token)).status_code for _ in range(2)]
    assert answers == [200, 401]


async def test_a_token_that_is_not_the_lenders_makes_no_link(
    page: httpx.AsyncClient, session_factory: sessionmaker[Session], mei: int
) -> None:
    not_the_lenders: list[dict[str, str]] = [
        {},
        {"Authorization": "Bearer x.y.z"},
        lender_token(sub="B-NOBODY"),
        lender_token(aud="another"),
        lender_token(exp=utc_now() - timedelta(minutes=1)),
    ]
    for headers in not_the_lenders:
        assert (await page.post("/telegram-links", headers=headers)).status_code == 401
    with session_factory() as session:
        assert session.scalars(select(LinkToken)).all() == []
