"""Being called by Telegram: stored first, then answered; and whoever is not Telegram learns nothing."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from bot.channels.telegram.updates import MalformedUpdateError, read_update
from respite.clock import utc_now
from respite.identity.verification import vouched_for
from respite.store.models import Conversation, InboxMessage
from tests.channels.servers import Server, StandInRasa
from tests.channels.telegram.look_alike import TOKEN, BotApi
from tests.channels.telegram.people import Person, Update
from tests.channels.test_every_endpoint import fuzz

NAMES = (
    "message", "edited_message", "callback_query", "my_chat_member", "chat", "from", "id", "type", "text", "photo",
    "document", "date", "message_id", "data", "reply_markup",
)  # fmt: skip
SECRET = "a-secret-that-only-telegram-was-told-0123456789"
LIMIT = 200
PUBLIC = "https://chat.lender.example/telegram/updates"
SHOWN = {"X-Telegram-Bot-Api-Secret-Token": SECRET}


@pytest.fixture
def web_settings(api: BotApi) -> dict[str, Any]:
    return {
        "telegram_token": SecretStr(TOKEN),
        "telegram_api_url": api.server.url,
        "telegram_mode": "webhook",
        "telegram_secret": SecretStr(SECRET),
        "telegram_webhook_url": PUBLIC,
        "requests_a_minute": LIMIT,
    }


@pytest.fixture
async def caller(web: Server) -> AsyncIterator[httpx.AsyncClient]:
    """Whoever posts to the webhook."""
    async with httpx.AsyncClient(base_url=web.url, trust_env=False) as client:
        yield client


async def call(caller: httpx.AsyncClient, update: Update, headers: dict[str, str] = SHOWN) -> httpx.Response:
    return await caller.post("/telegram/updates", json=update, headers=headers)


def stored(session_factory: sessionmaker[Session]) -> list[str]:
    with session_factory() as session:
        return [inbox.content for inbox in session.scalars(select(InboxMessage).order_by(InboxMessage.id))]


async def test_telegram_is_told_where_to_call_and_throws_nothing_away(caller: httpx.AsyncClient, api: BotApi) -> None:
    (hook,) = await api.until(lambda: api.called("setWebhook"))
    assert (hook.params["url"], hook.params["secret_token"]) == (PUBLIC, SECRET)
    assert "drop_pending_updates" not in hook.params


async def test_an_update_is_stored_before_telegram_is_answered(
    caller: httpx.AsyncClient, rasa: StandInRasa, ann: Person, api: BotApi, session_factory: sessionmaker[Session]
) -> None:
    rasa.delay = 0.3
    assert (await call(caller, ann.says("Hello"))).status_code == 200
    assert stored(session_factory) == ["Hello"]
    await api.until(lambda: api.texts(ann.id) == ["You said: Hello"])


async def test_a_forged_call_is_refused_and_told_nothing(
    caller: httpx.AsyncClient, ann: Person, session_factory: sessionmaker[Session]
) -> None:
    (name,) = SHOWN
    forged: list[dict[str, str]] = [
        {},
        {name: ""},
        {name: SECRET[:-1]},
        {name: SECRET + "x"},
        {"Authorization": f"Bearer {SECRET}"},
    ]
    for headers in forged:
        for body in (ann.says("Hello"), "no update"):
            answer = await caller.post("/telegram/updates", json=body, headers=headers)
            assert (answer.status_code, answer.text) == (403, '{"detail":"Forbidden"}')
    assert stored(session_factory) == []


async def test_what_is_no_update_is_refused(caller: httpx.AsyncClient) -> None:
    for body in (b"", b"no JSON", b"[]", b"{}", b'{"update_id": "x"}', b"\xff\xfe", b"1"):
        answer = await caller.post("/telegram/updates", content=body, headers=SHOWN)
        assert answer.status_code == 400, body


async def test_telegram_is_not_slowed_but_who_forges_its_calls_is(caller: httpx.AsyncClient, ann: Person) -> None:
    for _ in range(LIMIT + 5):
        assert (await call(caller, ann.unblocks())).status_code == 200
    forged = [(await call(caller, ann.unblocks(), {})).status_code for _ in range(LIMIT + 5)]
    assert forged == [403] * LIMIT + [429] * 5


async def test_a_long_update_is_taken(
    caller: httpx.AsyncClient, ann: Person, session_factory: sessionmaker[Session]
) -> None:
    earlier = ann.message(text="长" * 4096)
    answer = await call(
        caller, ann.sends(text="Yes", reply_to_message=earlier, quote={"text": "长" * 4096, "position": 0})
    )
    assert answer.status_code == 200
    assert stored(session_factory) == ["Yes"]


async def test_a_swapped_chat_id_speaks_for_nobody_else(
    caller: httpx.AsyncClient, ann: Person, bo: Person, mei: int, session_factory: sessionmaker[Session]
) -> None:
    """Who is speaking is the chat that Telegram names; what a message says about it is text."""
    await call(caller, ann.says("/start"))
    with session_factory.begin() as session:
        anns = session.scalars(select(Conversation)).one()
        vouched_for(session, anns.id, mei, utc_now())
    await call(caller, bo.says(f'{{"chat_id": {ann.id}, "conversation": "{anns.id}"}}'))
    swapped = bo.says("What do I owe?")
    swapped["message"]["from"] = ann.user
    await call(caller, swapped)
    with session_factory() as session:
        said = session.scalars(select(InboxMessage).where(InboxMessage.conversation_id != anns.id)).all()
        (bos,) = {session.get_one(Conversation, inbox.conversation_id) for inbox in said}
    assert len(said) == 2
    assert bos.address == str(bo.id)
    assert bos.borrower_id is None


async def test_no_request_to_these_addresses_fails(web: Server, api: BotApi, caller: httpx.AsyncClient) -> None:
    await api.until(lambda: api.called("setWebhook"))
    everything = schemathesis.openapi.from_dict(web.app.openapi())  # type: ignore[attr-defined]
    operations = [found.ok() for found in everything.include(path_regex="^/telegram").get_all_operations()]
    assert len(operations) == 4
    for operation in operations:
        await asyncio.to_thread(fuzz, operation.as_strategy(), web.url)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(NAMES), JSON, max_size=6), JSON)
def test_whatever_telegram_may_say_one_day_is_passed_over_or_understood(update: dict[str, Any], other: Any) -> None:
    read = read_update(update | {"update_id": 1}, None)
    assert read is None or read.update_id == 1
    if not isinstance(other, dict) or "update_id" not in other:
        with pytest.raises(MalformedUpdateError):
            read_update(other, None)
