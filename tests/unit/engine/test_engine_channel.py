import asyncio
import socket

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


class Hub:
    """Posts turns to the channel, served on the loopback interface in front of whatever handler a test gives."""

    def __init__(self):
        self.loop = asyncio.new_event_loop()
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.server = self.loop.run_until_complete(self._start())

    async def _start(self):
        app = Sanic("hub_channel", configure_logging=False)
        app.blueprint(HubInput().blueprint(self._handle), url_prefix="/webhooks/hub")
        server = await app.create_server(sock=self.listening, return_asyncio_server=True)
        await server.startup()
        return server

    async def _handle(self, message):
        await self.handler(message)

    def turn(self, handler, **body):
        self.handler = handler
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
    status, answer = hub.turn(agent.handle_message, sender="a", text="hello there", metadata={})
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
