"""One trace a message, from the inbox to the channel, whichever process goes on with it; and none unless asked for."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session, sessionmaker

from bot.delivery import HandOver, Parcel
from respite import tracing
from respite.store.models import Conversation
from tests.channels.conftest import Borrowers, NewHub, WallClock
from tests.channels.servers import StandInRasa
from tests.traces import Collector, Span, collecting

SAID = "my number is 13800000001"


class Post:
    """A channel that is sent to, and takes everything."""

    channel = "post"

    async def make_ready(self, parcel: Parcel) -> HandOver:
        return self._send

    async def _send(self) -> str:
        return uuid4().hex


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    """A collector, and this process as one that sends its traces there."""
    with collecting() as collector:
        for name, value in collector.environment.items():
            monkeypatch.setenv(name, value)
        tracing.set_up_traces("respite-web")
        yield collector
        tracing.stop_traces()


async def arrived(collector: Collector, *names: str) -> dict[str, Span]:
    """The spans by their names, once there is one of each name."""
    spans = await asyncio.to_thread(collector.wait_for, lambda spans: {*names} <= {span.name for span in spans})
    return {span.name: span for span in reversed(spans)}


async def test_a_message_is_one_trace_from_the_inbox_to_the_channel(
    new_hub: NewHub, session_factory: sessionmaker[Session], rasa: StandInRasa, collector: Collector
) -> None:
    borrowers = Borrowers(await new_hub(Post()), session_factory)
    chat = borrowers.join()
    with session_factory.begin() as session:
        conversation = session.get_one(Conversation, chat)
        conversation.channel, conversation.address = "post", "somewhere"
    await borrowers.say(chat, SAID)
    spans = await arrived(collector, "message", "turn", "rasa", "delivery")
    message = spans["message"]
    assert {span.trace for span in collector.spans} == {message.trace}
    assert message.parent == ""
    assert spans["turn"].parent == spans["delivery"].parent == message.id
    assert spans["rasa"].parent == spans["turn"].id
    assert rasa.traces == [f"00-{message.trace}-{spans['rasa'].id}-01"]
    of_database = [span.parent for span in collector.spans if span.name == "database"]
    assert {message.id, spans["turn"].id} <= set(of_database)


async def test_another_process_goes_on_with_the_trace_of_one_that_died(
    new_hub: NewHub, borrowers: Borrowers, rasa: StandInRasa, wall_clock: WallClock, collector: Collector
) -> None:
    chat = borrowers.join()
    rasa.server.stop()
    await borrowers.say(chat, SAID)
    await arrived(collector, "message")
    await borrowers.die()
    rasa.server.start()
    wall_clock.move(seconds=10)
    borrowers.hub = await new_hub()
    await borrowers.answers(chat, 1)
    await asyncio.to_thread(
        collector.wait_for, lambda spans: any(span.name == "turn" and not span.is_error for span in spans)
    )
    spans = await arrived(collector, "message")
    assert {span.trace for span in collector.spans} == {spans["message"].trace}


async def test_two_messages_are_two_traces(borrowers: Borrowers, collector: Collector) -> None:
    chat = borrowers.join()
    for _ in range(2):
        await borrowers.say(chat, SAID)
    await borrowers.answers(chat, 2)
    await asyncio.to_thread(collector.wait_for, lambda spans: [span.name for span in spans].count("turn") == 2)
    assert len({span.trace for span in collector.spans}) == 2


async def test_a_trace_holds_no_words_and_of_an_error_only_its_type(
    borrowers: Borrowers, rasa: StandInRasa, collector: Collector
) -> None:
    chat = borrowers.join()
    rasa.fails_with = 500
    await borrowers.say(chat, SAID)
    await borrowers.answers(chat, 1)
    turn = (await arrived(collector, "turn"))["turn"]
    assert (turn.is_error, turn.attributes) == (True, {"conversation": chat, "error.type": "RasaSilentError"})
    for span in collector.spans:
        assert span.attributes.keys() <= {"conversation", "error.type", "channel", "action"}
        assert "1380" not in str(span)


async def test_only_the_share_that_was_asked_for_is_traced(
    borrowers: Borrowers, rasa: StandInRasa, collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    tracing.stop_traces()
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", "parentbased_traceidratio")
    monkeypatch.setenv("OTEL_TRACES_SAMPLER_ARG", "0")
    tracing.set_up_traces("respite-web")
    chat = borrowers.join()
    await borrowers.say(chat, SAID)
    await borrowers.answers(chat, 1)
    tracing.stop_traces()
    assert collector.spans == []
    assert [trace and trace[-2:] for trace in rasa.traces] == ["00"]


def test_nothing_of_the_sdk_is_loaded_unless_traces_are_asked_for() -> None:
    program = "import sys, bot.web.app; sys.exit('opentelemetry.sdk.trace.export' in sys.modules)"
    variables = {name: value for name, value in os.environ.items() if not name.startswith("OTEL_")}
    assert subprocess.run([sys.executable, "-c", program], env=variables, check=False).returncode == 0
