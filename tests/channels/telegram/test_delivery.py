"""Answers on their way to Telegram, through the outbox: in order, never twice, and no chat waits for another."""

import asyncio
import re
from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from respite.clock import Clock
from respite.store.models import Conversation, OutboxMessage, StaffMember
from respite.support.messages import Message
from respite.support.outbox import add_from_staff
from tests.channels.conftest import WallClock
from tests.channels.servers import StandInRasa
from tests.channels.telegram.conftest import Running
from tests.channels.telegram.look_alike import BLOCKED, LOST, refused, too_many
from tests.channels.telegram.people import Person
from tests.web import samples


async def states(telegram: Running, person: Person, *expected: str) -> list[OutboxMessage]:
    """The messages to somebody once they have come to these states."""

    def as_expected() -> list[OutboxMessage] | None:
        rows = telegram.outbox(person)
        return rows if tuple(row.state for row in rows) == expected else None

    return await telegram.api.until(as_expected)


async def test_a_sent_message_is_kept_with_the_id_that_telegram_gave_it(telegram: Running, ann: Person) -> None:
    await telegram.take(ann.says("Hello"))
    (sent,) = await states(telegram, ann, "sent")
    assert sent.external_id is not None


async def test_telegrams_wait_for_one_chat_holds_up_no_other_and_loses_nothing(
    telegram: Running, wall_clock: WallClock, ann: Person, bo: Person
) -> None:
    telegram.api.fail("sendMessage", too_many(20), chat=ann.id)
    await telegram.take(ann.says("first"), ann.says("second"), bo.says("hello"))
    assert await telegram.replies(bo, 1) == ["You said: hello"]
    await states(telegram, ann, "pending", "pending")
    assert telegram.api.texts(ann.id) == []
    wall_clock.move(seconds=21)
    assert await telegram.replies(ann, 2) == ["You said: first", "You said: second"]


async def test_an_answer_that_was_accepted_and_lost_is_unknown_and_sent_once(telegram: Running, ann: Person) -> None:
    telegram.api.fail("sendMessage", LOST)
    await telegram.take(ann.says("Hello"), ann.says("Are you there?"))
    lost, _ = await states(telegram, ann, "unknown", "sent")
    assert lost.error == "Telegram did not say whether it has taken this message."
    assert telegram.api.texts(ann.id) == ["You said: Hello", "You said: Are you there?"]


async def test_a_message_that_telegram_refuses_has_failed_and_says_why(telegram: Running, ann: Person) -> None:
    telegram.api.fail("sendMessage", refused())
    await telegram.take(ann.says("Hello"), ann.says("Again"))
    failed, _ = await states(telegram, ann, "failed", "sent")
    assert failed.error is not None
    assert "Chat not found" in failed.error


async def test_who_has_blocked_the_bot_is_sent_nothing_more_until_they_write(
    telegram: Running, ann: Person, clock: Clock
) -> None:
    telegram.api.fail("sendMessage", BLOCKED)
    await telegram.take(ann.says("Hello"))
    await states(telegram, ann, "failed")
    assert telegram.conversation(ann).blocked_at is not None
    say_as_staff(telegram.session_factory, telegram.conversation(ann), clock)
    await states(telegram, ann, "failed", "failed")
    assert telegram.api.texts(ann.id) == []
    await telegram.take(ann.says("I am back"))
    assert await telegram.replies(ann, 1) == ["You said: I am back"]


async def test_a_flood_of_answers_keeps_its_order(telegram: Running, ann: Person, bo: Person) -> None:
    said = [str(number) for number in range(12)]
    await asyncio.gather(*(telegram.take(*(person.says(text) for text in said)) for person in (ann, bo)))
    for person in (ann, bo):
        assert await telegram.replies(person, 12) == [f"You said: {text}" for text in said]


async def test_cards_and_buttons_come_all_the_way(telegram: Running, rasa: StandInRasa, ann: Person) -> None:
    rasa.answer = lambda told: [answer(told)]
    await telegram.take(ann.says("What can I do?"))
    await states(telegram, ann, "sent")
    text = telegram.api.sent_to(ann.id)[-1]
    assert [button["text"] for button in text.keyboard][:1] == ["1. Move this instalment by 14 days"]
    assert all(re.fullmatch("(plan:)?[0-9a-f]{32}", button["callback_data"]) for button in text.keyboard)
    await telegram.take(ann.presses(text.keyboard[1]["callback_data"], text.keyboard))
    await states(telegram, ann, "sent", "sent")
    assert rasa.was_told == ["What can I do?", "/choose plan-2"]


async def test_of_several_plans_one_can_be_looked_at_after_the_other(
    telegram: Running, rasa: StandInRasa, ann: Person
) -> None:
    rasa.answer = lambda told: [answer(told)]
    await telegram.take(ann.says("What can I do?"))
    await telegram.replies(ann, 1)
    keyboard = telegram.api.sent_to(ann.id)[-1].keyboard
    first, second, *others = (button["text"] for button in keyboard)
    await telegram.take(ann.presses(keyboard[1]["callback_data"], keyboard))
    (edit,) = await telegram.api.until(lambda: telegram.api.called("editMessageReplyMarkup"))
    assert [button["text"] for button in edit.keyboard] == [first, f"✓ {second}", *others]


async def test_what_a_person_writes_stands_under_their_name(telegram: Running, ann: Person, clock: Clock) -> None:
    with telegram.session_factory.begin() as session:
        session.add(
            StaffMember(
                id=7,
                login="lin",
                name="Lin",
                role="agent",
                languages=["en"],
                skills=[],
                capacity=3,
                interface_language="en",
                theme="auto",
                created_at=clock.now(),
            )
        )
    await telegram.take(ann.says("Hello"))
    await states(telegram, ann, "sent")
    say_as_staff(telegram.session_factory, telegram.conversation(ann), clock)
    await states(telegram, ann, "sent", "sent")
    assert telegram.api.texts(ann.id)[-1] == "<b>Lin</b>\n\nI have read this."


def say_as_staff(session_factory: sessionmaker[Session], conversation: Conversation, clock: Clock) -> None:
    with session_factory.begin() as session:
        message = Message(text="I have read this.")
        add_from_staff(session, session.get_one(Conversation, conversation.id), "staff:7", message, clock.now())


def answer(told: str) -> dict[str, Any]:
    """Plans, as the actions would send them."""
    card = samples.plans().model_dump(mode="json")
    for option in card["options"]:
        option["choose"] = {"title": "Choose", "payload": f"/choose {option['choose']['reference']}"}
    return {"text": f"You said: {told}", "custom": {"card": card}}
