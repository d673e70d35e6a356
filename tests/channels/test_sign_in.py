"""Signing in in the chat: phone numbers and codes are acted on by the hub and travel no further."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from respite.identity import challenges, verification
from respite.identity.codes import OneTimeCode
from respite.store.models import AuditEntry, Conversation, InboxMessage, OutboxMessage
from tests.channels.conftest import PHONE, Borrowers, Phone, WallClock
from tests.channels.servers import StandInRasa

QUESTION = "what do I owe?"


@pytest.fixture
async def chat(
    borrowers: Borrowers,
    rasa: StandInRasa,
    mei: int,
    wall_clock: WallClock,
    session_factory: sessionmaker[Session],
) -> str:
    """A conversation in which a question about an account has begun a sign-in."""
    conversation_id = borrowers.join()

    def like_the_actions(told: str) -> list[dict[str, str]]:
        with session_factory.begin() as session:
            if told == "/verify_identity":
                return [{"text": challenges.status(session, conversation_id).state}]
            if session.get_one(Conversation, conversation_id).signed_in_borrower is None:
                verification.begin(session, conversation_id, wall_clock.now, question=told)
                return [{"text": "Please send your phone number."}]
        return [{"text": f"Here is the answer to {told}"}]

    rasa.answer = like_the_actions
    await borrowers.say(conversation_id, QUESTION)
    await borrowers.see(conversation_id)
    return conversation_id


async def test_the_right_code_opens_the_account_and_answers_the_question(
    chat: str,
    borrowers: Borrowers,
    rasa: StandInRasa,
    phone: Phone,
    mei: int,
    session_factory: sessionmaker[Session],
) -> None:
    await borrowers.say(chat, "138 0000 0001")
    assert (await borrowers.answers(chat))[-1] == "awaiting_code"
    await borrowers.say(chat, f"it is {phone.codes[0]}")
    assert (await borrowers.answers(chat))[-2:] == ["verified", f"Here is the answer to {QUESTION}"]
    assert rasa.was_told == [QUESTION, "/verify_identity", "/verify_identity", QUESTION]
    with session_factory() as session:
        borrower = session.get_one(Conversation, chat).signed_in_borrower
        assert borrower is not None
        assert borrower.id == mei


async def test_the_interrupted_question_is_answered_once(
    chat: str, borrowers: Borrowers, rasa: StandInRasa, phone: Phone, session_factory: sessionmaker[Session]
) -> None:
    await borrowers.say(chat, PHONE)
    await borrowers.see(chat)
    await borrowers.say(chat, phone.codes[0])
    await borrowers.say(chat, "thank you")
    await borrowers.see(chat)
    assert rasa.was_told.count(QUESTION) == 2
    with session_factory() as session:
        assert verification.take_interrupted_question(session, chat) is None


async def test_a_button_that_was_interrupted_is_told_again_as_a_button(
    chat: str, borrowers: Borrowers, rasa: StandInRasa, phone: Phone
) -> None:
    begin_sign_in = rasa.answer
    rasa.answer = lambda told: [{"text": "?", "buttons": [{"title": "Bills", "payload": "/show_bills"}]}]
    await borrowers.say(chat, "hello")
    shown = (await borrowers.see(chat))[-1].message
    assert shown is not None
    rasa.answer = begin_sign_in
    await borrowers.press(chat, shown.buttons[0].reference)
    await borrowers.say(chat, PHONE)
    await borrowers.see(chat)
    await borrowers.say(chat, phone.codes[0])
    await borrowers.see(chat)
    assert rasa.turns[-1]["payload"] == "/show_bills"


async def test_phone_numbers_and_codes_reach_neither_rasa_nor_the_store(
    chat: str, borrowers: Borrowers, rasa: StandInRasa, phone: Phone, session_factory: sessionmaker[Session]
) -> None:
    await borrowers.say(chat, "my number is １３８-0000-0001")
    await borrowers.see(chat)
    [code] = phone.codes
    wrong = "111111" if code != "111111" else "222222"
    await borrowers.say(chat, wrong)
    await borrowers.say(chat, code)
    await borrowers.see(chat)
    with session_factory() as session:
        kept: list[Any] = [
            *session.scalars(select(InboxMessage.content)),
            *session.scalars(select(OutboxMessage.message)),
            *session.scalars(select(AuditEntry.details)),
        ]
    for secret in (code, wrong, "13800000001", "138-0000-0001", "0000-0001"):
        assert secret not in str(kept)
        assert secret not in str(rasa.turns)
    assert "my number is •••-••••-••••" in str(kept)


async def test_an_unknown_number_is_answered_like_a_known_one(
    chat: str, borrowers: Borrowers, rasa: StandInRasa, phone: Phone
) -> None:
    await borrowers.say(chat, "13900000009")
    assert (await borrowers.answers(chat))[-1] == "awaiting_code"
    assert phone.codes == []
    await borrowers.say(chat, "123456")
    assert (await borrowers.answers(chat))[-1] == "failed"


async def test_other_words_go_to_rasa_while_a_sign_in_is_under_way(
    chat: str, borrowers: Borrowers, rasa: StandInRasa
) -> None:
    for text in ("can I pay 500000 on 2026-12-15?", "talk to a person"):
        await borrowers.say(chat, text)
    await borrowers.see(chat)
    assert rasa.was_told[1:] == ["can I pay 500000 on 2026-12-15?", "talk to a person"]


async def test_a_code_that_is_sent_twice_costs_one_attempt(
    chat: str, borrowers: Borrowers, phone: Phone, session_factory: sessionmaker[Session]
) -> None:
    await borrowers.say(chat, PHONE)
    await borrowers.see(chat)
    wrong = "111111" if phone.codes != ["111111"] else "222222"
    for _ in range(2):
        await borrowers.say(chat, wrong, external_id="the same message")
    await borrowers.see(chat)
    with session_factory() as session:
        assert challenges.status(session, chat).attempts_left == challenges.ATTEMPTS - 1


async def test_a_sender_that_fails_holds_nothing_up(
    chat: str, borrowers: Borrowers, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: OneTimeCode) -> None:
        raise ConnectionError("no provider")

    monkeypatch.setattr(borrowers.hub, "_send_code", fail)
    await borrowers.say(chat, PHONE)
    assert (await borrowers.answers(chat))[-1] == "awaiting_code"
