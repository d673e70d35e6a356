"""One message to Telegram: in parts that are safe to send, and with an honest word about what became of it."""

import asyncio
import time
from typing import Any

import pytest
from telegram import Bot

from bot.channels.telegram.connection import connect
from bot.channels.telegram.limits import Pace
from bot.channels.telegram.sending import TelegramSender
from bot.delivery import BlockedError, Parcel, RefusedError, SendError, TryLaterError, UnknownOutcomeError
from respite.clock import Clock
from respite.settings import Settings
from respite.support.messages import Button, Message
from tests.channels.telegram.conftest import ANSWER_SECONDS
from tests.channels.telegram.look_alike import BLOCKED, BROKEN, LOST, BotApi, Failure, refused, shown, slow, too_many
from tests.web import samples

pytestmark = pytest.mark.usefixtures("own_settings")

CHAT = 71
LONG = "A sentence of middling length. " * 300


def parcel(text: str = "Hello.", language: str = "en", author: str = "bot", chat: int = CHAT, **message: Any) -> Parcel:
    return Parcel(
        outbox_id=1,
        conversation_id="c",
        channel="telegram",
        address=str(chat),
        language=language,
        author=author,
        message=Message(text=text, **message),
    )


@pytest.fixture
def sender(connection: Bot, quick: Pace, clock: Clock) -> TelegramSender:
    return TelegramSender(connection, quick, clock, patience_seconds=20)


async def deliver(sender: TelegramSender, sent: Parcel) -> str:
    hand_over = await sender.make_ready(sent)
    return await hand_over()


async def outcome_of(sender: TelegramSender, sent: Parcel) -> SendError:
    with pytest.raises(SendError) as raised:
        await deliver(sender, sent)
    return raised.value


async def test_a_message_arrives_as_it_was_written_and_its_id_comes_back(sender: TelegramSender, api: BotApi) -> None:
    message_id = await deliver(sender, parcel("Your bill is <b>ready</b> & waiting &amp; so am I."))
    (call,) = api.sent_to(CHAT)
    assert shown(call.text) == "Your bill is <b>ready</b> & waiting &amp; so am I."
    assert message_id.isdigit()


@pytest.mark.parametrize(
    ("failure", "outcome"),
    [
        (BLOCKED, BlockedError),
        (refused(), RefusedError),
        (too_many(7), TryLaterError),
        (BROKEN, UnknownOutcomeError),
        (LOST, UnknownOutcomeError),
        (slow(ANSWER_SECONDS + 1), UnknownOutcomeError),
    ],
    ids=["blocked", "refused", "too many", "broken", "lost", "slow"],
)
async def test_each_failure_has_its_outcome(
    sender: TelegramSender, api: BotApi, failure: Failure, outcome: type[SendError]
) -> None:
    api.fail("sendMessage", failure)
    assert type(await outcome_of(sender, parcel())) is outcome
    assert len(api.sent_to(CHAT)) == (failure.kind != "refuse")


async def test_how_long_to_wait_says_telegram(sender: TelegramSender, api: BotApi) -> None:
    api.fail("sendMessage", too_many(7))
    problem = await outcome_of(sender, parcel())
    assert isinstance(problem, TryLaterError)
    assert problem.seconds == 7


@pytest.mark.parametrize("wrong", [{"telegram_api_url": "http://127.0.0.1:1"}, {"telegram_token": "1:other"}])
async def test_what_telegram_never_read_is_tried_later(
    telegram_settings: Settings, quick: Pace, clock: Clock, wrong: dict[str, Any]
) -> None:
    bot = connect(Settings(**telegram_settings.model_dump() | wrong))
    assert isinstance(await outcome_of(TelegramSender(bot, quick, clock), parcel()), TryLaterError)
    await bot.shutdown()


async def test_a_long_message_arrives_in_parts_and_its_buttons_with_the_last(
    sender: TelegramSender, api: BotApi
) -> None:
    await deliver(sender, parcel(LONG, buttons=(Button(title="Yes", reference="r1"),)))
    calls = api.sent_to(CHAT)
    assert " ".join(call.text for call in calls) == LONG.strip()
    assert [len(call.keyboard) for call in calls] == [0, 0, 1]
    assert calls[-1].keyboard == [{"text": "Yes", "callback_data": "r1"}]


async def test_once_a_part_has_arrived_the_rest_is_tried_from_here(sender: TelegramSender, api: BotApi) -> None:
    api.fail("sendMessage", slow(0), too_many(0.1), too_many(0.1))
    await deliver(sender, parcel(LONG))
    assert " ".join(api.texts(CHAT)) == LONG.strip()


@pytest.mark.parametrize("failure", [too_many(30), refused(), LOST], ids=["too many", "refused", "lost"])
async def test_a_message_of_which_a_part_has_arrived_is_never_sent_again(
    sender: TelegramSender, api: BotApi, failure: Failure
) -> None:
    api.fail("sendMessage", slow(0), failure)
    problem = await outcome_of(sender, parcel(LONG))
    assert isinstance(problem, UnknownOutcomeError)
    assert "Of the 3 parts of this message, 1 arrived for certain." in str(problem)


async def test_a_borrower_who_blocks_the_bot_in_the_middle_has_blocked_it(sender: TelegramSender, api: BotApi) -> None:
    api.fail("sendMessage", slow(0), BLOCKED)
    assert isinstance(await outcome_of(sender, parcel(LONG)), BlockedError)


async def test_a_plan_under_review_is_a_chart_and_text_with_its_buttons_below(
    sender: TelegramSender, api: BotApi
) -> None:
    await deliver(sender, parcel("Please look.", card=samples.review(), buttons=samples.replies()))
    chart, text = api.sent_to(CHAT)
    assert chart.files["photo"][1].startswith(b"\x89PNG")
    assert chart.params["caption"] == "Now: 9 × up to ¥1,264.67\nWith this plan: 12 × up to ¥982.15"
    assert [button["text"] for button in text.keyboard] == ["Confirm this plan", "Not now"]


@pytest.mark.parametrize("failure", [refused("Bad Request: PHOTO_INVALID"), LOST, BROKEN])
async def test_without_its_chart_a_message_is_complete(sender: TelegramSender, api: BotApi, failure: Failure) -> None:
    api.fail("sendPhoto", failure)
    await deliver(sender, parcel("Please look.", card=samples.review()))
    assert len(api.texts(CHAT)) == 1


async def test_a_chart_that_may_have_arrived_is_not_sent_again_with_its_text(
    sender: TelegramSender, api: BotApi
) -> None:
    api.fail("sendPhoto", LOST)
    api.fail("sendMessage", too_many(0.1))
    await deliver(sender, parcel("Please look.", card=samples.review()))
    assert [call.method for call in api.sent_to(CHAT)] == ["sendPhoto", "sendMessage"]


async def test_plans_are_chosen_by_buttons_that_say_which_plan(sender: TelegramSender, api: BotApi) -> None:
    await deliver(sender, parcel("Three plans.", card=samples.plans()))
    assert [button["text"] for button in api.sent_to(CHAT)[-1].keyboard] == [
        "1. Move this instalment by 14 days",
        "2. Spread over 12 instalments",
        "3. Spread over 18 instalments",
    ]


async def test_a_chat_gets_no_more_than_its_share_and_holds_up_no_other(
    connection: Bot, clock: Clock, api: BotApi
) -> None:
    slowly = TelegramSender(connection, Pace(a_chat_every_seconds=30, all_every_seconds=0.001), clock)
    to_one_chat = asyncio.gather(*(deliver(slowly, parcel(str(number))) for number in range(3)))
    await asyncio.gather(*(deliver(slowly, parcel(chat=chat)) for chat in range(100, 110)))
    await api.until(lambda: api.sent_to(CHAT))
    assert len(api.sent_to(CHAT)) == 1
    to_one_chat.cancel()
    await asyncio.gather(to_one_chat, return_exceptions=True)


async def test_all_chats_together_get_no_more_than_their_share(connection: Bot, clock: Clock, api: BotApi) -> None:
    slowly = TelegramSender(connection, Pace(a_chat_every_seconds=0.001, all_every_seconds=0.05), clock)
    begun = time.monotonic()
    await asyncio.gather(*(deliver(slowly, parcel(chat=chat)) for chat in range(100, 110)))
    assert time.monotonic() - begun > 0.4


async def test_a_token_is_in_no_log_and_in_no_error(
    sender: TelegramSender, api: BotApi, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    for failure in (BROKEN, LOST, refused(), too_many(1)):
        api.fail("sendMessage", failure)
        assert "never-be-logged" not in repr(await outcome_of(sender, parcel()))
    assert "never-be-logged" not in caplog.text + "".join(capsys.readouterr())
