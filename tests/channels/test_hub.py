"""The way of a message: nothing lost, nothing twice, in order, and honest when Rasa is away."""

import asyncio
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

import bot.hub
import bot.turns
from bot import rasa_client
from bot.engine.statuses import DIED, FAILED, NOTHING_DONE
from bot.flooding import FLOODING
from bot.inbox import LONGEST_MESSAGE
from bot.incoming import Incoming, Receipt
from bot.rasa_client import RasaClient
from bot.turns import AWAY, AWAY_UNSURE, GIVEN_UP, MOST_ATTEMPTS, PATIENCE
from bot.web.entries import ChatEntry
from respite.settings import settings
from respite.store.models import Conversation, Handoff, InboxMessage, OutboxMessage
from respite.store.processes import ALIVE_FOR
from respite.support.messages import PlansCard
from tests.channels.conftest import BUSINESS_DATE, Borrowers, NewHub, WallClock
from tests.channels.servers import StandInRasa

USED = "This button has already been used. Please type what you would like to do."
TOO_OLD = "This button is too old to be used. Please type what you would like to do."
FOREIGN = "This button does not work in this chat. Please type what you would like to do."

CHOOSE = {"title": "Choose", "payload": '/choose_plan{"quote": "q1"}'}
PLANS: dict[str, Any] = {
    "type": "plans",
    "options": [
        {
            "title": "延期",
            "summary": "延后 10 天",
            "lines": [{"label": "total", "value": "¥100"}],
            "choose": CHOOSE,
        }
    ],
}


async def test_an_answer_comes_back(borrowers: Borrowers, rasa: StandInRasa) -> None:
    chat = borrowers.join()
    await borrowers.say(chat, "what do I owe?")
    assert await borrowers.answers(chat) == ["You said: what do I owe?"]
    assert rasa.turns == [
        {
            "sender": chat,
            "turn_id": rasa.turns[0]["turn_id"],
            "text": "what do I owe?",
            "metadata": {"business_date": BUSINESS_DATE.isoformat(), "language": "en"},
        }
    ]


async def test_a_message_that_comes_five_times_at_once_is_answered_once(
    borrowers: Borrowers, rasa: StandInRasa
) -> None:
    chat = borrowers.join()
    await asyncio.gather(*(borrowers.say(chat, "hello", external_id="same") for _ in range(5)))
    assert [entry.author for entry in await borrowers.see(chat)] == ["borrower", "bot"]
    assert len(rasa.turns) == 1


async def test_messages_are_answered_in_order_and_one_at_a_time(borrowers: Borrowers, rasa: StandInRasa) -> None:
    chat = borrowers.join()
    rasa.delay = 0.02
    said = [f"message {number}" for number in range(8)]
    for text in said:
        await borrowers.say(chat, text)
    assert await borrowers.answers(chat) == [f"You said: {text}" for text in said]
    assert rasa.was_told == said


async def test_a_slow_conversation_holds_up_no_other(borrowers: Borrowers, rasa: StandInRasa) -> None:
    slow, quick = borrowers.join(), borrowers.join()
    rasa.holds = lambda told: told == "first"
    await borrowers.say(slow, "first")
    await rasa.asked()
    await borrowers.say(quick, "second")
    assert await borrowers.answers(quick) == ["You said: second"]
    assert [entry.author for entry in await borrowers.history(slow)] == ["borrower"]
    rasa.holds = lambda told: False
    assert await borrowers.answers(slow) == ["You said: first"]


async def test_rasa_away_is_said_once_and_the_message_is_answered_when_it_is_back(
    borrowers: Borrowers, rasa: StandInRasa, wall_clock: WallClock
) -> None:
    chat = borrowers.join()
    rasa.server.stop()
    await borrowers.say(chat, "what do I owe?")
    await borrowers.say(chat, "and now?")
    wall_clock.move(seconds=PATIENCE.seconds)
    assert await borrowers.answers(chat, 1) == [AWAY]
    rasa.server.start()
    assert await borrowers.answers(chat, 3) == [AWAY, "You said: what do I owe?", "You said: and now?"]


async def test_an_action_server_that_is_away_is_waited_for_like_rasa_itself(
    borrowers: Borrowers, rasa: StandInRasa, wall_clock: WallClock
) -> None:
    chat = borrowers.join()
    rasa.fails_with = NOTHING_DONE
    await borrowers.say(chat, "what do I owe?")
    await rasa.asked(MOST_ATTEMPTS + 1)
    wall_clock.move(seconds=PATIENCE.seconds)
    assert await borrowers.answers(chat, 1) == [AWAY]
    rasa.fails_with = None
    assert await borrowers.answers(chat, 2) == [AWAY, "You said: what do I owe?"]


async def test_a_message_that_may_have_been_acted_on_is_not_said_to_have_changed_nothing(
    borrowers: Borrowers, rasa: StandInRasa, wall_clock: WallClock
) -> None:
    chat = borrowers.join()
    rasa.fails_with = FAILED
    await borrowers.say(chat, "yes, book it")
    await rasa.asked()
    rasa.fails_with = NOTHING_DONE
    wall_clock.move(seconds=PATIENCE.seconds)
    assert await borrowers.answers(chat, 1) == [AWAY_UNSURE]


async def test_who_asks_for_a_person_while_rasa_is_away_is_in_line_for_one(
    borrowers: Borrowers, rasa: StandInRasa, wall_clock: WallClock, session_factory: sessionmaker[Session]
) -> None:
    chat = borrowers.join()
    rasa.server.stop()
    await borrowers.hub.receive(Incoming(chat, "a wish", request="person"))
    wall_clock.move(seconds=PATIENCE.seconds)
    [told] = await borrowers.answers(chat, 1)
    rasa.server.start()
    with session_factory() as session:
        handoff = session.scalars(select(Handoff)).one()
    assert (handoff.conversation_id, handoff.state, handoff.reason) == (chat, "waiting", "asked")
    assert f"you are in line for a person, under {handoff.reference}" in told


async def test_an_answer_that_takes_long_is_said_to_come_later(
    borrowers: Borrowers, rasa: StandInRasa, wall_clock: WallClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot.hub, "LONGEST_SILENCE", 0.2)
    chat = borrowers.join()
    rasa.holds = lambda told: True
    await borrowers.say(chat, "yes, book it")
    wall_clock.move(seconds=PATIENCE.seconds)
    assert await borrowers.answers(chat, 1) == [AWAY_UNSURE]
    rasa.holds = lambda told: False
    assert await borrowers.answers(chat, 2) == [AWAY_UNSURE, "You said: yes, book it"]


async def test_nor_is_one_whose_process_has_died(
    borrowers: Borrowers, rasa: StandInRasa, new_hub: NewHub, wall_clock: WallClock
) -> None:
    chat = borrowers.join()
    rasa.holds = lambda told: True
    await borrowers.say(chat, "yes, book it")
    await rasa.asked()
    await borrowers.die()
    rasa.holds, rasa.fails_with = lambda told: False, NOTHING_DONE
    borrowers.hub = await new_hub()
    wall_clock.move(seconds=ALIVE_FOR.seconds + 1)
    assert await borrowers.answers(chat, 1) == [AWAY_UNSURE]


async def test_a_short_absence_of_rasa_is_not_noticed(borrowers: Borrowers, rasa: StandInRasa) -> None:
    chat = borrowers.join()
    rasa.server.stop()
    await borrowers.say(chat, "what do I owe?")
    await asyncio.sleep(0.15)
    rasa.server.start()
    assert await borrowers.answers(chat) == ["You said: what do I owe?"]


async def test_a_turn_that_fails_for_a_moment_is_asked_for_again_under_the_same_id(
    borrowers: Borrowers, rasa: StandInRasa
) -> None:
    chat = borrowers.join()
    rasa.fails_with = FAILED
    await borrowers.say(chat, "yes, book it")
    await rasa.asked()
    rasa.fails_with = None
    assert await borrowers.answers(chat) == ["You said: yes, book it"]
    assert len({turn["turn_id"] for turn in rasa.turns}) == 1


async def test_a_turn_that_always_fails_is_given_up_without_a_claim_that_nothing_changed(
    borrowers: Borrowers, rasa: StandInRasa, session_factory: sessionmaker[Session]
) -> None:
    chat = borrowers.join()
    rasa.fails_with = FAILED
    await borrowers.say(chat, "yes, book it")
    assert await borrowers.answers(chat) == [GIVEN_UP]
    assert len(rasa.turns) == MOST_ATTEMPTS
    rasa.fails_with = None
    await borrowers.say(chat, "how is my plan?")
    assert (await borrowers.answers(chat))[-1] == "You said: how is my plan?"
    with session_factory() as session:
        dead = session.scalars(select(InboxMessage).where(InboxMessage.state == "dead")).one()
    assert (dead.content, dead.error) == ("yes, book it", "RasaSilentError")


async def test_a_turn_in_which_rasa_dies_again_and_again_is_asked_for_until_it_lives(
    borrowers: Borrowers, monkeypatch: pytest.MonkeyPatch
) -> None:
    post, deaths = RasaClient._post, iter(range(2 * MOST_ATTEMPTS))

    async def die_first(client: RasaClient, turn: dict[str, Any]) -> bytes:
        if next(deaths, None) is None:
            return await post(client, turn)
        raise httpx.RemoteProtocolError("Server disconnected without sending a response.")

    monkeypatch.setattr(RasaClient, "_post", die_first)
    chat = borrowers.join()
    await borrowers.say(chat, "yes, book it")
    assert await borrowers.answers(chat) == ["You said: yes, book it"]


async def test_nor_is_a_turn_given_up_in_which_the_action_server_dies_and_then_something_fails(
    borrowers: Borrowers, rasa: StandInRasa
) -> None:
    chat = borrowers.join()
    rasa.fails_with = DIED
    await borrowers.say(chat, "yes, book it")
    await rasa.asked(MOST_ATTEMPTS - 1)
    rasa.fails_with = FAILED
    await rasa.asked(MOST_ATTEMPTS)
    rasa.fails_with = None
    assert await borrowers.answers(chat) == ["You said: yes, book it"]


async def test_a_turn_of_which_the_action_server_always_dies_is_given_up(
    borrowers: Borrowers, rasa: StandInRasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot.turns, "MOST_LOSSES", 4)
    chat = borrowers.join()
    rasa.fails_with = DIED
    await borrowers.say(chat, "yes, book it")
    assert await borrowers.answers(chat) == [GIVEN_UP]
    assert len(rasa.turns) == 4


async def test_an_answer_that_comes_too_late_is_asked_for_again(
    new_hub: NewHub, borrowers: Borrowers, rasa: StandInRasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rasa_client, "ANSWER_SECONDS", 0.2)
    borrowers.hub = await new_hub()
    chat = borrowers.join()
    rasa.delay = 1
    await borrowers.say(chat, "yes, book it")
    await rasa.asked()
    rasa.delay = 0
    assert await borrowers.answers(chat) == ["You said: yes, book it"]


async def test_an_answer_of_an_unknown_form_is_no_answer(borrowers: Borrowers, rasa: StandInRasa) -> None:
    chat = borrowers.join()
    rasa.answer = lambda told: [{"text": "Here", "custom": {"card": {"type": "surprise"}}}]
    await borrowers.say(chat, "hello")
    assert await borrowers.answers(chat) == [GIVEN_UP]


async def test_the_apology_is_in_the_borrowers_language(
    borrowers: Borrowers, rasa: StandInRasa, wall_clock: WallClock
) -> None:
    chat = borrowers.join("zh-Hans")
    rasa.server.stop()
    await borrowers.say(chat, "我這個月還不起，怎麼辦？")
    wall_clock.move(seconds=PATIENCE.seconds)
    [apology] = await borrowers.answers(chat, 1)
    assert apology == "我暫時無法讀取您的帳戶，沒有做任何更改。恢復後我會馬上回答您。"
    rasa.server.start()


async def test_a_process_that_dies_while_rasa_thinks_leaves_a_message_that_is_answered_once(
    borrowers: Borrowers, rasa: StandInRasa, new_hub: NewHub, wall_clock: WallClock
) -> None:
    chat = borrowers.join()
    rasa.holds = lambda told: True
    await borrowers.say(chat, "what do I owe?")
    await rasa.asked()
    await borrowers.die()
    rasa.holds = lambda told: False
    borrowers.hub = await new_hub()
    await borrowers.say(chat, "hello?")
    wall_clock.move(seconds=ALIVE_FOR.seconds + 1)
    assert await borrowers.answers(chat, 2) == ["You said: what do I owe?", "You said: hello?"]
    assert rasa.turns[0]["turn_id"] == rasa.turns[1]["turn_id"]


async def test_two_processes_on_one_store_answer_each_message_once_and_in_order(
    borrowers: Borrowers, rasa: StandInRasa, new_hub: NewHub
) -> None:
    chat, other = borrowers.join(), Borrowers(await new_hub(), borrowers.session_factory)
    rasa.delay = 0.01
    said = [f"message {number}" for number in range(10)]
    for number, text in enumerate(said):
        await (borrowers, other)[number % 2].say(chat, text)
    assert await other.answers(chat) == [f"You said: {text}" for text in said]
    assert rasa.was_told == said


async def test_a_process_that_lost_a_conversation_to_another_one_writes_no_answer(
    borrowers: Borrowers, rasa: StandInRasa, new_hub: NewHub, wall_clock: WallClock
) -> None:
    chat = borrowers.join()

    def stall(told: str) -> list[dict[str, str]]:
        rasa.answer = lambda told: [{"text": "answered by the second process"}]
        wall_clock.move(seconds=ALIVE_FOR.seconds + 1)
        return [{"text": "too late"}]

    rasa.answer, rasa.delay = stall, 0.3
    await borrowers.stop_beating()
    await borrowers.say(chat, "hello")
    await asyncio.sleep(0.1)
    second = Borrowers(await new_hub(), borrowers.session_factory)
    answers = await second.answers(chat, 1)
    assert len(answers) == 1


async def test_a_borrower_who_floods_is_slowed_and_told_once(borrowers: Borrowers, rasa: StandInRasa) -> None:
    flooded, calm, most = borrowers.join(), borrowers.join(), settings().messages_a_minute
    receipts = [
        await borrowers.hub.receive(Incoming(flooded, f"{flooded}:{number}", text=f"{number}"))
        for number in range(most + 5)
    ]
    assert receipts[:most] == [Receipt.TAKEN] * most
    assert receipts[most:] == [Receipt.SLOWED] * 5
    await borrowers.say(calm, "hello")
    assert await borrowers.answers(calm) == ["You said: hello"]
    lines = [entry.text for entry in await borrowers.history(flooded) if entry.author == "system"]
    assert lines == [FLOODING]


async def test_a_borrower_who_goes_on_flooding_is_told_no_more(borrowers: Borrowers, wall_clock: WallClock) -> None:
    flooded, most = borrowers.join(), settings().messages_a_minute
    for number in range(2 * most):
        await borrowers.hub.receive(Incoming(flooded, f"{flooded}:{number}", text=f"{number}"))
        wall_clock.move(seconds=60 / (most + 1))
    lines = [entry.text for entry in await borrowers.history(flooded) if entry.author == "system"]
    assert lines == [FLOODING]


async def test_a_store_that_fails_once_costs_no_answer(
    borrowers: Borrowers, rasa: StandInRasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = [ConnectionError("the database is gone")]
    finish = bot.turns.finish

    def finish_at_second_try(*arguments: Any) -> None:
        finish(*arguments)
        if failures:
            raise failures.pop()

    monkeypatch.setattr(bot.hub, "finish", finish_at_second_try)
    chat = borrowers.join()
    await borrowers.say(chat, "what do I owe?")
    assert await borrowers.answers(chat) == ["You said: what do I owe?"]


async def test_no_transaction_is_open_while_rasa_thinks(
    borrowers: Borrowers, rasa: StandInRasa, session_factory: sessionmaker[Session]
) -> None:
    chat = borrowers.join()

    def change_the_conversation(told: str) -> list[dict[str, str]]:
        with session_factory.begin() as session:
            session.get_one(Conversation, chat, with_for_update={"nowait": True}).language = "en"
        return [{"text": "changed"}]

    rasa.answer = change_the_conversation
    await borrowers.say(chat, "hello")
    assert await borrowers.answers(chat) == ["changed"]


async def test_typed_commands_are_texts(borrowers: Borrowers, rasa: StandInRasa) -> None:
    chat = borrowers.join()
    typed = ["/restart", '/confirm{"amount": 1}', "EXTERNAL_reminder"]
    for text in typed:
        await borrowers.say(chat, text)
    await borrowers.see(chat)
    assert [turn.get("text") for turn in rasa.turns] == typed
    assert not any("payload" in turn for turn in rasa.turns)


async def test_a_button_means_its_payload_once(borrowers: Borrowers, rasa: StandInRasa) -> None:
    chat = borrowers.join()
    rasa.answer = lambda told: [{"text": "Shall I?", "buttons": [{"title": "Yes", "payload": "/affirm"}]}]
    await borrowers.say(chat, "defer it")
    shown = (await borrowers.see(chat))[-1].message
    assert shown is not None
    [button] = shown.buttons
    assert (button.title, button.payload) == ("Yes", "")
    rasa.answer = lambda told: [{"text": f"Told {told}"}]
    await borrowers.press(chat, button.reference)
    assert [(entry.author, entry.text) for entry in await borrowers.see(chat)][-2:] == [
        ("borrower", "Yes"),
        ("bot", "Told /affirm"),
    ]
    await borrowers.press(chat, button.reference)
    assert (await borrowers.answers(chat))[-1] == USED
    assert rasa.was_told == ["defer it", "/affirm"]


async def test_a_used_button_is_dead_in_the_history(borrowers: Borrowers, rasa: StandInRasa) -> None:
    chat = borrowers.join()
    rasa.answer = lambda told: [{"text": "Which?", "custom": {"card": PLANS}}]
    await borrowers.say(chat, "what can I do?")
    shown = _plans((await borrowers.see(chat))[-1])
    await borrowers.press(chat, shown.options[0].choose.reference)
    _, first, _, second = await borrowers.see(chat)
    assert _plans(first).options[0].choose.reference == ""
    assert _plans(second).options[0].choose.reference != ""


async def test_a_button_pressed_twenty_times_at_once_counts_once(borrowers: Borrowers, rasa: StandInRasa) -> None:
    chat = borrowers.join()
    rasa.answer = lambda told: [{"text": "Shall I?", "buttons": [{"title": "Yes", "payload": "/affirm"}]}]
    await borrowers.say(chat, "defer it")
    shown = (await borrowers.see(chat))[-1].message
    assert shown is not None
    await asyncio.gather(*(borrowers.press(chat, shown.buttons[0].reference) for _ in range(20)))
    answers = await borrowers.answers(chat)
    assert answers.count(USED) == 19
    assert rasa.was_told.count("/affirm") == 1


async def test_a_button_of_yesterday_is_too_old(borrowers: Borrowers, rasa: StandInRasa, wall_clock: WallClock) -> None:
    chat = borrowers.join()
    rasa.answer = lambda told: [{"text": "Shall I?", "buttons": [{"title": "Yes", "payload": "/affirm"}]}]
    await borrowers.say(chat, "defer it")
    shown = (await borrowers.see(chat))[-1].message
    assert shown is not None
    wall_clock.move(hours=24, seconds=1)
    await borrowers.press(chat, shown.buttons[0].reference)
    assert (await borrowers.answers(chat))[-1] == TOO_OLD
    assert rasa.was_told == ["defer it"]


async def test_a_button_of_another_chat_does_nothing(borrowers: Borrowers, rasa: StandInRasa) -> None:
    owner, stranger = borrowers.join(), borrowers.join()
    rasa.answer = lambda told: [{"text": "Shall I?", "buttons": [{"title": "Yes", "payload": "/affirm"}]}]
    await borrowers.say(owner, "defer it")
    shown = (await borrowers.see(owner))[-1].message
    assert shown is not None
    await borrowers.press(stranger, shown.buttons[0].reference)
    await borrowers.press(stranger, "made up")
    assert await borrowers.answers(stranger) == [FOREIGN, FOREIGN]
    await borrowers.press(owner, shown.buttons[0].reference)
    await borrowers.see(owner)
    assert rasa.was_told == ["defer it", "/affirm"]


async def test_payloads_and_facts_stay_on_the_server(
    borrowers: Borrowers, rasa: StandInRasa, session_factory: sessionmaker[Session]
) -> None:
    chat = borrowers.join()
    rasa.answer = lambda told: [{"text": "Which?", "custom": {"card": PLANS, "facts": ["secret fact"]}}]
    await borrowers.say(chat, "what can I do?")
    await borrowers.see(chat)
    with session_factory() as session:
        sent = " ".join(session.scalars(select(OutboxMessage.message)))
    assert "choose_plan" not in sent
    assert "secret fact" not in sent


async def test_traditional_readers_get_their_script(borrowers: Borrowers, rasa: StandInRasa) -> None:
    chat = borrowers.join()
    rasa.answer = lambda told: [
        {
            "text": "您可以延期还款。",
            "buttons": [{"title": "联系客服", "payload": "/x"}],
            "custom": {"card": PLANS},
        }
    ]
    await borrowers.say(chat, "我這個月還不起，怎麼辦？")
    entry = (await borrowers.see(chat))[-1]
    assert entry.text == "您可以延期還款。"
    assert entry.message is not None
    assert entry.message.buttons[0].title == "聯絡客服"
    assert _plans(entry).options[0].summary == "延後 10 天"
    assert rasa.turns[0]["metadata"]["language"] == "zh-Hant"


async def test_a_text_without_words_keeps_the_language(borrowers: Borrowers, rasa: StandInRasa) -> None:
    chat = borrowers.join("zh-Hant")
    rasa.answer = lambda told: [{"text": "还款"}]
    await borrowers.say(chat, "500")
    assert await borrowers.answers(chat) == ["還款"]
    assert rasa.turns[0]["metadata"]["language"] == "zh-Hant"


async def test_a_language_chosen_on_the_page_is_told_to_rasa(borrowers: Borrowers, rasa: StandInRasa) -> None:
    chat = borrowers.join()
    await borrowers.say(chat, "hello")
    await borrowers.see(chat)
    rasa.answer = lambda told: [{"text": "好的，现在说中文。"}]
    await borrowers.hub.change_language(chat, "zh-Hant")
    assert (await borrowers.answers(chat))[-1] == "好的，現在說中文。"
    assert rasa.turns[-1]["payload"] == '/change_language{"language_request": "zh-Hant"}'
    assert rasa.turns[-1]["metadata"]["language"] == "zh-Hant"


async def test_a_language_chosen_before_the_first_word_starts_no_turn(borrowers: Borrowers, rasa: StandInRasa) -> None:
    chat = borrowers.join()
    await borrowers.hub.change_language(chat, "zh-Hans")
    assert await borrowers.see(chat) == []
    assert rasa.turns == []


async def test_a_language_asked_for_wins_over_the_one_that_is_typed(borrowers: Borrowers, rasa: StandInRasa) -> None:
    chat = borrowers.join()
    await borrowers.say(chat, "你好，我要还多少？")
    await borrowers.see(chat)
    assert rasa.turns[-1]["metadata"]["language"] == "zh-Hans"
    await borrowers.hub.change_language(chat, "en")
    for text in ("花呗这个月要还多少", "我要還多少錢", "500"):
        await borrowers.say(chat, text)
        await borrowers.see(chat)
        assert rasa.turns[-1]["metadata"]["language"] == "en"
    await borrowers.hub.change_language(chat, "zh-Hant")
    await borrowers.say(chat, "how much do I owe")
    await borrowers.see(chat)
    assert rasa.turns[-1]["metadata"]["language"] == "zh-Hant"


async def test_a_message_that_is_too_long_gets_a_kind_answer_and_no_turn(
    borrowers: Borrowers, rasa: StandInRasa
) -> None:
    chat = borrowers.join()
    await borrowers.say(chat, "a" * (LONGEST_MESSAGE + 1))
    [answer] = await borrowers.answers(chat)
    assert "longer than 2000 characters" in answer
    assert rasa.turns == []


@pytest.mark.parametrize(
    "text", ["сколько я должен", "ما هو المبلغ المستحق", "いくらはらえばいいですか", "얼마를 내야 하나요"]
)
async def test_a_script_that_nobody_here_reads_gets_an_honest_answer_and_no_turn(
    borrowers: Borrowers, rasa: StandInRasa, text: str
) -> None:
    chat = borrowers.join("zh-Hant")
    await borrowers.say(chat, text)
    assert await borrowers.answers(chat) == ["我看得懂中文和英文。可以用其中一種寫嗎？也可以轉人工。"]
    assert rasa.turns == []


@pytest.mark.parametrize(
    "text", ["¿cuánto debo?", "500", "👍", "???", "我要還多少 ㄟ", "ｈｏｗ ｍｕｃｈ", "John Иванов owes how much"]
)
async def test_what_may_be_english_or_chinese_is_a_turn(borrowers: Borrowers, rasa: StandInRasa, text: str) -> None:
    chat = borrowers.join()
    await borrowers.say(chat, text)
    await borrowers.see(chat)
    assert len(rasa.turns) == 1


async def test_an_answer_that_comes_after_staff_took_over_is_withheld(
    borrowers: Borrowers, rasa: StandInRasa, session_factory: sessionmaker[Session]
) -> None:
    chat = borrowers.join()

    def take_over(told: str) -> list[dict[str, str]]:
        _set_owner(session_factory, chat, "staff:7")
        return [{"text": "too late"}]

    rasa.answer = take_over
    await borrowers.say(chat, "hello")
    assert await borrowers.answers(chat) == []
    with session_factory() as session:
        states = session.scalars(select(OutboxMessage.state).where(OutboxMessage.author == "bot")).all()
    assert states == ["withheld"]


async def test_an_answer_written_before_a_takeover_and_a_return_is_withheld(
    borrowers: Borrowers, rasa: StandInRasa, session_factory: sessionmaker[Session]
) -> None:
    chat = borrowers.join()

    def take_over_and_return(told: str) -> list[dict[str, str]]:
        _set_owner(session_factory, chat, "staff:7")
        _set_owner(session_factory, chat, "bot")
        return [{"text": "stale"}]

    rasa.answer = take_over_and_return
    await borrowers.say(chat, "hello")
    assert await borrowers.answers(chat) == []


async def test_while_staff_own_the_conversation_the_bot_hears_nothing(
    borrowers: Borrowers, rasa: StandInRasa, session_factory: sessionmaker[Session]
) -> None:
    chat = borrowers.join()
    _set_owner(session_factory, chat, "staff:7")
    said = Incoming(chat, f"{chat}:1", text="are you there?")
    assert await borrowers.hub.receive(said) == Receipt.FOR_STAFF
    assert [entry.author for entry in await borrowers.see(chat)] == ["borrower"]
    assert rasa.turns == []
    _set_owner(session_factory, chat, "bot")
    await borrowers.say(chat, "and the bot?")
    assert await borrowers.answers(chat) == ["You said: and the bot?"]
    with session_factory() as session:
        assert "pending" not in session.scalars(select(InboxMessage.state)).all()


async def test_staff_who_have_a_chat_hear_of_another_language(
    borrowers: Borrowers, session_factory: sessionmaker[Session]
) -> None:
    chat = borrowers.join()
    await borrowers.say(chat, "hello")
    await borrowers.answers(chat)
    _set_owner(session_factory, chat, "staff:7")
    with borrowers.hub.bell.listening(chat) as rung:
        await borrowers.hub.change_language(chat, "zh-Hant")
        async with asyncio.timeout(5):
            await rung.wait()


def _plans(entry: ChatEntry) -> PlansCard:
    assert entry.message is not None
    assert isinstance(entry.message.card, PlansCard)
    return entry.message.card


def _set_owner(session_factory: sessionmaker[Session], conversation_id: str, owner: str) -> None:
    with session_factory.begin() as session:
        conversation = session.get_one(Conversation, conversation_id)
        conversation.owner = owner
        conversation.owner_version += 1
