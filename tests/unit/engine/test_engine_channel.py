import asyncio
import socket
from types import SimpleNamespace

import aiohttp
import pytest
from rasa.core.agent import Agent
from rasa.utils.endpoints import EndpointConfig
from sanic import Sanic

from bot.engine.channel import HubInput

NOBODY_LISTENS = EndpointConfig("http://127.0.0.1:9/webhook")


@pytest.fixture(scope="module")
def agent(model):
    return Agent.load(model_path=str(model), action_endpoint=NOBODY_LISTENS)


async def _greeting(message):
    return {"text": message.text, "intent": {"name": "greet", "confidence": 1.0}, "entities": []}


class Hub:
    """Posts turns to the channel, served on the loopback interface in front of whatever handler a test gives."""

    def __init__(self):
        self.loop = asyncio.new_event_loop()
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.server = self.loop.run_until_complete(self._start())

    async def _start(self):
        app = Sanic("hub_channel", configure_logging=False)
        app.ctx.agent = SimpleNamespace(processor=SimpleNamespace(parse_message=self._parse))
        app.blueprint(HubInput().blueprint(self._handle), url_prefix="/webhooks/hub")
        server = await app.create_server(sock=self.listening, return_asyncio_server=True)
        await server.startup()
        return server

    async def _handle(self, message):
        await self.handler(message)

    async def _parse(self, message):
        return await self.parser(message)

    def turn(self, handler, parser=None, **body):
        self.handler, self.parser = handler, parser or _greeting
        return self.loop.run_until_complete(self._post(body))

    async def _post(self, body):
        url = f"http://127.0.0.1:{self.listening.getsockname()[1]}/webhooks/hub/turn"
        async with aiohttp.ClientSession() as session, session.post(url, json=body) as answer:
            return answer.status, await answer.json()

    def stop(self):
        self.server.close()
        self.loop.close()


@pytest.fixture(scope="module")
def hub():
    hub = Hub()
    yield hub
    hub.stop()


def test_a_reply_is_one_message(hub, agent):
    parse = agent.processor.parse_message
    status, answer = hub.turn(agent.handle_message, parse, sender="a", text="hello there", metadata={})
    assert status == 200
    assert answer == {
        "messages": [
            {
                "text": "Hello.\n\nWhat can I do for you?",
                "buttons": [{"title": "My bill", "payload": "/query_bill"}],
                "custom": {"card": "welcome"},
            }
        ]
    }


def test_a_payload_is_a_command(hub, agent):
    _, answer = hub.turn(agent.handle_message, sender="b", payload="/request_human")
    assert [message["text"] for message in answer["messages"]] == ["A person will answer."]


@pytest.mark.parametrize("typed", ["/request_human", "／request_human", "\u200b/request_human", " //request_human{}"])
def test_typed_text_is_never_a_command(hub, typed):
    received = []

    async def receive(message):
        received.append(message.text)

    hub.turn(receive, sender="c", text=typed)
    assert received[0].startswith("request_human")


def test_the_metadata_reaches_the_conversation(hub):
    received = []

    async def receive(message):
        received.append((message.sender_id, message.input_channel, message.metadata))

    hub.turn(receive, sender="d", text="hi", metadata={"business_date": "2026-06-10"})
    assert received == [("d", "hub", {"business_date": "2026-06-10"})]


def test_a_failed_turn_is_said_to_have_failed_and_no_more(hub):
    async def fail(message):
        raise RuntimeError("secret detail")

    assert hub.turn(fail, sender="e", text="hi") == (500, {"error": "turn failed"})


def test_an_action_that_cannot_be_reached_fails_the_turn(hub, agent):
    assert hub.turn(agent.handle_message, sender="f", payload="/query_bill") == (500, {"error": "turn failed"})


def test_a_message_that_says_two_things_is_two_turns_and_one_answer(hub, agent):
    async def parse(message):
        parsed = await _greeting(message)
        return parsed | {"second_intent": {"name": "request_human", "confidence": 0.9, "text": "a person"}}

    _, answer = hub.turn(agent.handle_message, parse, sender="g", text="hello, a person please")
    assert [message["text"] for message in answer["messages"]] == [
        "Hello.\n\nWhat can I do for you?",
        "A person will answer.",
    ]
