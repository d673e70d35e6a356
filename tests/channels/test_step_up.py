"""A code asked for from a borrower who is signed in: what it brings back, and what leaves it."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from respite.identity import challenges, contact_change, step_up
from respite.identity.challenges import Purpose, State
from respite.identity.verification import vouched_for
from respite.store.models import Borrower, Conversation, InboxMessage, OutboxMessage
from respite.support.buttons import offer
from respite.support.messages import Button
from tests.channels.conftest import PHONE, Borrowers, Phone, WallClock
from tests.channels.servers import StandInRasa

CONSENT = '/affirm{"quote_reference": "q"}'
NEW_PHONE = "+8613800000077"


class Chat:
    """A conversation in which Mei is signed in, and of which Rasa's answers say what it was told."""

    def __init__(
        self, borrowers: Borrowers, factory: sessionmaker[Session], clock: WallClock, phone: Phone, mei: int
    ) -> None:
        self.borrowers, self.factory, self.clock, self.phone = borrowers, factory, clock, phone
        self.id = borrowers.join()
        with factory.begin() as session:
            vouched_for(session, self.id, mei, clock.now)

    def ask_for_code(self, purpose: Purpose = Purpose.STEP_UP) -> None:
        """What an action does."""
        with self.factory.begin() as session:
            if purpose is Purpose.STEP_UP:
                step_up.begin(session, self.id, purpose, self.clock.now, self.phone, then=CONSENT)
            else:
                contact_change.begin(session, self.id, self.clock.now, self.phone)

    async def say(self, text: str) -> None:
        await self.borrowers.say(self.id, text)
        await self.borrowers.see(self.id)

    def state(self) -> State:
        with self.factory() as session:
            return challenges.status(session, self.id).state


@pytest.fixture
def chat(
    borrowers: Borrowers, session_factory: sessionmaker[Session], wall_clock: WallClock, phone: Phone, mei: int
) -> Chat:
    return Chat(borrowers, session_factory, wall_clock, phone, mei)


async def test_the_right_code_brings_the_consent_back_as_a_payload(chat: Chat, rasa: StandInRasa) -> None:
    chat.ask_for_code()
    await chat.say(f"it is {chat.phone.codes[-1]}")
    assert [turn.get("payload") for turn in rasa.turns] == ["/verify_identity", CONSENT]


async def test_a_wrong_code_brings_nothing_back(chat: Chat, rasa: StandInRasa) -> None:
    chat.ask_for_code()
    await chat.say("111111" if chat.phone.codes[-1] != "111111" else "222222")
    assert rasa.was_told == ["/verify_identity"]
    assert chat.state() == State.FAILED


@pytest.mark.parametrize("other", ["never mind", "what happens if I am late?", "不办了"])
async def test_anything_else_leaves_it_and_the_code_then_does_nothing(
    chat: Chat, rasa: StandInRasa, other: str
) -> None:
    chat.ask_for_code()
    await chat.say(other)
    assert chat.state() == State.VERIFIED
    await chat.say(chat.phone.codes[-1])
    assert CONSENT not in rasa.was_told


async def test_a_button_leaves_it(chat: Chat, rasa: StandInRasa) -> None:
    chat.ask_for_code()
    with chat.factory.begin() as session:
        pressed = offer(session, chat.id, Button(title="A person", payload="/request_human"), chat.clock.now)
    await chat.borrowers.press(chat.id, pressed.reference)
    await chat.borrowers.see(chat.id)
    assert chat.state() == State.VERIFIED
    await chat.say(chat.phone.codes[-1])
    assert CONSENT not in rasa.was_told


async def test_a_mistyped_code_leaves_nothing_and_costs_nothing(chat: Chat, rasa: StandInRasa) -> None:
    chat.ask_for_code()
    await chat.say("12345")
    assert rasa.was_told == ["/verify_identity"]
    await chat.say(chat.phone.codes[-1])
    assert rasa.was_told[-1] == CONSENT


async def test_a_phone_number_instead_of_the_code_has_another_sent_to_the_number_on_file(
    chat: Chat, rasa: StandInRasa
) -> None:
    chat.ask_for_code()
    await chat.say("138 0000 0099")
    assert len(chat.phone.codes) == 2
    await chat.say(chat.phone.codes[-1])
    assert rasa.was_told[-1] == CONSENT


async def test_amounts_are_no_codes_once_it_is_over(chat: Chat, rasa: StandInRasa) -> None:
    chat.ask_for_code()
    await chat.say(chat.phone.codes[-1])
    await chat.say("can I pay 100000 in January?")
    assert rasa.was_told[-1] == "can I pay 100000 in January?"


async def test_a_code_is_taken_and_hidden_while_staff_talk_and_what_is_said_to_them_leaves_nothing(
    chat: Chat, rasa: StandInRasa
) -> None:
    chat.ask_for_code()
    with chat.factory.begin() as session:
        session.get_one(Conversation, chat.id).owner = "staff:7"
    await chat.say("one moment, I can pay 100000 then")
    assert chat.state() == State.AWAITING_CODE
    code = chat.phone.codes[-1]
    await chat.say(code)
    assert chat.state() == State.VERIFIED
    assert code not in str([entry.text for entry in await chat.borrowers.history(chat.id)])


async def test_neither_numbers_nor_codes_of_a_change_reach_rasa_or_the_store(
    chat: Chat, rasa: StandInRasa, mei: int
) -> None:
    chat.ask_for_code(Purpose.CONTACT_CHANGE)
    await chat.say(chat.phone.codes[-1])
    await chat.say("my new one is 138-0000-0077")
    await chat.say(chat.phone.codes[-1])
    with chat.factory() as session:
        assert session.get_one(Borrower, mei).phone == NEW_PHONE
        kept = [*session.scalars(select(InboxMessage.content)), *session.scalars(select(OutboxMessage.message))]
    assert rasa.was_told == ["/verify_identity"] * 3
    for secret in (*chat.phone.codes, "0000-0077", NEW_PHONE, PHONE):
        assert secret not in str(kept)
        assert secret not in str(rasa.turns)
