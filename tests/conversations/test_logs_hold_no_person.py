"""The logs of the three processes, after everything that this test run has said and done, name nobody."""

import json
import re
from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy import select

from bot.channels.webchat import CHANNEL, chat_key
from respite.clock import utc_now
from respite.policies.load import policy
from respite.secrets import internal_secret
from respite.settings import settings
from respite.store.models import Borrower, Conversation, InboxMessage, Loan
from respite.store.session import transaction
from respite.support.conversations import open_conversation
from tests.conversations.borrowers import add_borrower
from tests.conversations.chat import Chat
from tests.conversations.running_bot import BUSINESS_DATE, RunningBot

NAME = "Ouyang Zhenhua 欧阳振华"
CARD = "4111 1111 1111 1111"
MAIL = "zhenhua@example.com"
WORTH_LOOKING_FOR = 8
"""Characters; what is shorter, such as a yes, stands in a log for other reasons."""


@pytest.fixture
def chat(bot: RunningBot, http: httpx.Client) -> Chat:
    return Chat(http)


@pytest.fixture
def conversation_id(chat: Chat) -> str:
    with transaction() as session:
        return open_conversation(session, CHANNEL, chat_key(chat.token), chat.language, utc_now()).id


@pytest.fixture
def borrower(bot: RunningBot) -> Borrower:
    with transaction() as session:
        borrower = add_borrower(session, "late", policy(), BUSINESS_DATE)
        borrower.name = NAME
        assert borrower.loans
        return borrower


def test_no_log_holds_a_person_or_their_words(
    bot: RunningBot, chat: Chat, conversation_id: str, borrower: Borrower
) -> None:
    sign_in(bot, chat, conversation_id, borrower.phone)
    chat.say(f"my name is {NAME}, my card is {CARD} and my mail is {MAIL}")
    chat.say(f"what is due on {borrower.loans[0].reference}")
    chat.say("I want to complain: your agent shouted at my mother Liang Meihua on the telephone")
    an_action_fails(borrower, chat)
    rasa_fails(bot, conversation_id)
    strangers_try(bot)

    logs = {log.name: readable(log.read_text()) for log in (bot.home / "logs").glob("*.log")}
    assert logs.keys() == {"actions.log", "rasa.log", "web.log"}
    for said in [NAME, "Ouyang", "欧阳振华", "Liang Meihua", CARD, MAIL, *everything_personal()]:
        for name, log in logs.items():
            assert said not in log, f"{said!r} is in {name}"
    for code in codes(bot):
        for name, log in logs.items():
            assert not re.search(rf"(?<![\d.]){code}(?!\d)", log), f"the code {code} is in {name}"
    for name in ("actions.log", "rasa.log"):
        assert re.search(rf'"error".*{conversation_id}|{conversation_id}.*"error"', logs[name]), f"nothing in {name}"


def sign_in(bot: RunningBot, chat: Chat, conversation_id: str, phone: str) -> None:
    chat.say("how much do I have to pay this month")
    chat.say(phone)
    code = bot.code_sent_in(conversation_id)
    chat.say(f"{(int(code) + 1) % 10**6:06}")
    assert "you are signed in" in chat.say(code)[0]["text"]


def an_action_fails(borrower: Borrower, chat: Chat) -> None:
    """With an exception that quotes the borrower."""
    with transaction() as session:
        session.get_one(Loan, borrower.loans[0].id).product = NAME
    assert "nothing was changed" in chat.say("how much do I have to pay this month")[0]["text"].lower()


def rasa_fails(bot: RunningBot, conversation_id: str) -> None:
    """In words of its own that quote what it was told, and with an action that brings no answer."""
    turn = {"sender": conversation_id, "turn_id": "a-payload", "payload": f'/inform{{"name": "{NAME}'}
    httpx.post(f"{server(bot, 'RASA')}/webhooks/hub/turn", json=turn, headers=secret(), timeout=60)
    turn = {"sender": conversation_id, "turn_id": "no-payload", "payload": ["no text", NAME]}
    answer = httpx.post(f"{server(bot, 'RASA')}/webhooks/hub/turn", json=turn, headers=secret(), timeout=60)
    assert answer.json() == {"error": "turn failed"}
    call = {"next_action": "action_query_bill", "sender_id": conversation_id, "tracker": [NAME]}
    answer = httpx.post(f"{server(bot, 'ACTIONS')}/webhook", json=call, headers=secret(), timeout=60)
    assert answer.json() == {"error": "request failed"}


def strangers_try(bot: RunningBot) -> None:
    """What stands in an address is not logged either."""
    assert httpx.get(f"{bot.url}/enter", params={"token": NAME, "phone": MAIL}, timeout=60).status_code == 403
    for name in ("RASA", "ACTIONS"):
        url = f"{server(bot, name)}/conversations/{NAME}/tracker"
        assert httpx.get(url, params={"token": MAIL}, timeout=60).status_code == 401


def server(bot: RunningBot, name: str) -> str:
    return f"http://127.0.0.1:{bot.environment[f'RESPITE_{name}_PORT']}"


def secret() -> dict[str, str]:
    return {"Authorization": f"Bearer {internal_secret(settings())}"}


def everything_personal() -> Iterator[str]:
    """The names, numbers and references of all borrowers of this test run, and what they said."""
    with transaction() as session:
        for borrower in session.scalars(select(Borrower)):
            yield from (borrower.name, borrower.phone, borrower.phone.removeprefix("+86"), borrower.reference)
            yield from (loan.reference for loan in borrower.loans)
        for text in session.scalars(select(InboxMessage.content)):
            if len(text) >= WORTH_LOOKING_FOR and session.get(Conversation, text) is None:
                yield text


def codes(bot: RunningBot) -> list[str]:
    return [line.split()[-1] for line in (bot.home / "demo-codes.txt").read_text().splitlines()]


def readable(log: str) -> str:
    """A log with its JSON lines as they read without escapes."""
    return "\n".join(map(_unescaped, log.splitlines()))


def _unescaped(line: str) -> str:
    return json.dumps(json.loads(line), ensure_ascii=False) if line.startswith("{") else line
