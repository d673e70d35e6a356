"""Rasa and the action server as they run: nobody comes in but who knows the secret, and a turn is taken once."""

import httpx
import pytest
from sqlalchemy import func, select

from bot.channels.webchat import CHANNEL, chat_key, new_token
from respite.clock import utc_now
from respite.secrets import internal_secret
from respite.settings import settings
from respite.store.models import SupportCase
from respite.store.session import transaction
from respite.support.conversations import open_conversation
from tests.conversations.running_bot import BUSINESS_DATE, RunningBot

RASAS_OWN_ROUTES = (
    "/",
    "/version",
    "/status",
    "/domain",
    "/webhooks/rest/webhook",
    "/webhooks/rasa/webhook",
    "/webhooks/callback/webhook",
    "/socket.io",
    "/conversations/x/tracker",
    "/conversations/x/messages",
    "/model/parse",
    "/model",
)
ACTION_ROUTES = ("/", "/webhook", "/actions")


def url(bot: RunningBot, server: str) -> str:
    return f"http://127.0.0.1:{bot.environment[f'RESPITE_{server}_PORT']}"


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
@pytest.mark.parametrize(
    ("server", "path"),
    [*(("RASA", path) for path in RASAS_OWN_ROUTES), *(("ACTIONS", path) for path in ACTION_ROUTES)],
)
def test_no_route_lets_a_stranger_in(bot: RunningBot, server: str, path: str, method: str) -> None:
    secret = internal_secret(settings())
    answer = httpx.request(
        method, url(bot, server) + path, params={"token": secret}, headers={"Origin": "https://x.example"}, timeout=60
    )
    assert (answer.status_code, answer.json()) == (401, {"error": "unauthorized"})
    assert "access-control-allow-origin" not in answer.headers


def test_a_turn_that_is_asked_twice_is_taken_once(bot: RunningBot) -> None:
    with transaction() as session:
        conversation = open_conversation(session, CHANNEL, chat_key(new_token()), "en", utc_now()).id
    turn = {
        "sender": conversation,
        "turn_id": "1.0",
        "text": "I want to make a complaint",
        "metadata": {"business_date": BUSINESS_DATE.isoformat()},
    }
    headers = {"Authorization": f"Bearer {internal_secret(settings())}"}
    address = f"{url(bot, 'RASA')}/webhooks/hub/turn"
    first, again = (httpx.post(address, json=turn, headers=headers, timeout=60) for _ in range(2))
    assert first.json() == again.json()
    with transaction() as session:
        opened = select(func.count(SupportCase.id)).where(SupportCase.conversation_id == conversation)
        assert session.scalar(opened) == 1
