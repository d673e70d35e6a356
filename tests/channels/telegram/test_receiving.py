"""What people do on Telegram, and the fitting answer to each."""

import asyncio
import json
import re
from typing import Any

import pytest
from sqlalchemy import select

from bot.incoming import MENU
from respite.clock import Clock
from respite.policies.load import policy
from respite.store.models import ButtonPress, Conversation, OutreachPause
from tests.channels.servers import StandInRasa
from tests.channels.telegram.conftest import Running
from tests.channels.telegram.look_alike import BROKEN, refused, shown
from tests.channels.telegram.people import Person, membership, update
from tests.databases import ON_SQLITE

pytestmark = ON_SQLITE


async def test_a_text_is_answered_in_its_chat_and_in_no_other(telegram: Running, ann: Person, bo: Person) -> None:
    await telegram.take(ann.says("What do I owe?"), bo.says("我要还多少？"))
    assert await telegram.replies(ann, 1) == ["You said: What do I owe?"]
    assert await telegram.replies(bo, 1) == ["You said: 我要还多少？"]


async def test_the_same_update_five_times_at_once_is_one_turn(
    telegram: Running, rasa: StandInRasa, ann: Person
) -> None:
    said = ann.says("Hello")
    await asyncio.gather(*(telegram.take(said) for _ in range(5)))
    await telegram.take(ann.says("And again"))
    assert len(await telegram.replies(ann, 2)) == 2
    assert rasa.was_told == ["Hello", "And again"]
    assert len(telegram.inbox(ann)) == 2


async def test_a_chat_is_found_by_a_hash_and_its_id_is_nowhere_in_plain(telegram: Running, ann: Person) -> None:
    await telegram.take(ann.says("Hello"))
    conversation = telegram.conversation(ann)
    assert conversation.address == str(ann.id)
    assert str(ann.id) not in conversation.chat_key + telegram.inbox(ann)[0].external_id


async def test_a_chat_begins_in_the_language_of_its_telegram(telegram: Running) -> None:
    spoken = {"en-GB": "en", "zh-hans": "zh-Hans", "zh-TW": "zh-Hant", "zh-hant": "zh-Hant", "de": "en", "": "en"}
    for number, (code, language) in enumerate(spoken.items(), start=100):
        person = Person(number, code)
        await telegram.take(person.says("/start"))
        assert telegram.conversation(person).language == language


# commands


async def test_the_first_message_says_whose_bot_it_is_and_every_way_on(telegram: Running, ann: Person) -> None:
    await telegram.take(ann.says("/start"))
    (greeting,) = await telegram.replies(ann, 1)
    lender = policy().lender
    for said in (lender.name["en"], "a bot", "sign in", "/human", lender.support_phone, "/stop"):
        assert said in greeting
    keyboard = telegram.api.sent_to(ann.id)[0].keyboard
    assert [button["text"] for button in keyboard] == ["Sign in", "Talk to a person"]


async def test_the_first_message_in_chinese_is_chinese(telegram: Running) -> None:
    simplified, traditional = Person(91, "zh-hans"), Person(92, "zh-hant")
    await telegram.take(simplified.says("/start"), traditional.says("/start"))
    for person, word in ((simplified, "还款助手"), (traditional, "還款助手")):
        (greeting,) = await telegram.replies(person, 1)
        assert word in greeting
        assert re.findall("[A-Za-z]{2,}", greeting) == ["human", "stop"]


async def test_commands_that_the_bot_answers(telegram: Running, rasa: StandInRasa, ann: Person) -> None:
    await telegram.take(ann.says("/help"), ann.says("/human"), ann.says("/HELP@respite_bot"))
    await telegram.replies(ann, 3)
    assert rasa.was_told == ["/ask_capabilities", "/request_human", "/ask_capabilities"]


async def test_stop_is_obeyed_at_once_even_by_who_is_signed_out_and_without_rasa(
    telegram: Running, rasa: StandInRasa, ann: Person, mei: int, clock: Clock
) -> None:
    await telegram.take(ann.says("/start"))
    telegram.sign_in(ann, mei, clock)
    telegram.sign_out(ann, clock)
    rasa.server.stop()
    await telegram.take(ann.says("/stop"))
    assert "Reminders from us have stopped" in (await telegram.replies(ann, 2))[1]
    with telegram.session_factory() as session:
        assert session.scalars(select(OutreachPause.reason).where(OutreachPause.borrower_id == mei)).all() == [
            "opted_out"
        ]
    rasa.server.start()


async def test_a_stranger_who_says_stop_is_asked_who_they_are(
    telegram: Running, rasa: StandInRasa, ann: Person
) -> None:
    await telegram.take(ann.says("/stop"))
    await telegram.replies(ann, 1)
    assert rasa.was_told == ["/stop_contact"]


async def test_the_language_is_chosen_by_a_button(telegram: Running, rasa: StandInRasa, ann: Person) -> None:
    await telegram.take(ann.says("/language"))
    await telegram.replies(ann, 1)
    buttons = telegram.api.sent_to(ann.id)[0].keyboard
    assert [button["text"] for button in buttons] == ["English", "简体中文", "繁體中文"]
    await telegram.take(ann.presses(buttons[2]["callback_data"], buttons))
    await telegram.replies(ann, 2)
    assert rasa.was_told == ['/change_language{"language_request": "zh-Hant"}']


async def test_the_menu_offers_what_the_page_does(telegram: Running, rasa: StandInRasa, ann: Person) -> None:
    await telegram.take(ann.says("/menu"))
    await telegram.replies(ann, 1)
    buttons = telegram.api.sent_to(ann.id)[0].keyboard
    assert [button["text"] for button in buttons] == [title for _, title in MENU]
    await telegram.take(ann.presses(buttons[2]["callback_data"], buttons))
    await telegram.replies(ann, 2)
    assert rasa.was_told == ["/dispute_bill"]


async def test_a_command_with_more_words_is_obeyed(telegram: Running, rasa: StandInRasa, ann: Person) -> None:
    await telegram.take(ann.says("/human please, I need\nhelp"))
    await telegram.replies(ann, 1)
    assert rasa.was_told == ["/request_human"]


async def be_taken_over(telegram: Running, ann: Person, mei: int, clock: Clock) -> None:
    """Have Ann sign in as Mei, and a member of staff take the conversation."""
    await telegram.take(ann.says("/start"))
    await telegram.replies(ann, 1)
    telegram.sign_in(ann, mei, clock)
    with telegram.session_factory.begin() as session:
        conversation = session.get_one(Conversation, telegram.conversation(ann).id)
        conversation.owner, conversation.owner_version = "staff:7", conversation.owner_version + 1


async def test_while_staff_have_the_conversation_the_language_is_chosen_all_the_same(
    telegram: Running, rasa: StandInRasa, ann: Person, mei: int, clock: Clock
) -> None:
    await be_taken_over(telegram, ann, mei, clock)
    await telegram.take(ann.says("/language"))
    await telegram.replies(ann, 2)
    buttons = telegram.api.sent_to(ann.id)[1].keyboard
    await telegram.take(ann.presses(buttons[1]["callback_data"], buttons))
    await telegram.replies(ann, 3)
    assert rasa.was_told == ['/change_language{"language_request": "zh-Hans"}']


async def test_while_staff_have_the_conversation_reminders_stop_all_the_same(
    telegram: Running, ann: Person, mei: int, clock: Clock
) -> None:
    await be_taken_over(telegram, ann, mei, clock)
    await telegram.take(ann.says("/stop"))
    assert "Reminders from us have stopped" in (await telegram.replies(ann, 2))[1]
    with telegram.session_factory() as session:
        assert session.scalars(select(OutreachPause.borrower_id)).all() == [mei]


async def test_what_looks_like_a_command_of_rasas_never_reaches_it(
    telegram: Running, rasa: StandInRasa, ann: Person
) -> None:
    forged = ("/restart", '/confirm{"amount":1}', "/nlu_fallback", "/", "/affirm now", "/EXTERNAL_x", "/start2 x")
    await telegram.take(*map(ann.says, forged))
    replies = await telegram.replies(ann, len(forged))
    assert all("I do not know this command" in reply for reply in replies)
    assert rasa.was_told == []


async def test_who_leaves_has_a_new_chat_and_nothing_more_is_sent_to_the_old_one(
    telegram: Running, ann: Person, mei: int, clock: Clock
) -> None:
    await telegram.take(ann.says("/start"))
    await telegram.replies(ann, 1)
    telegram.sign_in(ann, mei, clock)
    before = telegram.conversation(ann)
    left = ann.says("/leave")
    await telegram.take(left, left)
    assert "You have left this chat" in (await telegram.replies(ann, 2))[1]
    after = telegram.conversation(ann)
    assert after.id != before.id
    assert after.borrower_id is None
    with telegram.session_factory() as session:
        assert session.get_one(type(before), before.id).address is None


async def test_the_menu_is_set_in_every_language(telegram: Running, ann: Person) -> None:
    await telegram.api.until(lambda: telegram.api.called("deleteWebhook"))
    traditional = Person(92, "zh-hant")
    await telegram.take(ann.says("/start"), traditional.says("/start"))
    await telegram.api.until(lambda: len(telegram.api.called("setMyCommands")) >= 3)
    menus = [call.params for call in telegram.api.called("setMyCommands")]
    assert [menu.get("language_code") for menu in menus] == [None, "zh", None]
    last_items = [json.loads(menu["commands"])[-1] for menu in menus]
    assert [item["command"] for item in last_items] == ["leave"] * 3
    assert [item["description"] for item in last_items] == ["Leave this chat", "离开对话", "離開對話"]
    assert f'"chat_id": {traditional.id}' in menus[2]["scope"]


# buttons


async def test_a_press_is_answered_and_marked_and_works_once(telegram: Running, rasa: StandInRasa, ann: Person) -> None:
    rasa.answer = lambda told: [{"text": told, "buttons": [{"title": "Yes", "payload": "/affirm"}]}]
    await telegram.take(ann.says("Shall we?"))
    await telegram.replies(ann, 1)
    keyboard = telegram.api.sent_to(ann.id)[0].keyboard
    reference = keyboard[0]["callback_data"]
    await telegram.take(ann.presses(reference, keyboard))
    await telegram.replies(ann, 2)
    assert rasa.was_told == ["Shall we?", "/affirm"]
    (edit,) = await telegram.api.until(lambda: telegram.api.called("editMessageReplyMarkup"))
    assert edit.keyboard == [{"text": "✓ Yes", "callback_data": reference}]
    assert telegram.api.called("answerCallbackQuery")
    await telegram.take(ann.presses(reference, edit.keyboard))
    assert "has already been used" in (await telegram.replies(ann, 3))[2]
    assert rasa.was_told == ["Shall we?", "/affirm"]


async def test_a_suggested_reply_takes_its_neighbours_with_it(
    telegram: Running, rasa: StandInRasa, ann: Person
) -> None:
    answers = [{"title": "Yes", "payload": "/affirm"}, {"title": "No", "payload": "/deny"}]
    rasa.answer = lambda told: [{"text": told, "buttons": answers}]
    await telegram.take(ann.says("Shall we?"))
    await telegram.replies(ann, 1)
    keyboard = telegram.api.sent_to(ann.id)[0].keyboard
    await telegram.take(ann.presses(keyboard[0]["callback_data"], keyboard))
    (edit,) = await telegram.api.until(lambda: telegram.api.called("editMessageReplyMarkup"))
    assert [button["text"] for button in edit.keyboard] == ["✓ Yes"]


async def test_a_press_that_waited_for_too_long_to_be_answered_is_marked_all_the_same(
    telegram: Running, rasa: StandInRasa, ann: Person
) -> None:
    rasa.answer = lambda told: [{"text": told, "buttons": [{"title": "Yes", "payload": "/affirm"}]}]
    await telegram.take(ann.says("Shall we?"))
    await telegram.replies(ann, 1)
    telegram.api.fail("answerCallbackQuery", refused("Bad Request: query is too old"))
    keyboard = telegram.api.sent_to(ann.id)[0].keyboard
    await telegram.take(ann.presses(keyboard[0]["callback_data"], keyboard))
    (edit,) = await telegram.api.until(lambda: telegram.api.called("editMessageReplyMarkup"))
    assert edit.keyboard[0]["text"] == "✓ Yes"


async def test_a_button_of_another_chat_does_nothing(
    telegram: Running, rasa: StandInRasa, ann: Person, bo: Person
) -> None:
    rasa.answer = lambda told: [{"text": told, "buttons": [{"title": "Yes", "payload": "/affirm"}]}]
    await telegram.take(ann.says("Shall we?"))
    await telegram.replies(ann, 1)
    reference = telegram.api.sent_to(ann.id)[0].keyboard[0]["callback_data"]
    await telegram.take(bo.presses(reference), bo.presses("forged"))
    replies = await telegram.replies(bo, 2)
    assert all("这个按钮在本次对话中无效" in reply for reply in replies)
    assert rasa.was_told == ["Shall we?"]
    with telegram.session_factory() as session:
        assert session.get_one(ButtonPress, reference).used_at is None


# what the bot cannot act on

FILE = {"file_id": "f", "file_unique_id": "f"}
STICKER = {"type": "regular", "width": 1, "height": 1, "is_animated": False, "is_video": False}
POLL = {
    "id": "p", "question": "?", "options": [], "total_voter_count": 0, "is_closed": False, "is_anonymous": True,
    "allows_revoting": False, "members_only": False, "type": "regular", "allows_multiple_answers": False,
}  # fmt: skip
CONTACT = {"phone_number": "+8613800000001", "first_name": "Mei", "user_id": 71}
UNREADABLE: list[tuple[dict[str, Any], str]] = [
    ({"voice": FILE | {"duration": 3}}, "cannot listen to recordings"),
    ({"video_note": FILE | {"length": 3, "duration": 3}}, "cannot listen to recordings"),
    ({"sticker": FILE | STICKER}, "read words only"),
    ({"dice": {"value": 6, "emoji": "🎲"}}, "read words only"),
    ({"location": {"longitude": 116.4, "latitude": 39.9}}, "need not know where you are"),
    ({"contact": CONTACT}, "signs nobody in"),
    ({"poll": POLL}, "cannot answer polls"),
]


async def test_what_nobody_can_act_on_gets_a_fitting_answer(telegram: Running, rasa: StandInRasa, ann: Person) -> None:
    await telegram.take(*(ann.sends(**content) for content, _ in UNREADABLE))
    replies = await telegram.replies(ann, len(UNREADABLE))
    for (content, answer), reply in zip(UNREADABLE, replies, strict=True):
        assert answer in reply, content
    assert rasa.was_told == []


async def test_a_shared_contact_signs_nobody_in_and_is_not_kept(telegram: Running, ann: Person, mei: int) -> None:
    await telegram.take(ann.sends(contact=CONTACT))
    await telegram.replies(ann, 1)
    assert telegram.conversation(ann).borrower_id is None
    assert telegram.inbox(ann)[0].content == "Contact"


async def test_what_telegram_itself_says_in_a_chat_is_no_message(telegram: Running, ann: Person) -> None:
    await telegram.take(ann.sends(message_auto_delete_timer_changed={"message_auto_delete_time": 60}))
    assert telegram.inbox(ann) == []


async def test_an_edit_is_no_turn_and_is_explained_once(telegram: Running, rasa: StandInRasa, ann: Person) -> None:
    said = ann.says("10 days")
    await telegram.take(said, ann.edits(said, "20 days"), ann.edits(said, "30 days"))
    replies = await telegram.replies(ann, 2)
    assert any("as you first sent it" in reply for reply in replies)
    await telegram.take(ann.says("Hello"))
    assert len(await telegram.replies(ann, 3)) == 3
    assert rasa.was_told == ["10 days", "Hello"]


# groups


async def test_in_a_group_the_bot_says_once_that_it_talks_in_private_and_leaves(
    telegram: Running, rasa: StandInRasa, ann: Person
) -> None:
    group = {"id": -500, "type": "supergroup", "title": "Everybody"}
    added = update(my_chat_member=membership(group, ann.user, "left", "member"))
    said = [update(message=ann.message(text="What does Mei owe?") | {"chat": group}) for _ in range(3)]
    await telegram.take(added, *said)
    await telegram.api.until(lambda: telegram.api.called("leaveChat"))
    assert [shown(text) for text in telegram.api.texts(-500)] == [
        "I talk about money in private chats only. Open one with me, and I am there."
    ]
    assert rasa.was_told == []
    await telegram.take(update(my_chat_member=membership(group, ann.user, "member", "left")), added)
    await telegram.api.until(lambda: len(telegram.api.texts(-500)) == 2)


async def test_a_group_in_which_the_bot_may_not_write_is_left_too(telegram: Running, ann: Person) -> None:
    group = {"id": -501, "type": "supergroup", "title": "Quiet"}
    telegram.api.fail("sendMessage", refused("Bad Request: not enough rights to send text messages to the chat"))
    await telegram.take(update(my_chat_member=membership(group, ann.user, "left", "member")))
    assert (await telegram.api.until(lambda: telegram.api.called("leaveChat")))[0].chat == -501


async def test_a_group_that_could_not_be_left_is_left_when_it_speaks_again(telegram: Running, ann: Person) -> None:
    group = {"id": -502, "type": "supergroup", "title": "Loud"}
    telegram.api.fail("sendMessage", BROKEN)
    telegram.api.fail("leaveChat", BROKEN)
    added = update(my_chat_member=membership(group, ann.user, "left", "member"))
    await telegram.take(added, update(message=ann.message(text="Still here?") | {"chat": group}))
    assert (await telegram.api.until(lambda: telegram.api.called("leaveChat")))[0].chat == -502


async def test_a_channel_is_left_too(telegram: Running, ann: Person) -> None:
    channel = {"id": -600, "type": "channel", "title": "News"}
    await telegram.take(update(my_chat_member=membership(channel, ann.user, "left", "administrator")))
    assert (await telegram.api.until(lambda: telegram.api.called("leaveChat")))[0].chat == -600


# blocked


async def test_who_blocks_the_bot_is_remembered_until_they_write_again(telegram: Running, ann: Person) -> None:
    await telegram.take(ann.says("Hello"), ann.blocks())
    assert telegram.conversation(ann).blocked_at is not None
    await telegram.take(ann.unblocks())
    assert telegram.conversation(ann).blocked_at is None
    await telegram.take(ann.blocks(), ann.says("Hello"))
    assert telegram.conversation(ann).blocked_at is None


# typing


async def test_the_sign_of_typing_is_shown_while_an_answer_is_being_written(
    telegram: Running, rasa: StandInRasa, ann: Person
) -> None:
    rasa.holds = lambda told: True
    await telegram.take(ann.says("Hello"))
    (sign,) = await telegram.api.until(lambda: telegram.api.called("sendChatAction"))
    assert (sign.chat, sign.params["action"]) == (ann.id, "typing")
    assert telegram.api.texts(ann.id) == []
    rasa.holds = lambda told: False
    await telegram.replies(ann, 1)


async def test_an_update_at_which_we_fail_holds_up_none_behind_it(
    telegram: Running, ann: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.telegram.reading.sent_file", lambda message: 1 / 0)
    await telegram.take(ann.sends(photo=[]), ann.says("Hello"))
    assert await telegram.replies(ann, 1) == ["You said: Hello"]
