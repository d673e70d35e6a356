"""Asking Telegram for updates: nothing lost and nothing twice, whatever fails on either side."""

from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy.exc import OperationalError

from tests.channels.servers import StandInRasa
from tests.channels.telegram.conftest import Running
from tests.channels.telegram.look_alike import BROKEN, Failure, too_many
from tests.channels.telegram.people import Person
from tests.databases import ON_SQLITE

pytestmark = ON_SQLITE


async def test_what_waits_at_telegram_is_taken_in_order_and_then_forgotten_there(
    telegram: Running, rasa: StandInRasa, ann: Person
) -> None:
    said = [ann.says(str(number)) for number in range(5)]
    telegram.api.updates += said
    await telegram.replies(ann, 5)
    assert rasa.was_told == ["0", "1", "2", "3", "4"]
    await telegram.api.until(lambda: telegram.api.acknowledged == said[-1]["update_id"] + 1)
    await telegram.api.until(lambda: telegram.api.updates == [])


async def test_nothing_that_waited_is_thrown_away_at_the_start(telegram: Running) -> None:
    (call,) = await telegram.api.until(lambda: telegram.api.called("deleteWebhook"))
    assert "drop_pending_updates" not in call.params


async def test_updates_in_any_order_are_taken_in_theirs(telegram: Running, rasa: StandInRasa, ann: Person) -> None:
    telegram.api.in_any_order = lambda updates: updates[::-1]
    telegram.api.updates += [ann.says(str(number)) for number in range(5)]
    await telegram.replies(ann, 5)
    assert rasa.was_told == ["0", "1", "2", "3", "4"]


async def test_an_update_that_telegram_tells_again_is_answered_once(
    telegram: Running, rasa: StandInRasa, ann: Person
) -> None:
    telegram.api.in_any_order = lambda updates: [*updates, *updates]
    telegram.api.updates += [ann.says("Hello")]
    await telegram.replies(ann, 1)
    telegram.api.updates += [ann.says("Goodbye")]
    await telegram.replies(ann, 2)
    assert rasa.was_told == ["Hello", "Goodbye"]


async def test_two_processes_that_ask_at_once_answer_each_message_once_and_in_order(
    run: Callable[[], Awaitable[Running]], rasa: StandInRasa, ann: Person
) -> None:
    one, _ = await run(), await run()
    said = [ann.says(str(number)) for number in range(8)]
    one.api.updates += said
    assert await one.replies(ann, 8) == [f"You said: {number}" for number in range(8)]
    assert rasa.was_told == [str(number) for number in range(8)]
    assert len(one.inbox(ann)) == 8


async def test_what_a_process_left_undone_the_next_one_does(
    run: Callable[[], Awaitable[Running]], rasa: StandInRasa, ann: Person
) -> None:
    first = await run()
    first.api.updates += [ann.says("before")]
    await first.replies(ann, 1)
    await first.channel.stop()
    first.api.updates += [ann.says("between")]
    await run()
    assert await first.replies(ann, 2) == ["You said: before", "You said: between"]
    assert rasa.was_told == ["before", "between"]


async def test_telegram_forgets_nothing_that_could_not_be_stored(
    telegram: Running, rasa: StandInRasa, ann: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    receive, failures = telegram.hub.receive, iter([OperationalError("", {}, Exception())])

    async def receive_later(incoming: object) -> object:
        for failure in failures:
            assert telegram.api.acknowledged == 0
            raise failure
        return await receive(incoming)  # type: ignore[arg-type]

    monkeypatch.setattr(telegram.hub, "receive", receive_later)
    telegram.api.updates += [ann.says("Hello")]
    assert await telegram.replies(ann, 1) == ["You said: Hello"]
    assert rasa.was_told == ["Hello"]


@pytest.mark.parametrize(
    "failure",
    [BROKEN, too_many(1), Failure("refuse", 409, "Conflict: terminated by other getUpdates request")],
    ids=["broken", "too many", "conflict"],
)
async def test_what_fails_is_asked_again(telegram: Running, ann: Person, failure: Failure) -> None:
    telegram.api.fail("getUpdates", failure)
    telegram.api.updates += [ann.says("Hello")]
    assert await telegram.replies(ann, 1) == ["You said: Hello"]


async def test_an_update_that_is_beyond_us_holds_up_none_behind_it(telegram: Running, ann: Person) -> None:
    strange = ann.says("?")
    strange["message"] = {"message_id": "of another kind"}
    telegram.api.updates += [strange, ann.says("Hello")]
    assert await telegram.replies(ann, 1) == ["You said: Hello"]
    await telegram.api.until(lambda: telegram.api.updates == [])
